"""What is explained is what the alarm then does: the clock is run there, and the message comes."""

import json
import random  # noqa: TID251 - seeded
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NoReturn

import pytest

from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Nudges, QuietHours
from bot.domain.reminders.notices import NoticeState
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.weekly import WeeklyHours
from bot.runtime.ports import NotDelivered
from bot.runtime.service import Service
from bot.ui.exports.explained_json import explained_json
from bot.ui.pages.reminders.explained import explained_lines, says
from bot.usecases.ports import Work
from bot.usecases.reminders.explaining import Explained, Silence, explain
from bot.usecases.reminders.planning import replan
from tests.runtime.failing import Failing
from tests.runtime.house import House
from tests.support.fake_messenger import Sent
from tests.support.teaching_team import BEN, ROSA, at, busy_but, member, plan

SECOND = timedelta(seconds=1)


class Seen(Exception):  # noqa: N818 - a way out of a unit of work
    def __init__(self, found: Explained) -> None:
        super().__init__()
        self.found = found


def explained(house: House, who: MemberId = ROSA) -> Explained:
    """Explain in a unit of work that leaves nothing behind."""

    def look(work: Work) -> NoReturn:
        raise Seen(explain(work, work.members.get((who,))[who]))

    with pytest.raises(Seen) as seen:
        house.store.write(look)
    return seen.value.found


def reminders(house: House) -> list[Sent]:
    return [sent for sent in house.messenger.shown if sent.key.startswith("reminder:")]


async def run_to(house: House, service: Service, instant: datetime) -> None:
    """Settle at every instant at which the alarm would ring till then, and then."""
    while (due := await service.next_due()) is not None and due < instant:
        house.clock.set(max(due, house.clock.now()))
        await service.settle()
        assert await service.next_due() != due, "it stands still"
    house.clock.set(instant)
    await service.settle()


def days(dice: random.Random) -> Iterator[tuple[str, date | None]]:
    for number in range(dice.randint(1, 5)):
        due = None if dice.random() < 0.15 else date(2026, 11, dice.randint(1, 27))
        yield f"s{number}", due


def furnish(house: House, dice: random.Random) -> None:
    """Let Rosa owe this and that, in some settings or others."""
    settings = member(ROSA, nudges=dice.choice([Nudges.NORMAL] * 3 + [Nudges.LIGHT, Nudges.OFF]))
    quiet = dice.choice([QuietHours(), QuietHours(start=time(11, 40), end=time(13))])
    settings = replace(
        settings,
        reachable=dice.random() < 0.8,
        preferences=replace(settings.preferences, quiet=quiet),
    )

    def unit(work: Work) -> None:
        work.members.save(settings)
        if dice.random() < 0.3:
            hours = WeeklyHours(spans=((1, time(15), time(16)), (3, time(9), time(9, 20))))
            work.times.save_hours(ROSA, hours)
        elif dice.random() < 0.3:
            work.times.save_timetable(ROSA, busy_but({"A": "5"}))
        replan(work, (ROSA,))

    house.put(unit)
    for number in range(dice.randint(1, 2)):
        house.store.start(plan(dict(days(dice)), id=PlanId(f"p{number}"), title=f"Plan {number}"))
    if dice.random() < 0.4:
        first = date(2026, 11, dice.randint(2, 12))
        house.store.away(ROSA, first, first + timedelta(days=dice.randint(0, 6)))
        house.put(lambda work: replan(work, (ROSA,)) and None)


@pytest.mark.parametrize("seed", range(24))
async def test_the_next_instant_is_when_the_message_comes(house: House, seed: int) -> None:
    dice = random.Random(seed)
    furnish(house, dice)
    service = house.service()
    house.clock.set(at(2, 6) + timedelta(minutes=dice.randint(0, 60 * 24 * 4)))
    for _ in range(4):
        told = explained(house)
        before = len(reminders(house))
        if told.coming is None:
            await run_to(house, service, house.clock.now() + timedelta(days=90))
            assert len(reminders(house)) == before
            assert "Next message: none" in "\n".join(explained_lines(told))
            return
        if told.coming.at > house.clock.now():
            await run_to(house, service, told.coming.at - SECOND)
            assert len(reminders(house)) == before, "nothing comes before"
        await run_to(house, service, told.coming.at)
        assert len(reminders(house)) == before + 1, "and then it does"
        assert reminders(house)[-1].card.summary == says(told.coming)


async def test_looking_changes_nothing(house: House) -> None:
    house.store.start(plan())
    before = house.store.due(), house.states()
    assert explained(house).coming is not None
    assert (house.store.due(), house.states()) == before
    assert house.store.read(lambda work: work.reminders.nudged(ROSA)) == {}


async def test_each_thing_has_its_past_and_its_future(house: House) -> None:
    house.store.start(plan({"early": date(2026, 11, 4), "late": date(2026, 11, 20), "none": None}))
    service = house.service()
    early, late, none = explained(house).things
    assert (early.period and early.period.start, early.silence) == (at(4, 11, 20), None)
    assert late.period is not None
    assert (none.due, none.silence) == (None, Silence.NO_DATE)
    await run_to(house, service, at(4, 11, 20))
    early, *_ = explained(house).things
    assert early.heard.counted == (at(4, 11, 20),)
    assert early.period is not None
    assert early.period.start == at(5, 8, 50), "the follow-up"
    await run_to(house, service, at(5, 12))
    early, *_ = explained(house).things
    assert (early.period, early.silence) == (None, Silence.ENOUGH)
    lines = "\n".join(explained_lines(explained(house)))
    assert "told Wed 4 Nov 2026, 11:20 and Thu 5 Nov 2026, 08:50; silent: it had its" in lines


async def test_why_something_is_silent(house: House) -> None:
    house.store.start(plan({"goals": date(2026, 11, 4)}))
    house.put(lambda w: w.members.save(member(ROSA, nudges=Nudges.OFF)))
    assert [one.silence for one in explained(house).things] == [Silence.OFF]
    assert "Reminders are turned off." in "\n".join(explained_lines(explained(house)))
    house.put(lambda w: w.members.save(member(ROSA)))
    [goals] = explained(house).things
    assert goals.due is not None
    key, unit = goals.due.key, goals.plan.id
    held = Snooze(key=key, plan=unit, step="goals", until=None)
    house.put(lambda w: w.snoozes.put(ROSA, [held]))
    [goals] = explained(house).things
    assert (goals.silence, goals.put_off) == (Silence.HELD, held)
    ben = explained(house, BEN)
    assert ben.things == ()
    assert [(one.step, one.done, one.others) for one in ben.quiet] == [("Goals", False, ("Rosa",))]
    assert "Nothing waits on them." in "\n".join(explained_lines(ben))


async def test_an_absence_and_a_message_under_way_are_told(house: House) -> None:
    house.store.start(plan())
    house.clock.set(at(4, 11, 20))
    house.messenger.before = Failing(NotDelivered("busy"), times=1)
    await house.service().settle()
    [under_way] = explained(house).unsent
    assert (under_way.state, under_way.attempts, under_way.reason) == (
        NoticeState.PENDING,
        1,
        "busy",
    )
    told = explained(house)
    assert told.coming is not None
    assert told.coming.at == under_way.notice.due_at.astimezone(UTC)
    assert "tried 1 times (busy)" in "\n".join(explained_lines(told))
    house.store.away(ROSA, date(2026, 11, 4), date(2026, 11, 6))
    assert "Away from Wed 4 Nov to Fri 6 Nov" in "\n".join(explained_lines(explained(house)))


async def test_who_has_no_free_period_is_told_why_it_comes_all_the_same(house: House) -> None:
    house.store.start(plan())
    house.put(lambda w: w.times.save_timetable(ROSA, busy_but({})))
    house.put(lambda w: replan(w, (ROSA,)) and None)
    told = explained(house)
    assert "has no free period in sight: working hours" in "\n".join(explained_lines(told))
    both = json.loads(explained_json((told, explained(house, BEN))))["members"]
    assert [one["no_free_period"] for one in both] == [True, False]
    assert told.coming is not None
    await run_to(house, house.service(), told.coming.at)
    assert "Your timetable has no free period" in reminders(house)[-1].card.summary
