"""Sessions: an agreed time to plan together."""

from dataclasses import replace
from datetime import datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.plan import Change, Plan, Session
from bot.domain.planning.rights import require_writable
from bot.domain.planning.texts import optional_text, require_text

ANSWERS = {"accepted": True, "declined": False}
"""How an act names a member's earlier answer, for undoing the later one."""


def invited(plan: Plan, session: Session) -> tuple[MemberId, ...]:
    """Return the present partners, but for those who joined after the session began."""
    return tuple(p.member for p in plan.active_partners if p.joined_at <= session.start)


def agreed(plan: Plan, session: Session) -> bool:
    """Tell whether all who are invited have accepted, and nobody is left to meet themselves."""
    asked = set(invited(plan, session))
    return asked <= set(session.accepted) and not _deserted(plan, session, asked)


def _deserted(plan: Plan, session: Session, asked: set[MemberId]) -> bool:
    """Tell whether whoever proposed is alone since: those who were asked left and had not accepted.

    Who planned alone from the start agrees with themselves.
    """
    if {*asked, *session.accepted} != {session.by}:
        return False
    left = (p.left_at for p in plan.partners if p.joined_at <= session.start)
    return any(at is not None and at > session.at for at in left)


def unanswered(plan: Plan, session: Session) -> tuple[MemberId, ...]:
    """Return who has yet to answer; nobody any more once one of those invited has declined."""
    asked = invited(plan, session)
    if not set(asked).isdisjoint(session.declined):
        return ()
    return tuple(m for m in asked if m not in session.accepted)


def lapsed(plan: Plan, session: Session, now: datetime) -> bool:
    """Tell whether the time passed before all had accepted: nobody is asked any more."""
    return session.start < now and not agreed(plan, session)


def wants_minutes(plan: Plan, session: Session, now: datetime) -> bool:
    """Tell whether the session was held (agreed, and over) and has no minutes yet."""
    held = session.end <= now and agreed(plan, session)
    return held and not any(m.session == session.id for m in plan.minutes)


def propose(plan: Plan, *, session: Session) -> Change:
    """Propose a time; whoever proposes it has accepted it. Times are UTC and lie ahead."""
    require_writable(plan, session.by)
    if session.end <= session.start or session.start < session.at:
        raise errors.InvalidInput(
            what="That time is over already.", remedy="Say “when” for the slots that are left."
        )
    made = replace(
        session,
        purpose=require_text(session.purpose, key="purpose", name="The purpose", limit=200),
        medium=optional_text(session.medium, key="medium", name="The medium", limit=100),
        accepted=(session.by,),
        declined=(),
    )
    act = Act(
        kind=ActKind.SESSION_PROPOSED,
        by=made.by,
        at=made.at,
        item=made.id,
        after=made.purpose,
        detail={
            "start": made.start.isoformat(),
            "end": made.end.isoformat(),
            "medium": made.medium,
        },
    )
    return Change(plan=replace(plan, sessions=(*plan.sessions, made)), acts=(act,))


def require_session(plan: Plan, item: ItemId) -> Session:
    """Return the session; ``UnknownItem`` when the plan has none of that id."""
    found = next((s for s in plan.sessions if s.id == item), None)
    if found is None:
        raise errors.UnknownItem(thing="session", title=plan.title)
    return found


def answer(plan: Plan, *, by: MemberId, item: ItemId, accept: bool, at: datetime) -> Change:
    """Accept or decline a proposed session; the same answer again changes nothing.

    ``NotAllowed`` for accepting one whose time has passed.
    """
    require_writable(plan, by)
    found = require_session(plan, item)
    if by in (found.accepted if accept else found.declined):
        return Change(plan=plan, acts=())
    if accept and found.start < at:
        raise errors.NotAllowed(
            what="That session's time has passed, so it cannot be accepted any more.",
            remedy="Say “when” and propose one of the times that are left.",
        )
    earlier = next((name for name in ANSWERS if by in getattr(found, name)), "")
    kind = ActKind.SESSION_ACCEPTED if accept else ActKind.SESSION_DECLINED
    detail = {"earlier": earlier} if earlier else {}
    act = Act(kind=kind, by=by, at=at, item=item, after=found.purpose, detail=detail)
    return Change(plan=with_session(plan, with_answer(found, by, accept=accept)), acts=(act,))


def with_session(plan: Plan, session: Session) -> Plan:
    """Return the plan with that session in place of the one of its id."""
    listed = tuple(session if s.id == session.id else s for s in plan.sessions)
    return replace(plan, sessions=listed)


def with_answer(session: Session, member: MemberId, *, accept: bool | None) -> Session:
    """Return the session with that answer of the member in place of any other; None: with none."""
    accepted = tuple(m for m in session.accepted if m != member)
    declined = tuple(m for m in session.declined if m != member)
    return replace(
        session,
        accepted=(*accepted, member) if accept is True else accepted,
        declined=(*declined, member) if accept is False else declined,
    )
