"""Giving up a delivery, and telling whom it concerns: each alone, once, at their next use."""

from dataclasses import dataclass, replace

from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.members import Member
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.domain.reminders.undelivered import Cause, Undelivered
from bot.usecases.ports import Work
from bot.usecases.reminders.reading import written_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a member is told: ``title`` is that of the plan it is about, empty for their own."""

    undelivered: Undelivered
    title: str


def give_up(work: Work, leased: Leased, why: str, cause: Cause, platform: str = "") -> bool:
    """Mark the notice as undeliverable and note it for those it concerns.

    ``platform``: the one that refused it, empty for none. False: somebody else has taken it over,
    and nothing was changed.
    """
    if not work.outbox.give_up(leased, why, doubtful=cause is Cause.UNKNOWN):
        return False
    about, reached = _about(leased.notice), _reached_elsewhere(work, leased.notice, cause, platform)
    for member in _concerned(work, leased.notice):
        work.undelivered.note(
            Undelivered(
                member=member,
                about=about,
                kind=leased.notice.kind,
                cause=cause,
                at=work.now,
                mended=reached,
            )
        )
    gone = leased.notice.member
    if gone is not None and cause is Cause.LEFT and not reached:
        _tell_partners(work, gone, leased.notice.kind)
    return True


def _reached_elsewhere(work: Work, notice: Notice, cause: Cause, platform: str) -> bool:
    """Write to somebody who is known on another platform there from now on; False for all others.

    What was given up stays so: ``next`` has it, and the follow-up comes there. Of several messages
    that ``platform`` refuses, the first moves them. Whoever had left another one before is tried
    there again, but counts as reached nowhere until something arrives.
    """
    if notice.member is None or cause not in {Cause.LEFT, Cause.CLOSED}:
        return False
    member = work.members.get((notice.member,)).get(notice.member)
    if member is None:
        return False
    known = (member.identity, *work.members.joined(member.id))
    platforms = list(dict.fromkeys(one.platform for one in known))
    if len(platforms) == 1:
        return False
    now = written_to(work, member).platform
    if now != platform:
        return not work.undelivered.left(member.id)
    other = platforms[(platforms.index(now) + 1) % len(platforms)]
    chosen = replace(member.preferences, platform=other if other != platforms[0] else "")
    work.members.save(replace(member, preferences=chosen))
    return cause is not Cause.LEFT or not work.undelivered.left(member.id, somewhere=True)


def _tell_partners(work: Work, gone: MemberId, kind: NoticeKind) -> None:
    """Note for the partners of somebody who is gone that their plans wait for nobody."""
    for plan in work.plans.of_member(gone):
        if plan.state is not PlanState.ACTIVE:
            continue
        for member in plan.members:
            if member != gone:
                work.undelivered.note(
                    Undelivered(
                        member=member, about=plan.id, kind=kind, cause=Cause.LEFT, at=work.now
                    )
                )


def arrived(work: Work, notice: Notice) -> None:
    """Take note that the notice was shown: what failed there before works again."""
    work.undelivered.mended(_about(notice), notice.member)


def tell(work: Work, member: Member) -> tuple[Told, ...]:
    """Return what the member is to be told now, each thing once; it counts as told from now on.

    Nothing is told of plans that the member has left since.
    """
    found = [(one, _title(work, member.id, one)) for one in work.undelivered.tell(member.id)]
    return tuple(Told(undelivered=one, title=title) for one, title in found if title is not None)


def _about(notice: Notice) -> str:
    """Return what the notice is about: the member alone, a plan, or a partnership."""
    return "" if notice.member is not None else notice.plan or notice.partnership or ""


def _concerned(work: Work, notice: Notice) -> tuple[MemberId, ...]:
    if notice.member is not None:
        return (notice.member,)
    plan = work.plans.get(notice.plan) if notice.plan else None
    if plan is not None:
        return plan.members
    home = work.partnerships.get(notice.partnership) if notice.partnership else None
    return home.members if home is not None else ()


def _title(work: Work, member: MemberId, one: Undelivered) -> str | None:
    """Return the title of the plan it is about; None when the member has nothing to do with it."""
    if not one.about:
        return ""
    plan = work.plans.get(PlanId(one.about))
    if plan is not None:
        return plan.title if plan.partner(member) is not None else None
    plans = work.plans.of_partnership(PartnershipId(one.about))
    return next((plan.title for plan in plans[::-1] if plan.partner(member) is not None), None)
