"""The partners' own reminders as they come: planned, claimed, and read when they are sent.

Late policy: what is at most ``GRACE`` late is sent, and says so beyond ``ON_TIME``; what is later
is not sent, and the next digest tells of it. So an outage is never followed by a backlog.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.domain.ids import PartnershipId, PlanId, RecurringId
from bot.domain.places import Place
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.recurrence import Recurrence, next_after, occurrences
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.usecases.ports import Work
from bot.usecases.reminders.places import linked, place_for, place_on

ON_TIME = timedelta(minutes=2)
GRACE = timedelta(minutes=60)
HALF_A_WEEK = timedelta(days=3.5)
"""No country moves its clocks so far."""
EARLY = timedelta(seconds=1)
TOLD = timedelta(days=7)
"""How far back missed occurrences are told of: digests are a week apart."""
_MOMENT = timedelta(microseconds=1)


def schedule(work: Work, reminder: RecurringReminder, before: Recurrence | None = None) -> None:
    """Plan its next occurrence after now, or none; call it after every change.

    ``before`` is the rule it had until this change, None for a new one. What is due at that very
    moment, and was not claimed yet (nothing ran at its time), is not dropped. Whoever changes the
    words is told today's late, with the new words. Whoever changes the time gets it at the new
    time: later today, or, if that has passed as well, now, as late as it is by the new time. Where
    the new days leave this one out, it comes on the first of those that follow.
    """
    row = work.reminders.of(ReminderKind.RECURRING, reminder.id)
    due = row.due_at if row is not None and reminder.active else None
    if row is not None and due is not None and due <= work.now and before is not None:
        since = _meant(replace(reminder, rule=before), due)
        if before != reminder.rule:
            zone = ZoneInfo(reminder.rule.zone)
            since = datetime.combine(since.astimezone(zone).date(), time(), zone).astimezone(UTC)
        _claimed_since(work, row, reminder, since)
    following = next_after(reminder.rule, work.now) if reminder.active else None
    work.reminders.plan(ReminderKind.RECURRING, reminder.id, following)


def replan_recurring(work: Work, reminder: RecurringId) -> int:
    """Compute anew when the occurrence that is planned comes, by the rules its zone has now.

    It stays the one it was, on its date. Return whether it moved.
    """
    row = work.reminders.of(ReminderKind.RECURRING, reminder)
    found = work.recurring.get(reminder)
    if row is None or row.due_at is None or found is None:
        return 0
    planned = row.due_at
    first, last = planned - HALF_A_WEEK, planned + HALF_A_WEEK
    near = takewhile(lambda at: at <= last, occurrences(found.rule, first))
    due_at = min(near, key=lambda at: abs(at - planned), default=next_after(found.rule, first))
    if due_at == row.due_at:
        return 0
    work.reminders.plan(ReminderKind.RECURRING, reminder, due_at)
    return 1


def claim_recurring(work: Work, row: Reminder) -> bool:
    """Move the reminder on to its next occurrence, and put a notice for what was due till now.

    After an outage these are several: all but maybe the last come too late, and are not sent.
    """
    found = work.recurring.get(RecurringId(row.subject))
    if found is None or row.due_at is None or not found.active:
        return work.reminders.advance(row, None)
    return _claimed_since(work, row, found, _meant(found, row.due_at))


def _claimed_since(work: Work, row: Reminder, found: RecurringReminder, first: datetime) -> bool:
    """Move it on, and put a notice for each occurrence from ``first`` (UTC) until now."""
    if not work.reminders.advance(row, next_after(found.rule, work.now)):
        return False
    if plans := _active_plans(work, found.partnership):
        since = max(first, work.now - TOLD)
        for at in takewhile(lambda at: at <= work.now, occurrences(found.rule, since - _MOMENT)):
            notice = _notice(work, found, at)
            work.outbox.put(notice)
            for platform in linked(plans):
                work.outbox.put(replace(notice, key=f"{notice.key}@{platform}", on=platform))
    return True


def _meant(reminder: RecurringReminder, due_at: datetime) -> datetime:
    """Return the occurrence for which the row is due: the last one until then.

    It is earlier where it could not be claimed at its time, and was pushed forward.
    """
    ahead = occurrences(reminder.rule, due_at - TOLD)
    *_, meant = (due_at, *takewhile(lambda at: at <= due_at, ahead))
    return meant


def _notice(work: Work, reminder: RecurringReminder, at: datetime) -> Notice:
    return Notice(
        key=_key(reminder, at),
        kind=NoticeKind.RECURRING,
        due_at=work.now,
        partnership=reminder.partnership,
    )


def _key(reminder: RecurringReminder, at: datetime) -> str:
    return f"{NoticeKind.RECURRING}:{reminder.id}:{at.isoformat()}"


def _read(key: str) -> tuple[RecurringId, datetime]:
    """Return which reminder and occurrence the key of a notice names."""
    _, reminder, at = key.split(":", 2)
    return RecurringId(reminder), datetime.fromisoformat(at.partition("@")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A reminder that is to be posted in ``place``: it was due at ``at`` (UTC).

    ``zones`` are those of the partners, ``by`` is who set it up, as they are called now.
    """

    reminder: RecurringReminder
    place: Place
    by: str
    zones: frozenset[str]
    at: datetime
    now: datetime

    @property
    def late(self) -> bool:
        """Tell whether it has to say that it comes late."""
        return self.now - self.at > ON_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An occurrence that was, or is to be, left out, because an outage outlasted its time."""

    reminder: RecurringReminder
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Early:
    """The clock was set back after the claim: the occurrence lies ahead, at ``at`` (UTC)."""

    at: datetime


def occurrence(work: Work, notice: Notice) -> Occurrence | Missed | Early | None:
    """Return what is to be posted now.

    None when the reminder was stopped, now comes at another time, or when the partners have no
    active plan.
    """
    reminder_id, at = _read(notice.key)
    found = work.recurring.get(reminder_id)
    if found is None or not found.active or next_after(found.rule, at - _MOMENT) != at:
        return None
    home = work.partnerships.get(found.partnership)
    plans = _active_plans(work, found.partnership)
    if home is None or not plans:
        return None
    if at > work.now + EARLY:
        return Early(at=at)
    if work.now - at > GRACE:
        return Missed(reminder=found, at=at)
    told = _occurrence(work, found, home, plans, at)
    if not notice.on:
        return told
    place = place_on(work, plans, notice.on)
    return replace(told, place=place) if place else None


def _occurrence(
    work: Work, found: RecurringReminder, home: Partnership, plans: list[Plan], at: datetime
) -> Occurrence:
    entries = work.log.since([plan.id for plan in plans], work.now - TOLD)
    members = work.members.get((found.by, *home.members))
    by = members.get(found.by)
    return Occurrence(
        reminder=found,
        place=place_for(work, home, plans, entries),
        by=by.name if by else "",
        zones=frozenset(one.zone for one in members.values() if one.id in home.members),
        at=at,
        now=work.now,
    )


def missed(work: Work, partnership: PartnershipId, since: datetime) -> tuple[Missed, ...]:
    """Return the occurrences since then (UTC) that were left out because they came too late."""
    latest = work.now - GRACE
    found = {
        _key(reminder, at): Missed(reminder=reminder, at=at)
        for reminder in work.recurring.of_partnership(partnership)
        for at in takewhile(lambda at: at < latest, occurrences(reminder.rule, since))
    }
    unsent = work.outbox.unsent(found)
    return tuple(one for key, one in found.items() if key in unsent)


def follow(work: Work, plan: Plan, home: PartnershipId) -> None:
    """Let the reminders set up from a plan go with it to the partnership ``home``.

    Also the others, when it was the last active plan of the partnership it leaves: what partners
    set up is not lost because somebody joins them.
    """
    others = [one for one in _active_plans(work, plan.partnership) if one.id != plan.id]
    for reminder in work.recurring.of_partnership(plan.partnership):
        if reminder.plan == plan.id or not others:
            work.recurring.move(reminder.id, home, PlanId(plan.id))


def _active_plans(work: Work, partnership: PartnershipId) -> list[Plan]:
    plans = work.plans.of_partnership(partnership)
    return [plan for plan in plans if plan.state is PlanState.ACTIVE]
