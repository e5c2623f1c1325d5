"""What partners do, as the dice fall: each act is a use case with the command it is given."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any

from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.members import Person as Somebody
from bot.domain.planning.answers import answer_key
from bot.domain.planning.changes import wording
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.turns import Waiting, WaitingKind, waiting
from bot.usecases.contributions import outside
from bot.usecases.planning import adding, answering, living, meeting, partnering, stepping
from bot.usecases.reminders import choosing


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A use case and its command."""

    run: Callable[..., Any]
    command: Any


def does_next(plan: Plan, one: Waiting, by: MemberId, dice: Random, now: datetime) -> Doing:
    """Return what a partner does about a thing that waits on them."""
    if one.kind is WaitingKind.ANSWER:
        return _answers(plan, one, by, dice)
    if one.kind in {WaitingKind.ADD_ITEM, WaitingKind.CLOSE_CHALLENGE}:
        return _adds(plan, one.what, dice, now)
    if one.item is not None:
        return _about_item(plan.id, one, one.item, dice)
    return _about_step(plan, one)


def _about_step(plan: Plan, one: Waiting) -> Doing:
    """Return what is done about a step as a whole, or the plan."""
    match one.kind:
        case WaitingKind.TAKE_ROLE:
            role = partnering.TakeRole(plan=plan.id, role=one.what)
            return Doing(run=partnering.take_role, command=role)
        case WaitingKind.SIGN_OFF:
            read = wording(plan, one.step)
            signed = stepping.SignOff(plan=plan.id, step=one.step, wording=read)
            return Doing(run=stepping.sign_off, command=signed)
        case WaitingKind.CLOSE_STEP:
            closed = stepping.StepCommand(plan=plan.id, step=one.step)
            return Doing(run=stepping.close_step, command=closed)
        case _:
            return Doing(run=living.finish, command=living.Finish(plan=plan.id, anyway=True))


def _about_item(at: PlanId, one: Waiting, item: ItemId, dice: Random) -> Doing:
    """Return what is done about a responsibility, a session or outside work."""
    match one.kind:
        case WaitingKind.RESPONSIBILITY:
            done = adding.ItemCommand(plan=at, item=item)
            return Doing(run=adding.finish_responsibility, command=done)
        case WaitingKind.ADD_MINUTES:
            held = adding.AddMinutes(plan=at, minutes=30, text="We met", session=item)
            return Doing(run=adding.add_minutes, command=held)
        case WaitingKind.CONFIRM_OUTSIDE:
            seen = outside.ConfirmOutside(plan=at, item=item)
            return Doing(run=outside.confirm_outside, command=seen)
        case _:
            said = meeting.AnswerSession(plan=at, session=item, accept=dice.random() < 0.85)
            return Doing(run=meeting.answer_session, command=said)


def _answers(plan: Plan, one: Waiting, by: MemberId, dice: Random) -> Doing:
    step = plan.template.step(one.step)
    field = step.field(one.what) if step else None
    assert field is not None
    standing = plan.answers.get(answer_key(plan, by, one.step, field))
    text = f"Words {dice.randrange(10**6)} about it"
    return Doing(
        run=answering.save_field,
        command=answering.SaveField(
            plan=plan.id, step=one.step, field=one.what, text=text,
            base=standing.revision if standing else 0,
        ),
    )  # fmt: skip


def _adds(plan: Plan, kind: str, dice: Random, now: datetime) -> Doing:
    """Return what is added where a step asks for something of a kind."""
    match kind:
        case "session":
            return proposes(plan, dice, now)
        case "responsibility":
            return takes_on(plan, dice, now)
        case "minutes":
            made = adding.AddMinutes(plan=plan.id, minutes=20, text="Talked", session=None)
            return Doing(run=adding.add_minutes, command=made)
        case "resource":
            found = adding.AddResource(plan=plan.id, title="A map", link="")
            return Doing(run=adding.add_resource, command=found)
        case "challenge":
            raised = adding.RaiseChallenge(plan=plan.id, kind="time", text="No time")
            return Doing(run=adding.raise_challenge, command=raised)
        case _:
            decided = adding.AddDecision(plan=plan.id, text="We take the bus")
            return Doing(run=adding.add_decision, command=decided)


def proposes(plan: Plan, dice: Random, now: datetime) -> Doing:
    """Propose a time from in some minutes to in some days."""
    ahead = dice.choice([3, 8, 14, 45, 180, 600, 1440, 2000, 2880, 4000, 8000, 14000])
    start = (now + timedelta(minutes=ahead)).replace(second=0)
    if ahead > 60:
        start -= timedelta(minutes=start.minute % 5)
    end = start + timedelta(minutes=dice.choice([15, 45, 60]))
    command = meeting.ProposeSession(
        plan=plan.id, start=start, end=end, purpose=f"Rubric {dice.randrange(1000)}", medium="call"
    )
    return Doing(run=meeting.propose_session, command=command)


def takes_on(plan: Plan, dice: Random, now: datetime) -> Doing:
    owner = dice.choice([*plan.members, None])
    due = _typed(dice, now)
    command = adding.AddResponsibility(
        plan=plan.id, text=f"Book room {dice.randrange(10**6)}", owner=owner, due=due
    )
    return Doing(run=adding.add_responsibility, command=command)


def _typed(dice: Random, now: datetime) -> str:
    """Return a date as typed: mostly near, now and then past or none."""
    days = dice.choice([None, -3, 0, 0, 1, 1, 1, 2, 3, 5, 6, 9, 16])
    return "" if days is None else f"{now.date() + timedelta(days=days)}"


def unasked(
    plan: Plan, by: MemberId, others: tuple[Somebody, ...], dice: Random, now: datetime
) -> Iterator[tuple[int, Callable[[], Doing]]]:
    """Yield all that a partner may do unasked, each with how likely it is among them."""
    at, step = plan.id, dice.choice(plan.template.steps).key
    command = stepping.StepCommand(plan=at, step=step)
    if plan.state is not PlanState.ACTIVE:
        yield 5, lambda: Doing(run=living.reopen, command=living.PlanCommand(plan=at))
        return
    moved = stepping.MoveDue(plan=at, step=step, due=_typed(dice, now))
    yield 14, lambda: Doing(run=stepping.move_due, command=moved)
    given = stepping.HandOff(plan=at, step=step, to=dice.choice(plan.members))
    yield 5, lambda: Doing(run=stepping.hand_off, command=given)
    yield 7, lambda: takes_on(plan, dice, now)
    yield 7, lambda: proposes(plan, dice, now)
    yield 3, lambda: Doing(run=stepping.reopen_step, command=command)
    yield 1, lambda: Doing(run=living.finish, command=living.Finish(plan=at, anyway=True))
    yield 1, lambda: Doing(run=living.archive, command=living.PlanCommand(plan=at))
    undone = living.Undo(plan=at, entry=max(1, plan.entries - dice.randrange(3)))
    yield 5, lambda: Doing(run=living.undo, command=undone)
    slot = choosing.ChooseSlot(
        plan=at, weekday=dice.randrange(7), at=time(dice.randrange(24), dice.choice([0, 15, 30]))
    )
    yield 2, lambda: Doing(run=choosing.choose_slot, command=slot)
    remark = adding.AddComment(plan=at, step=step, field="", text="Good")
    yield 2, lambda: Doing(run=adding.add_comment, command=remark)
    if others:
        called = partnering.AddPartners(plan=at, people=(dice.choice(others),))
        yield 2, lambda: Doing(run=partnering.add_partners, command=called)
    if partners := [m for m in plan.members if m != by]:
        yield 2, lambda: Doing(run=partnering.leave, command=at)
        work = outside.LogOutside(
            plan=at, partner=dice.choice(partners), kind="talk", band="0-5", note="Hall"
        )
        yield 5, lambda: Doing(run=outside.log_outside, command=work)


def what_now(
    plan: Plan, by: MemberId, others: tuple[Somebody, ...], dice: Random, now: datetime
) -> Doing:
    """Return what a partner does: most often what waits on them."""
    things = waiting(plan, by, now)
    if things and dice.random() < 0.5:
        return does_next(plan, dice.choice(things[:6]), by, dice, now)
    chances = list(unasked(plan, by, others, dice, now))
    weights = [weight for weight, _ in chances]
    [(_, doing)] = dice.choices(chances, weights)
    return doing()
