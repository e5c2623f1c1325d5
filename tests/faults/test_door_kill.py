"""SIGKILL at random instants: what was acknowledged is there, and nothing is there twice."""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path

from tests.storage.test_door_notebook import HERE, kept, opened, prepare, putting
from tests.support import kill

CALLERS = 10
LONGEST = 0.25


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)
    chance = kill.chance()
    promised: list[str] = []
    rounds = kill.rounds(default=20)
    for number in range(rounds):
        with kill.Victim(writes_for_ever, url, str(number)) as victim:
            after = chance.randint(1, 20) if number % 2 else 0
            promised += victim.killed_after(seconds=chance.uniform(0, LONGEST), after=after)
        rows = Counter(kept(url))
        missing = set(promised) - set(rows)
        assert not missing, f"lost in round {number}: {sorted(missing)[:5]}"
        assert max(rows.values(), default=1) == 1, f"doubled in round {number}"
    assert len(promised) >= rounds, "hardly anything was acknowledged: nothing was tested"
    print(f"{rounds} kills, {len(promised)} promises, {len(kept(url))} rows")


def test_the_equipment_finds_promises_made_too_early(tmp_path: Path) -> None:
    """A child that promises before it saves is found out."""
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)
    with kill.Victim(writes_for_ever, url, "early", True) as victim:
        promised = victim.killed_after(seconds=60, promises=50)
    assert set(promised) - set(kept(url))


def writes_for_ever(url: str, name: str, too_early: bool = False) -> None:
    asyncio.run(child(url, name, too_early=too_early))


async def child(url: str, name: str, *, too_early: bool) -> None:
    """Write rows through a door for ever, and acknowledge each when it was answered."""
    async with opened(url) as here:

        async def caller(who: int) -> None:
            for n in range(sys.maxsize):
                key = f"{name}-{who}-{n}"
                if too_early:
                    kill.acknowledge(key)
                    time.sleep(0.001)  # noqa: ASYNC251 - the instant at which it is killed
                await here.door.write(HERE, putting(key))
                if not too_early:
                    kill.acknowledge(key)

        await asyncio.gather(*(caller(who) for who in range(CALLERS)))
