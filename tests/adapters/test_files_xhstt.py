import pytest

from adapters.files.recognising import Format, format_of, recognise
from bot.domain.errors import InvalidInput

TIMES = "".join(
    f"<Time Id='{day}_{at}'><Name>{day}_{at}</Name><Day Reference='gr_{day}'/></Time>"
    for day in ("Mo", "Tu")
    for at in (1, 2, 3)
)
INSTANCE = (
    "<Instance Id='I'><Times><TimeGroups><Day Id='gr_Mo'><Name>Mo</Name></Day>"
    f"<Day Id='gr_Tu'><Name>Tu</Name></Day></TimeGroups>{TIMES}</Times>"
    "<Resources><ResourceTypes><ResourceType Id='Teacher'><Name>Teacher</Name></ResourceType>"
    "<ResourceType Id='Class'><Name>Class</Name></ResourceType></ResourceTypes>"
    "<Resource Id='T1'><Name>Ana</Name><ResourceType Reference='Teacher'/></Resource>"
    "<Resource Id='T2'><Name>Ben</Name><ResourceType Reference='Teacher'/></Resource>"
    "<Resource Id='S1'><Name>4B</Name><ResourceType Reference='Class'/></Resource></Resources>"
    "<Events><Event Id='E1'><Name>Art</Name><Duration>2</Duration><Resources>"
    "<Resource Reference='T1'/><Resource Reference='S1'/></Resources></Event>"
    "<Event Id='E2'><Name>Bio</Name><Duration>1</Duration><Time Reference='Tu_3'/></Event></Events>"
    "<Constraints><AvoidUnavailableTimesConstraint><Required>true</Required><AppliesTo><Resources>"
    "<Resource Reference='T2'/></Resources></AppliesTo><Times><Time Reference='Mo_3'/></Times>"
    "</AvoidUnavailableTimesConstraint><AvoidUnavailableTimesConstraint><Required>false</Required>"
    "<AppliesTo><Resources><Resource Reference='T2'/></Resources></AppliesTo><Times>"
    "<Time Reference='Mo_1'/></Times></AvoidUnavailableTimesConstraint></Constraints></Instance>"
)
SOLUTION = (
    "<Solution Reference='I'><Events>"
    "<Event Reference='E1'><Duration>2</Duration><Time Reference='Mo_2'/></Event>"
    "<Event Reference='E1'><Duration>1</Duration></Event>"
    "<Event Reference='E2'><Resources><Resource Reference='T2'/></Resources></Event>"
    "</Events></Solution>"
)


def archive(*solutions: str, instance: str = INSTANCE) -> bytes:
    groups = "".join(f"<SolutionGroup Id='G'>{one}</SolutionGroup>" for one in solutions)
    return (
        f"<HighSchoolTimetableArchive><Instances>{instance}</Instances>"
        f"<SolutionGroups>{groups}</SolutionGroups></HighSchoolTimetableArchive>"
    ).encode()


def test_one_school_and_one_solution() -> None:
    assert format_of(archive(SOLUTION)) is Format.XHSTT
    grid = recognise(archive(SOLUTION))
    assert (grid.days, grid.periods) == (("Mo", "Tu"), ("1", "2", "3"))
    assert grid.lessons == {"Ana": {(0, 1), (0, 2)}, "Ben": {(1, 2)}}
    assert grid.what == {"Ana": {(0, 1): "Art", (0, 2): "Art"}, "Ben": {(1, 2): "Bio"}}
    assert grid.absences == {"Ben": {(0, 2)}}
    assert grid.notes == ("Events without a time, left out: 1.",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive(SOLUTION, SOLUTION), "2 timetables"),
        (archive(), "0 timetables"),
        (archive(SOLUTION, instance=INSTANCE * 2), "2 schools"),
        (archive(SOLUTION.replace("Mo_2", "We_1")), "time “We_1”"),
        (archive(SOLUTION.replace("'E2'", "'E9'")), "event “E9”"),
        (archive(SOLUTION, instance=INSTANCE.replace("Day Id='gr_Mo'", "Day Id='x'")), "“gr_Mo”"),
        (archive(SOLUTION, instance="<Instance/>"), "no days"),
    ],
)
def test_archives_that_state_no_one_timetable(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        recognise(data)
    assert problem.value.remedy
