from tests.bench.timetable import Size, measure


def test_the_benchmark_runs_and_all_ways_find_the_same() -> None:
    lines = measure(Size(members=9, weeks=10, feeds=3, repeats=2))
    assert sum("goal" in line for line in lines) == 3
    assert "(5 periods found)" in lines[0]
