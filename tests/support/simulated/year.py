"""A simulated year: partnerships act, clocks jump, the service stops, crashes and starts again."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

from bot.config import Guarantee
from bot.domain import errors as problems
from bot.domain.contributions.acts import Source
from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Leased
from bot.main import COMPOSERS
from bot.runtime.manner import Manner
from bot.runtime.service import Service
from bot.ui.deliveries import Composed, Composer
from bot.usecases.actors import Actor, recognise
from bot.usecases.ports import Work
from tests.support.fake_clock import FakeClock
from tests.support.simulated import house, troubles
from tests.support.simulated.court import Court
from tests.support.simulated.facts import instant, moment
from tests.support.simulated.history import Clock, Killed, Tried
from tests.support.simulated.house import Fuse, KillableDoor, Store
from tests.support.simulated.messengers import BLIND, LOOKS, ONCE, Ledger, Ledgered
from tests.support.simulated.promises import Promise
from tests.support.simulated.schools import ZONES, calendar_of, school_in
from tests.support.simulated.size import Size
from tests.support.simulated.stories import Story, Town

ALL = WorkspaceId("")
ACTS_A_WEEK = 7.0
WEEK = 7 * 24 * 3600
DOWN_AFTER_A_CRASH = (1, 30, 59, 61, 300, 3600)


@dataclass(slots=True)
class Year:
    """One run. ``skew`` is by how many seconds the product's clock is wrong."""

    size: Size
    store: Store
    clock: FakeClock
    now: float
    ledger: Ledger = field(init=False)
    stories: dict[int, Story] = field(default_factory=dict)
    towns: dict[str, Town] = field(default_factory=dict)
    court: Court = field(default_factory=Court)
    counted: Counter[str] = field(default_factory=Counter)
    skew: int = 0
    service: Service | None = None
    _owners: dict[str, tuple[int, str]] = field(default_factory=dict)
    _about: dict[str, tuple[int, str]] = field(default_factory=dict)
    _heap: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        size = self.size
        self.ledger = Ledger(
            clock=self.clock,
            about=lambda key: self._about[key][1] if key in self._about else None,
            tell=self._tried,
            seed=size.seed,
            failures=size.failures,
        )
        for number in size.numbers:
            zone = ZONES[5 * number % len(ZONES)]  # of each kind among the first few
            town = self.towns.get(zone) or self._founded(zone)
            dice = Random(f"{size.seed}:{number}")
            story = self.stories[number] = Story(number=number, town=town, dice=dice)
            knows = story.platform != BLIND
            repeats = knows or size.guarantee is Guarantee.AT_LEAST_ONCE
            promise = Promise(repeats=repeats, shows_once=knows)
            self.court.open(number, zone, story.people, promise)
            self._at(self.now + dice.randrange(3 * 24 * 3600), partial(self._goes_on, story))
        dice = Random(f"{size.seed}:troubles")
        self._at(self.now + dice.randrange(24 * 3600), partial(self._suffers, dice))

    def _founded(self, zone: str) -> Town:
        dice = Random(f"{self.size.seed}:{zone}")
        school = school_in(zone, self.size.first, dice)
        town = self.towns[zone] = Town(zone=zone, workspace=WorkspaceId(zone), school=school)
        if school is not None:
            self.store.write_now(
                town.workspace, lambda w: w.times.save_calendar(calendar_of(school))
            )
        return town

    def __str__(self) -> str:
        """Return what was simulated, how much of it was judged, and what was found."""
        court, size = self.court, self.size
        weeks = len(size.numbers) * size.weeks
        counted = ", ".join(f"{n} {what}" for what, n in sorted(self.counted.items()))
        failing = {finding.partnership for finding in court.findings}
        smallest_first = sorted(failing, key=lambda n: (self.stories[n].acts, n))
        return (
            f"COPLAN_SEED={size.seed}: {weeks} partnership-weeks, {court.reminders} reminders and "
            f"{court.digests} digests judged, {len(court.findings)} findings; {counted}\n"
            f"{court.explained(smallest_first)}"
        ).strip()

    # Time ----------------------------------------------------------------------------------

    @property
    def shown(self) -> float:
        """Return what the product's clock shows."""
        return self.now + self.skew

    def _at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (float(int(when)), next(self._order), what))

    def _turn_to(self, when: float) -> None:
        self.now = max(self.now, when)
        self.clock.set(moment(self.shown))

    async def run(self) -> None:
        """Let the weeks pass, from one instant at which something happens to the next."""
        end = self.now + self.size.weeks * WEEK
        self.start_service()
        settled = 0.0
        while True:
            due, act = self._due(), self._heap[0][0]
            if due <= settled:
                due += 1  # what is left now, such as a lease that runs out, is for a moment later
            if min(due, act) > end:
                break
            self._turn_to(min(due, act))
            if due <= act:
                await self._settle()
                settled = self.now
            else:
                heapq.heappop(self._heap)[2]()
                settled = 0.0
        self._turn_to(end)
        self.court.hear(Clock(was=self.shown, at=self.shown, up=False))

    def _due(self) -> float:
        """Return when the service has something to do, by the true clock."""
        if self.service is None:
            return float("inf")
        due = self.store.read_now(ALL, lambda work: work.everywhere.next_due())
        return max(due.timestamp() - self.skew, self.now) if due else float("inf")

    async def _settle(self) -> None:
        assert self.service is not None
        if await self.ledger.fuse.burns(self.service.settle()):
            self._died()

    # The service ---------------------------------------------------------------------------

    def start_service(self) -> None:
        if self.service is not None:
            return
        fuse = self.ledger.fuse = Fuse()
        manner = Manner(delivery=self.size.guarantee, deduplicates=frozenset({ONCE}))
        messengers = {name: Ledgered(name, self.ledger) for name in (ONCE, LOOKS, BLIND)}
        composers = {kind: self._noting(one) for kind, one in COMPOSERS.items()}
        door = KillableDoor(self.store, fuse)
        self.service = Service(door, self.clock, messengers, composers, manner)
        self.court.hear(Clock(was=self.shown, at=self.shown, up=True))

    def _noting(self, composer: Composer) -> Composer:
        """Return the composer, which also notes whom a notice is about."""

        def compose(work: Work, leased: Leased) -> Composed:
            notice = leased.notice
            if notice.kind in house.JUDGED:
                self._about[notice.key] = self._owners[notice.member or notice.partnership or ""]
            return composer(work, leased)

        return compose

    def _tried(self, event: Tried) -> None:
        self.counted[event.outcome.name.lower()] += 1
        number, about = self._about[event.sent.key]
        self.court.hear(event, number)
        story = self.stories[number]
        if event.outcome.seen and about in story.members and story.dice.random() < 0.5:
            soon = self.now + story.dice.choice([10, 200, 900, 4000, 40_000])
            self._at(soon, lambda: self._acts(story, about))

    def _died(self) -> None:
        point = self.ledger.fuse.point
        self.counted["crashes"] += 1
        begun, claimed = self.store.read_now(ALL, house.held_up)
        owners = {key: self._owners[about] for key, about in {**begun, **claimed}.items()}
        for number in self.stories:
            self.court.hear(
                Killed(
                    at=self.shown,
                    where=point,
                    begun={k: owners[k][1] for k in begun if owners[k][0] == number},
                    claimed={k: owners[k][1] for k in claimed if owners[k][0] == number},
                ),
                number,
            )
        self._goes_down(Random(f"{self.size.seed}:{self.now}").choice(DOWN_AFTER_A_CRASH))

    def _goes_down(self, seconds: float) -> None:
        self.service = None
        self.court.hear(Clock(was=self.shown, at=self.shown, up=False))
        self._at(self.now + seconds, self.start_service)

    # Troubles ------------------------------------------------------------------------------

    def _suffers(self, dice: Random) -> None:
        for seconds, follows in troubles.trouble(self, dice):
            self._at(self.now + seconds, follows)
        pause = dice.expovariate(self.size.troubles / WEEK)
        self._at(self.now + max(1.0, pause), partial(self._suffers, dice))

    def stop(self, seconds: float) -> None:
        """Stop the service, and start it again after some seconds."""
        if self.service is not None:
            self.counted["outages"] += 1
            self._goes_down(seconds)

    def arm(self, point: str) -> None:
        """Let the service be killed when it next comes to that point."""
        self.ledger.fuse.point = point

    def jump(self, seconds: int) -> None:
        """Set the product's clock forwards or backwards; it goes on from there."""
        self.counted["jumps"] += 1
        was = self.shown
        self.skew += seconds
        self.clock.set(moment(self.shown))
        self.court.hear(Clock(was=was, at=self.shown, up=self.service is not None))

    def close(self, dice: Random) -> None:
        """Let somebody change the calendar of a school, for everybody there.

        Also for partnerships that begin later: nobody is reminded in a closure (product.md §6),
        nor who was named by others and has said nothing yet.
        """
        schools = [town for town in self.towns.values() if town.school is not None]
        town = dice.choice(schools) if schools else None
        known = [s for s in self.stories.values() if s.town is town and s.members]
        if town is None or town.school is None or self.service is None or not known:
            return
        school = troubles.changed(town.school, moment(self.shown).date(), dice)
        somebody = known[0].somebody(next(iter(known[0].members)))

        def unit(work: Work) -> None:
            member = recognise(work, somebody)
            actor = Actor(member=member, place=known[0].channel, source=Source())
            troubles.close(work, actor, school)

        try:
            self.store.write_now(town.workspace, unit)
        except problems.Problem:
            return
        self.counted["calendar changes"] += 1
        town.school = school
        for story in (s for s in self.stories.values() if s.town is town):
            self.store.read_now(town.workspace, story.calendar_changed)
            if story.members:
                self.court.hear(story.state(self.shown, "calendar"), story.number)

    # People --------------------------------------------------------------------------------

    def _goes_on(self, story: Story) -> None:
        """Let somebody act, and plan when somebody does next."""
        self._acts(story, "")
        pause = story.dice.expovariate(ACTS_A_WEEK / WEEK)
        self._at(self.now + max(1.0, pause), partial(self._goes_on, story))

    def _acts(self, story: Story, user: str) -> None:
        if self.service is None:  # nobody can click while it is down
            self._at(self.now + story.dice.randrange(60, 7200), partial(self._acts, story, user))
            return
        why = story.act(self.store, self.clock.now(), user)
        if why is None:
            return
        self.counted["acts"] += 1
        self._owners |= {member: (story.number, u) for u, member in story.members.items()}
        self._owners |= {home: (story.number, home) for home in story.digests}
        self.court.hear(story.state(self.shown, why), story.number)


async def live(size: Size, folder: Path) -> Year:
    """Simulate and judge the weeks, in a database of its own in ``folder``."""
    start = instant("UTC", size.first, 0)
    clock = FakeClock(moment(start))
    asyncio.get_running_loop().set_default_executor(house.Here())
    with (
        house.quietly() as errors,
        house.without_pictures(),
        house.opened(folder, clock) as store,
    ):
        year = Year(size=size, store=store, clock=clock, now=float(start))
        year.court.errors = errors
        await year.run()
        return year
