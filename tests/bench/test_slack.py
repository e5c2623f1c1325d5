from pathlib import Path

from tests.bench.slack import WORDS, measure
from tests.support.bench_figures import Size
from tests.support.bench_platforms import report

TINY = Size(repeats=1, alone=3, together=6, calls=2, plans=5, entries=20)


async def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = await measure(tmp_path, TINY)
    assert found.heard.problems == []
    assert found.heard.shown == 2 * (3 + 6 + 6) + 2 * (3 + 6), (
        "each of Coplan's acts has its answer"
    )
    assert found.asked["users.info"], "Coplan was listened to"
    assert found.asked["auth.test"] == 0
    assert sum("goal" in line for line in report(WORDS, found)) == 9
