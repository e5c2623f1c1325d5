import pytest

from bot.domain.errors import InvalidInput
from bot.domain.timetable.costs import Cost
from bot.domain.timetable.grid import (
    Grid,
    common,
    find_teacher,
    fold_name,
    hand_offs,
    near_names,
    timetable_of,
)
from bot.domain.timetable.timetable import (
    FREE,
    Cell,
    Timetable,
    Use,
    set_cell,
    subjects,
    tap,
    week_rows,
    with_use,
)


def places(*at: tuple[int, int]) -> frozenset[tuple[int, int]]:
    return frozenset(at)


GRID = Grid(
    days=("Mon", "Tue"),
    periods=("1", "2", "3"),
    lessons={
        "Ana Silva": places((0, 0), (0, 2), (1, 0)),
        "Ben Ode": places((0, 0), (1, 2)),
        "Kim": frozenset(),
    },
    what={"Ana Silva": {(0, 0): "Biology", (0, 2): "Meeting"}},
    breaks=places((1, 1)),
    own_breaks={"Kim": places((0, 1))},
    absences={"Ben Ode": places((1, 0)), "Kim": places((0, 0))},
    planning={"Ana Silva": places((0, 1), (0, 0))},
    duties={"Kim": places((1, 0))},
)


def test_free_available_and_cost() -> None:
    found = common(GRID, ["Ana Silva", "Ben Ode"])
    assert found.free == ((0, 1),)
    assert found.available == (((0, 1), {"Ana Silva": Cost.PLANNING, "Ben Ode": Cost.STAY_LONGER}),)
    alone = common(GRID, ["Ben Ode", " Ben  Ode "])
    assert alone.free == ((0, 1), (0, 2), (1, 0))
    assert [place for place, _ in alone.available] == [(0, 1), (0, 2)]
    assert set(alone.available[0][1]) == {"Ben Ode", " Ben  Ode "}
    assert common(GRID, ["Kim"]).free == ((0, 0), (0, 2), (1, 2))


def test_names_match_folded_and_near_ones_are_offered() -> None:
    assert fold_name(" Ana\u00a0\n Silva ") == "Ana Silva"
    assert fold_name("Zoe\u0308") == "Zo\u00eb"
    assert find_teacher(GRID, "Ana   Silva") == "Ana Silva"
    with pytest.raises(InvalidInput) as problem:
        find_teacher(GRID, "ana silvo")
    assert problem.value.remedy == "Did you mean “Ana Silva”?"
    with pytest.raises(InvalidInput) as problem:
        find_teacher(GRID, "zzz")
    assert "3 names, for example Ana Silva, Ben Ode, Kim" in problem.value.remedy
    with pytest.raises(InvalidInput, match="no column for teachers"):
        find_teacher(Grid(days=("A",), periods=("1",), lessons={"": frozenset()}), "Ana")
    assert near_names("ode", ["Ana Silva", "Ben Ode"]) == ["Ben Ode"]
    assert near_names("", ["Ana"]) == []


def test_hand_offs_go_forward_through_the_grid() -> None:
    assert hand_offs(GRID, ["Ben Ode", "Ana Silva", "Kim"]) == [
        ("Ben Ode", (0, 1)),
        ("Ana Silva", (1, 2)),
    ]


def test_the_timetable_of_one_teacher() -> None:
    ana = timetable_of(GRID, "Ana Silva")
    assert ana.cell("Mon", "1") == Cell(use=Use.LESSON, what="Biology")
    assert ana.cell("Mon", "2").use is Use.PLANNING
    assert ana.cell("Tue", "2").use is Use.BREAK
    assert ana.cell("Tue", "3") == FREE
    kim = timetable_of(GRID, "Kim")
    assert [kim.cell("Mon", p).use for p in "123"] == [Use.ABSENT, Use.BREAK, Use.FREE]
    assert kim.cell("Tue", "1").use is Use.DUTY


def test_a_week_is_read_back_with_periods_as_rows() -> None:
    week = week_rows(timetable_of(GRID, "Ana Silva"), GRID.days, GRID.periods)
    assert week.head == ("Mon", "Tue")
    assert [name for name, _cells in week.rows] == ["1", "2", "3"]
    assert [cell.use for cell in week.rows[2][1]] == [Use.LESSON, Use.FREE]


def test_tapping_goes_round() -> None:
    table = Timetable()
    uses = []
    for _ in range(5):
        table = tap(table, "A", "P1")
        uses.append(table.cell("A", "P1").use)
    assert uses == [Use.LESSON, Use.PLANNING, Use.DUTY, Use.ABSENT, Use.FREE]
    assert table == Timetable()
    pause = set_cell(table, "A", "P1", Cell(use=Use.BREAK))
    assert tap(pause, "A", "P1") == Timetable()
    named = set_cell(table, "A", "P1", Cell(use=Use.LESSON, what="Art"))
    assert tap(named, "A", "P1").cell("A", "P1") == Cell(use=Use.PLANNING, what="Art")


def test_subjects_may_be_said_to_be_something_else() -> None:
    ana = timetable_of(GRID, "Ana Silva")
    assert subjects(ana) == ("Biology", "Meeting")
    changed = with_use(ana, "Meeting", Use.DUTY)
    assert changed.cell("Mon", "3") == Cell(use=Use.DUTY, what="Meeting")
    assert subjects(changed) == ("Biology",)
