"""What one person has to be told of, and until when: the rules, followed through time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.support.simulated.facts import DAY
from tests.support.simulated.free import Free, Piece
from tests.support.simulated.history import State
from tests.support.simulated.promises import SLACK, Promise, Report
from tests.support.simulated.rules import GRACE, Key, Thing, when
from tests.support.simulated.things import all_waiting, things

RETURN: Key = ("", "return")
"""What is told to somebody who was away stands for among things."""
NEVER = float("inf")
DAYS_OF_A_JUMP = 3 * 24 * 3600
"""Seconds after which a clock that was set back no longer meets what was sent before."""
STALE = timedelta(days=70)
"""How long after an absence somebody may still be told what happened."""


@dataclass(slots=True)
class Pending:
    """A message that was to be shown and was not: ``things`` are still to be said, until ``by``.

    ``excused`` did not wait for a time, so that they may have been dropped from it. ``welcome``: it
    tells somebody who is back, and speaks of them as it likes. ``doubtful``: it may have been seen,
    so that it does not become one with the message that follows.
    """

    things: set[Key]
    by: float
    tries: int = 1
    excused: set[Key] = field(default_factory=set)
    welcome: bool = False
    doubtful: bool = False


@dataclass(slots=True)
class Watched:
    """What one person was told of (``told``: when), and has to be told of (``wanted``: by when).

    While a clock that was set back runs through what was lived before (until ``lived``), whatever
    is told must be allowed, and nothing is missing yet.
    """

    user: str
    report: Report
    promise: Promise
    now: float = 0.0
    up: bool = False
    lived: float = 0.0
    state: State | None = None
    told: dict[Key, list[int]] = field(default_factory=dict)
    heard: dict[Key, int] = field(default_factory=dict)
    """When they last heard of a thing in a message that was held up until the next one."""
    wanted: dict[Key, float] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    """How often a message may be seen once more, for its outcome was unknown."""
    seen: set[str] = field(default_factory=set)
    also: tuple[float, frozenset[Key]] = (-1.0, frozenset())
    """When a catch-up came that was held up; the message beside it may say again what it held."""
    newly_at: float = -1.0
    """When a message was last seen that had not failed before."""
    tried: set[str] = field(default_factory=set)
    welcomed: set[tuple[date, date]] = field(default_factory=set)
    """Absences after which they were told what happened, or there was nothing to tell."""
    may_welcome: float = NEVER
    """When they may be told what happened although nothing waits on them: then or never."""
    limits: dict[bool, float] = field(default_factory=dict)
    """Until when the platform takes nothing more: directly (True), and in the channel."""

    @property
    def free(self) -> Free:
        assert self.state is not None
        return self.state.people[self.user]

    @property
    def _known(self) -> bool:
        return self.state is not None and self.user in self.state.people

    def _things(self, at: float) -> list[Thing]:
        assert self.state is not None
        return things(self.state, self.user, at)

    def _occasions(self, at: float) -> Iterator[tuple[Key, Piece]]:
        for thing in self._things(at):
            told, heard = self.told.get(thing.key, ()), self.heard.get(thing.key, 0)
            piece = when(self.free, thing, told, heard, int(at))
            if piece is not None:
                yield thing.key, piece

    def _to_say(self, at: float) -> tuple[set[Key], set[Key]]:
        """Return what one message may say now, and what it must: all that begins before its end."""
        occasions = dict(self._occasions(at))
        end = max((p.end for p in occasions.values() if p.start <= at), default=0)
        may = {key for key, piece in occasions.items() if piece.start <= end}
        return may, {key for key in may if occasions[key].start < end}

    def run_to(self, at: float) -> None:
        """Let time pass; what is to be told is looked for whenever it may change by itself."""
        if self.up and self._known:
            for turn in sorted(set(self._turns(at))):
                self._look(turn, grace=turn == self.lived)
            self._missed(at)
        self.now = at

    def _turns(self, end: float) -> Iterator[float]:
        """Yield when free time begins, and when a session begins or is over."""
        assert self.state is not None
        if end <= self.now:
            return
        for one in (self.free, self.free.counting(int(self.now))):
            pieces = one.between(int(self.now), int(end) + 1)
            yield from (p.start for p in pieces if self.now < p.start <= end)
        for user, absences in self.state.absences.items():
            for one in absences:
                days = one.first, one.last + DAY
                turns = (self.state.people[user].midnight(day) for day in days)
                yield from (at for at in turns if self.now < at <= end)
        for plan in self.state.plans.values():
            for session in plan.sessions:
                starts, ends = session.start.timestamp(), session.end.timestamp()
                yield from (at for at in (starts, starts + 1, ends) if self.now < at <= end)
        if self.now < self.lived <= end:
            yield self.lived

    def _look(self, at: float, *, grace: bool) -> None:
        """See what is to be told now; ``grace``: it has only just begun to wait."""
        self._missed(at)
        wanted = {}
        for key, piece in self._occasions(at) if self.up else ():
            if piece.start <= at:
                by = max(at, min(at + GRACE, piece.end - 1)) if grace else self._at_once(at)
                wanted[key] = self.wanted.get(key, self._after_limit(at, by))
        if self.up:
            self._look_back(at, wanted, grace=grace)
        self.wanted = wanted if at >= self.lived or not self.up else {}

    def _at_once(self, at: float) -> float:
        """Return by when it is to be told now.

        After a clock was set back a message may have the very instant of one that was sent before,
        and then it comes a moment later.
        """
        return at + SLACK if at < self.lived + DAYS_OF_A_JUMP else at

    def _after_limit(self, at: float, by: float) -> float:
        """Return ``by``, or when the platform takes something again that a digest ran into."""
        limit = self.limits.get(self.free.person.direct, 0.0)
        return max(by, limit + SLACK) if at < limit else by

    def _look_back(self, at: float, wanted: dict[Key, float], *, grace: bool) -> None:
        """See whether they are to be told now what happened while they were away."""
        assert self.state is not None
        piece = self.free.running(int(at))
        if piece is None or not self.free.person.nudges or not self._returned(at):
            return
        waits = any(True for _ in all_waiting(self.state, self.user, at))
        if waits and self.free.person.direct and at >= self.lived:
            by = max(at, min(at + GRACE, piece.end - 1)) if grace else at
            wanted[RETURN] = self.wanted.get(RETURN, self._after_limit(at, by))
        elif not grace and at >= self.lived:
            self.may_welcome = at

    def _missed(self, at: float) -> None:
        """Report what should have been told before ``at``."""
        if self.may_welcome < at:
            self._welcome(self.may_welcome)
            self.may_welcome = NEVER
        for key in [key for key, by in self.wanted.items() if by < at]:
            self.report("missing", self.wanted[key], f"{key} {self.told.get(key, ())}")
            self._count({key}, at)
        if RETURN in self.told:
            del self.told[RETURN]
            self._welcome(at)
        for name, one in list(self.pending.items()):
            waiting = {t.key for t in self._things(at)} if self.free.person.nudges else set()
            away = any(a <= self.free.date(at) <= b for a, b in self.free.person.away)
            one.excused |= one.things if away else one.things - waiting
            if one.by < at and at > self.lived + SLACK:
                if left := sorted(one.things - one.excused):
                    self.report("missing after a failure", one.by, f"{name} {left}")
                del self.pending[name]

    def _postpone(self, at: float) -> None:
        """Say until when what failed is to be shown: now if they are free, else when they are."""
        for one in self.pending.values():
            one.by = max(one.by, at + SLACK)
            free = self.free.counting(int(at))
            if free.running(int(at)) is None or free.running(int(one.by)) is None:
                piece = free.next(int(at))
                if piece is not None and piece.start <= at:
                    piece = free.next(piece.end)
                one.by = max(one.by, piece.start + SLACK) if piece else NEVER

    def _held_up(self, at: float) -> tuple[set[Key], set[Key]]:
        """Return what a message says that was held up, and comes with the next; what it must."""
        waiting = {t.key for t in self._things(at)}
        clear = [one for one in self.pending.values() if not one.doubtful]
        held = {key for one in clear for key in one.things & waiting}
        return held, held - {key for one in clear for key in one.excused}

    def _returned(self, at: float) -> set[tuple[date, date]]:
        """Return the absences of the last weeks after which they were told nothing yet."""
        today = self.free.date(at)
        ended = {span for span in self.free.person.away if today - STALE <= span[1] < today}
        return ended - self.welcomed

    def _welcome(self, at: float) -> None:
        self.welcomed |= self._returned(at)
        self.wanted.pop(RETURN, None)

    def _count(self, keys: set[Key], at: float) -> None:
        """Remember that the person was told, now, and not in a message that is still held up."""
        for key in keys:
            self.told.setdefault(key, []).append(int(at))
            self.wanted.pop(key, None)
            for one in self.pending.values():
                one.things.discard(key)
