"""FET's files, of our own making: what real ones have, and what they may have."""

import pytest

from adapters.files.fet import read_fet_limits
from adapters.files.recognising import Format, format_of, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid, common
from bot.domain.timetable.limits import Limits, limited


def activity(number: int, teachers: str, *, duration: int = 1, more: str = "") -> str:
    people = "".join(f"<Teacher>{name}</Teacher>" for name in teachers.split("+") if name)
    return (
        f"<Activity>{people}<Subject> Art &amp; Craft </Subject><Duration>{duration}</Duration>"
        f"<Id>{number}</Id>{more}</Activity>"
    )


def start(number: int, day: str, hour: str, more: str = "") -> str:
    return (
        "<ConstraintActivityPreferredStartingTime>"
        f"<Weight_Percentage>100</Weight_Percentage><Activity_Id>{number}</Activity_Id>"
        f"<Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{hour}</Preferred_Hour>{more}"
        "</ConstraintActivityPreferredStartingTime>"
    )


def fet(activities: str, constraints: str, *, more: str = "") -> bytes:
    days = "".join(f"<Day><Name>{day}</Name></Day>" for day in ("Mon", "Tue"))
    hours = "".join(f"<Hour><Name>{h}</Name></Hour>" for h in (" 09:15 - 09:50", "P2", "P3"))
    return (
        "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<fet version='6.8.5'>"
        f"<Days_List><Number_of_Days>2</Number_of_Days>{days}</Days_List>"
        f"<Hours_List>{hours}</Hours_List>"
        "<Teachers_List><Teacher><Name>Brown, J\n</Name></Teacher>"
        "<Teacher><Name>Идле  Че </Name></Teacher></Teachers_List>"
        f"<Activities_List>{activities}</Activities_List>"
        f"<Time_Constraints_List>{constraints}</Time_Constraints_List>{more}</fet>"
    ).encode()


def places(grid: Grid, teacher: str) -> set[tuple[str, str]]:
    return {(grid.days[day], grid.periods[at]) for day, at in grid.lessons[teacher]}


FIRST = "09:15 - 09:50"


def test_co_taught_and_double_lessons_of_oddly_written_names() -> None:
    grid = recognise(
        fet(
            activity(1, "Brown, J\n+New\u00a0One", duration=2) + activity(2, ""),
            start(1, "Tue", "P2") + start(2, "Mon", "P2"),
        )
    )
    assert (grid.days, grid.periods) == (("Mon", "Tue"), (FIRST, "P2", "P3"))
    assert set(grid.lessons) == {"Brown, J", "Идле Че", "New One"}
    assert places(grid, "Brown, J") == places(grid, "New One") == {("Tue", "P2"), ("Tue", "P3")}
    assert grid.what["New One"][1, 1] == "Art & Craft"
    assert grid.lessons["Идле Че"] == frozenset()
    assert grid.notes == ()


def test_only_what_must_hold_is_a_placement() -> None:
    wish = start(1, "Mon", "P3").replace("100", "95")
    off = start(1, "Mon", "P2", "<Active>false</Active>")
    half = start(1, "Mon", "")
    grid = recognise(fet(activity(1, "Ana"), wish + off + half + start(1, "Tue", " 09:15 - 09:50")))
    assert places(grid, "Ana") == {("Tue", FIRST)}
    again = recognise(fet(activity(1, "Ana"), start(1, "Tue", "P2") * 2))
    assert places(again, "Ana") == {("Tue", "P2")}


def test_what_is_switched_off_does_not_count() -> None:
    off = activity(2, "Ana", more="<Active>false</Active>")
    grid = recognise(fet(activity(1, "Ana") + off, start(1, "Mon", "P2") + start(2, "Mon", "P3")))
    assert places(grid, "Ana") == {("Mon", "P2")}


def test_lessons_without_a_place_are_told() -> None:
    three = activity(1, "Ana") + activity(2, "Ana") + activity(3, "Ana")
    grid = recognise(fet(three, start(1, "Mon", "P2") + start(2, "Mon", "P3")))
    assert grid.notes == ("Activities without a place in the week, left out: 1.",)


def test_a_lesson_ends_with_its_day() -> None:
    grid = recognise(fet(activity(1, "Ana", duration=9), start(1, "Mon", "P3")))
    assert places(grid, "Ana") == {("Mon", "P3")}


LIMITS = (
    "<ConstraintBreakTimes><Break_Time><Day>Mon</Day><Hour>P2</Hour></Break_Time>"
    "<Active>true</Active></ConstraintBreakTimes>"
    "<ConstraintBreakTimes><Break_Time><Day>Tue</Day><Hour>P2</Hour></Break_Time>"
    "<Active>false</Active></ConstraintBreakTimes>"
    "<ConstraintTeacherNotAvailableTimes><Teacher>Brown,  J </Teacher><Not_Available_Time>"
    "<Day>Tue</Day><Hour> 09:15 - 09:50</Hour></Not_Available_Time>"
    "</ConstraintTeacherNotAvailableTimes>"
    "<ConstraintTeacherNotAvailable><Teacher_Name>Ana</Teacher_Name><Day>Mon</Day>"
    "<Start_Hour>P2</Start_Hour><End_Hour>P3</End_Hour></ConstraintTeacherNotAvailable>"
)


def test_breaks_and_absences_solved_or_not() -> None:
    solved = fet(activity(1, "Ana"), start(1, "Mon", "P3") + LIMITS)
    grid = recognise(solved)
    assert grid.breaks == {(0, 1)}
    assert grid.absences == {"Brown, J": {(1, 0)}, "Ana": {(0, 1)}}
    assert [place for place, _ in common(grid, ["Brown, J"]).available] == [
        (0, 0), (0, 2), (1, 1), (1, 2),
    ]  # fmt: skip
    limits = read_fet_limits(fet(activity(1, "Ana"), LIMITS))
    wishes = LIMITS.replace("<Break_Time>", "<Weight_Percentage>50</Weight_Percentage><Break_Time>")
    assert read_fet_limits(fet(activity(1, "Ana"), wishes)) == limits  # stated is stated
    assert limits.breaks == {("Mon", "P2")}
    assert limits.absences == {"Brown, J": {("Tue", FIRST)}, "Ana": {("Mon", "P2")}}


def test_old_files_list_names_alone_and_half_days_are_told() -> None:
    old = (
        b"<!DOCTYPE FET><FET version='4.2'>"
        b"<Days_List><Number>1</Number><Name>Mon</Name></Days_List>"
        b"<Hours_List><Number>1</Number><Name>8</Name></Hours_List><Mode>Mornings-Afternoons</Mode>"
        b"<Activities_List><Activity><Teacher>Ana</Teacher><Id>1</Id></Activity></Activities_List>"
        b"<Time_Constraints_List><ConstraintActivityPreferredTime><Activity_Id>1</Activity_Id>"
        b"<Preferred_Day>Mon</Preferred_Day><Preferred_Hour>8</Preferred_Hour>"
        b"</ConstraintActivityPreferredTime></Time_Constraints_List></FET>"
    )
    grid = recognise(old)
    assert places(grid, "Ana") == {("Mon", "8")}
    assert "half-days" in grid.notes[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (fet(activity(1, "Ana"), ""), "not solved: 0 of its 1 activities"),
        (fet("", ""), "not solved"),
        (fet(activity(1, "A"), start(1, "Mon", "P2") + start(1, "Mon", "P3")), "two places"),
        (fet(activity(1, "A"), start(1, "Sun", "P2")), "the day “Sun”"),
        (fet(activity(1, "A"), start(1, "Mon", "P9")), "the period “P9”"),
        (fet(activity(1, "A").replace("<Duration>1", "<Duration>x"), ""), "duration “x”"),
        (fet("", "").replace(b"<Name>Tue", b"<Name>Mon"), "“Mon” stands twice"),
        (b"<fet/>", "declares no days"),
        (b"<Teachers_Timetable/>", "nobody's timetable"),
    ],
)
def test_bad_files(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        recognise(data, "x.fet")
    assert problem.value.remedy


def test_constraints_have_to_be_a_fet_file() -> None:
    with pytest.raises(InvalidInput, match="begins with “timetable”"):
        read_fet_limits(b"<timetable/>")
    with pytest.raises(InvalidInput, match=r"This is no \.fet file"):
        read_fet_limits(b"Teacher,Day,Period")


def test_the_teachers_file_of_older_versions_has_subjects_alone() -> None:
    grid = recognise(
        b"<Teachers_Timetable><Teacher name='Ana'><Day name='Mon'><Hour name='1'/><Hour name='2'>"
        b"<Subject name='Art'/><Students name='4b'/></Hour></Day></Teacher></Teachers_Timetable>"
    )
    assert grid.lessons == {"Ana": {(0, 1)}}


def test_constraints_fit_by_the_names_that_fit_best() -> None:
    """The school's first period is called 0, and numbered 1 in the file of the timetable."""
    periods = ("1", "2", "3")
    grid = Grid(
        days=("Mon",),
        periods=periods,
        titles=dict(zip(periods, "012", strict=True)),
        lessons={"Ana": frozenset()},
    )
    limits = Limits(days=("Mon",), periods=("0", "1", "2"), breaks=frozenset({("Mon", "1")}))
    assert limited(grid, limits).breaks == {(0, 1)}


def test_the_teachers_file() -> None:
    data = (
        b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><Teachers_Timetable>"
        b"<Teacher name='Ana  A\n'><Day name='Mon'><Hour name='1'>\n </Hour><Hour name='2'>"
        b"<Activity id='7'/><Subject name='Art'/></Hour></Day></Teacher>"
        b"<Teacher name='Ben'><Day name='Mon'><Hour name='1'><Activity id='8'/></Hour></Day>"
        b"</Teacher></Teachers_Timetable>"
    )
    assert format_of(data) is Format.FET_TEACHERS
    grid = recognise(data)
    assert grid.lessons == {"Ana A": {(0, 1)}, "Ben": {(0, 0)}}
    assert (grid.days, grid.periods, grid.what) == (
        ("Mon",),
        ("1", "2"),
        {"Ana A": {(0, 1): "Art"}},
    )
