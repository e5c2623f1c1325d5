"""What the weekly digest tells: read at the moment it is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.members import Member
from bot.domain.places import Place
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.turns import next_action
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.occurring import Missed, missed
from bot.usecases.reminders.places import place_for
from bot.usecases.reminders.reading import Thing

WEEK = timedelta(days=7)
SLOTS_AHEAD = timedelta(days=14)
SLOTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerNext:
    """A partner's one next action; ``thing`` None: nothing waits. ``away``: until that date."""

    member: Member
    thing: Thing | None
    away: date | None = None


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
    zone = ZoneInfo(found.digest.zone)
    today = work.now.astimezone(zone).date()
    entries = work.log.since([plan.id for plan in plans], work.now - WEEK)
    due = sorted(_dated(plans), key=lambda one: one.due)
    row = work.reminders.of(ReminderKind.DIGEST, found.id)
    return DigestView(
        plans=plans,
        members=tuple(members.values()),
        slot=found.digest,
        place=place_for(work, found, plans, entries),
        today=today,
        viewer=members.get(viewer) if viewer else None,
        own=_own(plans, viewer, work.now) if viewer else (),
        partners=_partners(work, plans, [members[i] for i in members if i != viewer], people),
        changed=_changes(plans, entries),
        due=tuple(one for one in due if today <= one.due <= today + WEEK),
        overdue=tuple(one for one in due if one.due < today),
        slots=_slots(work, people),
        progress=tuple(_progress(plan) for plan in plans),
        days=_days(entries, today, zone),
        next_at=row.due_at if row else None,
        missed=missed(work, found.id, work.now - WEEK),
    )


def _own(plans: Iterable[Plan], viewer: MemberId, now: datetime) -> tuple[Thing, ...]:
    """Return the viewer's next action in each plan, most urgent first."""
    actions = ((plan, next_action(plan, viewer, now)) for plan in plans)
    things = [Thing(plan=plan, waiting=one) for plan, one in actions if one is not None]
    return tuple(sorted(things, key=lambda thing: thing.waiting.date_in("UTC") or date.max))


def _partners(
    work: Work,
    plans: Sequence[Plan],
    members: Iterable[Member],
    people: Mapping[MemberId, Availability],
) -> tuple[PartnerNext, ...]:
    """Return what each of the members does next, in the order given."""
    nexts = []
    for member in members:
        today = work.now.astimezone(ZoneInfo(member.zone)).date()
        away = (last for first, last in people[member.id].away if first <= today <= last)
        things = _own(plans, member.id, work.now)
        nexts.append(
            PartnerNext(
                member=member, thing=things[0] if things else None, away=max(away, default=None)
            )
        )
    return tuple(nexts)


def _changes(plans: Iterable[Plan], entries: Iterable[Entry]) -> tuple[FieldChange, ...]:
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
                yield DueSoon(title=step.title, due=state.due)
        for duty in plan.responsibilities:
            if duty.due is not None and duty.done_at is None:
                yield DueSoon(title=duty.text, due=duty.due)


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
