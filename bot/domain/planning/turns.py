"""Whose turn it is: what waits on each partner, and the one next action of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.memo import once_a_plan, once_a_step
from bot.domain.planning.plan import Plan, PlanState, StepState
from bot.domain.planning.progress import (
    Missing,
    StepStatus,
    all_done,
    filled,
    missing,
    must_sign,
    open_challenges,
    standing,
    unmet,
)
from bot.domain.planning.sessions import agreed, invited, lapsed, unanswered, wants_minutes
from bot.domain.planning.template import By, Field, ItemKind, Step


class WaitingKind(StrEnum):
    """What a partner is asked to do."""

    ANSWER = "answer"
    TAKE_ROLE = "take_role"
    SIGN_OFF = "sign_off"
    CLOSE_STEP = "close_step"
    ADD_ITEM = "add_item"
    CLOSE_CHALLENGE = "close_challenge"
    RESPONSIBILITY = "responsibility"
    ACCEPT_SESSION = "accept_session"
    ADD_MINUTES = "add_minutes"
    """Of a session that was held; its proposer is asked."""
    CONFIRM_OUTSIDE = "confirm_outside"
    MEET = "meet"
    """A session that all have accepted lies ahead: nothing to do before, but to be reminded of."""
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits on a partner.

    ``due`` is a school date; ``at`` is the instant (UTC) by which, for what has no date but follows
    from a session or from when it was logged; both None for what may wait for ever. ``what`` is the
    field's key, the role's name or the kind of item asked for. ``item`` is the responsibility,
    session or outside work. ``owner`` is set for who only stands in: whose it is.
    """

    kind: WaitingKind
    step: str = ""
    what: str = ""
    item: ItemId | None = None
    due: date | None = None
    at: datetime | None = None
    owner: MemberId | None = None

    @property
    def dated(self) -> bool:
        """Tell whether there is a date by which it is wanted."""
        return self.due is not None or self.at is not None

    def date_in(self, zone: str) -> date | None:
        """Return the date by which it is wanted, for somebody who lives in ``zone`` (IANA)."""
        if self.due is not None or self.at is None:
            return self.due
        return self.at.astimezone(ZoneInfo(zone)).date()

    @property
    def thing(self) -> str:
        """Return a key of the thing within its plan: what one reminder and one follow-up count.

        Fields of one step are one thing: nobody is reminded of a step field by field. What one
        click does for several steps (add an item) is one thing, too; and a partner without a role
        is asked once which one is theirs.
        """
        if self.kind is WaitingKind.TAKE_ROLE:
            return str(self.kind)
        if self.kind in _FOR_ALL_STEPS:
            return f"{self.kind}:{self.what}"
        return ":".join((self.kind, self.step, self.item or ""))


_FOR_ALL_STEPS = {WaitingKind.ADD_ITEM, WaitingKind.CLOSE_CHALLENGE}


def step_of(thing: str) -> str:
    """Return the step that a thing (``Waiting.thing``) belongs to; empty where to none."""
    kind, _, rest = thing.partition(":")
    return "" if kind in _FOR_ALL_STEPS else rest.partition(":")[0]


ANSWER_BEFORE = timedelta(days=1)
"""A proposed session is to be answered so long before it begins."""
CONFIRM_WITHIN = timedelta(days=7)
"""Outside work is to be confirmed while it is remembered."""

Asking = tuple[Waiting, tuple[MemberId, ...]]
"""Something that waits, and on whom."""
Placed = tuple[date, Waiting, tuple[MemberId, ...]]
"""The same with what it is sorted by before it, which need not be asked of it again."""


class _Past(NamedTuple):
    """What the clock has made of sessions: ``over`` unagreed, ``held`` without minutes yet."""

    over: frozenset[ItemId] = frozenset()
    held: frozenset[ItemId] = frozenset()


_TIMELESS = _Past()
_ALL = False
"""Not only what has a date."""


def waiting(
    plan: Plan, member: MemberId, now: datetime | None = None, *, dated: bool = False
) -> tuple[Waiting, ...]:
    """Return all that waits on the member in this plan, most urgent first.

    What has a date comes by date, then what has none, each in the template's order. Empty for a
    plan that is not active and for people who are not its partners. With ``now`` (aware) nobody is
    asked about a session whose time has passed, and who held one is asked for its minutes.
    ``dated``: only what has a date, for which few steps have to be looked at.
    """
    return _everybodys(plan, _past(plan, now), dated).get(member, ())


def as_before(after: Plan, before: Plan, now: datetime) -> bool:
    """Tell whether nobody waits for anything else, or for anything at another time, than before.

    That is so after most acts: one of many fields has another text.
    """
    still = after.partners is before.partners and after.sessions is before.sessions
    return still and _everybodys(after, _past(after, now), _ALL) == _everybodys(
        before, _past(before, now), _ALL
    )


def _past(plan: Plan, now: datetime | None) -> _Past:
    if now is None or not plan.sessions:
        return _TIMELESS
    return _Past(
        over=frozenset(s.id for s in plan.sessions if lapsed(plan, s, now)),
        held=frozenset(s.id for s in plan.sessions if wants_minutes(plan, s, now)),
    )


@once_a_plan
def _everybodys(
    plan: Plan,
    past: _Past,
    dated: bool,  # noqa: FBT001 - a part of what is kept
) -> Mapping[MemberId, tuple[Waiting, ...]]:
    """Return what waits on each partner: in one pass, for everybody's is asked for at each act."""
    if plan.state is not PlanState.ACTIVE:
        return {}
    things: dict[MemberId, list[Waiting]] = {member: [] for member in plan.members}
    on_its_way = _session_on_its_way(plan, past)
    in_steps = (_in_step(plan, step, on_its_way) for step in _looked_at(plan, dated=dated))
    askings = chain(*in_steps, _placed(_among_items(plan, past)))
    for _, thing, whom in sorted(askings, key=itemgetter(0)):
        if dated and not thing.dated:
            continue
        for member in whom:
            if member in things:
                things[member].append(thing)
    finish = [Waiting(kind=WaitingKind.FINISH)] if not dated and all_done(plan) else []
    return {member: tuple(own or finish) for member, own in things.items()}


def _looked_at(plan: Plan, *, dated: bool) -> Iterable[Step]:
    """Return the steps, in order, in which something may wait: with a date, or any."""
    if not dated:
        return plan.template.steps
    wanted = {state.key for state in plan.steps if state.due is not None}
    return [step for step in plan.template.steps if step.key in wanted] if wanted else ()


def _placed(askings: Iterable[Asking]) -> tuple[Placed, ...]:
    return tuple((urgency(thing), thing, whom) for thing, whom in askings)


def urgency(thing: Waiting) -> date:
    """Return what things are sorted by: their dates, then what has none."""
    return thing.due or thing.date_in("UTC") or date.max


def next_action(plan: Plan, member: MemberId, now: datetime | None = None) -> Waiting | None:
    """Return the one next action of the member in this plan, or None when nothing waits."""
    things = waiting(plan, member, now)
    return things[0] if things else None


def holders(plan: Plan, role: str) -> tuple[MemberId, ...]:
    """Return the active partners who hold the role."""
    return tuple(p.member for p in plan.active_partners if p.role == role)


def asked(plan: Plan, state: StepState, field: Field) -> tuple[MemberId, ...]:
    """Return who is asked for a field that one answer serves.

    The step's turn; for a role its holder (the one whose turn it is, if several hold it).
    """
    if field.by is not By.ROLE:
        return _in_charge(plan, state.turn)
    holding = holders(plan, field.role)
    return (state.turn,) if state.turn in holding else holding[:1]


@once_a_step
def _in_step(plan: Plan, step: Step, session_on_its_way: bool) -> tuple[Placed, ...]:  # noqa: FBT001 - a fact, and part of a key
    state = plan.step(step.key)
    stands = standing(plan, step)
    if state is None or stands is StepStatus.DONE:
        return ()
    if stands is StepStatus.SIGN_OFF:
        thing = Waiting(kind=WaitingKind.SIGN_OFF, step=step.key, due=state.due)
        return _placed([(thing, must_sign(plan, step, state))])
    return _placed(_in_open_step(plan, step, state, session_on_its_way=session_on_its_way))


def _in_open_step(
    plan: Plan, step: Step, state: StepState, *, session_on_its_way: bool
) -> Iterator[Asking]:
    one: Waiting | None = None
    for lack in missing(plan, step):
        kind, what, whom = _lacking(plan, state, lack)
        if one is None or one.kind is not kind or one.what != what:
            one = Waiting(kind=kind, step=step.key, what=what, due=state.due)
        yield one, whom  # the same for all partners who are asked for it
    in_charge = _in_charge(plan, state.turn)
    for need in unmet(plan, step):
        if need.kind is not ItemKind.SESSION or not session_on_its_way:
            kind = WaitingKind.ADD_ITEM
            yield Waiting(kind=kind, step=step.key, what=need.kind, due=state.due), in_charge
    if step.closes_challenges and open_challenges(plan):
        yield Waiting(kind=WaitingKind.CLOSE_CHALLENGE, step=step.key, due=state.due), in_charge
    if filled(plan, step):
        thing = Waiting(kind=WaitingKind.CLOSE_STEP, step=step.key, due=state.due)
        yield thing, _in_charge(plan, state.reopened_by)


def _lacking(
    plan: Plan, state: StepState, lack: Missing
) -> tuple[WaitingKind, str, tuple[MemberId, ...]]:
    """Return what is to be done about a missing answer, and who is asked for it."""
    field = lack.field
    if lack.respondent is not None:
        return WaitingKind.ANSWER, field.key, (lack.respondent,)
    if field.by is By.ROLE and not holders(plan, field.role):
        return WaitingKind.TAKE_ROLE, field.role, holders(plan, "") or plan.members
    return WaitingKind.ANSWER, field.key, asked(plan, state, field)


def _in_charge(plan: Plan, member: MemberId | None) -> tuple[MemberId, ...]:
    """Return the one named; everybody where nobody is, or somebody who is no partner (imports)."""
    return (member,) if member in plan.members else plan.members


def _session_on_its_way(plan: Plan, past: _Past) -> bool:
    """Tell whether a proposed session that still lies ahead waits for the others only."""
    return any(unanswered(plan, s) for s in plan.sessions if s.id not in past.over)


def _among_items(plan: Plan, past: _Past) -> Iterator[Asking]:
    for duty in plan.responsibilities:
        if duty.done_at is None:
            thing = Waiting(kind=WaitingKind.RESPONSIBILITY, item=duty.id, due=duty.due)
            yield thing, _in_charge(plan, duty.owner)
    for session in plan.sessions:
        if session.id in past.held:
            kind = WaitingKind.ADD_MINUTES
            yield Waiting(kind=kind, item=session.id, at=session.end), (session.by,)
        elif session.id not in past.over and (lacking := unanswered(plan, session)):
            by = max(session.at, session.start - ANSWER_BEFORE)
            yield Waiting(kind=WaitingKind.ACCEPT_SESSION, item=session.id, at=by), lacking
    for work in plan.outside:
        if work.confirmed_at is None:
            by = work.at + CONFIRM_WITHIN
            yield Waiting(kind=WaitingKind.CONFIRM_OUTSIDE, item=work.id, at=by), (work.partner,)


def meetings(plan: Plan, member: MemberId, now: datetime) -> tuple[Waiting, ...]:
    """Return the agreed sessions of the plan that the member will be at, those after ``now``."""
    if plan.state is not PlanState.ACTIVE or not plan.sessions:
        return ()
    return tuple(
        Waiting(kind=WaitingKind.MEET, item=session.id, at=session.start)
        for session in plan.sessions
        if session.start > now and member in invited(plan, session) and agreed(plan, session)
    )


def next_turn(plan: Plan, member: MemberId, now: datetime) -> datetime | None:
    """Return when the clock alone next makes something wait on the member: a session is over."""
    if plan.state is not PlanState.ACTIVE or not plan.sessions:
        return None
    ends = (s.end for s in plan.sessions if s.by == member and s.end > now and agreed(plan, s))
    return min(ends, default=None)
