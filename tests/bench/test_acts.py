from pathlib import Path

from tests.bench.acts import Size, measure, on_one_plan, report
from tests.support.bench_world import world

TINY = Size(repeats=1, operations=3, few=5, many=9, entries=20)


async def test_the_benchmark_runs(tmp_path: Path) -> None:
    taken = await measure(tmp_path, TINY)
    assert all(seconds > 0 for seconds in taken.values())
    assert len(report(taken)) == len(taken) + 6


async def test_fifty_saves_of_one_field_at_once_lose_nothing(tmp_path: Path) -> None:
    async with world(tmp_path / "few", 3, entries=20) as there:
        plan, _ = there.plans[0]
        before = len(there.bot.log(plan))
        _, stood = await on_one_plan(there)
        assert stood == 1
        assert len(there.bot.log(plan)) == before + 50
