"""Why a reminder comes when it does, and why not: for whoever runs Coplan.

Everything is asked of the rules by which reminders are planned and claimed; nothing of them is
reckoned here a second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import PartnershipId, PlanId
from bot.domain.members import Member
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.standing_in import waiting_on
from bot.domain.planning.turns import Waiting, meetings
from bot.domain.reminders.free_times import never_free
from bot.domain.reminders.marks import UNHEARD, Heard, heard
from bot.domain.reminders.notices import Filed, NoticeState
from bot.domain.reminders.nudging import LIMITS, Owed, occasions
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.absences import Absences, from_day
from bot.domain.timetable.availability import Availability, FreePeriod
from bot.usecases.actors import today
from bot.usecases.planning.acting import view_of
from bot.usecases.ports import Work
from bot.usecases.reminders.absences import covered
from bot.usecases.reminders.availability import availabilities, is_misfit, placeable
from bot.usecases.reminders.planning import agenda
from bot.usecases.reminders.reading import told_no_times
from bot.usecases.reminders.rehearsing import UNSENT, Coming, rehearse


class Silence(StrEnum):
    """Why nothing more is said of a thing, of itself."""

    OFF = "off"
    """The member turned reminders off."""
    NO_DATE = "no_date"
    HELD = "held"
    """The member waits for a partner."""
    ENOUGH = "enough"
    """It had as many reminders as a thing gets; it is in the digest."""
    NEVER_FREE = "never_free"
    """No free time is in sight in which it could come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that waits on a member (or a session ahead).

    ``due`` is what counts as its date; ``heard`` when they heard of it so far; ``period`` the free
    period in which it comes next, None with the reason in ``silence``. ``put_off`` is the
    member's own snooze.
    """

    plan: Plan
    waiting: Waiting
    due: Owed | None
    heard: Heard
    period: FreePeriod | None
    silence: Silence | None
    put_off: Snooze | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A step that does not wait on the member: done, or it waits on ``others`` (maybe nobody)."""

    plan: Plan
    step: str
    done: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAhead:
    """When the digest of a partnership comes next (UTC), and of which plans it tells."""

    plans: tuple[str, ...]
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringAhead:
    """A reminder that partners set up for themselves, and when it comes next (UTC)."""

    reminder: RecurringReminder
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What will come for one member, why, and why not.

    ``alarm`` is when Coplan next looks (UTC). ``unsent`` are messages under way, or given up last.
    ``misfit``: their timetable does not fit the school's calendar; ``assumed``: they told no times;
    ``full``: these leave them no free period.
    """

    member: Member
    now: datetime
    coming: Coming | None
    alarm: datetime | None
    away: Absences
    assumed: bool
    full: bool
    misfit: bool
    things: tuple[Told, ...]
    quiet: tuple[Quiet, ...]
    unsent: tuple[Filed, ...]
    digests: tuple[DigestAhead, ...]
    recurring: tuple[RecurringAhead, ...]


def explain(work: Work, member: Member, only: PlanId | None = None) -> Explained:
    """Return what will come for the member, and why; ``only``: things of that plan alone.

    To be called in a unit of work that is rolled back: see ``rehearse``, which is done last.
    """
    told = availabilities(work, (member.id,))[member.id]
    plans = [p for p in work.plans.of_member(member.id) if only in {None, p.id}]
    row = work.reminders.of(ReminderKind.MEMBER, member.id)
    return Explained(
        member=member,
        now=work.now,
        alarm=row.due_at if row else None,
        away=from_day(told.away, today(work, member)),
        assumed=told_no_times(told),
        full=never_free(placeable(told), work.now),
        misfit=is_misfit(told),
        things=tuple(_things(work, member, placeable(told), plans)),
        quiet=tuple(one for plan in plans for one in _quiet(work, member, plan)),
        unsent=_unsent(work.outbox.messages(member.id)),
        digests=tuple(_digests(work, plans)),
        recurring=tuple(_recurring(work, plans)),
        coming=rehearse(work, member.id),
    )


def _things(
    work: Work, member: Member, availability: Availability, plans: Iterable[Plan]
) -> list[Told]:
    """Return everything that waits on the member in the plans, by date, then what has none."""
    known = agenda(work, member.id, availability)
    past = heard(known.marks)
    planned = occasions(availability, known.things, past, work.now, known.snoozes)
    periods = {owed.key: (owed, period) for owed, period in planned.items()}
    away = covered(work, member.id).now
    told: dict[str, Told] = {}
    for plan in plans:
        waits = waiting_on(plan, member.id, away, work.now)
        for waiting in (*waits, *meetings(plan, member.id, work.now)):
            key = f"{plan.id}:{waiting.thing}"
            due, period = periods.get(key, (None, None))
            one = Told(
                plan=plan,
                waiting=waiting,
                due=due,
                heard=past.get(key, UNHEARD),
                period=period,
                put_off=known.snoozes.get(key),
                silence=None,
            )
            told.setdefault(key, replace(one, silence=_silence(one, member)))
    return sorted(told.values(), key=lambda one: one.due.due if one.due else date.max)


def _silence(told: Told, member: Member) -> Silence | None:
    """Return why the rules gave the thing no free period, None when they gave it one."""
    limit = LIMITS[member.preferences.nudges]
    if not limit:
        return Silence.OFF
    if told.due is None:
        return Silence.NO_DATE
    if told.period is not None:
        return None
    if told.put_off is not None and told.put_off.until is None:
        return Silence.HELD
    most = 1 if told.due.ahead is not None else limit
    return Silence.ENOUGH if len(told.heard.counted) >= most else Silence.NEVER_FREE


def _quiet(work: Work, member: Member, plan: Plan) -> Iterator[Quiet]:
    """Yield the steps of the plan that do not wait on the member."""
    view = view_of(work, member, plan)
    waiting = {one: {thing.step for thing in view.waiting(one)} for one in plan.members}
    for step in plan.template.steps:
        if step.key not in waiting.get(member.id, set()):
            yield Quiet(
                plan=plan,
                step=step.title,
                done=status(plan, step.key) is StepStatus.DONE,
                others=tuple(view.names[m] for m, steps in waiting.items() if step.key in steps),
            )


def _unsent(filed: list[Filed]) -> tuple[Filed, ...]:
    """Return the messages under way, and the latest one if it was given up."""
    lost = [one for one in filed[:1] if one.state is NoticeState.FAILED]
    return (*(one for one in filed if one.state in UNSENT), *lost)


def _digests(work: Work, plans: Iterable[Plan]) -> Iterator[DigestAhead]:
    for partnership, titles in _homes(plans).items():
        home = work.partnerships.get(partnership)
        row = work.reminders.of(ReminderKind.DIGEST, partnership)
        if home is not None and row is not None and row.due_at is not None:
            yield DigestAhead(plans=tuple(titles), at=row.due_at, zone=home.digest.zone)


def _recurring(work: Work, plans: Iterable[Plan]) -> Iterator[RecurringAhead]:
    for partnership in _homes(plans):
        for reminder in work.recurring.of_partnership(partnership):
            row = work.reminders.of(ReminderKind.RECURRING, reminder.id)
            if row is not None and row.due_at is not None:
                yield RecurringAhead(reminder=reminder, at=row.due_at)


def _homes(plans: Iterable[Plan]) -> dict[PartnershipId, list[str]]:
    """Return the titles of the active plans by their partnership."""
    titles: dict[PartnershipId, list[str]] = {}
    for plan in plans:
        if plan.state is PlanState.ACTIVE:
            titles.setdefault(plan.partnership, []).append(plan.title)
    return titles
