"""The judge of weekly digests: once a local week, at the wall time of the slot, whatever happens.

Each partner reads their own, directly; the thread has one for those who do not read there.
"""

from dataclasses import dataclass, field

from bot.domain.ids import PartnershipId
from bot.domain.planning.partnership import DigestSlot
from bot.domain.planning.plan import PlanState
from tests.support.simulated.facts import DAY, Person, instant, local
from tests.support.simulated.free import Free
from tests.support.simulated.history import Clock, Killed, Outcome, State, Tried
from tests.support.simulated.promises import SLACK, Promise, Report

NEVER = float("inf")
ON_TIME = 3600
"""Seconds; a digest that is later comes when its readers are free."""


def following(slot: DigestSlot, after: float) -> int:
    """Return the first instant of the slot later than ``after``."""
    day = local(slot.zone, after).date() - DAY
    while True:
        at = instant(slot.zone, day, slot.at.hour * 60 + slot.at.minute)
        if day.weekday() == slot.weekday and at > after:
            return at
        day += DAY


@dataclass(slots=True)
class Awaited:
    """A digest that is to be sent until ``by``: to ``reader``, None for the thread."""

    home: PartnershipId
    reader: str | None
    planned: int
    by: float
    tries: int = 0
    excused: bool = False
    """At some time its reader did not want it: it may have been dropped then."""


@dataclass(slots=True)
class Digests:
    """The digests of the partnerships of a few people (the same people, coming and going).

    ``next``: when each partnership's comes; ``over``: what was sent, or was not to be.
    """

    report: Report
    promise: Promise
    now: float = 0.0
    up: bool = False
    lived: float = 0.0
    state: State | None = None
    next: dict[PartnershipId, int] = field(default_factory=dict)
    awaited: dict[str, Awaited] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    copies: dict[str, int] = field(default_factory=dict)

    def on_state(self, event: State) -> None:
        """A slot that is new, or has changed, holds from the next such time on.

        What its slot had come for before is still owed at once, when a try failed: no digest is
        lost (product.md §6: 0 lost and 0 twice), nor late by a slot that was not its own.
        """
        self.run_to(event.at)
        before = self.state.digests if self.state else {}
        self.state = event
        for home, slot in event.digests.items():
            if home not in before or _wall(before[home]) != _wall(slot):
                self.next[home] = following(slot, event.at)
        self._postpone(event.at)

    def on_clock(self, event: Clock) -> None:
        """After an outage comes one digest, not one for every week."""
        self.run_to(event.was)
        self.lived = max(self.lived, event.was) if event.at < event.was else self.lived
        self.now, self.up = event.at, event.up
        if self.up and self.state is not None:
            self._postpone(event.at + SLACK)
            for home, at in list(self.next.items()):
                if at <= event.at:
                    self._comes(home, at, event.at)

    def on_killed(self, event: Killed) -> None:
        """What was on its way is sent later, or not at all, as was promised."""
        self.run_to(event.at)
        for key in event.begun:
            if key in self.over:
                self.copies[key] = int(self.promise.sees_twice)
            elif key in self.awaited and not self.promise.repeats:
                del self.awaited[key]
                self.over.add(key)
        for one in self.awaited.values():
            one.by = max(one.by, event.at + 2 * SLACK)

    def on_limit(self, event: Tried) -> None:
        """The platform takes nothing more for a while, from a person or in the channel."""
        to = event.about if event.sent.how == "direct" else None
        for one in self.awaited.values():
            if one.reader == to:
                one.by = max(one.by, event.at + event.wait + SLACK)

    def on_tried(self, event: Tried) -> None:
        """A digest was handed to the messenger."""
        self.run_to(event.at)
        key, tries = event.sent.key, 1
        one = self.awaited.pop(key, None)
        if one is not None:
            tries = one.tries + 1
            self._check(event, one)
        elif event.outcome is Outcome.REPEATED:
            return
        elif self.copies.get(key):
            self.copies[key] -= event.outcome is Outcome.SHOWN
            return
        else:
            kind = "digest twice" if key in self.over else "digest unexpected"
            self.report(kind, event.at, key)
            return
        again = event.outcome is Outcome.REFUSED or (event.outcome.unclear and self.promise.repeats)
        if again and not event.outcome.seen:
            by = event.at + event.wait + SLACK * tries
            one.by, one.tries, self.awaited[key] = by, tries, one
            self._postpone(event.at + event.wait)
            return
        self.over.add(key)
        self.copies[key] = int(again and self.promise.sees_twice)

    def _check(self, event: Tried, one: Awaited) -> None:
        """Report a digest in a wrong place, or a late one that disturbs."""
        if event.sent.how != ("post" if one.reader is None else "direct"):
            self.report("digest in the wrong place", event.at, event.sent.key)
        late = event.at - one.planned > ON_TIME
        if late and not one.excused and self._free(one).running(int(event.at)) is None:
            self.report("late digest in a forbidden instant", event.at, event.sent.key)

    def run_to(self, at: float) -> None:
        """Let time pass."""
        if self.up and self.state is not None:
            for home in list(self.next):
                while self.next[home] <= at:
                    self._comes(home, self.next[home], self.next[home])
            self._missed(at)
        self.now = at

    def _comes(self, home: PartnershipId, planned: int, at: float) -> None:
        """Let the digest planned for an instant be due now, for all who read it."""
        assert self.state is not None
        self._missed(at)
        slot = self.state.digests[home]
        self.next[home] = following(slot, max(planned, at))
        users = self._users(home)
        day = local(slot.zone, planned).date()
        for reader in (None, *users) if users else ():
            member = f":{self.state.members[reader]}" if reader else ""
            key = f"digest:{home}:{day}{member}"
            if key in self.over or key in self.awaited:
                continue
            one = Awaited(home=home, reader=reader, planned=planned, by=at)
            if self._reads(one, at):
                self.awaited[key] = one
                one.by = self._allowed(one, at)
            else:
                self.over.add(key)

    def _users(self, home: PartnershipId) -> list[str]:
        """Return the partners in the active plans of a partnership."""
        assert self.state is not None
        plans = [p for p in self.state.plans.values() if p.partnership == home]
        inside = {m for p in plans if p.state is PlanState.ACTIVE for m in p.members}
        return [user for user, member in self.state.members.items() if member in inside]

    def _reads(self, one: Awaited, at: float) -> bool:
        """Tell whether the reader (None: somebody in the thread) reads the digest then."""
        readers = self._people(one.home)
        if one.reader is None:
            return any(p.nudges and not p.direct for p in readers.values())
        person = readers.get(one.reader)
        if person is None or not person.nudges or not person.direct:
            return False
        today = local(person.zone, at).date()
        return not any(first <= today <= last for first, last in person.away)

    def _people(self, home: PartnershipId) -> dict[str, Person]:
        assert self.state is not None
        return {user: self.state.people[user].person for user in self._users(home)}

    def _free(self, one: Awaited) -> Free:
        """Return when the reader may be disturbed; the thread's in working hours."""
        assert self.state is not None
        if one.reader is not None:
            return self.state.people[one.reader]
        zone = self.state.digests[one.home].zone
        return Free(Person(user="", zone=zone), None)

    def _allowed(self, one: Awaited, at: float) -> float:
        """Return the first instant from ``at`` on at which the digest may be sent."""
        if at - one.planned <= ON_TIME:
            return at
        found = self._free(one).counting(int(at)).next(int(at))
        return max(at, found.start) if found else NEVER

    def _postpone(self, at: float) -> None:
        """Say until when what is awaited is to be sent; never before the clock was set back."""
        at = max(at, self.lived + SLACK) if at < self.lived else at
        for one in self.awaited.values():
            if one.by != NEVER:  # that one has been dropped
                by = max(one.by, at)
                one.by = max(by, self._allowed(one, by))

    def _missed(self, at: float) -> None:
        for key, one in list(self.awaited.items()):
            one.excused = one.excused or not self._reads(one, at)
            if one.by < at and (at > self.lived + SLACK or not one.tries):
                if not one.excused:
                    self.report("digest missing", one.by, f"{key} for {one.reader}")
                del self.awaited[key]
                self.over.add(key)


def _wall(slot: DigestSlot) -> tuple[object, ...]:
    return slot.weekday, slot.at, slot.zone
