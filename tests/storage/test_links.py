"""One member on several platforms, one plan in several places: across workspaces, too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import Conflict
from bot.domain.ids import EVERYWHERE, MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import MessageRef
from bot.domain.planning.plan import PlanState
from bot.usecases.linking import LinkCode
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    HERE,
    NOON,
    THREAD,
    Store,
    a_member,
    a_plan,
    opened,
)

THERE = WorkspaceId("discord:G1")
ANA_THERE = Identity(platform="discord", user="D-ana")
OTHER = replace(THREAD, platform="discord", channel="D1", thread="D2")


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def plan(store: Store) -> PlanId:
    with store.unit() as work:
        for one in (ANA, BEN):
            work.members.save(a_member(one, HERE))
        made = a_plan()
        work.plans.add(made)
        work.plans.link(made.id, OTHER)
        work.members.join(ANA, ANA_THERE)
    return made.id


def test_a_member_is_found_by_either_identity(store: Store, plan: PlanId) -> None:
    with store.unit() as work:
        found = work.members.by_identity(ANA_THERE)
        assert found is not None
        assert found.id == ANA
        assert work.members.users("discord", [ANA, BEN, MemberId("nobody")]) == {ANA: "D-ana"}
        assert set(work.members.users("slack", [ANA, BEN])) == {ANA, BEN}
        with pytest.raises(Conflict):
            work.members.join(BEN, ANA_THERE)
        with pytest.raises(Conflict):
            work.members.join(BEN, found.identity)
    assert plan


def test_a_plan_stands_in_two_places(store: Store, plan: PlanId) -> None:
    card = MessageRef(place=OTHER, message="M1")
    with store.unit() as work:
        assert work.plans.card(plan, "discord") is None, "not opened yet"
        assert work.plans.place_on(plan, "discord") == OTHER
        work.plans.set_card(plan, card, "discord")
    with store.unit() as work:
        assert work.plans.card(plan, "discord") == card
        assert work.plans.card(plan) is None
        assert work.plans.at(OTHER) == plan
        work.plans.unlink(plan, "discord")
        assert work.plans.at(OTHER) is None


def test_what_is_asked_of_all_workspaces(store: Store, plan: PlanId) -> None:
    with store.unit(THERE) as work:
        work.members.save(replace(a_member(BEN, THERE), identity=ANA_THERE))
        work.drafts.put(BEN, "some.kind", b"kept")
    with store.look(EVERYWHERE) as work:
        everywhere = work.everywhere
        assert everywhere.homes(ANA_THERE) == sorted([HERE, THERE])
        assert everywhere.homes(Identity(platform="discord", user="nobody")) == []
        assert everywhere.around(OTHER) == HERE
        assert everywhere.around(replace(OTHER, thread="")) is None
        assert everywhere.around(replace(OTHER, thread="D3")) is None
        assert everywhere.threads("discord", 10) == [(HERE, OTHER)]
        assert everywhere.threads("slack", 10) == []
        assert everywhere.links("discord") == [(HERE, plan, OTHER)]
        assert everywhere.users("discord", [ANA, BEN]) == {ANA: "D-ana", BEN: "D-ana"}
        assert everywhere.drafts("some.kind", 10) == [b"kept"]
    with store.unit() as work:
        found = work.plans.get(plan)
        assert found is not None
        work.plans.save(replace(found, state=PlanState.ARCHIVED))
    with store.look(EVERYWHERE) as work:
        assert work.everywhere.threads("discord", 10) == []


def test_a_code_is_kept_for_a_while(store: Store, plan: PlanId) -> None:
    code = LinkCode(hash="h1", member=ANA, plan=plan, until=NOON)
    with store.unit() as work:
        work.codes.put(code, NOON)
        work.codes.put(replace(code, hash="h2", member=BEN), NOON)
        work.codes.put(replace(code, hash="h3"), NOON)
    with store.look(EVERYWHERE) as work:
        assert work.everywhere.of_code("h1") is None, "one member has one code"
        assert work.everywhere.of_code("h2") == HERE
    with store.unit() as work:
        assert work.codes.get("h3") == replace(code, hash="h3")
        work.codes.put(replace(code, hash="h4", member=MemberId("x")), NOON + timedelta(hours=1))
        assert work.codes.get("h3") is None, "what has ended is forgotten"
        work.codes.drop("h4")
        assert work.codes.get("h4") is None
