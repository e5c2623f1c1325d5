"""One random school written in every format: all of them say the same about everybody."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.recognising import Format, format_of, recognise
from bot.domain.timetable.grid import Grid, common, fold_name
from tests.support.examples import examples


@dataclass(frozen=True)
class Lesson:
    """Who is taught what from which period of which day on, for how many periods."""

    teachers: tuple[int, ...]
    subject: str
    day: int
    first: int
    length: int


@dataclass(frozen=True)
class School:
    teachers: tuple[str, ...]
    days: int
    periods: int
    lessons: tuple[Lesson, ...]

    def slots(self) -> dict[str, set[tuple[int, int]]]:
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for one in self.lessons:
            for who in one.teachers:
                name = fold_name(self.teachers[who])
                found[name] |= {(one.day, one.first + at) for at in range(one.length)}
        return found


WORDS = st.text("abcäéß'&<>ŁжЩ,;. \n-", min_size=1, max_size=9)
NAMES = st.lists(
    WORDS.filter(lambda name: bool(fold_name(name)) and fold_name(name)[0].isalpha()),
    min_size=1, max_size=5, unique_by=fold_name,
)  # fmt: skip


@st.composite
def schools(draw: st.DrawFn) -> School:
    teachers = draw(NAMES)
    days, periods = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    lessons = []
    for _ in range(draw(st.integers(1, 12))):
        first = draw(st.integers(0, periods - 1))
        lessons.append(
            Lesson(
                teachers=tuple(
                    draw(st.sets(st.integers(0, len(teachers) - 1), min_size=1, max_size=3))
                ),
                subject=draw(st.sampled_from(["Art", "D&T", "Fö-3", ""])),
                day=draw(st.integers(0, days - 1)),
                first=first,
                length=draw(st.integers(1, periods - first)),
            )
        )
    return School(tuple(teachers), days, periods, tuple(lessons))


def as_fet(school: School) -> bytes:
    days = "".join(f"<Day><Name>D{at}</Name></Day>" for at in range(school.days))
    hours = "".join(f"<Hour><Name>P{at}</Name></Hour>" for at in range(school.periods))
    people = "".join(f"<Teacher><Name>{escape(n)}</Name></Teacher>" for n in school.teachers)
    activities = "".join(
        "<Activity>"
        + "".join(f"<Teacher>{escape(school.teachers[who])}</Teacher>" for who in one.teachers)
        + f"<Subject>{escape(one.subject)}</Subject><Duration>{one.length}</Duration>"
        f"<Id>{at}</Id><Active>true</Active></Activity>"
        for at, one in enumerate(school.lessons)
    )
    placed = "".join(
        f"<ConstraintActivityPreferredStartingTime><Activity_Id>{at}</Activity_Id><Preferred_Day>"
        f"D{one.day}</Preferred_Day><Preferred_Hour>P{one.first}</Preferred_Hour>"
        "</ConstraintActivityPreferredStartingTime>"
        for at, one in enumerate(school.lessons)
    )
    return (
        f"\ufeff<?xml version='1.0' encoding='UTF-8'?><fet><Days_List>{days}</Days_List>"
        f"<Hours_List>{hours}</Hours_List><Teachers_List>{people}</Teachers_List>"
        f"<Activities_List>{activities}</Activities_List>"
        f"<Time_Constraints_List>{placed}</Time_Constraints_List></fet>"
    ).encode()


def as_asc(school: School) -> bytes:
    def mask(day: int) -> str:
        return "".join("01"[at == day] for at in range(school.days))

    periods = "".join(f"<period period='{at}'/>" for at in range(school.periods))
    days = "".join(f"<daysdef name='D{at}' days='{mask(at)}'/>" for at in range(school.days))
    people = "".join(
        f"<teacher id='T{at}' name={quoteattr(name)}/>" for at, name in enumerate(school.teachers)
    )
    lessons = "".join(
        f"<lesson id='L{at}' subjectid={quoteattr(one.subject)} periodspercard='{one.length}' "
        f"teacherids='{','.join(f'T{who}' for who in one.teachers)}'/>"
        for at, one in enumerate(school.lessons)
    )
    cards = "".join(
        f"<card lessonid='L{at}' period='{one.first}' days='{mask(one.day)}'/>"
        for at, one in enumerate(school.lessons)
    )
    return (
        f"<?xml version='1.0' encoding='utf-16'?><timetable><cards>{cards}</cards>"
        f"<periods>{periods}</periods><daysdefs>{days}</daysdefs><teachers>{people}</teachers>"
        f"<lessons>{lessons}</lessons></timetable>"
    ).encode("utf-16")


def as_rows(school: School) -> list[tuple[int, str, str, int, int]]:
    return [
        (at, school.teachers[who], one.subject, one.day, one.first + more)
        for at, one in enumerate(school.lessons)
        for who in one.teachers
        for more in range(one.length)
    ]


def as_untis(school: School) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    for number, name, subject, day, period in as_rows(school):
        writer.writerow([number, "4a", name, subject, "R", day + 1, period + 1, "", ""])
    return text.getvalue().encode("utf-8-sig")


def as_table(school: School) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["Subject", "Hour", "Day", "Teacher"])
    for _, name, subject, day, period in as_rows(school):
        writer.writerow([subject, f"P{period}", f"D{day}", name])
    return text.getvalue().encode("utf-16")


def numbered(grid: Grid) -> dict[str, set[tuple[int, int]]]:
    """Everybody's lessons by the numbers in the names of days and periods."""
    return {
        teacher: {(digits(grid.days[day]), digits(grid.periods[at])) for day, at in places}
        for teacher, places in grid.lessons.items()
        if places
    }


def digits(name: str) -> int:
    return int(name.removeprefix("D").removeprefix("P"))


@settings(deadline=None, max_examples=examples(100))
@given(schools())
def test_every_format_says_the_same(school: School) -> None:
    expected = school.slots()
    fet, asc = recognise(as_fet(school)), recognise(as_asc(school))
    assert numbered(fet) == numbered(asc) == expected
    assert set(fet.lessons) == set(asc.lessons) == {fold_name(name) for name in school.teachers}
    assert format_of(as_untis(school)) is Format.UNTIS
    untis = recognise(as_untis(school))
    assert {
        teacher: {(day - 1, at - 1) for day, at in places}
        for teacher, places in numbered(untis).items()
    } == expected
    assert numbered(recognise(as_table(school))) == expected
    everybody = list(fet.lessons)
    taken = set().union(*expected.values())
    free = {(d, at) for d in range(school.days) for at in range(school.periods)} - taken
    assert set(common(fet, everybody).free) == set(common(asc, everybody).free) == free
