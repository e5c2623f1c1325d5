"""Sessions: proposing, answering, who is asked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, partners, sessions
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.turns import WaitingKind, waiting
from tests.support.planning_model import ODD, PEOPLE, START, STRANGER, a_session, refusal, started

ANA, BEN, CLEO, DOV = PEOPLE[:4]
ONE = ItemId("i1")


@pytest.fixture
def plan() -> Plan:
    start = started(ODD, (ANA, BEN, CLEO)).plan
    return sessions.propose(start, session=a_session(ONE, ANA, START)).plan


def answer(plan: Plan, by: MemberId, *, accept: bool = True) -> Change:
    return sessions.answer(plan, by=by, item=ONE, accept=accept, at=START)


def asked(plan: Plan) -> set[MemberId]:
    return {
        member
        for member in plan.members
        for thing in waiting(plan, member)
        if thing.kind is WaitingKind.ACCEPT_SESSION
    }


def asked_to_propose(plan: Plan) -> set[MemberId]:
    return {m for m in plan.members for thing in waiting(plan, m) if thing.what == "session"}


def test_whoever_proposes_has_accepted_and_the_others_are_asked(plan: Plan) -> None:
    assert plan.sessions[0].accepted == (ANA,)
    assert asked(plan) == {BEN, CLEO}
    assert asked_to_propose(plan) == set(), "one is on its way"
    assert not sessions.agreed(plan, plan.sessions[0])


def test_a_session_is_agreed_once_all_accept(plan: Plan) -> None:
    made = answer(plan, BEN)
    assert [(a.kind, a.item, a.after) for a in made.acts] == [
        (ActKind.SESSION_ACCEPTED, ONE, "Plan together")
    ]
    assert answer(made.plan, BEN) == Change(plan=made.plan, acts=())
    agreed = answer(made.plan, CLEO).plan
    assert sessions.agreed(agreed, agreed.sessions[0])
    assert asked(agreed) == set()
    assert asked_to_propose(agreed) == {ANA}, "this template needs a second one"


def test_after_a_decline_nobody_else_is_asked_and_another_is_needed(plan: Plan) -> None:
    declined = answer(plan, BEN, accept=False)
    assert declined.acts[0].kind is ActKind.SESSION_DECLINED
    assert asked(declined.plan) == set()
    assert asked_to_propose(declined.plan) == {ANA}

    changed = answer(declined.plan, BEN)
    assert changed.acts[0].detail == {"earlier": "declined"}
    assert (changed.plan.sessions[0].accepted, changed.plan.sessions[0].declined) == (
        (ANA, BEN),
        (),
    )
    assert asked(changed.plan) == {CLEO}


def test_whoever_is_left_alone_has_agreed_with_nobody(plan: Plan) -> None:
    later = START + timedelta(minutes=1)
    for gone in (BEN, CLEO):
        plan = partners.remove_partner(plan, by=ANA, member=gone, at=later).plan
    assert not sessions.agreed(plan, plan.sessions[0])
    assert asked_to_propose(plan) == {ANA}
    own = replace(a_session(ItemId("i2"), ANA, START), at=later)
    alone = sessions.propose(plan, session=own).plan
    assert sessions.agreed(alone, alone.sessions[1]), "planned alone from the start"


def test_who_declined_and_left_stands_in_nobody_s_way(plan: Plan) -> None:
    plan = answer(plan, BEN, accept=False).plan
    plan = partners.remove_partner(plan, by=BEN, member=BEN, at=START).plan
    assert asked(plan) == {CLEO}
    agreed = answer(plan, CLEO).plan
    assert sessions.agreed(agreed, agreed.sessions[0])


def test_late_joiners_are_asked_about_sessions_to_come_only(plan: Plan) -> None:
    def joined(days: int) -> Plan:
        at = START + timedelta(days=days)
        return partners.add_partners(plan, by=ANA, members=[DOV], at=at).plan

    assert asked(joined(1)) == {BEN, CLEO, DOV}
    assert asked(joined(3)) == {BEN, CLEO}


def test_sessions_lie_ahead(plan: Plan) -> None:
    over = "That time is over already. Say “when” for the slots that are left."
    past = a_session(ItemId("i2"), ANA, START, days=-1)
    assert refusal(lambda: sessions.propose(plan, session=past)) == over
    made = a_session(ItemId("i2"), ANA, START)
    backwards = replace(made, end=made.start)
    assert refusal(lambda: sessions.propose(plan, session=backwards)) == over


def test_a_session_says_what_it_is_for(plan: Plan) -> None:
    made = a_session(ItemId("i2"), ANA, START)
    act = sessions.propose(plan, session=made).acts[0]
    assert act.detail == {
        "start": "2026-09-09T08:00:00+00:00",
        "end": "2026-09-09T08:30:00+00:00",
        "medium": "Library",
    }
    said = refusal(lambda: sessions.propose(plan, session=replace(made, purpose=" ")))
    assert said.startswith("The purpose is empty")
    said = refusal(lambda: sessions.propose(plan, session=replace(made, medium="x" * 101)))
    assert said.startswith("The medium has 101 characters; at most 100 fit.")


def test_strangers_closed_plans_and_sessions_that_are_not_there(plan: Plan) -> None:
    assert refusal(lambda: answer(plan, STRANGER)).startswith("There is no such plan here")
    closed = replace(plan, state=PlanState.FINISHED)
    assert "is finished" in refusal(lambda: answer(closed, BEN))
    none = replace(plan, sessions=())
    assert refusal(lambda: answer(none, BEN)).startswith("That session is no longer part")


def test_a_proposal_whose_time_passed_waits_on_nobody_and_is_not_accepted(plan: Plan) -> None:
    later = START + timedelta(days=3)

    def things(now: datetime) -> list[tuple[WaitingKind, str]]:
        return [(w.kind, w.what) for m in plan.members for w in waiting(plan, m, now)]

    assert things(START).count((WaitingKind.ACCEPT_SESSION, "")) == 2
    assert (WaitingKind.ADD_ITEM, "session") not in things(START)
    assert (WaitingKind.ACCEPT_SESSION, "") not in things(later)
    assert things(later).count((WaitingKind.ADD_ITEM, "session")) == 1, "the step still needs one"
    said = refusal(lambda: sessions.answer(plan, by=BEN, item=ONE, accept=True, at=later))
    assert said.startswith("That session's time has passed")
    assert sessions.answer(plan, by=BEN, item=ONE, accept=False, at=later).acts


def test_who_proposed_a_session_that_was_held_is_asked_for_its_minutes(plan: Plan) -> None:
    agreed = answer(answer(plan, BEN).plan, CLEO).plan
    end = agreed.sessions[0].end

    def asked_for_minutes(plan: Plan, now: datetime) -> list[tuple[MemberId, ItemId | None]]:
        things = [(m, w) for m in plan.members for w in waiting(plan, m, now)]
        return [(m, w.item) for m, w in things if w.kind is WaitingKind.ADD_MINUTES]

    assert asked_for_minutes(agreed, end - timedelta(minutes=1)) == []
    assert asked_for_minutes(agreed, end) == [(ANA, ONE)]
    written = items.add_minutes(
        agreed, by=BEN, item=ItemId("m"), minutes=30, text="", session=ONE, at=end
    )
    assert asked_for_minutes(written.plan, end) == []
    assert asked_for_minutes(plan, end) == [], "it was never agreed"
