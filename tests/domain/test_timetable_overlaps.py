from datetime import time

from bot.domain.timetable.grid import Grid, common
from bot.domain.timetable.overlaps import by_clock

SPLIT = Grid(
    days=("Mon", "Tue"),
    periods=("4", "5A 11:00-11:30", "5 11:00-11:45", "5B 11:30-12:00", "6 11:58-12:40"),
    lessons={"Ana": frozenset({(0, 2), (1, 1)}), "Ben": frozenset({(0, 0)}), "Kim": frozenset()},
    duties={"Kim": frozenset({(1, 3)})},
    own_breaks={"Ana": frozenset({(1, 4)})},
    clock={"4": (time(10), time(11))},
)


def test_split_lunches_overlap_a_period_on_the_clock() -> None:
    grid = by_clock(SPLIT)
    assert grid.own_breaks == {
        "Ana": {(0, 1), (0, 3), (1, 2), (1, 4)},
        "Kim": {(1, 2)},
    }, "two minutes are a slip"
    assert common(grid, ["Ana"]).free == ((0, 0), (0, 4), (1, 0), (1, 3))
    assert len(grid.notes) == 1
    assert grid.lessons == SPLIT.lessons


def test_periods_without_times_or_one_after_another_stay_as_they_are() -> None:
    plain = Grid(days=("Mon",), periods=("1", "2"), lessons={"Ana": frozenset({(0, 0)})})
    assert by_clock(plain) is plain
    starts = Grid(days=("Mon",), periods=("07:30", "08:25"), lessons={"Ana": frozenset({(0, 0)})})
    assert by_clock(starts) is starts
