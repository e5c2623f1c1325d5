"""Giving up a delivery, and telling whom it concerns: each alone, once, at their next use.

Who asked for a thread that cannot be opened is written to at once: what they see says it follows.
All partners whose channel was deleted are, when they are free.
"""

from dataclasses import dataclass, replace

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.members import Identity, Member
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.reminders.free_times import free_now, next_free
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.domain.reminders.undelivered import IN_THEIR_HANDS, Cause, Undelivered
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.reading import NotNow, is_away, written_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a member is told: ``title`` is that of the plan it is about, empty for their own.

    ``platforms`` are those on which that plan stands, or is to.
    """

    undelivered: Undelivered
    title: str
    platforms: frozenset[str] = frozenset()


def give_up(work: Work, leased: Leased, why: str, cause: Cause, platform: str = "") -> bool:
    """Mark the notice as undeliverable and note it for those it concerns.

    ``platform``: the one that refused it, empty for none. False: somebody else has taken it over,
    and nothing was changed.
    """
    if not work.outbox.give_up(leased, why, doubtful=cause is Cause.UNKNOWN):
        return False
    put_on_record(work, leased.notice, cause, platform)
    return True


def put_on_record(work: Work, notice: Notice, cause: Cause, platform: str = "") -> None:
    """Note for those it concerns that the notice did not arrive, so that they are told once."""
    if notice.member is not None:
        _unreachable(work, notice.member, notice.kind, cause, platform)
    for member in _partners_concerned(work, notice):
        about, kind = _about(notice), notice.kind
        work.undelivered.note(
            Undelivered(member=member, about=about, kind=kind, cause=cause, at=work.now)
        )
    if notice.kind is NoticeKind.PLAN_THREAD and cause in IN_THEIR_HANDS:
        plan = work.plans.get(notice.plan) if notice.plan else None
        asked = _who_asked(work, plan, notice.on) if plan else None
        if asked is not None:
            _write_to(work, asked)


def _who_asked(work: Work, plan: Plan, on: str) -> MemberId | None:
    """Return who asked for the plan's thread, at home or on another platform; None: not a partner.

    Whoever takes a plan out of a direct conversation is the one who began it.
    """
    began = {
        ActKind.PLAN_STARTED,
        ActKind.PLAN_REPLICATED,
        ActKind.PLAN_IMPORTED,
        ActKind.PLAN_MOVED,
    }
    acts = (entry.act for entry in reversed(work.log.of_plan(plan.id)))
    by = next(
        (
            act.by
            for act in acts
            if (act.kind is ActKind.PLAN_LINKED and act.after == on if on else act.kind in began)
        ),
        None,
    )
    return by if by in plan.members else None


def _write_to(work: Work, member: MemberId) -> None:
    """Write to the member about what was noted for them, unless they know."""
    if work.undelivered.waits(member):
        kind, at = NoticeKind.UNDELIVERED, work.now
        key = f"{kind}:{member}:{at.isoformat()}"
        work.outbox.put(Notice(key=key, kind=kind, due_at=at, member=member))


def deleted(work: Work, plan: Plan) -> None:
    """Take note that a channel was deleted in which the plan stands, before anything fails there.

    Partners who have used a button are written to when they are free, the others hear of it with
    their next answer.
    """
    for member in work.members.get(plan.members).values():
        work.undelivered.note(
            Undelivered(
                member=member.id,
                about=plan.id,
                kind=NoticeKind.PLAN_CARD,
                cause=Cause.DELETED,
                at=work.now,
            )
        )
        if member.reachable:
            _write_to(work, member.id)


def departed(work: Work, identity: Identity) -> None:
    """Take note that the platform knows them no more, before anything that is sent there fails."""
    member = work.members.by_identity(identity)
    if member is not None and not work.undelivered.left(member.id):
        _unreachable(work, member.id, NoticeKind.REMINDER, Cause.LEFT, identity.platform)


def _unreachable(
    work: Work, member: MemberId, kind: NoticeKind, cause: Cause, platform: str
) -> None:
    """Note for the member that they were not reached, and for their partners if they have left."""
    reached = _reached_elsewhere(work, member, cause, platform)
    work.undelivered.note(
        Undelivered(member=member, about="", kind=kind, cause=cause, at=work.now, mended=reached)
    )
    if cause is Cause.LEFT and not reached:
        _tell_partners(work, member, kind)


def _reached_elsewhere(work: Work, who: MemberId, cause: Cause, platform: str) -> bool:
    """Write to somebody who is known on another platform there from now on; False for all others.

    What was given up stays so: ``next`` has it, and the follow-up comes there. Of several messages
    that ``platform`` refuses, the first moves them. Whoever had left another one before is tried
    there again, but counts as reached nowhere until something arrives.
    """
    member = work.members.get((who,)).get(who) if cause in {Cause.LEFT, Cause.CLOSED} else None
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
    found = (_told(work, member.id, one) for one in work.undelivered.tell(member.id))
    return tuple(told for told in found if told is not None)


def direct_words(work: Work, notice: Notice) -> tuple[Member, tuple[Told, ...]] | NotNow | None:
    """Return whom to write to, and of what they can mend; None: all works, or they know.

    Who asked for a thread is there at the moment. Nobody asked for a channel to be deleted: that
    comes when they are free, and to who is away with their next answer.
    """
    member = work.members.get((notice.member,)).get(notice.member) if notice.member else None
    if member is None:
        return None
    found = (_told(work, member.id, one) for one in _in_their_hands(work, member.id))
    told = tuple(each for each in found if each is not None)
    if told and all(one.undelivered.cause is Cause.DELETED for one in told):
        availability = placeable(availabilities(work, (member.id,))[member.id])
        if is_away(availability, work.now):
            return None
        if free_now(availability, work.now) is None:
            period = next_free(availability, work.now)
            return NotNow(at=period.start, why="not free now") if period else None
    return (member, told) if told else None


def written(work: Work, notice: Notice) -> None:
    """Take note that the notice's member was written to."""
    if notice.member is not None:
        for one in _in_their_hands(work, notice.member):
            work.undelivered.tell(notice.member, one.about)


def _in_their_hands(work: Work, member: MemberId) -> list[Undelivered]:
    """Return what the member was not told yet of places of their plans."""
    untold = work.undelivered.untold(member)
    return [one for one in untold if one.about and one.cause in IN_THEIR_HANDS and not one.mended]


def _about(notice: Notice) -> str:
    """Return what the notice is about: the member alone, a plan, or a partnership."""
    return "" if notice.member is not None else notice.plan or notice.partnership or ""


def _partners_concerned(work: Work, notice: Notice) -> tuple[MemberId, ...]:
    """Return the partners of what the notice is about; nobody where it was for one member alone."""
    if notice.member is not None:
        return ()
    plan = work.plans.get(notice.plan) if notice.plan else None
    if plan is not None:
        return plan.members
    home = work.partnerships.get(notice.partnership) if notice.partnership else None
    return home.members if home is not None else ()


def _told(work: Work, member: MemberId, one: Undelivered) -> Told | None:
    """Return it with the plan it is about; None when the member has nothing to do with that."""
    if not one.about:
        return Told(undelivered=one, title="")
    plan = _plan(work, member, one.about)
    if plan is None:
        return None
    home = work.partnerships.get(plan.partnership)
    platforms = frozenset((*plan.linked, *([home.place.platform] if home else ())))
    return Told(undelivered=one, title=plan.title, platforms=platforms)


def _plan(work: Work, member: MemberId, about: str) -> Plan | None:
    """Return the plan of that id, or the last one of that partnership, that the member plans."""
    plan = work.plans.get(PlanId(about))
    plans = [plan] if plan is not None else work.plans.of_partnership(PartnershipId(about))
    return next((each for each in plans[::-1] if each.partner(member) is not None), None)
