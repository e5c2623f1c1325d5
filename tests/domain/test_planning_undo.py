"""Undoing: what the act found comes back, unless something later stands on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, lifecycle, outside, partners, sessions, steps
from bot.domain.planning.answers import Stale
from bot.domain.planning.plan import AnswerKey, Change, OutsideWork, PlanState
from bot.domain.planning.undo import undo, undoable
from tests.support.planning_model import (
    ODD,
    PEOPLE,
    SMALL,
    START,
    STRANGER,
    World,
    a_session,
    refusal,
    started,
)

ANA, BEN, CLEO = PEOPLE[:3]
ONE, TWO = ItemId("i1"), ItemId("i2")
CHANGED = (
    "Something has changed since, so this cannot be undone as it was. "
    "Open the plan's card and change what stands there now."
)


@pytest.fixture
def world() -> World:
    return World(started(SMALL, (ANA, BEN)))


def did(world: World, act: Callable[..., Change], **how: object) -> int:
    """Do something at a later instant and return the number of its entry."""
    at = world.tick()
    made = world.do(lambda plan: act(plan, **how, at=at))
    assert made is not None
    assert made.acts
    return world.plan.entries


def refused(world: World, number: int, by: MemberId = ANA) -> str:
    return refusal(lambda: undo(world.plan, world.entries[number - 1], by=by, at=world.now))


def wrote(world: World, by: MemberId, text: str, step: str = "goal", field: str = "idea") -> int:
    assert world.save(by, step, field, text, world.revision(by, step, field)) is None
    return world.plan.entries


def test_the_log_says_what_was_undone_and_by_whom(world: World) -> None:
    number = did(world, lifecycle.rename, by=ANA, title="Rivers")
    change = world.undo(number, BEN)

    assert change is not None
    (act,) = change.acts
    assert (act.kind, act.by, act.entry) == (ActKind.UNDONE, BEN, number)
    assert (act.before, act.after, act.detail) == (
        "Rivers",
        "Watershed inquiry",
        {"kind": "plan_renamed"},
    )
    assert refused(world, number) == CHANGED


def test_some_acts_cannot_be_undone_at_all(world: World) -> None:
    cannot = "This entry cannot be undone. You can add a note to it, or dispute it."
    world.undo(did(world, lifecycle.rename, by=ANA, title="Rivers"), ANA)
    assert refused(world, world.plan.entries) == cannot, "an undo is not undone"
    assert not undoable(ActKind.UNDONE)
    assert undoable(ActKind.REMEDY_TRIED)


def test_undoing_the_start_puts_the_plan_away(world: World) -> None:
    assert world.undo(1, BEN) is not None
    assert world.plan.state is PlanState.ARCHIVED
    assert "is archived, so nothing was saved" in refused(world, 1)


def test_strangers_undo_nothing_and_closed_plans_stay_as_they_are(world: World) -> None:
    number = did(world, lifecycle.rename, by=ANA, title="Rivers")
    assert refused(world, number, STRANGER).startswith("There is no such plan here")
    finished = did(world, lifecycle.finish, by=ANA)
    assert "is finished, so nothing was saved" in refused(world, number)

    archived = did(world, lifecycle.archive, by=ANA)
    assert refused(world, finished) == CHANGED
    assert refused(world, archived, STRANGER).startswith("There is no such plan here")
    states = []
    for number in (archived, finished):
        assert world.undo(number, BEN) is not None
        states.append(world.plan.state)
    assert states == [PlanState.FINISHED, PlanState.ACTIVE]


def test_a_reopened_plan_closes_again(world: World) -> None:
    did(world, lifecycle.archive, by=ANA)
    assert world.undo(did(world, lifecycle.reopen, by=BEN), ANA) is not None
    assert world.plan.state is PlanState.ARCHIVED


def test_an_answer_s_earlier_text_comes_back_as_a_new_revision_of_whom_undid_it(
    world: World,
) -> None:
    wrote(world, ANA, "Mine", field="part")
    wrote(world, ANA, "First")
    number = wrote(world, BEN, "Second")
    did(world, steps.sign_off, by=ANA, step="goal")
    assert world.undo(number, ANA) is not None

    answer = world.plan.answers[AnswerKey(step="goal", field="idea")]
    assert (answer.text, answer.revision, answer.by) == ("First", 6, ANA)
    state = world.plan.steps[0]
    assert (state.last_by, state.signed) == (ANA, ()), "Ben has to agree to what Ana brought back"


def test_a_first_answer_is_gone_and_a_replaced_one_stays(world: World) -> None:
    first = wrote(world, ANA, "First")
    second = wrote(world, BEN, "Second")
    assert refused(world, first) == CHANGED
    assert world.undo(second, BEN) is not None
    assert world.undo(first, BEN) is not None
    assert not world.plan.answers
    assert refused(world, second) == CHANGED


def test_what_each_answers_stays_theirs(world: World) -> None:
    wrote(world, BEN, "Labs", "know", "strength")
    assert world.undo(wrote(world, BEN, "Maps", "know", "strength"), ANA) is not None
    answer = world.plan.answers[AnswerKey(step="know", field="strength", respondent=BEN)]
    assert (answer.text, answer.by) == ("Labs", BEN)


def test_a_text_kept_aside_is_no_act_to_undo(world: World) -> None:
    wrote(world, ANA, "Ana's")
    assert isinstance(world.save(BEN, "goal", "idea", "Ben's", 0), Stale)
    assert refused(world, world.plan.entries).startswith("This entry cannot be undone.")


def test_an_added_partner_goes_and_turns_they_got_pass_on(world: World) -> None:
    number = did(world, partners.add_partners, by=ANA, members=[CLEO])
    did(world, steps.hand_off, by=ANA, step="goal", to=CLEO)
    assert world.undo(number, BEN) is not None
    assert world.plan.members == (ANA, BEN)
    assert [s.turn for s in world.plan.steps] == [ANA, BEN, ANA, BEN]


def test_adding_is_not_undone_once_they_left_and_came_back(world: World) -> None:
    number = did(world, partners.add_partners, by=ANA, members=[CLEO])
    did(world, partners.remove_partner, by=CLEO, member=CLEO)
    assert refused(world, number) == CHANGED
    did(world, partners.add_partners, by=ANA, members=[CLEO])
    assert refused(world, number) == CHANGED


def test_adding_the_only_one_left_is_not_undone(world: World) -> None:
    number = did(world, partners.add_partners, by=ANA, members=[CLEO])
    for member in (ANA, BEN):
        did(world, partners.remove_partner, by=member, member=member)
    assert refused(world, number, CLEO) == CHANGED


def test_who_was_let_go_does_not_come_back_by_an_older_leave(world: World) -> None:
    left = did(world, partners.remove_partner, by=BEN, member=BEN)
    did(world, partners.add_partners, by=ANA, members=[BEN])
    assert refused(world, left) == CHANGED, "back already"
    removed = did(world, partners.remove_partner, by=ANA, member=BEN)

    assert refused(world, left, BEN) == CHANGED
    assert refused(world, removed, BEN).startswith("There is no such plan here")
    assert world.undo(removed, ANA) is not None
    assert world.plan.members == (ANA, BEN)


def test_a_duty_of_who_left_is_everybody_s_when_its_doing_is_undone(world: World) -> None:
    did(world, items.add_responsibility, by=ANA, item=ONE, text="x", owner=BEN, due=None)
    number = did(world, items.finish_responsibility, by=BEN, item=ONE)
    did(world, partners.remove_partner, by=BEN, member=BEN)
    assert world.undo(number, ANA) is not None
    assert world.plan.responsibilities[0].owner is None


def test_an_old_doing_is_not_undone_in_place_of_a_newer_one(world: World) -> None:
    did(world, items.add_responsibility, by=ANA, item=ONE, text="x", owner=None, due=None)
    first = did(world, items.finish_responsibility, by=BEN, item=ONE)
    world.undo(first, ANA)
    did(world, items.finish_responsibility, by=ANA, item=ONE)
    assert refused(world, first) == CHANGED


def test_roles_and_dates(world: World) -> None:
    role = did(world, partners.take_role, by=BEN, role="librarian")
    due = did(world, steps.move_due, by=ANA, step="goal", due=None)
    assert world.undo(role, ANA) is not None
    assert world.undo(due, ANA) is not None
    assert world.plan.steps[0].due is not None

    moved = did(world, steps.move_due, by=ANA, step="keep", due=START.date())
    assert world.undo(moved, ANA) is not None
    assert world.plan.steps[3].due is None
    role = did(world, partners.take_role, by=BEN, role="librarian")
    did(world, partners.remove_partner, by=BEN, member=BEN)
    assert refused(world, role) == CHANGED


def test_a_hand_off_goes_back_while_the_former_holder_is_there(world: World) -> None:
    number = did(world, steps.hand_off, by=ANA, step="goal", to=BEN)
    assert world.undo(number, BEN) is not None
    assert world.plan.steps[0].turn == ANA

    number = did(world, steps.hand_off, by=ANA, step="goal", to=BEN)
    did(world, partners.remove_partner, by=ANA, member=ANA)
    assert refused(world, number, BEN) == CHANGED


def test_a_hand_off_of_nobody_s_step_goes_back_to_nobody(world: World) -> None:
    free = replace(world.plan.steps[0], turn=None)
    world.plan = replace(world.plan, steps=(free, *world.plan.steps[1:]))
    assert world.undo(did(world, steps.hand_off, by=ANA, step="goal", to=BEN), ANA) is not None
    assert world.plan.steps[0].turn is None


@pytest.fixture
def agreed(world: World) -> World:
    """Return a plan whose first step is filled in by Ana and signed off by Ben."""
    wrote(world, ANA, "Rivers")
    wrote(world, ANA, "Ana maps, Ben labs", field="part")
    did(world, steps.sign_off, by=BEN, step="goal")
    return world


def test_signing_off(agreed: World) -> None:
    signed = agreed.plan.entries
    assert agreed.undo(signed, BEN) is not None
    assert agreed.plan.steps[0].signed == ()


def test_reopening_gives_signatures_back_word_for_word_only(agreed: World) -> None:
    before = agreed.plan.steps[0]
    assert agreed.undo(did(agreed, steps.reopen_step, by=ANA, step="goal"), BEN) is not None
    assert agreed.plan.steps[0] == before

    # One text goes, another is revised: as many revisions, but not what Ben signed.
    number = did(agreed, steps.reopen_step, by=ANA, step="goal")
    agreed.undo(2, ANA)
    wrote(agreed, ANA, "Ben does it all", field="part")
    assert agreed.undo(number, ANA) is not None
    assert agreed.plan.steps[0].signed == ()


def test_reopening_is_undone_only_while_it_is_the_one_that_stands(agreed: World) -> None:
    first = did(agreed, steps.reopen_step, by=ANA, step="goal")
    closed = did(agreed, steps.close_step, by=ANA, step="goal")
    assert refused(agreed, first) == CHANGED
    did(agreed, steps.reopen_step, by=BEN, step="goal")
    assert refused(agreed, first) == CHANGED
    assert refused(agreed, closed) == CHANGED


def test_closing_is_undone_while_who_reopened_is_there(agreed: World) -> None:
    did(agreed, steps.reopen_step, by=ANA, step="goal")
    number = did(agreed, steps.close_step, by=BEN, step="goal")
    assert agreed.undo(number, BEN) is not None
    assert agreed.plan.steps[0].reopened_by == ANA

    number = did(agreed, steps.close_step, by=BEN, step="goal")
    did(agreed, partners.remove_partner, by=ANA, member=ANA)
    assert refused(agreed, number, BEN) == CHANGED


def with_challenge(world: World) -> int:
    return did(world, items.raise_challenge, by=ANA, item=ONE, kind="time", text="")


def with_remedy(world: World) -> int:
    return did(world, items.try_remedy, by=ANA, challenge=ONE, remedy="Start small", duty=TWO)


def test_remedies_and_challenges_go_in_the_order_they_came(world: World) -> None:
    raised, tried = with_challenge(world), with_remedy(world)
    assert refused(world, raised) == CHANGED
    closed = did(world, items.close_challenge, by=BEN, challenge=ONE)
    assert refused(world, tried) == CHANGED
    assert world.undo(closed, ANA) is not None
    assert world.undo(tried, ANA) is not None
    assert not world.plan.responsibilities
    assert world.undo(raised, ANA) is not None
    assert not world.plan.challenges
    assert refused(world, tried) == CHANGED


def test_a_remedy_that_was_carried_out_stays(world: World) -> None:
    with_challenge(world)
    tried = with_remedy(world)
    did(world, items.finish_responsibility, by=BEN, item=TWO)
    assert refused(world, tried) == CHANGED


ADDED: list[tuple[Callable[..., Change], dict[str, object]]] = [
    (items.comment, {"by": ANA, "item": ONE, "step": "goal", "field": "", "text": "x"}),
    (items.decide, {"by": ANA, "item": ONE, "text": "x"}),
    (items.add_resource, {"by": ANA, "item": ONE, "title": "x", "link": ""}),
    (items.add_minutes, {"by": ANA, "item": ONE, "minutes": 9, "text": "", "session": None}),
    (items.add_responsibility, {"by": ANA, "item": ONE, "text": "x", "owner": BEN, "due": None}),
]


@pytest.mark.parametrize(("add", "how"), ADDED)
def test_what_was_added_is_gone(
    world: World, add: Callable[..., Change], how: dict[str, object]
) -> None:
    before = world.plan
    assert world.undo(did(world, add, **how), BEN) is not None
    assert world.plan == replace(before, entries=before.entries + 2, revision=before.revision + 2)


def test_a_done_duty_is_not_taken_away(world: World) -> None:
    add, how = ADDED[-1]
    number = did(world, add, **how)
    did(world, items.finish_responsibility, by=BEN, item=ONE)
    assert refused(world, number) == CHANGED


def propose(world: World) -> int:
    made = a_session(ONE, ANA, world.tick())
    world.do(lambda plan: sessions.propose(plan, session=made))
    return world.plan.entries


def test_a_proposal_is_taken_back_until_somebody_answered_it(world: World) -> None:
    assert world.undo(propose(world), ANA) is not None
    assert not world.plan.sessions

    number = propose(world)
    did(world, sessions.answer, by=BEN, item=ONE, accept=True)
    assert refused(world, number) == CHANGED


def test_a_session_with_minutes_stays(world: World) -> None:
    number = propose(world)
    did(world, items.add_minutes, by=BEN, item=TWO, minutes=9, text="", session=ONE)
    assert refused(world, number) == CHANGED


def test_an_answer_to_a_session_gives_way_to_the_one_before() -> None:
    world = World(started(ODD, (ANA, BEN)))
    propose(world)
    accepted = did(world, sessions.answer, by=BEN, item=ONE, accept=True)
    declined = did(world, sessions.answer, by=BEN, item=ONE, accept=False)
    assert refused(world, accepted) == CHANGED
    coming = []
    for number in (declined, accepted):
        assert world.undo(number, ANA) is not None
        coming.append(world.plan.sessions[0].accepted)
    assert coming == [(ANA, BEN), (ANA,)]
    assert refused(replaced(world, sessions=()), accepted) == CHANGED


def replaced(world: World, **parts: object) -> World:
    world.plan = replace(world.plan, **parts)  # type: ignore[arg-type]
    return world


def test_confirming_outside_work_and_then_logging_it(world: World) -> None:
    work = OutsideWork(id=ONE, kind="talk", band="0-5", by=ANA, partner=BEN, at=world.tick())
    world.do(lambda plan: outside.log_outside(plan, work=work))
    logged = world.plan.entries
    confirmed = did(world, outside.confirm_outside, by=BEN, item=ONE)
    assert refused(world, logged) == CHANGED
    assert world.undo(confirmed, BEN) is not None
    assert world.undo(logged, ANA) is not None
    assert not world.plan.outside


def test_leaving_is_undone_by_who_left_or_who_stayed(world: World) -> None:
    for who in (BEN, ANA):
        before = world.plan
        number = did(world, partners.remove_partner, by=BEN, member=BEN)
        assert world.undo(number, who) is not None
        assert world.plan.partners == before.partners
        assert world.plan.steps == before.steps


def test_time_alone_does_not_hinder_undoing(world: World) -> None:
    number = did(world, lifecycle.rename, by=ANA, title="Rivers")
    world.now += timedelta(days=400)
    assert world.undo(number, BEN) is not None
