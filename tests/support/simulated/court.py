"""The court: every story is judged, and a finding names the smallest partnership that fails."""

from dataclasses import dataclass, field
from functools import partial

from bot.config import Guarantee
from tests.support.simulated.digests import Digests
from tests.support.simulated.facts import local
from tests.support.simulated.history import Clock, Event, Finding, Killed, State, Tried
from tests.support.simulated.judging import Reminded
from tests.support.simulated.messengers import BLIND
from tests.support.simulated.promises import Promise, of_digest
from tests.support.simulated.year import Year


@dataclass(slots=True)
class Verdict:
    """What was found in a year, and what was judged."""

    year: Year
    findings: list[Finding] = field(default_factory=list)
    reminders: int = 0
    digests: int = 0

    def __str__(self) -> str:
        year, size = self.year, self.year.size
        weeks = len(size.numbers) * size.weeks
        counted = ", ".join(f"{n} {what}" for what, n in sorted(year.counted.items()))
        return (
            f"seed {size.seed}: {weeks} partnership-weeks, {self.reminders} reminders and "
            f"{self.digests} digests judged, {len(self.findings)} findings; {counted}"
        )


def judge(year: Year) -> Verdict:
    """Go through every story of a year."""
    verdict = Verdict(year=year)
    for error in year.logged:
        verdict.findings.append(
            Finding(partnership=-1, kind="error logged", at=0.0, who="", what=error)
        )
    for number, story in year.stories.items():
        knows = story.platform != BLIND
        repeats = knows or year.size.guarantee is Guarantee.AT_LEAST_ONCE
        _hear(verdict, number, Promise(repeats=repeats, shows_once=knows))
    return verdict


def _hear(verdict: Verdict, number: int, promise: Promise) -> None:
    """Judge one story: each person's reminders, and the digests."""

    def report(who: str, kind: str, at: float, what: str) -> None:
        finding = Finding(partnership=number, kind=kind, at=at, who=who, what=what)
        verdict.findings.append(finding)

    people = {
        user: Reminded(user, partial(report, user), promise)
        for user in verdict.year.stories[number].people
    }
    digests = Digests(partial(report, "digest"), promise)
    for event in verdict.year.history.story(number):
        if isinstance(event, Tried):
            digest = of_digest(event.sent.key)
            (digests if digest else people[event.about]).on_tried(event)
            verdict.digests += event.outcome.seen and digest
            verdict.reminders += event.outcome.seen and not digest
        for judge_of in (*people.values(), digests):
            _tell(judge_of, event)


def _tell(judge_of: Reminded | Digests, event: Event) -> None:
    """Tell one judge what has happened to everybody."""
    match event:
        case Clock():
            judge_of.on_clock(event)
        case State():
            judge_of.on_state(event)
        case Killed():
            judge_of.on_killed(event)
        case Tried() if event.wait:
            judge_of.on_limit(event)


def explain(verdict: Verdict) -> str:
    """Return the findings, and the last days of the smallest partnership that fails."""
    if not verdict.findings:
        return str(verdict)
    size, failing = verdict.year.size, {f.partnership for f in verdict.findings} - {-1}
    if not failing:
        return "\n".join((str(verdict), *(f.what for f in verdict.findings)))
    number = min(failing, key=lambda n: (verdict.year.stories[n].acts, n))
    first = next(f for f in verdict.findings if f.partnership == number)
    story = verdict.year.stories[number]
    lines = [str(verdict), *(_told(verdict, f) for f in verdict.findings[:40])]
    lines += [
        f"The smallest that fails is {number}, with {story.acts} acts; before “{first.kind}”:"
    ]
    events = verdict.year.history.story(number)
    last = max(at for at, event in enumerate(events) if _when(event) <= first.at)
    lines += [_line(e, story.town.zone) for e in events[max(0, last - 14) : last + 3]]
    person = story.people.get(first.who)
    if person is not None:
        lines.append(f"{first.who}: {person.person}, school {person.school}")
    lines.append(f"Again: COPLAN_SEED={size.seed}, and only={number} for that one alone.")
    return "\n".join(lines)


def _told(verdict: Verdict, one: Finding) -> str:
    story = verdict.year.stories.get(one.partnership)
    if story is None:
        return f"  {one.kind}: {one.what}"
    zone = story.people[one.who].person.zone if one.who in story.people else story.town.zone
    return f"  {one.partnership} {one.who} {one.kind} {local(zone, one.at):%a %F %T %Z}: {one.what}"


def _when(event: Event) -> float:
    return event.was if isinstance(event, Clock) else event.at


def _line(event: Event, zone: str) -> str:
    at = f"    {local(zone, _when(event)):%a %F %T %Z}"
    match event:
        case Tried():
            return f"{at} {event.about} {event.outcome}: {event.sent.card.summary[:160]}"
        case Clock():
            return f"{at} clock {event.at - event.was:+.0f} s, {'up' if event.up else 'down'}"
        case State():
            return f"{at} {event.why[:200]}"
        case Killed():
            return f"{at} killed {event.where}: {dict(event.begun)} {dict(event.claimed)}"
