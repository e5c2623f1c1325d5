from pathlib import Path

from tests.bench.reminders import on_postgres, on_sqlite


async def test_the_benchmark_runs(tmp_path: Path) -> None:
    lines = await on_sqlite(tmp_path, many=100)
    assert sum("goal" in line for line in lines) == 3
    assert sum("× (" in line for line in lines) == 4


async def test_the_benchmark_runs_on_postgres() -> None:
    assert len(await on_postgres(many=100)) == 6
