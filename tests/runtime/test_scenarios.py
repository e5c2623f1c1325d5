"""The whole path from the clock to the messenger: the scenarios of reminders and digests."""

import asyncio
import random  # noqa: TID251 - seeded
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import PlanId
from bot.domain.members import Identity, Member, Nudges, Where
from bot.domain.planning.partnership import DigestSlot
from bot.runtime.ports import NotDelivered
from bot.runtime.ticking import tick
from bot.ui.cards import Bullets
from bot.ui.spans import Mention, plain
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import digest_setup
from tests.runtime.failing import Failing
from tests.runtime.house import House, opened
from tests.runtime.waiting import until
from tests.support.fake_clock import FakeClock
from tests.support.fake_messenger import Sent
from tests.support.teaching_team import (
    BEN,
    ROSA,
    THREAD,
    ZONE,
    at,
    member,
    partnership,
    plan,
)


async def settle_at(house: House, *instants: datetime) -> list[Sent]:
    """Settle at each of the instants, and return everything shown so far."""
    service = house.service()
    for instant in instants:
        house.clock.set(instant)
        await service.settle()
    return house.messenger.shown


def every_quarter(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += timedelta(minutes=15)


async def test_scenario_3_exactly_one_direct_message_in_period_5(house: House) -> None:
    house.store.start(plan())
    shown = await settle_at(house, *every_quarter(at(4, 6), at(4, 23)))
    assert [s.how for s in shown] == ["direct"]
    (to_rosa,) = house.messenger.to("rosa")
    assert "Wed period 5 is free" in to_rosa.card.summary
    assert "Watershed inquiry · Assessment" in to_rosa.card.summary


async def test_scenario_3_none_if_she_filled_it_at_ten_past_seven(house: House) -> None:
    unit = house.store.start(plan())
    await settle_at(house, at(4, 7))
    house.clock.set(at(4, 7, 10))
    house.store.answer(unit)
    assert await settle_at(house, *every_quarter(at(4, 7, 15), at(5, 15))) == []


async def test_one_message_one_follow_up_then_silence(house: House) -> None:
    house.store.start(plan({"assessment": date(2026, 11, 4), "goals": date(2026, 11, 4)}))
    await settle_at(house, *every_quarter(at(2, 6), at(20, 20)))
    assert len(house.messenger.to("rosa")) == 2
    assert all("Goals" in s.card.summary for s in house.messenger.shown)


async def test_a_reminder_whose_reason_has_gone_is_cancelled_when_it_is_sent(house: House) -> None:
    unit = house.store.start(plan())
    house.clock.set(at(4, 11, 20))
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    service = house.service()
    await service.settle()
    house.store.answer(unit)
    house.clock.move(minutes=1)
    await service.settle()
    assert house.messenger.shown == []
    assert [state for state, _ in house.states().values()] == ["cancelled"]


async def test_a_retry_says_what_the_first_try_would_have_said(house: House) -> None:
    house.store.start(plan({"assessment": date(2026, 11, 4), "goals": date(2026, 11, 4)}))
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    shown = await settle_at(house, at(4, 11, 20), at(4, 11, 21))
    assert [s.how for s in shown] == ["direct"]
    assert "Goals" in shown[0].card.summary


async def test_a_delivery_that_comes_too_late_waits_for_the_next_free_period(house: House) -> None:
    house.store.start(plan())
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    shown = await settle_at(house, at(4, 11, 20), at(4, 13))
    assert shown == []
    await settle_at(house, *every_quarter(at(5, 6), at(5, 20)))
    assert [s.how for s in shown] == ["direct"], "with the follow-up it would be two"


async def test_what_was_held_up_is_said_in_the_message_that_comes_then(house: House) -> None:
    light = member(ROSA, nudges=Nudges.LIGHT)  # without a follow-up that would say it again
    house.put(lambda w: w.members.save(light))
    house.store.start(plan({"assessment": date(2026, 11, 4), "goals": date(2026, 11, 5)}))
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    assert await settle_at(house, at(4, 11, 20), at(4, 13)) == []
    shown = await settle_at(house, *every_quarter(at(5, 6), at(6, 20)))
    assert [s.how for s in shown] == ["direct"]
    assert "Assessment" in shown[0].card.summary
    assert "Goals" in shown[0].card.summary


async def test_who_has_not_clicked_is_called_in_the_thread(house: House) -> None:
    house.put(lambda w: w.members.save(member(ROSA, reachable=False)))
    house.store.start(plan())
    house.store.start(
        plan({"secret": date(2026, 11, 4)}, id=PlanId("zz"), title="Other"), card=False
    )
    (posted,) = await settle_at(house, at(4, 11, 20))
    assert (posted.how, posted.to) == ("post", THREAD)
    spans = posted.card.blocks[0].spans  # type: ignore[union-attr]
    assert spans[0] == Mention(ROSA, "Rosa", ping=True)
    assert "Secret" not in posted.card.summary
    assert "Other" not in posted.card.summary


async def test_who_is_away_when_it_is_sent_hears_nothing(house: House) -> None:
    house.store.start(plan())
    house.clock.set(at(4, 11, 20))
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    await house.service().settle()
    house.store.away(ROSA, date(2026, 11, 4), date(2026, 11, 5))
    assert await settle_at(house, *every_quarter(at(4, 11, 30), at(5, 20))) == []


async def test_after_an_outage_one_message_marked_late(house: House) -> None:
    def unstructured(work: Work) -> None:
        work.members.save(member(BEN))

    house.put(unstructured)
    house.store.start(plan({f"s{n}": date(2026, 11, 3 + n) for n in range(3)}, turn=BEN))
    (late,) = await settle_at(house, at(5, 14))
    assert "comes late" in late.card.summary
    assert late.card.title == "3 things due"


async def test_clock_jumps_forth_and_back(house: House) -> None:
    house.store.start(plan())
    jumps = (at(4, 11, 30), at(2, 6), at(4, 11, 31), at(4, 11, 20), at(2, 6))
    assert len(await settle_at(house, *jumps)) == 1
    assert len(await settle_at(house, at(30, 12), at(30, 11, 30), at(2, 6))) == 2


async def test_ticks_at_any_instants_give_each_occurrence_once(house: House) -> None:
    house.store.start(plan({f"s{n}": date(2026, 11, 3 + n) for n in range(4)}))
    house.put(lambda w: digest_setup(w, partnership()))
    dice = random.Random(7)
    services = [house.service() for _ in range(3)]
    now = at(2, 6)
    while now < at(16, 6):
        now += timedelta(minutes=dice.choice([1, 4, 9, 14]))
        house.clock.set(now + timedelta(seconds=dice.uniform(-90, 90)))
        await asyncio.gather(*(s.settle() for s in dice.sample(services, dice.randint(1, 3))))
    keys = [s.key for s in house.messenger.shown]
    assert len(keys) == len(set(keys))
    assert sum(key.startswith("digest:") for key in keys) == 2 * 3
    told = [line for s in house.messenger.to("rosa") for line in _things(s)]
    assert {line: told.count(line) for line in told} == {f"S{n}": 2 for n in range(4)}


def _things(sent: Sent) -> list[str]:
    return [name for name in ("S0", "S1", "S2", "S3") if f"· {name}" in sent.card.summary]


async def test_restart_between_claim_and_send(tmp_path: Path) -> None:
    clock = FakeClock(at(2, 6))
    async with opened(tmp_path, clock) as before:
        before.store.start(plan())
        clock.set(at(4, 11, 20))
        stopped = before.service()
        await stopped.stop()
        await stopped.settle()
        assert await tick(before.door, clock) == 1
        assert before.messenger.shown == []
    async with opened(tmp_path, clock, fresh=False) as after:
        clock.move(minutes=2)
        service = after.service()
        await service.start()
        await until(lambda: bool(after.messenger.shown))
        await service.stop()
        assert [s.how for s in after.messenger.shown] == ["direct"]


# Digests ----------------------------------------------------------------------------------------


async def digests(house: House, *members: Member) -> list[tuple[str, object]]:
    """Settle over a Monday on which the digest comes, with these members as they are."""
    for one in members:
        house.put(lambda w, one=one: w.members.save(one))  # type: ignore[misc]
    house.store.start(plan({"assessment": None}))
    house.put(lambda w: digest_setup(w, partnership()))
    shown = await settle_at(house, *every_quarter(at(2, 7), at(2, 20)))
    assert all("Nothing new since last week." in s.card.summary for s in shown)
    return sorted((s.how, getattr(s.to, "user", s.to)) for s in shown)


async def test_each_gets_their_own_digest_once(house: House) -> None:
    found = await digests(house)
    assert found == [("direct", "ben"), ("direct", "maya"), ("direct", "rosa")]
    (rosas,) = house.messenger.to("rosa")
    first = rosas.card.blocks[0]
    assert isinstance(first, Bullets)
    assert plain(first.items[0]).startswith("For you: "), "one's own part first"


async def test_who_cannot_be_written_to_reads_it_in_the_thread(house: House) -> None:
    found = await digests(house, member(ROSA, reachable=False))
    assert found == [("direct", "ben"), ("direct", "maya"), ("post", THREAD)]


async def test_who_would_rather_reads_it_in_the_thread(house: House) -> None:
    rather = replace(member(ROSA).preferences, where=Where.THREAD)
    found = await digests(house, replace(member(ROSA), preferences=rather))
    assert found == [("direct", "ben"), ("direct", "maya"), ("post", THREAD)]


async def test_who_wants_no_reminders_gets_no_digest(house: House) -> None:
    found = await digests(house, member(ROSA, nudges=Nudges.OFF))
    assert found == [("direct", "ben"), ("direct", "maya")]


async def test_a_week_without_news_may_be_silent(house: House) -> None:
    silent = replace(partnership(), digest=replace(partnership().digest, silent=True))
    house.put(lambda w: w.partnerships.save(silent))
    assert await digests(house) == []


async def test_after_an_outage_the_digest_comes_once_late_and_when_one_is_free(
    house: House,
) -> None:
    house.store.start(plan({"assessment": None}))
    house.put(lambda w: digest_setup(w, partnership()))
    shown = await settle_at(house, at(2, 22), *every_quarter(at(2, 22, 15), at(6, 20)))
    assert {s.to.user for s in shown if isinstance(s.to, Identity)} == {"maya", "ben", "rosa"}
    assert len(shown) == 3
    assert all("This was planned for" in s.card.summary for s in shown)
    assert not [s for s in await settle_at(house, at(2, 22)) if s not in shown]


async def test_a_digest_on_its_way_is_not_late_because_somebody_chooses_an_earlier_slot(
    house: House,
) -> None:
    slot = DigestSlot(weekday=0, at=time(21), zone=ZONE, chosen=True)
    house.store.start(plan({"assessment": None}))
    house.put(lambda w: w.partnerships.save(partnership(slot)))
    house.put(lambda w: digest_setup(w, partnership(slot)))
    house.messenger.before = Failing(NotDelivered("busy"), 3)
    assert await settle_at(house, at(2, 21)) == []
    earlier = partnership(replace(slot, weekday=1, at=time(7)))
    house.put(lambda w: w.partnerships.save(earlier), lambda w: digest_setup(w, earlier))
    shown = await settle_at(house, at(2, 21, 1))
    assert {s.to.user for s in shown if isinstance(s.to, Identity)} == {"maya", "ben", "rosa"}
    assert not [s for s in shown if "comes late" in s.card.summary]


@pytest.mark.parametrize(
    ("zone", "first", "hours"),
    [
        ("Europe/London", datetime(2027, 3, 20, tzinfo=UTC), [18, 17, 17]),
        ("Europe/London", datetime(2026, 10, 17, tzinfo=UTC), [17, 18, 18]),
        ("America/New_York", datetime(2027, 3, 6, tzinfo=UTC), [23, 22, 22]),
        ("America/New_York", datetime(2026, 10, 24, tzinfo=UTC), [22, 23, 23]),
    ],
)
async def test_clock_changes_both_ways(
    house: House, zone: str, first: datetime, hours: list[int]
) -> None:
    slot = DigestSlot(weekday=6, at=time(18), zone=zone)
    house.put(lambda w: w.partnerships.save(partnership(slot)))
    house.store.start(replace(plan({"s": None}), started_at=first))
    house.clock.set(first)
    house.put(lambda w: digest_setup(w, partnership(slot)))
    service, seen = house.service(), []
    while house.clock.now() < first + timedelta(days=21):
        house.clock.move(minutes=30)
        before = len(house.messenger.to("ben"))
        await service.settle()
        seen += [house.clock.now().hour] * (len(house.messenger.to("ben")) - before)
    assert seen == hours
