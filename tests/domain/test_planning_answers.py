"""Filling in fields: who may, which text stands, what happens when two save at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.planning import partners, steps
from bot.domain.planning.answers import Stale, joined
from bot.domain.planning.plan import AnswerKey, Change, Plan, PlanState
from tests.support.planning_model import (
    PEOPLE,
    SMALL,
    START,
    STRANGER,
    put,
    refusal,
    saved,
    started,
)

ANA, BEN, CLEO = PEOPLE[:3]
IDEA = AnswerKey(step="goal", field="idea")


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN)).plan


def test_a_text_stands_and_is_logged_whole(plan: Plan) -> None:
    made = saved(plan, BEN, "goal", "idea", "  A unit on rivers\r\n ")

    assert isinstance(made, Change)
    answer = made.plan.answers[IDEA]
    assert (answer.text, answer.revision, answer.by) == ("A unit on rivers", 1, BEN)
    (act,) = made.acts
    assert (act.kind, act.by, act.step, act.field) == (ActKind.ANSWER_SAVED, BEN, "goal", "idea")
    assert (act.before, act.after, act.detail) == ("", "A unit on rivers", {})


def test_a_change_is_logged_with_both_texts(plan: Plan) -> None:
    made = saved(put(plan, ANA, "goal", "idea", "First"), BEN, "goal", "idea", "Second", 1)

    assert isinstance(made, Change)
    assert (made.acts[0].before, made.acts[0].after) == ("First", "Second")
    assert made.plan.answers[IDEA].revision == 2


def test_the_same_text_again_changes_nothing_even_from_an_old_form(plan: Plan) -> None:
    plan = put(put(plan, ANA, "goal", "idea", "First"), ANA, "goal", "idea", "Second")

    assert saved(plan, BEN, "goal", "idea", " Second ", 1) == Change(plan=plan, acts=())


def test_when_two_save_at_once_the_second_sees_the_first_and_both_are_kept(plan: Plan) -> None:
    plan = put(plan, ANA, "goal", "idea", "Ana's")
    late = saved(plan, BEN, "goal", "idea", "Ben's", 0)

    assert isinstance(late, Stale)
    assert (late.theirs.text, late.theirs.by, late.mine) == ("Ana's", ANA, "Ben's")
    assert late.change.plan == plan
    (aside,) = late.change.acts
    assert (aside.kind, aside.before, aside.after) == (ActKind.ANSWER_ASIDE, "Ana's", "Ben's")

    both = saved(plan, BEN, "goal", "idea", joined(late.theirs.text, late.mine), 1)
    assert isinstance(both, Change)
    assert both.plan.answers[IDEA].text == "Ana's\n\nBen's"


def test_a_form_of_a_text_that_was_undone_since_is_taken(plan: Plan) -> None:
    made = saved(plan, BEN, "goal", "idea", "Ben's", 4)

    assert isinstance(made, Change)
    assert made.plan.answers[IDEA].text == "Ben's"


def test_a_change_voids_what_others_signed(plan: Plan) -> None:
    plan = put(put(plan, ANA, "goal", "idea"), ANA, "goal", "part")
    signed = steps.sign_off(plan, by=BEN, step="goal", at=START).plan
    changed = put(signed, BEN, "goal", "idea", "Other")

    state = changed.step("goal")
    assert state is not None
    assert (state.signed, state.last_by) == ((), BEN)


def test_a_late_answer_counts_and_is_marked(plan: Plan) -> None:
    due = steps.move_due(plan, by=ANA, step="goal", due=START.date(), at=START).plan
    on_the_day = saved(due, ANA, "goal", "idea", "In time", at=START)
    after = saved(due, ANA, "goal", "idea", "Late", at=START + timedelta(days=1))

    assert isinstance(on_the_day, Change)
    assert on_the_day.acts[0].detail == {}
    assert isinstance(after, Change)
    assert after.acts[0].detail == {"late": "2026-09-07"}
    assert after.plan.answers[IDEA].text == "Late"


def test_each_partner_answers_for_themselves(plan: Plan) -> None:
    plan = put(put(plan, ANA, "know", "strength", "Maps"), BEN, "know", "strength", "Labs")

    texts = {key.respondent: a.text for key, a in plan.answers.items()}
    assert texts == {ANA: "Maps", BEN: "Labs"}


def test_a_role_answers_its_own_field(plan: Plan) -> None:
    said = refusal(lambda: saved(plan, ANA, "judge", "books", "Fine"))
    assert said == (
        "“Right books?” is answered by the librarian. "
        "If that is you, take the role of librarian on the plan's card first."
    )

    plan = partners.take_role(plan, by=ANA, role="librarian", at=START).plan
    assert put(plan, ANA, "judge", "books", "Fine").answers


@pytest.mark.parametrize("text", ["", " \n ", "\x00\ud800", "\u200b"])
def test_empty_texts_are_refused(plan: Plan, text: str) -> None:
    said = refusal(lambda: saved(plan, ANA, "goal", "idea", text))
    assert said.startswith("What shall we plan? is empty: write a few words. Nothing was saved.")


def test_long_texts_are_refused(plan: Plan) -> None:
    said = refusal(lambda: saved(plan, ANA, "goal", "idea", "x" * 10_000))
    assert said.startswith("What shall we plan? has 10,000 characters; at most 3,000 fit.")
    said = refusal(lambda: saved(plan, ANA, "goal", "short", "one two three four"))
    assert said.startswith("4 words; at most 3 fit. Shorten it.")


@pytest.mark.parametrize(
    ("step", "field", "thing"), [("none", "idea", "step"), ("goal", "none", "field")]
)
def test_what_the_plan_does_not_have_cannot_be_answered(
    plan: Plan, step: str, field: str, thing: str
) -> None:
    said = refusal(lambda: saved(plan, ANA, step, field, "Text"))
    assert said.startswith(f"That {thing} is no longer part of the plan “Watershed inquiry”.")


def test_only_partners_write_and_only_into_active_plans(plan: Plan) -> None:
    said = refusal(lambda: saved(plan, STRANGER, "goal", "idea", "Text"))
    assert said.startswith("There is no such plan here, or you are not one of its partners.")

    for state in (PlanState.FINISHED, PlanState.ARCHIVED):
        closed = replace(plan, state=state)
        said = refusal(saved, closed, ANA, "goal", "idea", "Text")
        assert said == (
            f"“Watershed inquiry” is {state.value}, so nothing was saved. "
            "Any partner can reopen it with the button on its card; then save again."
        )


def test_a_title_in_braces_is_a_title_in_braces(plan: Plan) -> None:
    odd = replace(plan, title="{0} %s {x}")
    said = refusal(lambda: saved(odd, ANA, "none", "idea", "Text"))
    assert "the plan “{0} %s {x}”." in said


def test_dates_without_a_due_date_are_never_late(plan: Plan) -> None:
    free = steps.move_due(plan, by=ANA, step="goal", due=None, at=START).plan
    made = saved(free, ANA, "goal", "idea", "Text", at=START + timedelta(days=999))
    assert isinstance(made, Change)
    assert made.acts[0].detail == {}
