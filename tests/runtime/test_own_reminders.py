"""The partners' own reminders through the scheduler and the courier: late, stopped, moved, once.

Counted in the playground's messages, where people read them.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.faults import FaultKind
from bot.domain.ids import PlanId
from bot.domain.places import Place
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import ReminderKind
from bot.runtime.ticking import tick
from bot.runtime.zone_rules import follow_zone_rules
from bot.usecases.ports import Work
from bot.usecases.reminders.claiming import claim
from tests.runtime.failing import FailingDoor
from tests.support.clicking import AtOnce, Hand, failed, summary
from tests.support.post_office import PostOffice, post_office

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
SAID = "Reminder: post your notes"
OUTAGE = "Fell into an outage, so it is late"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with post_office(tmp_path) as made:
        yield made


async def sets_up(office: PostOffice, words: str) -> tuple[Hand, PlanId]:
    ana, ben = await office.person("Ana"), await office.person("Ben")
    plan = await ana.starts("Rivers", ben)
    assert not failed(await ana.says(f"remind {words}: post your notes"))
    await office.settles(MINUTE)
    return ana, plan


def own(office: PostOffice, plan: PlanId) -> list[RecurringReminder]:
    home = office.bot.plan(plan).partnership
    return office.bot.read(lambda work: work.recurring.of_partnership(home))


def due(office: PostOffice, reminder: RecurringReminder) -> datetime:
    row = office.bot.read(lambda work: work.reminders.of(ReminderKind.RECURRING, reminder.id))
    assert row is not None
    assert row.due_at is not None
    return row.due_at


async def sleeps_until(office: PostOffice, at: datetime) -> None:
    """Let nothing run until then: an outage."""
    office.bot.clock.set(at)
    await office.service.settle()


async def test_one_whose_claim_fails_for_a_while_comes_late(office: PostOffice) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    at = due(office, own(office, plan)[0])
    office.bot.clock.set(at)
    await tick(FailingDoor(office.bot.door, RuntimeError("a bug"), times=2), office.bot.clock)
    assert office.copies("recurring:") == []
    await office.goes_to(at + HOUR)
    (copy,) = office.copies("recurring:")
    assert "comes late" in copy
    await office.goes_to(at + WEEK)
    assert len(office.copies("recurring:")) == 2


@pytest.mark.parametrize(
    ("late", "shown", "marked"),
    [
        (timedelta(0), 1, False),
        (2 * MINUTE, 1, False),
        (2 * MINUTE + timedelta(seconds=1), 1, True),
        (HOUR, 1, True),
        (HOUR + timedelta(seconds=1), 0, False),
    ],
)
async def test_what_becomes_of_a_late_one(
    office: PostOffice, late: timedelta, shown: int, marked: bool
) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)
    await sleeps_until(office, at + late)
    copies = office.copies("recurring:")
    assert len(copies) == shown
    assert sum("comes late" in body for body in copies) == marked
    assert due(office, reminder) == at + WEEK


async def test_after_an_outage_comes_one_and_the_digest_tells_of_the_rest(
    office: PostOffice,
) -> None:
    ana, plan = await sets_up(office, "daily 18:00")
    [reminder] = own(office, plan)
    first = due(office, reminder)
    await sleeps_until(office, first + 5 * DAY + 30 * MINUTE)
    [copy] = office.copies("recurring:")
    assert "comes late" in copy
    assert due(office, reminder) == first + 6 * DAY
    states = {key: state for key, (state, _) in office.notices("recurring:").items()}
    assert sorted(states.values()) == ["cancelled"] * 5 + ["sent"]

    told = summary(await ana.says("digest"))
    assert OUTAGE in told
    assert "“post your notes”" in told
    await sleeps_until(office, first + 6 * DAY)
    assert len(office.copies("recurring:")) == 2
    office.bot.clock.set(first + 5 * DAY + 8 * DAY)
    assert OUTAGE not in summary(await ana.says("digest")), "told in one week's digest only"


async def test_a_digest_due_in_the_same_outage_tells_of_it(office: PostOffice) -> None:
    ana, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)
    assert not failed(await ana.submits(f"digest.save|{plan}", weekday="6", at="18:30"))
    await sleeps_until(office, at + 3 * HOUR)
    assert office.copies("recurring:") == []
    await office.settles(3 * DAY)  # those who are not free at that hour get theirs later
    digests = office.copies("digest:")
    assert digests
    assert all(OUTAGE in body for body in digests)


async def test_a_channel_that_takes_nothing_for_an_hour(office: PostOffice) -> None:
    ana, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    await office.goes_wrong(FaultKind.LIMITED, seconds=7200, left=None)
    await office.goes_to(due(office, reminder))
    await office.settles(3 * HOUR)
    await office.goes_well()
    await office.settles(3 * HOUR)
    assert office.copies("recurring:") == []
    assert OUTAGE in summary(await ana.says("digest"))


async def test_stopped_or_closed_between_claim_and_send(office: PostOffice) -> None:
    ana, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)

    def claims() -> None:
        for _, one in office.bot.read(lambda work: work.everywhere.due(at, 99)):
            office.bot.write(lambda work, one=one: claim(work, one))  # type: ignore[misc]

    office.bot.clock.set(at)
    claims()
    reply = await ana.clicks(f"remind.stop|{plan}|{reminder.id}")
    await office.service.settle()
    assert office.copies("recurring:") == []
    await ana.presses(reply, "Undo")

    office.bot.clock.set(at := due(office, reminder))
    claims()
    assert not failed(await ana.clicks(f"plan.archive|{plan}"))
    await office.service.settle()
    assert office.copies("recurring:") == []
    assert OUTAGE not in "".join(office.copies())


async def test_a_text_changed_between_claim_and_send_is_the_one_that_comes(
    office: PostOffice,
) -> None:
    ana, plan = await sets_up(office, "every second Friday 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)
    office.bot.clock.set(at)
    for _, one in office.bot.read(lambda work: work.everywhere.due(at, 99)):
        office.bot.write(lambda work, one=one: claim(work, one))  # type: ignore[misc]
    words = (await ana.clicks(f"remind.open|{plan}|{reminder.id}")).form.inputs[0].initial  # type: ignore[union-attr]
    change = f"remind.change|{plan}|{reminder.id}|1"
    assert not failed(await ana.submits(change, when=words, text="Bring the rubric"))
    await office.service.settle()
    [copy] = office.copies("recurring:")
    assert "Bring the rubric" in copy
    assert due(office, reminder) == at + 2 * WEEK


async def test_another_time_between_claim_and_send_comes_at_that_time(office: PostOffice) -> None:
    ana, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)
    office.bot.clock.set(at)
    for _, one in office.bot.read(lambda work: work.everywhere.due(at, 99)):
        office.bot.write(lambda work, one=one: claim(work, one))  # type: ignore[misc]
    change = f"remind.change|{plan}|{reminder.id}|1"
    await ana.submits(change, when="Sundays 20:00", text="post your notes")
    await office.service.settle()
    assert office.copies("recurring:") == []
    await office.goes_to(at + 2 * HOUR)
    assert len(office.copies("recurring:")) == 1


async def changes(office: PostOffice, plan: PlanId, when: str, text: str = "Bring boots") -> None:
    """Change the reminder before anything runs again; then all that is due is done."""
    ana, [reminder] = office.hands["Ana"], own(office, plan)
    change = f"remind.change|{plan}|{reminder.id}|{reminder.revision}"
    assert not failed(await ana.submits(change, when=when, text=text))
    await office.service.settle()


@pytest.mark.parametrize("undone", [False, True])
async def test_words_changed_before_the_claim_are_those_that_come_late(
    office: PostOffice, undone: bool
) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    at = due(office, own(office, plan)[0])
    office.bot.clock.set(at + 20 * MINUTE)
    if undone:
        ana, [reminder] = office.hands["Ana"], own(office, plan)
        change = f"remind.change|{plan}|{reminder.id}|1"
        changed = await ana.submits(change, when="Sundays 18:00", text="Bring boots")
        assert not failed(await ana.presses(changed, "Undo"))
        await office.service.settle()
    else:
        await changes(office, plan, "Sundays 18:00")
    [copy] = office.copies("recurring:")
    assert ("post your notes" if undone else "Bring boots") in copy
    assert "comes late" in copy
    assert due(office, own(office, plan)[0]) == at + WEEK


async def test_what_is_much_too_late_when_it_is_changed_is_left_to_the_digest(
    office: PostOffice,
) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    at = due(office, own(office, plan)[0])
    office.bot.clock.set(at + 2 * HOUR)
    await changes(office, plan, "Sundays 18:00")
    assert office.copies("recurring:") == []
    await office.goes_to(at + 20 * HOUR)
    assert any(OUTAGE in body for body in office.copies("digest:"))


@pytest.mark.parametrize(
    ("when", "coming", "following"),
    [
        ("Sundays 18:10", 20 * MINUTE, WEEK + 10 * MINUTE),  # by the new time it is late, too
        ("Sundays 19:00", HOUR, WEEK + HOUR),  # it is still to come today
        ("Mondays 18:00", DAY, WEEK + DAY),  # it has been moved to tomorrow
    ],
)
async def test_a_time_changed_before_the_claim_is_when_it_comes(
    office: PostOffice, when: str, coming: timedelta, following: timedelta
) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    at = due(office, own(office, plan)[0])
    office.bot.clock.set(at + 20 * MINUTE)
    await changes(office, plan, when)
    await office.goes_to(at + coming - MINUTE)
    assert len(office.copies("recurring:")) == (coming == 20 * MINUTE)
    await office.goes_to(at + coming)
    assert len(office.copies("recurring:")) == 1
    assert due(office, own(office, plan)[0]) == at + following


async def test_what_was_pushed_forward_past_midnight_is_of_the_day_before(
    office: PostOffice,
) -> None:
    _, plan = await sets_up(office, "Sundays 23:50")
    at = due(office, own(office, plan)[0])
    office.bot.clock.set(at)
    await tick(FailingDoor(office.bot.door, RuntimeError("a bug"), times=2), office.bot.clock)
    office.bot.clock.set(at + 20 * MINUTE)
    await changes(office, plan, "Sundays 23:45")
    assert len(office.copies("recurring:")) == 1
    assert due(office, own(office, plan)[0]) == at + WEEK - 5 * MINUTE


async def test_a_clock_that_jumps_sends_none_early_and_none_twice(office: PostOffice) -> None:
    _, plan = await sets_up(office, "daily 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)
    await sleeps_until(office, at)
    office.bot.clock.set(at - 2 * DAY)
    await office.service.settle()
    assert len(office.copies("recurring:")) == 1
    for hours in range(1, 72):
        await sleeps_until(office, at - 2 * DAY + hours * HOUR)
    assert len(office.copies("recurring:")) == 1, "18:00 of the day it stood at, once"
    await sleeps_until(office, at + DAY)
    assert len(office.copies("recurring:")) == 2


async def test_it_comes_where_the_partners_work(office: PostOffice) -> None:
    ana, plan = await sets_up(office, "Sundays 18:00")
    other = await ana.starts("Lakes", office.hands["Ben"])
    await office.settles(MINUTE)
    [reminder] = own(office, plan)
    places: list[Place] = []
    for worked_on in (other, plan):
        await ana.submits(f"decision.save|{worked_on}", text="We go there")
        await office.goes_to(due(office, reminder))
        key = max(office.notices("recurring:"))
        message = office.bot.read(lambda work, key=key: work.outbox.message(key))  # type: ignore[misc]
        assert message is not None
        places.append(message.place)
    cards = [office.bot.read(lambda w, p=p: w.plans.card(p)) for p in (other, plan)]  # type: ignore[misc]
    assert places == [found.place for found in cards if found]


@pytest.mark.parametrize("by", [-HOUR, HOUR, 30 * MINUTE, DAY, -DAY])
async def test_rules_of_time_zones_that_changed_move_what_is_planned(
    office: PostOffice, by: timedelta
) -> None:
    _, plan = await sets_up(office, "Sundays 18:00")
    [reminder] = own(office, plan)
    at = due(office, reminder)

    def by_other_rules(work: Work) -> None:
        work.reminders.plan(ReminderKind.RECURRING, reminder.id, at + by)
        work.reminders.follow_zone_rules("old rules")

    office.bot.write(by_other_rules)
    await follow_zone_rules(AtOnce(office.bot.door), "new rules")
    assert due(office, reminder) == at
