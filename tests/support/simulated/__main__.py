"""python -m tests.support.simulated --partnerships 200 --weeks 52: the whole year, judged."""

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bot.config import Guarantee
from tests.support.simulated.size import Size
from tests.support.simulated.year import live


def main() -> int:
    """Simulate, judge, print; return 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partnerships", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 8, 31))
    parser.add_argument("--only", type=int)
    parser.add_argument("--troubles", type=float, default=6.0)
    parser.add_argument("--failures", type=float, default=0.06)
    parser.add_argument("--guarantee", type=Guarantee, default=Guarantee.AT_MOST_ONCE)
    size = Size(**vars(parser.parse_args()))
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        year = asyncio.run(live(size, Path(folder)))
    print(year)
    print(f"lived and judged in {time.perf_counter() - begun:.1f} s")
    return 1 if year.court.findings or year.court.errors else 0


if __name__ == "__main__":
    sys.exit(main())
