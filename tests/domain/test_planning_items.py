"""Comments, decisions, challenges, responsibilities, resources, minutes; outside work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain import errors
from bot.domain.contributions.acts import ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, outside, sessions
from bot.domain.planning.plan import Change, OutsideWork, Plan, PlanState
from tests.support.planning_model import PEOPLE, SMALL, START, STRANGER, a_session, refusal, started

ANA, BEN = PEOPLE[:2]
ONE, TWO = ItemId("i1"), ItemId("i2")
NOTHING = ItemId("none")


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN)).plan


def comment(plan: Plan, by: MemberId, text: str, step: str = "goal", field: str = "") -> Change:
    return items.comment(plan, by=by, item=ONE, step=step, field=field, text=text, at=START)


def decide(plan: Plan, by: MemberId, text: str) -> Change:
    return items.decide(plan, by=by, item=ONE, text=text, at=START)


def challenge(plan: Plan, by: MemberId, text: str, kind: str = "time") -> Change:
    return items.raise_challenge(plan, by=by, item=ONE, kind=kind, text=text, at=START)


def remedy(plan: Plan, by: MemberId, text: str) -> Change:
    return items.try_remedy(plan, by=by, challenge=ONE, remedy=text, duty=TWO, at=START)


def close(plan: Plan, by: MemberId) -> Change:
    return items.close_challenge(plan, by=by, challenge=ONE, at=START)


def duty(plan: Plan, by: MemberId, text: str, owner: MemberId | None = None) -> Change:
    due = date(2026, 10, 1)
    return items.add_responsibility(
        plan, by=by, item=ONE, text=text, owner=owner, due=due, at=START
    )


def done(plan: Plan, by: MemberId, item: ItemId = ONE) -> Change:
    return items.finish_responsibility(plan, by=by, item=item, at=START)


def resource(plan: Plan, by: MemberId, title: str, link: str = "") -> Change:
    return items.add_resource(plan, by=by, item=ONE, title=title, link=link, at=START)


def minutes(plan: Plan, by: MemberId, text: str, length: int = 30) -> Change:
    return items.add_minutes(
        plan, by=by, item=ONE, minutes=length, text=text, session=None, at=START
    )


def worked(
    plan: Plan, by: MemberId, note: str, partner: MemberId = BEN, kind: str = "talk"
) -> Change:
    work = OutsideWork(
        id=ONE, kind=kind, band="0-5", by=by, partner=partner, at=START, note=note, file="f1"
    )
    return outside.log_outside(plan, work=work)


def confirm(plan: Plan, by: MemberId) -> Change:
    return outside.confirm_outside(plan, by=by, item=ONE, at=START)


def test_comments_are_on_a_step_or_a_field(plan: Plan) -> None:
    made = comment(plan, BEN, " Good! ", field="idea")

    assert [(c.step, c.field, c.text, c.by) for c in made.plan.comments] == [
        ("goal", "idea", "Good!", BEN)
    ]
    (act,) = made.acts
    assert (act.kind, act.step, act.field, act.item, act.after) == (
        ActKind.COMMENTED,
        "goal",
        "idea",
        ONE,
        "Good!",
    )
    assert comment(plan, BEN, "Good!").plan.comments[0].field == ""
    assert refusal(lambda: comment(plan, BEN, "x", step="none")).startswith(
        "That step is no longer"
    )
    assert refusal(lambda: comment(plan, BEN, "x", field="none")).startswith("That field is no")


def test_decisions(plan: Plan) -> None:
    made = decide(plan, ANA, "Rivers it is")
    assert [d.text for d in made.plan.decisions] == ["Rivers it is"]
    assert made.acts[0].after == "Rivers it is"


def test_challenges_are_known_ones_or_in_own_words(plan: Plan) -> None:
    known = challenge(plan, ANA, "")
    assert known.acts[0].after == "There is no time"
    assert challenge(plan, ANA, "No room", kind="other").plan.challenges[0].text == "No room"

    said = refusal(lambda: challenge(plan, ANA, " ", kind="other"))
    assert said.startswith("The challenge is empty: write a few words.")
    said = refusal(lambda: challenge(plan, ANA, "x", kind="weather"))
    assert said.startswith("That kind of challenge is no longer part of the plan")


def test_a_remedy_becomes_a_responsibility_of_both(plan: Plan) -> None:
    plan = challenge(plan, ANA, "").plan
    made = remedy(plan, BEN, "Start small")

    assert made.plan.challenges[0].remedies == ("Start small",)
    (taken,) = made.plan.responsibilities
    assert (taken.id, taken.text, taken.owner, taken.challenge) == (TWO, "Start small", None, ONE)
    assert (made.acts[0].kind, made.acts[0].item) == (ActKind.REMEDY_TRIED, ONE)
    assert remedy(made.plan, ANA, " Start small ") == Change(plan=made.plan, acts=())


def test_a_challenge_is_closed_only_after_a_remedy(plan: Plan) -> None:
    plan = challenge(plan, ANA, "").plan
    assert refusal(lambda: close(plan, ANA)) == (
        "A challenge is closed only after at least one remedy was tried. "
        "Pick a remedy or write down what you tried; then close it."
    )
    closed = close(remedy(plan, ANA, "Start small").plan, BEN)
    assert closed.plan.challenges[0].closed_at == START
    assert closed.acts[0].kind is ActKind.CHALLENGE_CLOSED
    assert close(closed.plan, ANA) == Change(plan=closed.plan, acts=())


def test_challenges_that_are_not_there(plan: Plan) -> None:
    gone = "That challenge is no longer part of the plan “Watershed inquiry”."
    assert refusal(lambda: close(plan, ANA)).startswith(gone)
    assert refusal(lambda: remedy(plan, ANA, "Start small")).startswith(gone)


def test_responsibilities_have_an_owner_who_plans_or_none(plan: Plan) -> None:
    made = duty(plan, ANA, "Order books", owner=BEN)
    assert (made.acts[0].member_about, made.acts[0].detail) == (BEN, {"due": "2026-10-01"})
    assert duty(plan, ANA, "Order books").plan.responsibilities[0].owner is None

    said = refusal(lambda: duty(plan, ANA, "Order books", owner=STRANGER))
    assert said.startswith("Choose one of the partners, or “Together”.")

    undated = items.add_responsibility(
        plan, by=ANA, item=ONE, text="Soon", owner=None, due=None, at=START
    )
    assert undated.acts[0].detail == {}


def test_any_partner_may_do_a_responsibility_once(plan: Plan) -> None:
    plan = duty(plan, ANA, "Order books", owner=BEN).plan
    made = done(plan, ANA)
    (finished,) = made.plan.responsibilities
    assert (finished.done_by, finished.done_at, finished.owner) == (ANA, START, BEN)
    assert made.acts[0].after == "Order books"
    assert done(made.plan, BEN) == Change(plan=made.plan, acts=())
    assert refusal(lambda: done(plan, ANA, NOTHING)).startswith("That responsibility is no longer")


def test_resources_may_have_a_link(plan: Plan) -> None:
    made = resource(plan, ANA, "Atlas", "https://e.org/atlas")
    assert made.acts[0].after == "Atlas https://e.org/atlas"
    assert resource(plan, ANA, "Atlas").acts[0].after == "Atlas"
    assert refusal(lambda: resource(plan, ANA, "Atlas", "file:///etc")).startswith(
        "Not a web address"
    )


def test_all_that_is_wrong_with_a_form_is_said_at_once(plan: Plan) -> None:
    with pytest.raises(errors.FieldErrors) as wrong:
        duty(plan, ANA, " ", owner=STRANGER)
    assert set(wrong.value.errors) == {"text", "owner"}
    with pytest.raises(errors.FieldErrors) as wrong:
        resource(plan, ANA, "", "file:///etc")
    assert set(wrong.value.errors) == {"title", "link"}


@pytest.mark.parametrize("length", [0, -1, 601])
def test_minutes_have_a_sensible_length(plan: Plan, length: int) -> None:
    said = refusal(lambda: minutes(plan, ANA, "", length))
    assert said.startswith("Give a number of minutes from 1 to 600.")
    assert minutes(plan, ANA, "", 600).acts[0].detail == {"minutes": "600"}


def test_minutes_may_belong_to_a_session_of_the_plan(plan: Plan) -> None:
    plan = sessions.propose(plan, session=a_session(TWO, ANA, START)).plan

    def of(session: ItemId) -> Change:
        return items.add_minutes(
            plan, by=ANA, item=ONE, minutes=9, text="Much", session=session, at=START
        )

    assert of(TWO).plan.minutes[0].session == TWO
    assert refusal(lambda: of(NOTHING)).startswith("That session is no longer part of the plan")


def test_outside_work_is_logged_with_a_partner_who_confirms_it(plan: Plan) -> None:
    made = worked(plan, ANA, "In the hallway")
    (act,) = made.acts
    assert (act.kind, act.member_about, act.after) == (
        ActKind.OUTSIDE_LOGGED,
        BEN,
        "In the hallway",
    )
    assert act.detail == {"kind": "talk", "band": "0-5", "file": "f1"}

    assert refusal(lambda: confirm(made.plan, ANA)) == (
        "Only the partner named in the entry can confirm it. "
        "If it is wrong, add a note to it in the history."
    )
    confirmed = confirm(made.plan, BEN)
    assert confirmed.plan.outside[0].confirmed_at == START
    assert confirmed.acts[0].member_about == ANA
    assert confirm(confirmed.plan, BEN) == Change(plan=confirmed.plan, acts=())
    assert refusal(lambda: confirm(plan, BEN)).startswith("That entry is no longer part")


@pytest.mark.parametrize("partner", [ANA, STRANGER])
def test_outside_work_needs_another_partner(plan: Plan, partner: MemberId) -> None:
    assert refusal(lambda: worked(plan, ANA, "", partner)) == (
        "Outside work is logged with another partner of the plan. "
        "Choose who was with you, or add them as a partner first."
    )
    assert refusal(lambda: worked(plan, ANA, "", kind="nap")).startswith("That kind of work is no")


Adding = Callable[[Plan, MemberId, str], Change]
WRITTEN: list[Adding] = [comment, decide, duty, resource]
NOTED: list[Adding] = [challenge, minutes, worked]


@pytest.mark.parametrize("add", [*WRITTEN, *NOTED])
def test_only_partners_add_and_only_to_active_plans(plan: Plan, add: Adding) -> None:
    closed = replace(plan, state=PlanState.FINISHED)
    assert refusal(lambda: add(plan, STRANGER, "x")).startswith("There is no such plan here")
    assert "is finished, so nothing was saved." in refusal(lambda: add(closed, ANA, "x"))


@pytest.mark.parametrize("add", [*WRITTEN, *NOTED])
def test_long_texts_are_refused_everywhere(plan: Plan, add: Adding) -> None:
    assert "has 10,000 characters; at most" in refusal(lambda: add(plan, ANA, "x" * 10_000))


@pytest.mark.parametrize("add", WRITTEN)
@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\u200b"])
def test_empty_texts_are_refused_where_words_are_the_point(
    plan: Plan, add: Adding, text: str
) -> None:
    assert "is empty: write a few words." in refusal(lambda: add(plan, ANA, text))


@pytest.mark.parametrize("add", [*WRITTEN, *NOTED])
def test_nothing_unstorable_is_stored(plan: Plan, add: Adding) -> None:
    made = add(plan, ANA, "a\x00b\ud800c")
    assert made.acts[0].after == "abc"
    assert "\x00" not in repr(made.plan)
