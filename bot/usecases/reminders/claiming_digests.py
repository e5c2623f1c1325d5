"""Claiming the digest of a partnership: a notice for the thread and one for each partner."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.ids import MemberId, PartnershipId
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Notice, NoticeKind, digest_key
from bot.domain.reminders.recurrence import local_date, next_weekly
from bot.domain.reminders.schedule import Reminder
from bot.usecases.ports import Work
from bot.usecases.reminders.places import linked


def claim_digest(work: Work, row: Reminder) -> bool:
    """Move the digest on by a week, and put what is due; False: somebody else has."""
    partnership = work.partnerships.get(PartnershipId(row.subject))
    if partnership is None or row.due_at is None:
        return work.reminders.advance(row, None)
    # From the later of the two: after an outage comes one digest, not one for every week.
    following = next_weekly(partnership.digest, max(row.due_at, work.now))
    if not work.reminders.advance(row, following):
        return False
    plans = work.plans.of_partnership(partnership.id)
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    if active:
        day = local_date(partnership.digest, row.due_at)
        members = dict.fromkeys(member for plan in active for member in plan.members)
        notices = [_digest(partnership.id, day, row.due_at, to) for to in (None, *members)]
        notices += [
            replace(notices[0], key=f"{notices[0].key}@{platform}", on=platform)
            for platform in linked(active)
        ]
        work.outbox.put_all(notices)
    return True


def _digest(
    partnership: PartnershipId, day: date, planned: datetime, member: MemberId | None
) -> Notice:
    """Return the digest of a day, for one partner or (None) for the thread: composed if wanted.

    It is due since it was ``planned`` (UTC), which says how late it is: somebody may choose another
    slot before it is sent.
    """
    return Notice(
        key=digest_key(partnership, day, member),
        kind=NoticeKind.DIGEST,
        due_at=planned,
        partnership=partnership,
        member=member,
    )
