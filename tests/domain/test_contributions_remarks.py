"""Credit, notes and disputes: beside the entry, never instead of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.contributions import remarks
from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change, Plan, PlanState
from tests.support.planning_model import PEOPLE, SMALL, START, STRANGER, refusal, started

ANA, BEN = PEOPLE[:2]


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN)).plan


@pytest.fixture
def entry(plan: Plan) -> Entry:
    return Entry(plan=plan.id, number=1, act=started(SMALL, (ANA, BEN)).acts[0])


def credit(plan: Plan, entry: Entry, to: MemberId) -> Change:
    return remarks.credit(plan, entry, by=ANA, to=to, at=START)


Remark = Callable[[Plan, Entry, MemberId, str], Change]
WRITTEN: list[Remark] = [
    lambda p, e, by, text: remarks.annotate(p, e, by=by, text=text, at=START),
    lambda p, e, by, text: remarks.dispute(p, e, by=by, text=text, at=START),
]


@pytest.mark.parametrize(
    ("remark", "kind"), [(WRITTEN[0], ActKind.ANNOTATED), (WRITTEN[1], ActKind.DISPUTED)]
)
def test_notes_and_disputes_stand_beside_the_entry(
    plan: Plan, entry: Entry, remark: Remark, kind: ActKind
) -> None:
    made = remark(plan, entry, BEN, " It was me \x00")
    assert made.plan is plan
    assert [(a.kind, a.by, a.entry, a.after) for a in made.acts] == [(kind, BEN, 1, "It was me")]

    closed = replace(plan, state=PlanState.ARCHIVED)
    assert remark(closed, entry, BEN, "Still").plan is closed
    assert "is empty: write a few words." in refusal(lambda: remark(plan, entry, BEN, " "))
    assert "at most 1,000 fit" in refusal(lambda: remark(plan, entry, BEN, "x" * 10_000))
    said = refusal(lambda: remark(plan, entry, STRANGER, "x"))
    assert said.startswith("There is no such plan here")


def test_the_author_credits_another_partner(plan: Plan, entry: Entry) -> None:
    made = credit(plan, entry, BEN)
    assert made.plan is plan
    assert [(a.kind, a.entry, a.member_about) for a in made.acts] == [(ActKind.CREDITED, 1, BEN)]


def test_nobody_credits_for_others_or_outsiders_or_themselves(plan: Plan, entry: Entry) -> None:
    assert refusal(lambda: remarks.credit(plan, entry, by=BEN, to=ANA, at=START)) == (
        "Only the author of an entry can credit somebody else for it. "
        "You can add a note to it, or dispute it."
    )
    for to in (ANA, STRANGER):
        assert refusal(credit, plan, entry, to) == (
            "Credit goes to another partner of the plan. Choose one of them."
        )
    said = refusal(lambda: remarks.credit(plan, entry, by=STRANGER, to=ANA, at=START))
    assert said.startswith("There is no such plan here")
