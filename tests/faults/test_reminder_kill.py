"""SIGKILL while reminders are claimed, leased, sent and marked; judged by what people saw.

A life is a process that reminds. It is killed at a random time, at an instant of a message on the
platform's side, or at a point of its own work; the next one goes on. At the end everybody who owes
something was reminded once, whoever does not was left alone, and what nobody can know (the
platform cannot be asked, the sender is dead) went as the setting promises.
"""

import random  # noqa: TID251 - the type of what the seed made
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.config import Guarantee
from tests.support import kill
from tests.support.ledger import Instant, Ledger, Platform, served
from tests.support.lives import Hunt, Trap
from tests.support.postgres import fresh_database
from tests.support.reminded import FIRST, People, given_up, settle_people, waits_in_next
from tests.support.reminding import SEND_SECONDS, WORKERS, Doing, Flow, Life, Point, When

FAULTY = 0.05
A_KILL = 15
"""Reminders to each kill."""
LONGEST = 0.5
"""Seconds that a life lasts at most, if nothing else ends it."""
FAST = 10.0
"""How fast the clock runs where nobody may move it: a lease lasts six seconds."""
LEASE = 60.0
PATIENT = 40.0
"""Seconds for a send, where none is lost."""


@dataclass(slots=True, kw_only=True)
class Trial:
    """One database, its people, the platform they are on, and the lives so far."""

    url: str
    people: People
    ledger: Ledger
    port: int
    hunt: Hunt
    guarantee: Guarantee
    flow: Flow
    trusted: frozenset[str] = frozenset({Platform.DEDUPES})
    hasty: bool = False
    send_seconds: float = SEND_SECONDS
    lives: int = 0
    kills: Counter[str] = field(default_factory=Counter)

    def begins(self, end: Point | Trap | None = None, *, until_done: bool = False) -> int:
        """Start a life, and return its number."""
        self.lives += 1
        life = Life(
            number=self.lives,
            url=self.url,
            port=self.port,
            flow=self.flow,
            guarantee=self.guarantee,
            trusted=self.trusted,
            hasty=self.hasty,
            point=end if isinstance(end, Point) else None,
            until_done=until_done,
            send_seconds=self.send_seconds,
        )
        self.hunt.start(life, end if isinstance(end, Trap) else None)
        return life.number

    def finish(self, *, beside: int = 0) -> None:
        """Let as many lives as are wanted work off what is left."""
        lives = [self.begins(until_done=True) for _ in range(1 + beside)]
        for life in lives:
            self.hunt.finishes(life, within=240)


@contextmanager
def trial(
    url: str,
    chance: random.Random,
    *,
    people: int,
    seconds: float,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    speed: float = 1.0,
    faulty: float = FAULTY,
) -> Iterator[Trial]:
    """Open a platform, and settle so many people whose reminders fall due over so many seconds."""
    ledger = Ledger(chance, faulty=faulty, slow_seconds=2 * SEND_SECONDS)
    with served(ledger) as port, Hunt(ledger) as hunt:
        yield Trial(
            url=url,
            people=settle_people(url, people, seconds),
            ledger=ledger,
            port=port,
            hunt=hunt,
            guarantee=guarantee,
            flow=Flow(base=FIRST, origin=time.monotonic(), speed=speed),
        )


def rounds_each() -> int:
    """Return how many kills each of the two promises gets: half of all on that database."""
    return kill.rounds(default=20) // len(Guarantee)


@pytest.mark.parametrize("guarantee", Guarantee)
def test_one_process(tmp_path: Path, guarantee: Guarantee) -> None:
    chance, rounds = kill.chance(), rounds_each()
    span = rounds * LEASE / 2
    url = f"sqlite:///{tmp_path}/coplan.db"
    with trial(url, chance, people=rounds * A_KILL, seconds=span, guarantee=guarantee) as it:
        for _ in range(rounds):
            kills(it, it.begins(end := any_end(chance)), end, chance)
            # Nobody lives who would notice: the dead one's leases run out, or they do not yet.
            it.flow = it.flow.ahead(chance.uniform(0, LEASE))
        it.flow = it.flow.ahead(span + 2 * LEASE)
        it.finish()
        judged(it)


@pytest.mark.parametrize("guarantee", Guarantee)
def test_two_processes(guarantee: Guarantee) -> None:
    chance, rounds = kill.chance(), rounds_each()
    with (
        fresh_database("kills") as url,
        trial(
            url,
            chance,
            people=rounds * A_KILL,
            seconds=rounds * LONGEST * FAST / 2,
            guarantee=guarantee,
            speed=FAST,
        ) as it,
    ):
        alive = [(it.begins(end), end) for end in (any_end(chance), any_end(chance))]
        for at in range(rounds):
            kills(it, *alive[at % 2], chance)
            end = any_end(chance)
            alive[at % 2] = it.begins(end), end
        for life, end in alive:
            kills(it, life, end, chance)
        it.finish(beside=1)
        judged(it)


def test_two_processes_share_what_is_due() -> None:
    chance = kill.chance()
    with (
        fresh_database("share") as url,
        trial(url, chance, people=300, seconds=2.0, faulty=0.0) as it,
    ):
        it.send_seconds = PATIENT  # nothing goes wrong here, however busy the machine is
        it.ledger.watch = until_both()
        it.finish(beside=1)
        copies = Counter(one.to for one in it.ledger.shown)
        assert copies == Counter(it.people.owing.keys())
        shares = Counter(one.life for one in it.ledger.shown)
    print(f"shares {dict(shares)}")
    assert len(shares) == 2, "one of them did nothing"


def until_both() -> Callable[[Instant, int, Platform], None]:
    """Let whoever sends first wait for the other process: one alone cannot hold all that is due."""
    lives: set[int] = set()
    both = threading.Event()

    def watch(_instant: Instant, life: int, _platform: Platform) -> None:
        lives.add(life)
        if len(lives) > 1:
            both.set()
        both.wait(PATIENT / 2)

    return watch


def test_the_equipment_finds_a_blind_resend(tmp_path: Path) -> None:
    """Coplan is told of a platform that shows no key twice, and it does."""
    with small(tmp_path) as it:
        it.trusted = frozenset(Platform)
        for _ in range(3):
            trap = Trap(instant=Instant.APPLIED, platform=Platform.PLAIN)
            assert it.hunt.ends(it.begins(trap), within=60)
            it.flow = it.flow.ahead(2 * LEASE)
        it.finish()
        assert Verdict(it).extra[Platform.PLAIN] >= 3


def test_the_equipment_finds_what_is_marked_before_it_is_sent(tmp_path: Path) -> None:
    with small(tmp_path) as it:
        it.hasty = True
        for _ in range(3):
            marked = Point(doing=Doing.MARK, when=When.COMMITTED, count=2)
            assert it.hunt.ends(it.begins(marked), within=60)
            it.flow = it.flow.ahead(2 * LEASE)
        it.finish()
        missing = set().union(*Verdict(it).missing.values())
        assert missing - set(given_up(it.url))


@contextmanager
def small(folder: Path) -> Iterator[Trial]:
    url = f"sqlite:///{folder}/coplan.db"
    with trial(url, kill.chance(), people=60, seconds=LEASE, faulty=0.0) as it:
        it.flow = it.flow.ahead(LEASE)
        yield it


def any_end(chance: random.Random) -> Point | Trap | None:
    """Return how a life ends: at a point of its work, of a message on the platform, or whenever."""
    count = chance.randint(1, 6)
    return chance.choice(
        (
            None,
            Trap(instant=chance.choice(list(Instant)), count=count),
            Point(doing=chance.choice(list(Doing)), when=chance.choice(list(When)), count=count),
        )
    )


def kills(it: Trial, life: int, end: Point | Trap | None, chance: random.Random) -> None:
    """Wait until the life is over, and count how it ended."""
    within = chance.uniform(0, LONGEST) if end is None else 2 * LONGEST
    there = it.hunt.ends(life, within=within)
    match end:
        case Trap() if there:
            it.kills[f"{end.instant}"] += 1
        case Point() if there:
            it.kills[f"{end.doing}, {end.when}"] += 1
        case _:
            it.kills["whenever"] += 1


def judged(it: Trial) -> None:
    """Fail unless the ledger shows what was promised; print the figures."""
    verdict = Verdict(it)
    for platform in Platform:
        print(verdict.said(platform))
    print(f"{it.kills.total()} kills: {dict(it.kills)}")
    assert not {one.to for one in it.ledger.shown} & it.people.done, "reminded of what was done"
    assert all(len(keys) == 1 for keys in verdict.keys.values()), "two occasions became of one"
    for sure in (Platform.DEDUPES, Platform.FINDS):
        assert not verdict.missing[sure]
        assert not verdict.extra[sure]
    if it.guarantee is Guarantee.AT_LEAST_ONCE:
        assert not verdict.missing[Platform.PLAIN]
        assert verdict.extra[Platform.PLAIN] <= verdict.unknown(Platform.PLAIN)
    else:
        assert not verdict.extra[Platform.PLAIN]
        on_record = given_up(it.url)
        assert verdict.missing[Platform.PLAIN] <= set(on_record), "lost, and nobody knows"
        assert set(on_record.values()) <= {"outcome unknown"}
        assert set(on_record) <= waits_in_next(it.url)
        assert len(on_record) <= verdict.unknown(Platform.PLAIN)


class Verdict:
    """What the ledger tells: by platform who was never reminded, and how many copies too many."""

    def __init__(self, it: Trial) -> None:
        self._it = it
        self.copies = Counter(one.to for one in it.ledger.shown)
        self.keys: dict[str, set[str]] = {}
        for one in it.ledger.shown:
            self.keys.setdefault(one.to, set()).add(one.key)
        self.missing: dict[Platform, set[str]] = {}
        self.extra: dict[Platform, int] = {}
        for platform in Platform:
            people = {who for who, on in it.people.owing.items() if on is platform}
            self.missing[platform] = {who for who in people if not self.copies[who]}
            self.extra[platform] = sum(max(self.copies[who] - 1, 0) for who in people)

    def unknown(self, platform: Platform) -> int:
        """Return of how many messages nobody could know what became of them, at most."""
        return self._it.ledger.unknown(platform) + self._it.kills.total() * WORKERS

    def said(self, platform: Platform) -> str:
        people = sum(on is platform for on in self._it.people.owing.values())
        return (
            f"{self._it.guarantee}, {platform}: {people} due, "
            f"{len(self.missing[platform])} not shown, {self.extra[platform]} copies too many, "
            f"{self._it.ledger.unknown(platform)} answers lost"
        )
