from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.plan import Partner, Plan, PlanState
from storage.mapping.plans import LAYOUT
from storage.repositories.recent import PLANS, TEMPLATES, Recent
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    CEM,
    CHANNEL,
    HERE,
    MINUTE,
    NOON,
    THREAD,
    Store,
    a_plan,
    a_template,
    opened,
)
from tests.support.examples import examples
from tests.support.plans import plans


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


P1 = PlanId("p1")


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(first=plans(), then=plans())
def test_what_is_added_and_saved_is_loaded(store: Store, first: Plan, then: Plan) -> None:
    number = len(store.run("SELECT id FROM plans"))
    first = replace(first, workspace=HERE, id=PlanId(f"p{number}"))
    then = replace(then, workspace=HERE, id=first.id, revision=first.revision)
    with store.unit() as work:
        work.plans.add(first)
        assert work.plans.get(first.id) == first
    with store.look() as work:
        assert work.plans.get(first.id) == first
    with store.unit() as work:
        saved = work.plans.save(then)
        assert saved == replace(then, revision=first.revision + 1)
    with store.look() as work:
        assert work.plans.get(first.id) == saved
        everybody = {one.member for one in saved.partners}
        shown = {one for one in everybody if saved in work.plans.of_member(one)}
        ever = {one for one in everybody if saved in work.plans.of_member(one, archived=True)}
    assert ever == set(saved.members)
    assert shown == (set() if saved.state is PlanState.ARCHIVED else set(saved.members))


def test_a_stale_save_is_a_conflict_and_changes_nothing(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
    with store.unit() as work:
        stale = work.plans.get(P1)
        assert stale is not None
    with store.unit() as work:
        saved = work.plans.save(replace(stale, title="First"))
        assert saved.revision == 1
    with pytest.raises(Conflict), store.unit() as work:
        work.plans.save(replace(stale, title="Second", partners=()))
    with pytest.raises(Conflict), store.unit() as work:
        work.plans.save(a_plan("nowhere"))
    with store.look() as work:
        assert work.plans.get(P1) == saved
        assert work.plans.of_member(BEN) == [saved]


def test_two_saves_in_one_unit_follow_each_other(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
        once = work.plans.save(replace(a_plan(), title="Once"))
        twice = work.plans.save(replace(once, title="Twice"))
        with pytest.raises(Conflict):
            work.plans.save(replace(once, title="Thrice"))
        assert work.plans.get(P1) == twice
    assert twice.revision == 2


def test_what_was_rolled_back_is_not_remembered(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
    with store.writer.connect() as connection:  # closing it rolls back
        work = store.make(connection, HERE)
        work.plans.save(replace(a_plan(), title="Never", template=a_template("never")))
    with store.unit() as work:
        assert work.plans.get(P1) == a_plan()
        saved = work.plans.save(replace(a_plan(), title="Then"))
    with store.unit() as work:
        assert work.plans.get(P1) == saved


def test_a_change_from_outside_is_seen_at_once(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
        assert work.plans.get(P1) == a_plan()
    store.run("UPDATE plans SET title = 'Glaciers'")
    with store.unit() as work:
        assert work.plans.get(P1) == replace(a_plan(), title="Glaciers")


def test_a_plan_is_decoded_once(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
        first = work.plans.get(P1)
    with store.unit() as work:
        assert work.plans.get(P1) is first
        saved = work.plans.save(replace(a_plan(), title="Anew"))
    with store.unit() as work:
        assert work.plans.get(P1) is saved
        assert work.plans.of_member(ANA)[0] is saved


def test_plans_share_one_decoded_snapshot(store: Store) -> None:
    with store.unit() as work:
        for number in range(3):
            work.plans.add(replace(a_plan(f"p{number}"), template=a_template()))
        work.plans.add(replace(a_plan("p3"), template=a_template("other")))
    with store.look() as work:
        loaded = work.plans.of_member(ANA)
        assert loaded[0].template is loaded[1].template is loaded[2].template
        assert [one.template.key for one in loaded] == ["short", "short", "short", "other"]
    assert store.run("SELECT count(*) FROM plan_templates") == [(2,)]


def test_partners_are_written_only_when_they_change(store: Store) -> None:
    written: list[str] = []

    @sa.event.listens_for(store.writer, "before_cursor_execute")
    def remember(*args: object) -> None:
        written.append(str(args[2]))

    with store.unit() as work:
        work.plans.add(a_plan())
        plan = work.plans.save(replace(a_plan(), title="Same partners"))
        asked = [text for text in written if "plan_partners" in text]
        assert len(asked) == 1
        joined = Partner(member=CEM, joined_at=NOON)
        left = replace(plan.partners[0], left_at=NOON)
        work.plans.save(replace(plan, partners=(left, plan.partners[1], joined)))
    with store.look() as work:
        assert work.plans.of_member(ANA) == []
        assert len(work.plans.of_member(CEM)) == 1


def test_a_save_counts_what_was_logged(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(replace(a_plan(), entries=1))
        saved = work.plans.save(replace(a_plan(), entries=1), logged=2)
        assert saved.entries == 3
        assert work.plans.save(saved).entries == 3
    with store.look() as work:
        assert [plan.entries for plan in work.plans.of_member(ANA)] == [3]


def test_a_plan_that_moves_or_gets_another_snapshot_is_stored_so(store: Store) -> None:
    home, there = PartnershipId("s1"), PartnershipId("s2")
    with store.unit() as work:
        work.plans.add(a_plan())
        plan = work.plans.save(replace(a_plan(), title="At home"))
        plan = work.plans.save(replace(plan, partnership=there))
        plan = work.plans.save(replace(plan, template=a_template("other")))
        work.plans.save(replace(plan, title="There"))
    with store.look() as work:
        assert work.plans.of_partnership(home) == []
        (found,) = work.plans.of_partnership(there)
        assert (found.title, found.template) == ("There", a_template("other"))
    with store.unit() as work:  # as another unit loaded it
        work.plans.save(replace(found, partnership=home, template=a_template()))
    with store.look() as work:
        (found,) = work.plans.of_partnership(home)
        assert found.template == a_template()


def test_a_save_of_what_another_unit_loaded_writes_the_partners(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
    with store.unit() as work:
        work.plans.save(replace(a_plan(), partners=(Partner(member=CEM, joined_at=NOON),)))
    with store.look() as work:
        assert len(work.plans.of_member(CEM)) == 1
        assert work.plans.of_member(ANA) == []


def test_plans_come_oldest_first(store: Store) -> None:
    states = [PlanState.FINISHED, PlanState.ARCHIVED, PlanState.ACTIVE]
    with store.unit() as work:
        for number, state in enumerate(states):
            older = NOON - timedelta(days=number)
            work.plans.add(replace(a_plan(f"p{number}"), state=state, started_at=older))
        work.plans.add(replace(a_plan("p9"), partnership=PartnershipId("s2")))
    with store.look() as work:
        assert [one.id for one in work.plans.of_member(ANA)] == ["p2", "p0", "p9"]
        shared = work.plans.of_partnership(PartnershipId("s1"))
        assert [one.id for one in shared] == ["p2", "p1", "p0"]
        assert work.plans.of_member(MemberId("nobody")) == []


def test_a_thread_finds_its_plan(store: Store) -> None:
    card = MessageRef(place=THREAD, message="1700.1")
    moved = MessageRef(place=replace(THREAD, thread="1800.2"), message="1800.3")
    with store.unit() as work:
        work.plans.add(a_plan())
        work.plans.add(a_plan("p2"))
        assert work.plans.card(P1) is None
        work.plans.set_card(P1, card)
        assert work.plans.card(P1) == card
        assert work.plans.at(THREAD) == P1
        assert work.plans.at(replace(THREAD, platform="discord")) is None
        work.plans.set_card(P1, moved)
        assert work.plans.card(P1) == moved
        assert work.plans.at(THREAD) is None
        work.plans.set_card(PlanId("p2"), moved)
        assert work.plans.at(moved.place) == "p2"


def test_what_is_answered_to_the_card_of_a_plan_of_ones_own_is_about_that_plan(
    store: Store,
) -> None:
    direct = Place(platform="slack", kind=PlaceKind.DIRECT, channel="D1")
    with store.unit() as work:
        work.plans.add(a_plan())
        work.plans.set_card(P1, MessageRef(place=direct, message="1700.1"))
        assert work.plans.at(replace(direct, thread="1700.1")) == P1
        assert work.plans.at(replace(direct, thread="1700.2")) is None
        assert work.plans.at(direct) is None


def test_a_channel_is_no_plans_thread(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
        work.plans.set_card(P1, MessageRef(place=CHANNEL, message="1"))
        card = work.plans.card(P1)
        assert card is not None
        assert card.place.kind is PlaceKind.CHANNEL
        assert work.plans.at(CHANNEL) is None


def test_a_plan_of_an_unknown_layout_is_not_guessed_at(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
    store.run(f"UPDATE plans SET layout = {LAYOUT + 1}")  # noqa: S608 - a constant
    with pytest.raises(ValueError, match="layout"), store.look() as work:
        work.plans.get(P1)


def test_postgresql_locks_the_row_of_a_plan_that_is_written(tmp_path: Path) -> None:
    with opened("postgres", tmp_path) as store:
        with store.unit() as work:
            work.plans.add(a_plan())
        with store.unit() as work, store.writer.begin() as other:
            work.plans.get(P1)
            query = sa.text("SELECT id FROM plans FOR UPDATE SKIP LOCKED")
            assert other.execute(query).all() == []


@given(keys=st.lists(st.integers(0, 9), max_size=40))
def test_recent_holds_the_last_ones(keys: list[int]) -> None:
    recent: Recent[int, str] = Recent(3)
    used: list[int] = []
    for key in keys:
        if recent.get(key) is None:
            recent.hold(key, str(key))
        used = [*(one for one in used if one != key), key]
    assert {key for key in range(10) if recent.get(key) is not None} == set(used[-3:])
    assert PLANS >= 100
    assert TEMPLATES >= 100


def test_a_minute_is_kept_to_the_microsecond(store: Store) -> None:
    exact = NOON + MINUTE / 7
    with store.unit() as work:
        work.plans.add(replace(a_plan(), started_at=exact))
    with store.look() as work:
        found = work.plans.get(P1)
        assert found is not None
        assert found.started_at == exact
