"""What the weekly digest tells: read at the moment it is shown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.contributions.acts import OF_ABSENCES, ActKind, Entry, concerns
from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.members import Member
from bot.domain.places import Place
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.standing_in import stand_in, waiting_on
from bot.domain.planning.turns import urgency
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.absences import Away, away_on
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.occurring import Missed, missed
from bot.usecases.reminders.places import place_for
from bot.usecases.reminders.reading import Thing, thing_of

WEEK = timedelta(days=7)
SLOTS_AHEAD = timedelta(days=14)
SLOTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerNext:
    """A partner's one next action; ``thing`` None: nothing waits.

    ``away``: until that date; ``stand_in`` is to whom their steps pass meanwhile. ``holds`` is what
    waits on them, and they wait for another partner before they go on with it.
    """

    member: Member
    thing: Thing | None
    away: date | None = None
    stand_in: str = ""
    holds: Thing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What became of one field in the week: its text before the first change and after the last."""

    plan: Plan
    step: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSoon:
    """A step that is not done, or a responsibility, with its date."""

    plan: Plan
    title: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a plan is: the status of its steps in the template's order."""

    title: str
    steps: tuple[StepStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """The week of one partnership, of its active plans.

    ``own`` and ``viewer`` are set for one reader; ``partners`` leaves the reader out. ``days`` are
    the last seven dates in the digest's zone with the number of contributions, all together (the
    rest of the day a week ago goes with today, which is the same weekday).
    ``place`` is where it is posted, ``next_at`` when the next one comes (UTC). ``missed`` are the
    partners' own reminders that fell into an outage.
    """

    plans: tuple[Plan, ...]
    members: tuple[Member, ...]
    slot: DigestSlot
    place: Place
    today: date
    viewer: Member | None
    own: tuple[Thing, ...]
    partners: tuple[PartnerNext, ...]
    changed: tuple[FieldChange, ...]
    due: tuple[DueSoon, ...]
    overdue: tuple[DueSoon, ...]
    slots: tuple[CommonSlot, ...]
    progress: tuple[Progress, ...]
    days: tuple[tuple[date, int], ...]
    next_at: datetime | None
    planned: datetime | None = None
    """When it was meant to come (UTC), if it comes late."""
    missed: tuple[Missed, ...] = ()

    @property
    def news(self) -> bool:
        """Tell whether anything was contributed in the week."""
        return any(count for _, count in self.days)


def digest_view(
    work: Work, partnership: PartnershipId, viewer: MemberId | None = None
) -> DigestView | None:
    """Return the digest as it is now; None when the partnership has no active plan.

    With a ``viewer`` it holds only the plans they are a partner of.
    """
    found = work.partnerships.get(partnership)
    plans = tuple(
        plan
        for plan in (work.plans.of_partnership(partnership) if found else ())
        if plan.state is PlanState.ACTIVE and (viewer is None or plan.partner(viewer))
    )
    return _view(work, found, plans, viewer) if found and plans else None


def _view(
    work: Work, found: Partnership, plans: tuple[Plan, ...], viewer: MemberId | None
) -> DigestView:
    ids = tuple(dict.fromkeys(member for plan in plans for member in plan.members))
    members, people = work.members.get(ids), availabilities(work, ids)
    now = _Now(
        plans=plans,
        members=members,
        away=_away(people, work.now),
        held=frozenset((h.member, h.snooze.key) for h in work.snoozes.held(p.id for p in plans)),
        at=work.now,
    )
    zone = ZoneInfo(found.digest.zone)
    today = work.now.astimezone(zone).date()
    logged = work.log.since([plan.id for plan in plans], work.now - WEEK)
    entries = [entry for entry in logged if concerns(entry.act) not in OF_ABSENCES]
    due = sorted(_dated(plans), key=lambda one: one.due)
    row = work.reminders.of(ReminderKind.DIGEST, found.id)
    return DigestView(
        plans=plans,
        members=tuple(members.values()),
        slot=found.digest,
        place=place_for(work, found, plans, entries),
        today=today,
        viewer=members.get(viewer) if viewer else None,
        own=_own(now, viewer) if viewer else (),
        partners=tuple(_partner(now, members[i]) for i in members if i != viewer),
        changed=field_changes(plans, entries),
        due=tuple(one for one in due if today <= one.due <= today + WEEK),
        overdue=tuple(one for one in due if one.due < today),
        slots=_slots(work, people),
        progress=tuple(_progress(plan) for plan in plans),
        days=_days(entries, today, zone),
        next_at=row.due_at if row else None,
        missed=missed(work, found.id, work.now - WEEK),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Now:
    """What stands at ``at``: who is away, and which things wait for another partner to act."""

    plans: Sequence[Plan]
    members: Mapping[MemberId, Member]
    away: Away
    held: frozenset[tuple[MemberId, str]]
    at: datetime


def _away(people: Mapping[MemberId, Availability], now: datetime) -> Away:
    found = {
        member: away_on(one.away, now.astimezone(ZoneInfo(one.zone)).date())
        for member, one in people.items()
    }
    return {member: absence for member, absence in found.items() if absence is not None}


def _own(now: _Now, member: MemberId) -> tuple[Thing, ...]:
    """Return the member's next action in each plan, most urgent first; what they hold last."""
    found = (_next(now, member, plan) for plan in now.plans)
    things = [thing for thing in found if thing is not None]
    return tuple(sorted(things, key=lambda one: (one.held, urgency(one.waiting))))


def _next(now: _Now, member: MemberId, plan: Plan) -> Thing | None:
    """Return the member's next action in a plan; what they hold only where there is no other."""
    return min(_waiting(now, member, plan), key=lambda one: one.held, default=None)


def _waiting(now: _Now, member: MemberId, plan: Plan) -> Iterator[Thing]:
    for one in waiting_on(plan, member, now.away, now.at):
        held = (member, f"{plan.id}:{one.thing}") in now.held
        yield thing_of(plan, one, now.members, now.away, held=held)


def _partner(now: _Now, member: Member) -> PartnerNext:
    """Return what the member does next, or until when they are away."""
    absence, things = now.away.get(member.id), _own(now, member.id)
    stand_ins = (stand_in(plan, member.id, now.away) for plan in now.plans)
    one = next((now.members.get(m) for m in stand_ins if m is not None), None)
    waiting = (thing for plan in now.plans for thing in _waiting(now, member.id, plan))
    return PartnerNext(
        member=member,
        thing=things[0] if things else None,
        away=absence.last if absence else None,
        stand_in=one.name if one else "",
        holds=next((thing for thing in waiting if thing.held), None),
    )


def field_changes(plans: Iterable[Plan], entries: Iterable[Entry]) -> tuple[FieldChange, ...]:
    """Return the fields that changed, the latest first, each once."""
    known = {plan.id: plan for plan in plans}
    changes: dict[tuple[PlanId, str, str, MemberId | None], FieldChange] = {}
    for entry in entries:
        act = entry.act
        if act.kind is not ActKind.ANSWER_SAVED:
            continue
        key = (entry.plan, act.step, act.field, act.member_about)
        earlier = changes.pop(key, None)  # put in anew, at the end
        changes[key] = FieldChange(
            plan=known[entry.plan],
            step=act.step,
            field=act.field,
            before=earlier.before if earlier else act.before,
            after=act.after,
        )
    return tuple(one for one in reversed(changes.values()) if one.before != one.after)


def _dated(plans: Iterable[Plan]) -> Iterable[DueSoon]:
    """Yield every step and responsibility that is not done and has a date."""
    for plan in plans:
        for step, state in zip(plan.template.steps, plan.steps, strict=True):
            if state.due is not None and status(plan, step.key) is not StepStatus.DONE:
                yield DueSoon(plan=plan, title=step.title, due=state.due)
        for duty in plan.responsibilities:
            if duty.due is not None and duty.done_at is None:
                yield DueSoon(plan=plan, title=duty.text, due=duty.due)


def _slots(work: Work, people: Mapping[MemberId, Availability]) -> tuple[CommonSlot, ...]:
    """Return the next common slots: the best of the coming two weeks, by date."""
    all_free = {member: placeable(availability) for member, availability in people.items()}
    best = common_slots(all_free, work.now, work.now + SLOTS_AHEAD)[:SLOTS]
    return tuple(sorted(best, key=lambda slot: slot.start))


def _progress(plan: Plan) -> Progress:
    return Progress(title=plan.title, steps=tuple(status(plan, s.key) for s in plan.template.steps))


def _days(entries: Iterable[Entry], today: date, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    """Return the last seven dates with the number of contributions of their weekdays."""
    counts = Counter(entry.act.at.astimezone(zone).weekday() for entry in entries)
    dates = (today - timedelta(days=ago) for ago in reversed(range(7)))
    return tuple((day, counts[day.weekday()]) for day in dates)
