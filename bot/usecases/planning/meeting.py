"""Propose a session and answer a proposal."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain import errors
from bot.domain.ids import ItemId, PlanId
from bot.domain.planning import sessions
from bot.domain.planning.plan import Session
from bot.domain.reminders.recurrence import at_wall_time
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.dates import typed_date
from bot.usecases.planning.acting import Acted, View, act, view_of
from bot.usecases.ports import Work

LONGEST = timedelta(hours=12)
"""A session given in wall times that lasts longer is rather a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSession:
    """Propose to plan together from ``start`` to ``end`` (aware)."""

    plan: PlanId
    start: datetime
    end: datetime
    purpose: str
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAt:
    """Propose a session at a time of one's own: ``day`` as typed, wall times of the proposer."""

    plan: PlanId
    day: str
    start: time
    end: time
    purpose: str
    medium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSession:
    """Accept or decline a proposed session."""

    plan: PlanId
    session: ItemId
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSession:
    """Show one session."""

    plan: PlanId
    session: ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session as one of the partners sees it."""

    view: View
    session: Session


def show_session(work: Work, actor: Actor, command: ShowSession) -> SessionView:
    """Return the session."""
    plan = plan_for(work, actor.id, command.plan)
    session = sessions.require_session(plan, command.session)
    return SessionView(view=view_of(work, actor.member, plan), session=session)


def propose_session(work: Work, actor: Actor, command: ProposeSession) -> Acted:
    """Propose a session; the partners are asked in the plan's thread."""
    made = Session(
        id=ItemId(work.ids.new()),
        start=command.start,
        end=command.end,
        purpose=command.purpose,
        medium=command.medium,
        by=actor.id,
        at=work.now,
    )
    return act(work, actor, command.plan, lambda plan: sessions.propose(plan, session=made))


def propose_at(work: Work, actor: Actor, command: ProposeAt) -> Acted:
    """Propose a session at a time of one's own; ``FieldErrors`` for one that cannot be."""
    day = typed_date(work, actor, command.day, key="day")
    if day is None:
        raise errors.FieldErrors({"day": "Say on which day."})
    zone = actor.member.zone
    last = day if command.start < command.end else day + timedelta(days=1)  # over midnight
    start, end = at_wall_time(day, command.start, zone), at_wall_time(last, command.end, zone)
    if end <= start:
        raise errors.FieldErrors({"start": "The clocks go forward then: no time is in between."})
    if end - start > LONGEST:
        raise errors.FieldErrors({"start": "A session of more than 12 hours? Give a later start."})
    if start < work.now:
        raise errors.FieldErrors({"start": "That time is over already: give a later one."})
    return propose_session(
        work,
        actor,
        ProposeSession(
            plan=command.plan,
            start=start,
            end=end,
            purpose=command.purpose,
            medium=command.medium,
        ),
    )


def answer_session(work: Work, actor: Actor, command: AnswerSession) -> Acted:
    """Accept or decline."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: sessions.answer(
            plan, by=actor.id, item=command.session, accept=command.accept, at=work.now
        ),
    )
