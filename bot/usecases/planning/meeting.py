"""Propose a session and answer a proposal."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ItemId, PlanId
from bot.domain.planning import sessions
from bot.domain.planning.plan import Session
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, act, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSession:
    """Propose to plan together from ``start`` to ``end`` (aware)."""

    plan: PlanId
    start: datetime
    end: datetime
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
