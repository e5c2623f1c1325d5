"""The court: every event is judged at once, and a finding keeps what went before it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.support.simulated.digests import Digests
from tests.support.simulated.facts import local
from tests.support.simulated.history import Clock, Event, Finding, Killed, State, Tried
from tests.support.simulated.judging import Reminded
from tests.support.simulated.promises import Promise, of_digest

KEPT = 16
"""Events that are shown before the first finding of a partnership."""
SHOWN = 40
EXPLAINED = 3


@dataclass(slots=True)
class Case:
    """What is judged of one partnership; ``before`` is what went before the first finding."""

    number: int
    zone: str
    people: dict[str, Reminded] = field(default_factory=dict)
    digests: Digests = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    before: tuple[str, ...] = ()
    lately: deque[Event] = field(default_factory=lambda: deque(maxlen=KEPT))

    def hear(self, event: Event) -> None:
        """Judge one event."""
        self.lately.append(event)
        if isinstance(event, Tried):
            digest = of_digest(event.sent.key)
            (self.digests if digest else self.people[event.about]).on_tried(event)
        for one in (*self.people.values(), self.digests):
            _tell(one, event)

    def report(self, who: str, kind: str, at: float, what: str) -> None:
        """Take note of something that must not be."""
        person = self.people.get(who)
        zone = person.free.person.zone if person else self.zone
        self.findings.append(
            Finding(partnership=self.number, kind=kind, at=at, who=who, what=what, zone=zone)
        )
        if not self.before:
            facts = f"    {who}: {person.free.person}, {person.free.school}" if person else ""
            self.before = (*(_line(event, zone) for event in self.lately), facts)


def _tell(judge: Reminded | Digests, event: Event) -> None:
    """Tell one judge what has happened to everybody."""
    match event:
        case Clock():
            judge.on_clock(event)
        case State():
            judge.on_state(event)
        case Killed():
            judge.on_killed(event)
        case Tried() if event.wait:
            judge.on_limit(event)


@dataclass(slots=True)
class Court:
    """All cases; ``errors`` are what the product logged as such: there must be none."""

    cases: dict[int, Case] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    reminders: int = 0
    digests: int = 0

    def open(self, number: int, zone: str, users: Iterable[str], promise: Promise) -> None:
        """Begin to judge a partnership."""
        case = self.cases[number] = Case(number=number, zone=zone)
        case.people = {u: Reminded(u, partial(case.report, u), promise) for u in users}
        case.digests = Digests(partial(case.report, "digest"), promise)

    def hear(self, event: Event, number: int | None = None) -> None:
        """Judge what happened in one partnership, or to all of them."""
        if isinstance(event, Tried) and event.outcome.seen:
            self.digests += of_digest(event.sent.key)
            self.reminders += not of_digest(event.sent.key)
        for case in self.cases.values() if number is None else (self.cases[number],):
            case.hear(event)

    @property
    def findings(self) -> list[Finding]:
        return [finding for case in self.cases.values() for finding in case.findings]

    def explained(self, failing: Sequence[int]) -> str:
        """Return the findings, and what went before the first of some that fail.

        Of several, for none can be lived alone: the service that is killed is one for all.
        """
        lines = [f"  error logged: {error}" for error in self.errors]
        lines += [_told(finding) for finding in self.findings[:SHOWN]]
        for number in failing[:EXPLAINED]:
            lines += [f"Before the first finding of {number}:", *self.cases[number].before]
        return "\n".join(lines)


def _told(one: Finding) -> str:
    at = f"{local(one.zone, one.at):%a %F %T %Z}"
    return f"  {one.partnership} {one.who} {one.kind} {at}: {one.what}"


def _line(event: Event, zone: str) -> str:
    at = f"    {local(zone, event.was if isinstance(event, Clock) else event.at):%a %F %T %Z}"
    match event:
        case Tried():
            return f"{at} {event.about} {event.outcome}: {event.sent.card.summary[:160]}"
        case Clock():
            return f"{at} clock {event.at - event.was:+.0f} s, {'up' if event.up else 'down'}"
        case State():
            return f"{at} {event.why[:200]}"
        case Killed():
            return f"{at} killed {event.where}: {dict(event.begun)} {dict(event.claimed)}"
