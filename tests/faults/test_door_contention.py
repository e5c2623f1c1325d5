"""Two processes, each with a door, on one SQLite file."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.storage.test_door_notebook import HERE, Notebook, opened, prepare
from tests.support import kill

THREADS = 10  # in each of the two processes
TIMES = 20


def test_no_increment_is_lost_and_nobody_hears_that_it_is_locked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        processes = [stack.enter_context(kill.Victim(counts, url)) for _ in range(2)]
        said = [n for numbers in pool.map(kill.Victim.finished, processes) for n in numbers]
    assert sorted(map(int, said)) == list(range(1, 2 * THREADS * TIMES + 1))


def counts(url: str) -> None:
    asyncio.run(child(url))


async def child(url: str) -> None:
    """Increment from many threads at once, and say each number that was reached."""
    async with opened(url) as here:

        def thread() -> None:
            for _ in range(TIMES):
                kill.acknowledge(str(here.door.write_now(HERE, Notebook.count)))

        async def caller() -> None:
            for _ in range(TIMES):
                kill.acknowledge(str(await here.door.write(HERE, Notebook.count)))

        half = THREADS // 2
        await asyncio.gather(
            *(asyncio.to_thread(thread) for _ in range(half)), *(caller() for _ in range(half))
        )
