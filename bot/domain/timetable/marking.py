"""Subjects that look like lessons in a file and are none: meetings, breaks, preparation."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, Place, fold_name, near_names
from bot.domain.timetable.weekdays import plain_word


class Likely(StrEnum):
    """What a subject may really be, by its name; somebody has to say so before it counts."""

    MEETING = "meeting"
    BREAK = "break"
    PREPARATION = "preparation"
    DUTY = "duty"
    OBSERVATION = "observation"
    NOTHING = "nothing"


_FREE = """
free, free period, free lesson, off, none, nothing, empty, vacant, n a, na, no class, no lesson,
no school, frei, freie stunde, unterrichtsfrei, schulfrei, hohlstunde, springstunde,
zwischenstunde, fensterstunde, libre, hora libre, hueco, vacio, livre, vago, libero, libera, buco,
ora buca, trou, temps libre, vrij, vrij uur, tussenuur, ledig, fri, fritime, vapaa, hyppytunti,
wolne, okienko, volno, volna hodina, okno, szabad, lyukasora, liber, fereastra, bos, prazno, окно,
свободно, вікно, прозорец, κενό, פנוי, חלון, فراغ, فارغ,
空き, 空, 空きコマ, なし, 空堂, 空课, 无, 공강, 없음
"""
"""Whole entries by which a free period is marked, without signs."""
_STEMS = {
    # In this order: who has to watch a break has a duty.
    Likely.DUTY: "duty guardia aufsicht supervision surveillance sorveglianza dyzur cover bereit",
    Likely.MEETING: (
        "meeting besprech konferenz conference reunion claustro riunione vergader moete zebranie "
        "narada sastanak toplanti assembly staff faculty department plc ricevimento sprechstunde "
        "совещание заседание нарада συνεδριαση ישיבה ישיבת اجتماع 会議 会议 教研 회의"
    ),
    Likely.BREAK: (
        "break brk lunch recess brunch recreo comida almuerzo pause mittag recre dejeuner pranzo "
        "intervallo almoco intervalo pauze przerwa prestavka ara teneffus midi перемена обед "
        "διαλειμμα הפסקה استراحة الاستراحة فسحة الفسحة 昼休み 昼食 休み時間 午休 课间 점심 점심시간"
    ),
    Likely.PREPARATION: (
        "prep preparation planning ppa vorbereit freistunde preparacion planificacion "
        "planejamento planification office"
    ),
    Likely.OBSERVATION: "hospi hospitation observation hospitacja",
}
_NOTHING = frozenset(plain_word(entry) for entry in _FREE.split(","))
_BEGINNINGS = tuple(
    (kind, tuple(plain_word(stem) for stem in stems.split())) for kind, stems in _STEMS.items()
)
_SHORT, _LONG = 4, 7
"""Letters: a short stem has to be the whole word, a long one may stand anywhere in it."""


def likely(subject: str) -> Likely | None:
    """Return what ``subject`` may really be, None for what looks like a lesson."""
    if subject and not any(c.isalnum() for c in subject):
        return Likely.NOTHING  # "–", "---"
    spaced = "".join(c if c.isalpha() else " " for c in _split_humps(subject))
    words = plain_word(spaced).split()
    if " ".join(words) in _NOTHING:
        return Likely.NOTHING
    for word in words:
        for kind, stems in _BEGINNINGS:
            if any(_begins(word, stem) for stem in stems):
                return kind
    return None


def _begins(word: str, stem: str) -> bool:
    long = len(stem) >= _LONG and stem in word
    return word == stem or long or (len(stem) > _SHORT and word.startswith(stem))


def _split_humps(text: str) -> str:
    """Return "StaffMeeting" as "Staff Meeting"."""
    pairs = zip(" " + text, text, strict=False)
    return "".join(f" {b}" if a.islower() and b.isupper() else b for a, b in pairs)


def not_busy(grid: Grid, subjects: Sequence[str]) -> Grid:
    """Return ``grid`` in which nobody is busy with one of ``subjects``.

    Whoever has something else in the same place stays busy. Subjects are matched by their names
    without regard to case and blanks; InvalidInput offers the near ones for a name that is none.
    """
    known = {fold_name(name).casefold() for name in grid.subjects}
    for subject in subjects:
        if fold_name(subject).casefold() not in known:
            raise _unknown(grid, subject)
    idle = {fold_name(subject).casefold() for subject in subjects}

    def taken(teacher: str, places: frozenset[Place]) -> frozenset[Place]:
        words, clashes = grid.what.get(teacher, {}), grid.clashes.get(teacher, {})
        return frozenset(
            place
            for place in places
            if not all(
                fold_name(subject).casefold() in idle
                for subject in clashes.get(place, (words.get(place, ""),))
            )
        )

    return replace(
        grid,
        lessons={teacher: taken(teacher, places) for teacher, places in grid.lessons.items()},
        duties={teacher: taken(teacher, places) for teacher, places in grid.duties.items()},
    )


def _unknown(grid: Grid, subject: str) -> InvalidInput:
    near = near_names(subject, sorted(grid.subjects))
    some = near or sorted(grid.subjects)[:3]
    named = " or ".join(f"“{name}”" for name in some)
    remedy = f"Did you mean {named}?" if near else f"It has for example {named}."
    if not some:
        remedy = "It names no subjects at all."
    return InvalidInput(what=f"There is no subject “{subject}” in the file.", remedy=remedy)
