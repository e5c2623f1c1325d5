import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.records import Persona
from adapters.playground.room import ROOM
from adapters.playground.time_travel import Move, TimeTravel, Wish, later, next_monday, wall_time
from bot.domain.errors import InvalidInput
from tests.support.echo import AT, Playing, playing

ANA = Persona(id="ana", name="Ana", zone="Europe/Berlin")
BEN = Persona(id="ben", name="Ben", zone="Europe/Berlin")
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db", START + HOUR / 2, START + 3 * HOUR) as made:
        yield made


def travel(play: Playing) -> TimeTravel:
    return play.app[ROOM].travel


def wish(move: Move, at: str = "", of: Persona = ANA) -> Wish:
    return Wish(move=move, of=of, at=at)


async def test_every_due_instant_on_the_way_is_lived_through(play: Playing) -> None:
    assert await travel(play).go(wish("hour")) == START + HOUR
    assert play.settling.done == [(START + HOUR / 2, START + HOUR / 2)]
    await travel(play).go(wish("day"))
    assert play.settling.done[1] == (START + 3 * HOUR, START + 3 * HOUR)
    assert play.clock.now() == START + 25 * HOUR
    play.real.at += timedelta(minutes=1)
    assert play.clock.now() == START + 25 * HOUR + timedelta(minutes=1)
    assert await play.store.offset() == 25 * HOUR


async def test_what_is_overdue_is_settled_without_going_back(play: Playing) -> None:
    play.real.at += 2 * HOUR
    await travel(play).go(wish("hour"))
    assert play.settling.done == [(START + HOUR / 2, START + 2 * HOUR), (START + 3 * HOUR,) * 2]


async def test_to_the_next_event_and_to_a_free_period(play: Playing) -> None:
    assert await travel(play).go(wish("next")) == START + HOUR / 2
    assert await travel(play).go(wish("next")) == START + 3 * HOUR
    with pytest.raises(InvalidInput, match="Nothing is due"):
        await travel(play).go(wish("next"))
    assert await travel(play).go(wish("free")) == AT
    with pytest.raises(InvalidInput, match="No free period of Ben"):
        await travel(play).go(wish("free", of=BEN))
    assert play.clock.now() == AT


async def test_the_clock_goes_forward_only_and_not_beyond_a_year(play: Playing) -> None:
    for at in ("2026-11-23T08:59", "2030-01-01T00:00", "yesterday", ""):
        with pytest.raises(InvalidInput):
            await travel(play).go(wish("date", at))
    assert play.clock.now() == START
    assert travel(play).target is None
    assert await travel(play).go(wish("date", "2026-11-23T10:15")) == START + timedelta(minutes=75)


async def test_something_that_stays_due_does_not_hold_the_clock_for_ever(play: Playing) -> None:
    play.settling.stuck = True
    async with asyncio.timeout(30):
        await travel(play).go(wish("week"))
    assert play.clock.now() == START + timedelta(weeks=1)


async def test_one_move_at_a_time(play: Playing) -> None:
    one, two = await asyncio.gather(
        travel(play).go(wish("hour")), travel(play).go(wish("hour")), return_exceptions=True
    )
    assert one == START + HOUR
    assert isinstance(two, InvalidInput)


def test_monday_is_the_next_one_at_half_past_seven() -> None:
    def utc(*parts: int) -> datetime:
        return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]

    assert next_monday(utc(2026, 11, 23, 6, 29), "Europe/Berlin") == utc(2026, 11, 23, 6, 30)
    assert next_monday(utc(2026, 11, 23, 6, 30), "Europe/Berlin") == utc(2026, 11, 30, 6, 30)
    assert next_monday(utc(2026, 11, 28, 12), "Europe/Berlin") == utc(2026, 11, 30, 6, 30)
    # Late on Sunday in UTC it is Monday morning in Auckland already.
    assert next_monday(utc(2026, 11, 29, 20), "Pacific/Auckland") == utc(2026, 12, 6, 18, 30)


def test_days_keep_the_wall_time_over_a_clock_change() -> None:
    before = datetime(2026, 10, 24, 8, tzinfo=UTC)  # 10:00 in Berlin, the night before the change
    assert later(before, timedelta(days=1), "Europe/Berlin") == before + timedelta(hours=25)
    assert later(before, HOUR, "Europe/Berlin") == before + HOUR
    assert wall_time("2026-11-24T10:05", "America/New_York") == datetime(
        2026, 11, 24, 15, 5, tzinfo=UTC
    )
