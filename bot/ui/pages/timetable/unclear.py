"""What is unclear in a timetable that was read, and what is other than before."""

from collections.abc import Iterator, Sequence

from bot.domain.timetable.beside import clashes
from bot.domain.timetable.differences import Difference
from bot.domain.timetable.doubts import halves, numbered
from bot.domain.timetable.marking import Likely, likely
from bot.domain.timetable.timetable import Cell, Use, subjects
from bot.domain.timetable.weekdays import LONG
from bot.ui.actions import action
from bot.ui.cards import Block, Bullets, Button, Buttons, Note, Option, Select, Text
from bot.ui.limits import OPTION_LABEL, OPTION_VALUE, OPTIONS, shorten
from bot.ui.pages.words import count, listed
from bot.usecases.timetable.understanding import ReadBack

_SHOWN = 8
_NOTES = 4
_FIRST = (0, 6, 5)
"""The weekdays on which weeks begin somewhere, from 0 = Monday."""
_AS = {
    Likely.MEETING: (Use.FREE, "a meeting"),
    Likely.OBSERVATION: (Use.FREE, "a visit to somebody's lesson"),
    Likely.BREAK: (Use.BREAK, "a break"),
    Likely.DUTY: (Use.DUTY, "a duty"),
    Likely.PREPARATION: (Use.PLANNING, "preparation"),
    Likely.NOTHING: (Use.FREE, "the mark of a free period"),
}
_USED = {
    Use.LESSON: "a lesson",
    Use.DUTY: "a duty",
    Use.PLANNING: "preparation",
    Use.ABSENT: "away",
    Use.FREE: "not busy time",
    Use.BREAK: "a break",
}
_HALVES = (
    "These days look like halves of days. If they are, join them in the file: one day with the "
    "periods of its morning and its afternoon, and paste it again."
)


def unclear(result: ReadBack) -> tuple[Block, ...]:
    """Return what is other than before, what is doubtful, and what is asked."""
    return (
        *changed(result.changes),
        *_remembered(result),
        *_clashes(result),
        *_at_once(result),
        *_halves(result.draft.days),
        *_numbers(result.draft.days),
        *_notes(result.draft.notes),
        *_address(result),
        *_subjects(result),
    )


def _at_once(result: ReadBack) -> Iterator[Block]:
    """Yield in which periods there are lessons at the same time, by the school's bells."""
    if result.calendar is None:
        return
    told = [
        f"{day} {one} and {other}"
        for day in result.draft.days
        for one, other in clashes(result.draft.timetable, result.calendar.bells, day)
    ]
    if told:
        more = f" and {len(told) - _NOTES} more" if len(told) > _NOTES else ""
        says = f"There are lessons at the same time: {'; '.join(told[:_NOTES])}{more}. Is it right?"
        yield Text((says,))


def _address(result: ReadBack) -> Iterator[Block]:
    """Yield whether the address that it came from is kept."""
    if result.draft.source is None:
        return
    if result.draft.source.secret:
        says = (
            "When you save it, the address is kept, sealed: “Read my calendar again” under "
            "“timetable” then brings it up to date and says what changed."
        )
    else:
        says = (
            "The address is not kept here: give it again when your calendar changes. It is a "
            "secret, and whoever runs Coplan has set no key (COPLAN_SECRET_KEYS) to keep it under."
        )
    yield Note((says,))


def changed(changes: Sequence[Difference] | None) -> tuple[Block, ...]:
    """Return what is other than in the timetable that was saved; nothing where none was."""
    if changes is None:
        return ()
    if not changes:
        return (Text(("Nothing is other than in your saved timetable.",)),)
    more = len(changes) - _SHOWN
    lines = [_line(one) for one in changes[:_SHOWN]]
    rest = [f"and {count(more, 'more change', 'more changes')}"] if more > 0 else []
    is_other = "is" if len(changes) == 1 else "are"
    says = f"{count(len(changes), 'period', 'periods')} {is_other} other than in your saved "
    return (Text((f"{says}timetable:",)), Bullets(tuple((line,) for line in (*lines, *rest))))


def _line(one: Difference) -> str:
    return f"{one.day} {one.period}: {_cell(one.before)} → {_cell(one.after)}"


def _cell(cell: Cell) -> str:
    if cell.use is Use.FREE:
        return "free"
    return cell.what or _USED[cell.use]


def _remembered(result: ReadBack) -> tuple[Block, ...]:
    uses = result.draft.remembered
    if not uses:
        return ()
    told = listed([f"“{what}” is {_USED[use]}" for what, use in uses.items()])
    return (Text((f"As you said before, {told}.",)),)


def _clashes(result: ReadBack) -> tuple[Block, ...]:
    told = result.draft.clashes.get(result.draft.person)
    if not told:
        return ()
    says = f"Two things at once: {told}. If these are two people of one name, "
    return (Text((f"{says}give them different names in the table and paste it again.",)),)


def _halves(days: tuple[str, ...]) -> tuple[Block, ...]:
    return (Text((_HALVES,)),) if halves(days) else ()


def _numbers(days: tuple[str, ...]) -> tuple[Block, ...]:
    if not numbered(days):
        return ()
    choices = (Button(f"1 is {LONG[at]}", action("tt.firstday", str(at))) for at in _FIRST)
    says = "The days are numbers. If they are weekdays, say which one is 1."
    return (Text((says,)), Buttons(tuple(choices)))


def _notes(notes: Sequence[str]) -> tuple[Block, ...]:
    return (Note((" ".join(notes[:_NOTES]),)),) if notes else ()


def _subjects(result: ReadBack) -> tuple[Block, ...]:
    """Return the menus that say what a subject really is; what looks like it comes first."""
    words = [word for word in subjects(result.draft.timetable) if len(word) <= _LONGEST]
    if not words:
        return ()
    kinds = {word: likely(word) for word in words}
    doubtful = [word for word in words if kinds[word] is not None]
    ordered = [*doubtful, *(word for word in words if kinds[word] is None)]
    planning = sorted(ordered, key=lambda word: kinds[word] is not Likely.PREPARATION)
    return (
        *((Text(tuple(_doubts(doubtful))),) if doubtful else ()),
        Select(
            action("tt.planning"),
            "Is one of these really preparation time?",
            tuple(Option(word, shorten(word, OPTION_LABEL)) for word in planning[:OPTIONS]),
        ),
        Select(
            action("tt.notlesson"),
            "Is one of these no lesson at all?",
            tuple(_no_lesson(word, kinds[word]) for word in ordered[:OPTIONS]),
        ),
    )


def _doubts(words: Sequence[str]) -> Iterator[str]:
    told = [
        f"“{word}” looks like {_AS[kind][1]}"
        for word in words[:_SHOWN]
        if (kind := likely(word)) is not None
    ]
    yield f"{listed(told)}: say below if it is. Until you do, it counts as a lesson."


def _no_lesson(word: str, kind: Likely | None) -> Option:
    use = _AS[kind][0] if kind is not None and kind is not Likely.PREPARATION else Use.FREE
    return Option(f"{use.value}:{word}", shorten(f"{word}: {_USED[use]}", OPTION_LABEL))


_LONGEST = OPTION_VALUE - 1 - max(len(use.value) for use in Use)
