from pathlib import Path

from tests.bench.discord import WORDS, measure
from tests.support.bench_figures import Size
from tests.support.bench_platforms import report

TINY = Size(repeats=1, alone=3, together=6, calls=2, plans=5, entries=20)


async def test_the_benchmark_runs(tmp_path: Path) -> None:
    found = await measure(tmp_path, TINY)
    assert found.heard.problems == []
    answers = 2 * ((3 + 6) + 2 * (3 + 6 + 6))
    assert found.heard.shown == answers, "each form has its answer"
    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    assert found.asked[callback] == 2 * (3 + 6 + 6), "one call for each of Coplan's"
    assert sum("goal" in line for line in report(WORDS, found)) == 7
