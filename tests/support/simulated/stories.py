"""The story of one partnership: who they are, what they plan, and what they do next."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.members import Person as Somebody
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.timetable.absences import Absences
from bot.usecases.actors import Actor, recognise
from bot.usecases.planning import starting
from bot.usecases.ports import Work
from bot.usecases.reminders import away
from bot.usecases.settings import ChangeSettings, change_settings, change_zone
from bot.usecases.timetable import importing
from tests.support.simulated import acts
from tests.support.simulated.facts import Person, School
from tests.support.simulated.free import Free
from tests.support.simulated.history import State
from tests.support.simulated.house import Store
from tests.support.simulated.messengers import BLIND, LOOKS, ONCE
from tests.support.simulated.people import (
    NAMES,
    grid,
    settings,
    somebody,
    with_settings,
    with_times,
    words,
)

TEMPLATES = ("short-form", "study-group", "nine-step", "handy-5")
MOST_OPEN = 2
"""Plans that a partnership has at the same time."""


@dataclass(slots=True)
class Town:
    """The people of one zone and their school, if they have one: one workspace."""

    zone: str
    workspace: WorkspaceId
    school: School | None


@dataclass(slots=True)
class Story:
    """One partnership, as the judge has to know it."""

    number: int
    town: Town
    dice: Random
    people: dict[str, Free] = field(default_factory=dict)
    members: dict[str, MemberId] = field(default_factory=dict)
    plans: dict[PlanId, Plan] = field(default_factory=dict)
    digests: dict[PartnershipId, DigestSlot] = field(default_factory=dict)
    absences: dict[str, Absences] = field(default_factory=dict)
    acts: int = 0

    def __post_init__(self) -> None:
        for name in NAMES[: self.dice.randint(2, 4)]:
            user = f"p{self.number}.{name}"
            person = somebody(user, self.town.zone, self.town.school, self.dice)
            self.people[user] = Free(person, self.town.school)

    @property
    def platform(self) -> str:
        return (ONCE, LOOKS, BLIND)[self.number % 3]

    @property
    def channel(self) -> Place:
        return Place(platform=self.platform, kind=PlaceKind.CHANNEL, channel=f"c{self.number}")

    def somebody(self, user: str) -> Somebody:
        identity = Identity(platform=self.platform, user=user)
        return Somebody(
            identity=identity,
            name=user.partition(".")[2].title(),
            zone=self.people[user].person.zone,
        )

    def state(self, at: float, why: str) -> State:
        known = {user: free for user, free in self.people.items() if user in self.members}
        return State(
            at=at,
            why=why,
            plans=dict(self.plans),
            people=known,
            members=dict(self.members),
            digests=dict(self.digests),
            absences=dict(self.absences),
        )

    def calendar_changed(self, work: Work) -> None:
        """Note that the town's school has another calendar."""
        for user, free in self.people.items():
            self.people[user] = Free(free.person, self.town.school)
        self._look_around(work)

    def act(self, store: Store, now: datetime, user: str = "") -> str | None:
        """Let somebody do something; return what, None when it was refused."""
        who = user or self.dice.choice(list(self.people))
        chance = self.dice.random()
        if not user and (chance < 0.08 or not self._mine(who)):
            return self._starts(store, who)
        if not user and chance < 0.15:
            return self._tells(store, who, now)
        plan = self.dice.choice(self._mine(who) or [next(iter(self.plans.values()))])
        others = tuple(
            self.somebody(u) for u in self.people if self.members.get(u) not in plan.members
        )
        doing = acts.what_now(plan, self.members[who], others, self.dice, now)
        return self._runs(store, who, doing.run, doing.command)

    def _mine(self, user: str) -> list[Plan]:
        member = self.members.get(user)
        return [
            plan
            for plan in self.plans.values()
            if plan.partner(member or MemberId("")) and plan.state is not PlanState.ARCHIVED
        ]

    def _starts(self, store: Store, user: str) -> str | None:
        active = sum(plan.state is PlanState.ACTIVE for plan in self.plans.values())
        if active >= MOST_OPEN:
            return None
        others = tuple(self.somebody(u) for u in self.people if u != user)
        title = f"Rivers {self.number}-{len(self.plans)}"
        template = self.dice.choice(TEMPLATES)
        command = starting.StartPlan(title=title, partners=others, template=template)
        return self._runs(store, user, starting.start, command)

    def _goes_away(self, store: Store, user: str, now: datetime) -> str | None:
        """Let somebody be away for some days, or come back before they said."""
        today = now.astimezone(ZoneInfo(self.people[user].person.zone)).date()
        planned = [one for one in self.absences.get(user, ()) if one.last >= today]
        if planned and self.dice.random() < 0.6:
            return self._runs(store, user, away.come_back, planned[0].first.isoformat())
        first = today + timedelta(days=self.dice.choice([0, 0, 1, 3]))
        last = first + timedelta(days=self.dice.choice([0, 1, 2, 4, 9]))
        partners = {m for plan in self._mine(user) for m in plan.members}
        others = sorted(partners - {self.members.get(user, MemberId(""))})
        stand_in = self.dice.choice([*others, ""])
        command = away.SetAway(
            first=f"{first}",
            last=f"{last}",
            changing="",
            stand_in=stand_in,
            passes=bool(stand_in) and self.dice.random() < 0.7,
        )
        return self._runs(store, user, away.set_away, command)

    def _tells(self, store: Store, user: str, now: datetime) -> str | None:
        """Let somebody tell their times or change their settings."""
        before, school = self.people[user].person, self.town.school
        chance = self.dice.random()
        if chance < 0.3:
            return self._goes_away(store, user, now)
        if chance < 0.65:
            after = with_settings(before, self.dice)
            return self._runs(store, user, _saves_settings, (settings(after), after.zone), after)
        after = with_times(before, school, self.dice)
        if after.uses is not None and school is not None:
            read = importing.ReadTimetable(grid=grid(school, after.uses))
            return self._runs(store, user, _saves_timetable, read, after)
        saved = importing.SaveHours(words=words(after.hours or ()))
        return self._runs(store, user, importing.save_hours, saved, after)

    def _runs(
        self,
        store: Store,
        user: str,
        run: Callable[..., Any],
        command: Any,  # noqa: ANN401 - each use case has its own
        after: Person | None = None,
    ) -> str | None:
        """Run a use case as somebody who clicks; note what it made."""

        def unit(work: Work) -> tuple[Any, dict[str, MemberId]]:
            member = recognise(work, self.somebody(user), clicked=True)
            actor = Actor(member=member, place=self.channel, source=Source())
            result = run(work, actor, command)
            self._look_around(work)
            return result, self._known(work)

        try:
            result, known = store.write_now(self.town.workspace, unit)
        except errors.Problem:
            return None
        self.acts += 1
        self.members = known
        person = replace(after or self.people[user].person, clicked=True)
        if after is not None or not self.people[user].person.clicked:
            self.people[user] = Free(person, self.town.school)
        for other, absences in self.absences.items():
            self._is_away(other, tuple((one.first, one.last) for one in absences))
        plan = getattr(getattr(result, "view", None), "plan", None)
        if isinstance(plan, Plan):
            self.plans[plan.id] = plan
            store.read_now(self.town.workspace, self._look_around)
        return f"{user} {run.__name__} {command}"

    def _is_away(self, user: str, spans: tuple[tuple[date, date], ...]) -> None:
        person = self.people[user].person
        if person.away != spans:
            self.people[user] = Free(replace(person, away=spans), self.town.school)

    def _known(self, work: Work) -> dict[str, MemberId]:
        found = {u: work.members.by_identity(self.somebody(u).identity) for u in self.people}
        return {user: member.id for user, member in found.items() if member is not None}

    def _look_around(self, work: Work) -> None:
        """Note when the digests of these people come, and when they are away."""
        absences = work.absent.of(self.members.values())
        self.absences = {user: absences.get(m, ()) for user, m in self.members.items()}
        for home in {plan.partnership for plan in self.plans.values()}:
            found = work.partnerships.get(home)
            if found is not None:
                self.digests[home] = found.digest


def _saves_settings(work: Work, actor: Actor, command: tuple[ChangeSettings, str]) -> object:
    """Send off the form of the settings, and that of the time zone if it is another."""
    changed, zone = command
    saved = change_settings(work, actor, changed)
    if zone == saved.member.zone:
        return saved
    return change_zone(work, replace(actor, member=saved.member), zone)


def _saves_timetable(work: Work, actor: Actor, command: importing.ReadTimetable) -> object:
    """Read a table and say yes to what was read back."""
    importing.read_timetable(work, actor, command)
    return importing.save_timetable(work, actor, None)
