"""SIGTERM at random instants, while members click and reminders are due (reliability.md, R11).

It ends with 0 within 20 seconds; nothing is lost or shown twice, though one of the platforms cannot
be asked what it showed; and the next start finds nothing leased, so it waits for nothing.
"""

import multiprocessing
import os
import random  # noqa: TID251 - the type of what the seed made
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.main import open_store
from bot.usecases.ports import Work
from tests.support import kill
from tests.support.ledger import Instant, Ledger, Platform, served
from tests.support.nursery import nursery
from tests.support.reminded import FIRST, SCHOOLS, ZONE, settle_people
from tests.support.reminding import Flow
from tests.support.serving import Serving, serve

LONGEST = 0.5
SECONDS = 20.0
LOCKED_OUT = 16.0
"""Seconds that a stop takes at most while nothing can be saved."""
A_STOP = 12
"""Reminders to each stop."""
SLOW = 0.1
"""Seconds that the platform takes for a message, at most."""
WHO = "00000"
THREAD = Place(platform=Platform.PLAIN, kind=PlaceKind.THREAD, channel="c", thread="t")


@dataclass(slots=True)
class Served:
    process: ForkServerProcess
    ears: Connection

    def heard(self) -> list[str]:
        """Return what it said since the last time."""
        found = []
        try:
            while self.ears.poll():
                found.append(self.ears.recv())
        except EOFError:
            pass
        return found

    def stopped(self) -> float:
        """Ask it to stop; return how many seconds that took."""
        assert self.process.pid is not None
        began = time.monotonic()
        os.kill(self.process.pid, signal.SIGTERM)
        self.process.join(SECONDS + 5)
        took = time.monotonic() - began
        assert self.process.exitcode == 0, f"ended with {self.process.exitcode} after {took:.1f} s"
        return took


def begun(serving: Serving) -> Served:
    ears, mouth = multiprocessing.Pipe(duplex=False)
    process = nursery.Process(target=serve, args=(serving, mouth))
    process.start()
    mouth.close()
    assert ears.poll(60), "it did not start"
    assert ears.recv() == "ready"
    return Served(process, ears)


def test_nothing_is_lost_or_doubled_by_a_stop_at_any_instant(tmp_path: Path) -> None:
    chance, rounds = kill.chance(), max(3, kill.rounds(default=0) // 4)
    url = f"sqlite:///{tmp_path}/coplan.db"
    people = settle_people(url, rounds * A_STOP, rounds * LONGEST)
    settle_comments(url)
    ledger = Ledger(chance)
    ledger.watch = slowly(chance)
    promised: list[str] = []
    longest = 0.0
    with served(ledger) as port:
        serving = Serving(
            number=0, url=url, port=port, flow=Flow(base=FIRST, origin=time.monotonic()),
            workspace=SCHOOLS[0], plan=PlanId(f"p-{WHO}"), who=WHO,
        )  # fmt: skip
        for number in range(rounds):
            life = begun(replace(serving, number=number))
            time.sleep(chance.uniform(0, LONGEST))
            longest = max(longest, life.stopped())
            promised += life.heard()
            assert states(tmp_path)["leased"] == 0, "the next start would have to wait"
        late = serving.flow.ahead(rounds * LONGEST + 60)
        life = begun(replace(serving, number=rounds, flow=late, quiet=True))
        wait_for(lambda: not owing(people.owing, ledger))
        wait_for(lambda: len(news(ledger)) >= len(comments(tmp_path)))
        longest = max(longest, life.stopped())
    assert longest < SECONDS
    assert Counter(one.to for one in ledger.shown if one.key.startswith("reminder")) == Counter(
        people.owing.keys()
    )
    kept = comments(tmp_path)
    assert set(promised) <= set(kept)
    assert max(Counter(kept).values()) == 1
    assert max(Counter(news(ledger)).values()) == 1, "somebody saw it twice"
    print(f"{rounds + 1} stops, the longest {longest:.2f} s; {len(promised)} comments answered")


def test_it_ends_in_time_while_another_program_holds_the_database(tmp_path: Path) -> None:
    """What was being sent then is looked after at the next start; what was answered is saved."""
    url = f"sqlite:///{tmp_path}/coplan.db"
    people = settle_people(url, 3, 0.1)
    settle_comments(url)
    ledger, sending = Ledger(kill.chance()), threading.Event()

    def watch(_instant: Instant, _life: int, _platform: Platform) -> None:
        if not sending.is_set():
            sending.set()
            time.sleep(2)

    ledger.watch = watch
    with served(ledger) as port:
        serving = Serving(
            number=0, url=url, port=port, flow=Flow(base=FIRST, origin=time.monotonic()),
            workspace=SCHOOLS[0], plan=PlanId(f"p-{WHO}"), who=WHO,
        )  # fmt: skip
        life = begun(serving)
        assert sending.wait(60)
        with closing(sqlite3.connect(tmp_path / "coplan.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(1)
            took = life.stopped()
            other.execute("ROLLBACK")
        promised = life.heard()
        late = serving.flow.ahead(120)
        life = begun(replace(serving, number=1, flow=late, quiet=True))
        wait_for(lambda: not states(tmp_path)["leased"])
        life.stopped()
    assert took < LOCKED_OUT
    assert set(promised) <= set(comments(tmp_path))
    shown = Counter(one.to for one in ledger.shown if one.key.startswith("reminder"))
    assert max(shown.values(), default=1) == 1
    assert set(shown) <= set(people.owing)


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    settle_people(url, 3, 0.1)
    settle_comments(url)
    ledger, sending, over = Ledger(kill.chance()), threading.Event(), threading.Event()

    def watch(_instant: Instant, _life: int, _platform: Platform) -> None:
        sending.set()
        over.wait(600)

    ledger.watch = watch
    with served(ledger) as port:
        life = begun(
            Serving(
                number=0, url=url, port=port, flow=Flow(base=FIRST, origin=time.monotonic()),
                workspace=SCHOOLS[0], plan=PlanId(f"p-{WHO}"), who=WHO,
            )
        )  # fmt: skip
        assert sending.wait(60)
        assert life.process.pid is not None
        os.kill(life.process.pid, signal.SIGTERM)
        status = Path(f"/proc/{life.process.pid}/status")
        wait_for(lambda: not catches(status, signal.SIGTERM))  # two that wait to be heard are one
        assert life.process.exitcode is None, "it waits for what is being sent"
        os.kill(life.process.pid, signal.SIGTERM)
        life.process.join(60)
        assert life.process.exitcode == -signal.SIGTERM, "it ends by the signal, not when it can"
        over.set()


def catches(status: Path, number: signal.Signals) -> bool:
    """Tell, by what the kernel says of a process, whether it handles the signal itself."""
    told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
    return bool(int(told["SigCgt"], 16) >> (number - 1) & 1)


def settle_comments(url: str) -> None:
    """Give the commented plan a thread, where what is said in it is shown."""
    member = Member(
        workspace=SCHOOLS[0], id=MemberId(WHO), zone=ZONE, name=WHO,
        identity=Identity(platform=Platform.PLAIN, user=WHO),
    )  # fmt: skip

    def unit(work: Work) -> None:
        work.members.save(member)
        work.plans.set_card(PlanId(f"p-{WHO}"), MessageRef(place=THREAD, message="m"))

    with open_store(url) as store:
        store.write_now(WorkspaceId(SCHOOLS[0]), unit)


def slowly(chance: random.Random) -> Callable[[Instant, int, Platform], None]:
    def watch(instant: Instant, _life: int, _platform: Platform) -> None:
        if instant is not Instant.ANSWERED:
            time.sleep(chance.uniform(0, SLOW / 2))

    return watch


def news(ledger: Ledger) -> list[str]:
    return [one.key for one in ledger.shown if one.key.startswith("news:")]


def owing(people: dict[str, Platform], ledger: Ledger) -> set[str]:
    return set(people) - {one.to for one in ledger.shown}


def comments(folder: Path) -> list[str]:
    return [text for (text,) in asked(folder, "SELECT after FROM contributions")]


def states(folder: Path) -> Counter[str]:
    return Counter(state for (state,) in asked(folder, "SELECT state FROM outbox"))


def asked(folder: Path, query: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(folder / "coplan.db")) as connection:
        return connection.execute(query).fetchall()


def wait_for(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
