from pathlib import Path

from tests.bench.reminders import on_postgres, on_sqlite
from tests.support.postgres import fresh_database


async def test_the_benchmark_runs(tmp_path: Path) -> None:
    lines = await on_sqlite(tmp_path, many=100, stored=5)
    assert sum("×" in line for line in lines) == 3
    assert "bare loop" in lines[-2]
    assert "stalled" in lines[-1]


async def test_the_benchmark_runs_on_postgres() -> None:
    with fresh_database("there"):  # or it is skipped
        assert len(await on_postgres(many=100, stored=5)) == 5
