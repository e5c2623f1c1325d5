"""Which column is which: the words that timetables' headings use, in several languages."""

import re
from collections.abc import Sequence

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.weekdays import plain_word, weekday_of

# The first words of a line are the surest: "Name" is the teacher only if no column says "Teacher".
HEADINGS = {
    "teacher": (
        "teachers teacher|lehrer lehrerin lehrkraft lehrkrafte lehrperson enseignant enseignants "
        "professeur professeurs profesor profesora profesores docente docentes professor "
        "professores insegnante insegnanti leraar leerkracht docent docenten larare laerer "
        "opettaja nauczyciel ucitel tanar ogretmen nastavnik uciteljica учитель "
        "преподаватель вчитель учител наставник καθηγητής מורה المعلم المدرس معلم 教員 教師 "
        "教师 老师 先生 교사|staff member instructor prof|name person"
    ),
    "day": (
        "day days|weekday cycleday tag wochentag jour dia giorno dag weekdag dzien den nap zi gun "
        "paiva день ден дан ημέρα יום اليوم 曜日 星期 요일"
    ),
    "period": (
        "hour hours period periods|periode stunde std unterrichtsstunde heure creneau seance "
        "periodo hora sesion tramo ora uur lesuur timme lektion time godzina hodina tunti saat klo "
        "урок час ώρα שעה שיעור الحصة حصة الساعة 時限 校時 时间 節次 节次 节 교시|"
        "slot time times block zeit horario"
    ),
    "what": (
        "subject subjects|fach matiere asignatura materia disciplina vak amne fag przedmiot "
        "predmet aine ders предмет дисциплина μάθημα "
        "מקצוע المادة مادة 科目 教科 课程 課程 과목|"
        "what activity lesson course unterricht cours|class klasse classe"
    ),
    "kind": "kind|use|type",
}
_RANKS = {
    role: {
        plain_word(word): rank
        for rank, words in enumerate(line.split("|"))
        for word in words.split()
    }
    for role, line in HEADINGS.items()
}
_DAY = re.compile(r"[a-j][\s-]*day|(?:day|tag|jour|dia|dag|giorno)\s*-?\s*(?:\d{1,2}|[a-j])|[a-j]")
_PERIOD = re.compile(
    r"(?:p|pd|per|period|lesson|hour|h|std|stunde|block|slot|hora|heure|ora)?\.?\s*\d{1,2}\.?"
    r"|\d{1,2}(?:st|nd|rd|th|a|o|e|er|η)|\d{1,2}\.?\s*(?:stunde|std|hour|period|hora|heure|ora)"
    r"|(?:урок|час|שיעור|الحصة)\s*\d{1,2}|\d{1,2}\s*(?:урок|час)"
    r"|第?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*"
    rf"(?:時限目?|時間目|校時|限目?|节课?|節|{plain_word('교시')})",
)

SHOWN = 40
"""Characters of a cell in a message."""
Columns = dict[str, int]
"""Column numbers by role: teacher, day, period, what, kind; those that there are."""


def find_columns(head: Sequence[str]) -> Columns:
    """Return which cells of the row ``head`` are headings of which role.

    InvalidInput when two columns claim a role equally well.
    """
    found: Columns = {}
    for role, ranks in _RANKS.items():
        claims = sorted(
            (ranks[word], at)
            for at, cell in enumerate(head)
            if (word := word_of(cell)) in ranks and not _counted(cell)
        )
        if len(claims) > 1 and claims[0][0] == claims[1][0] and role != "what":
            one, other = (head[at] for _rank, at in claims[:2])
            raise InvalidInput(
                what=f"The columns “{one}” and “{other}” may both be the {role}.",
                remedy="Rename or remove the one that is not.",
            )
        if claims:
            found[role] = claims[0][1]
    return found


def _counted(cell: str) -> bool:
    """Tell whether a cell is one of several: "Period 1" heads no column of periods."""
    return any(sign.isdigit() for sign in cell) and (is_day(cell) or is_period(cell))


def word_of(cell: str) -> str:
    """Return a heading as one plain word; "Teacher name" and "Teacher(s)" are "teacher"."""
    word = re.sub(r"[\W\d_]", "", plain_word(cell).replace("(s)", ""))
    for ending in ("name", "names"):
        word = word.removesuffix(ending) or word
    return word


def is_heading(cell: str, role: str) -> bool:
    """Tell whether ``cell`` is one of the words for ``role``."""
    return word_of(cell) in _RANKS[role]


def is_day(cell: str) -> bool:
    """Tell whether ``cell`` clearly is a weekday or cycle day ("Monday", "Day 2", "A")."""
    return weekday_of(cell) is not None or bool(_DAY.fullmatch(plain_word(fold_name(cell))))


def is_period(cell: str) -> bool:
    """Tell whether ``cell`` clearly is a period ("P1", "3", "08:00-08:45")."""
    return times_in(cell) is not None or bool(_PERIOD.fullmatch(plain_word(cell)))


def no_day(line: int, said: str) -> InvalidInput:
    """Return the problem of a cell that should be a day."""
    return InvalidInput(
        what=f"Line {line}: “{said[:SHOWN]}” is no day of the week, and no day of a cycle such as "
        "A or Day 2.",
        remedy="Correct it and try again.",
    )


def missing(head: Sequence[str], found: Columns) -> InvalidInput:
    """Return the problem of a table that lacks the columns for day or period."""
    lacks = " and ".join(f"the {role}" for role in ("day", "period") if role not in found)
    cells = [cell[:20] for cell in head[:6] if cell]
    return InvalidInput(
        what=f"The table has no column for {lacks}; its first row says: {', '.join(cells)}.",
        remedy="Put the headings Teacher, Day, Period, Subject in the first row and try again.",
    )
