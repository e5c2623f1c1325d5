from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.errors import Conflict
from bot.domain.ids import PlanId
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    HERE,
    MINUTE,
    NOON,
    Store,
    a_plan,
    opened,
)
from tests.support.examples import examples
from tests.support.plans import entries_for, plans

P1, P2 = PlanId("p1"), PlanId("p2")


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        with store.unit() as work:
            work.plans.add(a_plan("p1"))
            work.plans.add(a_plan("p2"))
        yield store


def an_entry(number: int, plan: PlanId = P1, step: str = "", field: str = "") -> Entry:
    at = NOON + number * MINUTE
    act = Act(kind=ActKind.ANSWER_SAVED, by=ANA, at=at, step=step, field=field, after=f"{number}")
    return Entry(plan=plan, number=number, act=act)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_entries_come_back_as_they_were(store: Store, data: st.DataObject) -> None:
    number = len(store.run("SELECT id FROM plans"))
    plan = replace(data.draw(plans()), workspace=HERE, id=PlanId(f"q{number}"))
    entries = list(data.draw(entries_for(plan)))
    with store.unit() as work:
        work.plans.add(plan)
        work.log.append(entries)
    with store.look() as work:
        assert work.log.of_plan(plan.id) == entries
        assert [work.log.entry(plan.id, one.number) for one in entries] == entries


def test_a_history_is_of_a_plan_a_step_or_a_field(store: Store) -> None:
    where = [("what", "goal"), ("what", ""), ("how", "goal"), ("what", "goal"), ("", "")]
    entries = [an_entry(n, P1, *one) for n, one in enumerate(where, 1)]
    with store.unit() as work:
        work.log.append(entries)
        work.log.append([an_entry(1, P2, "what", "goal")])

        def numbers(**asked: object) -> list[int]:
            return [one.number for one in work.log.of_plan(P1, **asked)]

        assert numbers() == [1, 2, 3, 4, 5]
        assert numbers(step="what") == [1, 2, 4]
        assert numbers(step="what", field="goal") == [1, 4]
        assert numbers(field="goal") == [1, 3, 4]
        assert numbers(newest=2) == [4, 5]
        assert numbers(step="what", field="goal", newest=1) == [4]
        assert numbers(step="nowhere") == []
        assert work.log.of_plan(PlanId("nowhere")) == []
        assert work.log.entry(P1, 6) is None


def test_since_is_ordered_by_instant_across_plans(store: Store) -> None:
    with store.unit() as work:
        work.log.append([an_entry(1), an_entry(2), an_entry(3)])
        work.log.append([an_entry(1, P2), an_entry(2, P2)])
        found = work.log.since([P2, P1], NOON + 2 * MINUTE)
        assert [(one.plan, one.number) for one in found] == [(P1, 2), (P2, 2), (P1, 3)]
        assert len(work.log.since([P2], NOON)) == 2
        assert work.log.since([], NOON) == []


def test_a_taken_number_is_a_conflict(store: Store) -> None:
    with store.unit() as work:
        work.log.append([an_entry(1), an_entry(2)])
        work.log.append([])
    other = replace(an_entry(2), act=replace(an_entry(2).act, by=BEN))
    with pytest.raises(Conflict), store.unit() as work:
        work.log.append([other])
    with pytest.raises(Conflict), store.unit() as work:
        work.log.append([an_entry(3), other])
    with store.look() as work:
        assert work.log.of_plan(P1) == [an_entry(1), an_entry(2)]


def test_an_entry_of_no_plan_is_refused(store: Store) -> None:
    with pytest.raises(DatabaseError), store.unit() as work:
        work.log.append([an_entry(1, PlanId("nowhere"))])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contributions SET after = 'another'",
        "DELETE FROM contributions",
        "DELETE FROM contributions WHERE number = 1",
        "UPDATE contributions SET number = 7 WHERE plan = 'p1'",
    ],
)
def test_the_log_is_append_only_even_for_a_console(store: Store, statement: str) -> None:
    with store.unit() as work:
        work.log.append([an_entry(1)])
    with pytest.raises(DatabaseError, match="append-only"):
        store.run(statement)
    with store.look() as work:
        assert work.log.of_plan(P1) == [an_entry(1)]
