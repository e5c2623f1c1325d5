"""Discord that takes no more for now, or whose answers get lost: what is told is shown once."""

import random  # noqa: TID251 - seeded
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.discord.pacing import Buckets
from bot.config import Guarantee
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import POST, Made
from tests.support.discord.world import Channel, Json, Kind, World
from tests.support.discord_house import Running, running
from tests.support.examples import examples
from tests.support.fake_clock import FakeClock
from tests.support.faults import (
    BROKEN_AFTER,
    LOST_AFTER,
    LOST_BEFORE,
    UNAVAILABLE,
    Fault,
)
from tests.support.looking import shows
from tests.support.talk.stage import START

PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
NOTES = "post your notes"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
UNAVAILABLE_AFTER = Fault(answer="status", status=503, done=True)
GARBLED_AFTER = Fault(answer="garbled", done=True)
TROUBLES = (LOST_AFTER, LOST_BEFORE, UNAVAILABLE, UNAVAILABLE_AFTER, GARBLED_AFTER)


@asynccontextmanager
async def school(
    path: Path, *, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, history: bool = True
) -> AsyncIterator[tuple[Running, FakeClock]]:
    """Run Coplan in a server of four channels; its clock is moved by the test."""
    clock = FakeClock(START)
    async with AsyncExitStack() as stack:
        world = World(now=lambda: clock.now().timestamp())
        fake = await stack.enter_async_context(fake_discord(world))
        for name in ("music", "maths", "sports"):
            fake.world.channel(fake.guild, name)
        house = running(fake, path, clock=clock, guarantee=guarantee)
        run = await stack.enter_async_context(house)
        if not history:
            fake.guild.allowed.discard(Permission.READ_MESSAGE_HISTORY)
        yield run, clock


async def start_plans(run: Running, many: int) -> list[DiscordUser]:
    """Let everybody start plans in turn, in all channels."""
    people = [run.fake.user(name) for name in PEOPLE]
    for number in range(many):
        who = people[number % len(people)]
        place = ("planning", "music", "maths", "sports")[number % 4]
        await who.command(f'/coplan start "{title(number)}" short-form', place)
    return people


async def until_sent(run: Running, clock: FakeClock, seconds: int) -> None:
    """Let time pass, second by second, and everything be sent that is due."""
    for _ in range(seconds):
        await run.settle()
        clock.move(seconds=1)
    await run.settle()


def shown(fake: FakeDiscord) -> Counter[str]:
    """Return the threads of plans by title, in all channels."""
    return Counter(each.name for each in fake.world.channels.values() if each.is_thread)


def cards(fake: FakeDiscord) -> int:
    """Return how many cards stand in channels."""
    places = {c.id for c in fake.world.channels.values() if c.guild and not c.is_thread}
    return sum(each.channel in places for each in fake.written())


def title(number: int) -> str:
    return f"Plan {number:03d}"


async def test_every_third_send_is_one_too_many(tmp_path: Path) -> None:
    many, wait = examples(200), 7
    async with school(tmp_path / "coplan.db") as (run, clock):
        run.fake.faults.every(POST, 3, Fault(answer="limited", retry_after=wait))
        await start_plans(run, many)
        await until_sent(run, clock, many * wait // 4)
        assert shown(run.fake) == {title(n): 1 for n in range(many)}
        assert cards(run.fake) == many
        assert early(run.fake.api.made, wait) == 0, "nobody called before Retry-After was over"
    print(f"{many} plans")


def early(made: list[Made], wait: float) -> int:
    """Return how many posts came after their channel had been told to wait, and too early.

    Those that were on their way when it was told do not count.
    """
    told: dict[str, Made] = {}
    found = 0
    for call in (each for each in made if each.name == POST):
        before = told.get(call.path["channel_id"])
        if before is not None and (call.at > before.at or call.came > before.answered + 3):
            found += call.at < before.at + wait
        if call.outcome == "limited":
            told[call.path["channel_id"]] = call
    return found


async def test_a_channel_that_is_full_holds_up_no_other(tmp_path: Path) -> None:
    async with school(tmp_path / "coplan.db") as (run, clock):
        full = run.fake.channel("music").id
        limited = Fault(answer="limited", retry_after=30)

        def rule(args: Json) -> Fault | None:
            return limited if args["channel_id"] == full and clock.now() < over else None

        over = clock.now() + timedelta(seconds=30)
        run.fake.faults.when(POST, rule)
        await start_plans(run, 16)
        await run.settle()
        assert shown(run.fake).total() == 12
        await until_sent(run, clock, 40)
        assert shown(run.fake) == {title(n): 1 for n in range(16)}
        refused = [each for each in run.fake.api.made if each.outcome == "limited"]
        assert len(refused) <= 5, "it is told once, and asks again when the time has come"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (20016, 403), (20028, 403), (40003, 403), (40062, 429), (110001, 400), (130000, 503),
    ],
)  # fmt: skip
async def test_what_passes_by_itself_is_waited_for(tmp_path: Path, code: int, status: int) -> None:
    async with school(tmp_path / "coplan.db") as (run, clock):
        busy = Fault(answer="error", error=str(code), status=status)
        over = clock.now() + timedelta(seconds=45)
        run.fake.faults.when(POST, lambda _: busy if clock.now() < over else None)
        await start_plans(run, 4)
        await until_sent(run, clock, 40)
        assert shown(run.fake).total() == 0
        asked = [each for each in run.fake.api.made if each.outcome == "error"]
        assert 1 <= len(asked) <= 4 * 6, "it is asked again, and not all the time"
        await until_sent(run, clock, 200)
        assert shown(run.fake) == {title(n): 1 for n in range(4)}


async def test_an_address_that_is_refused_is_silent(tmp_path: Path) -> None:
    """A 429 that is not from Discord's API: whoever goes on is banned for longer."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        banned = Fault(answer="banned", retry_after=60)
        over = clock.now() + timedelta(seconds=60)
        run.fake.faults.when(POST, lambda _: banned if clock.now() < over else None)
        await start_plans(run, 16)
        await until_sent(run, clock, 55)
        asked = [each for each in run.fake.api.made if each.outcome == "banned"]
        assert 1 <= len(asked) <= 16, "those that were on their way, and then none"
        assert max(each.at for each in asked) == min(each.at for each in asked)
        open_again(run)
        await until_sent(run, clock, 40)
        assert shown(run.fake) == {title(n): 1 for n in range(16)}
        assert cards(run.fake) == 16


def open_again(run: Running) -> None:
    """Let requests go again although it is not yet time by the real clock."""
    buckets = run.discord.connection.http()._buckets  # noqa: SLF001 - nothing public leads to it
    assert isinstance(buckets, Buckets)
    buckets.gate.until = 0.0


async def test_a_limit_for_everything_is_met_once(tmp_path: Path) -> None:
    """Of ten thousand refusals Discord makes a ban: the other channels do not try, too."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        run.fake.faults.next(POST, Fault(answer="limited", everywhere=True, retry_after=30))
        await start_plans(run, 1)
        await run.settle()
        before = len(run.fake.api.made)
        people = await start_plans(run, 8)
        await run.settle()
        answers = "POST /interactions/{interaction_id}/{interaction_token}/callback"
        assert {each.name for each in run.fake.api.made[before:]} == {answers}
        assert all(len(person.troubles) == 0 for person in people)
        open_again(run)
        await until_sent(run, clock, 40)
        assert shown(run.fake).total() == 9


async def test_a_page_in_the_place_of_an_answer(tmp_path: Path) -> None:
    """Whoever stands before Discord says 200, and nobody knows what became of it."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        run.fake.faults.every(POST, 2, GARBLED_AFTER)
        run.fake.faults.next(THREAD, GARBLED_AFTER)
        await start_plans(run, 8)
        await until_sent(run, clock, 60)
        assert shown(run.fake) == {title(n): 1 for n in range(8)}
        assert cards(run.fake) == 8


@pytest.mark.parametrize("fault", [BROKEN_AFTER, LOST_AFTER], ids=["error", "lost"])
async def test_a_forum_has_one_post_of_a_plan(tmp_path: Path, fault: Fault) -> None:
    """Discord knows no nonce of a post: none is sent again before it was looked for."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        forum = run.fake.world.channel(run.fake.guild, "projects", Kind.FORUM)
        asked = run.fake.world.id()
        run.fake.world.channels[asked] = Channel(
            id=asked,
            name="Where shall we start?",
            kind=Kind.THREAD,
            guild=run.fake.guild.id,
            parent=forum.id,
            owner="1",
        )
        run.fake.faults.next("POST /channels/{channel_id}/threads", fault)
        ana = run.fake.user("Ana")
        ana.goes(forum, asked)
        await ana.command('/coplan start "Rivers" short-form', thread=asked)
        await until_sent(run, clock, 60)
        assert shown(run.fake)["Rivers"] == 1


async def test_a_gateway_error_after_the_post(tmp_path: Path) -> None:
    """discord.py asks again by itself after a 502: the nonce makes it one message."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        run.fake.faults.every(POST, 4, BROKEN_AFTER)
        await start_plans(run, 5)
        await until_sent(run, clock, 3)
        assert shown(run.fake) == {title(n): 1 for n in range(5)}
        assert cards(run.fake) == 5
        assert run.fake.api.counts[POST] > 5


@pytest.mark.parametrize("guarantee", [Guarantee.AT_MOST_ONCE, Guarantee.AT_LEAST_ONCE])
async def test_troubles_of_every_kind(tmp_path: Path, guarantee: Guarantee) -> None:
    rng = random.Random(7)
    async with school(tmp_path / "coplan.db", guarantee=guarantee) as (run, clock):
        plans = await reminding(run, clock)
        run.fake.faults.when(POST, lambda _: rng.choice(TROUBLES) if rng.random() < 0.3 else None)
        days = examples(40)
        await days_pass(run, clock, days)
        run.fake.faults.clear()
        clock.move(hours=2)
        await run.settle()
        told = reminders(run.fake)
        assert set(told.values()) == {1}
        assert len(told) == plans * days
    made = [each.outcome for each in run.fake.api.made if each.name == POST]
    print(f"{plans * days} reminders, {len(made) - made.count('ok')} of {len(made)} posts in doubt")


async def test_troubles_where_coplan_may_not_look(tmp_path: Path) -> None:
    rng = random.Random(8)
    async with school(tmp_path / "coplan.db", history=True) as (run, clock):
        plans = await reminding(run, clock)
        run.fake.guild.allowed.discard(Permission.READ_MESSAGE_HISTORY)
        run.fake.faults.when(POST, lambda _: rng.choice(TROUBLES) if rng.random() < 0.3 else None)
        days = examples(40)
        await days_pass(run, clock, days)
        told = reminders(run.fake)
        assert set(told.values()) == {1}, "never twice"
        doubtful = [e for e in run.fake.api.made if e.outcome in {"lost", "status"}]
        assert plans * days - len(told) <= len(doubtful), "only what was in doubt is missing"
    print(f"{plans * days} reminders, {plans * days - len(told)} not shown")


async def test_the_equipment_finds_posts_that_are_repeated(tmp_path: Path) -> None:
    """A Discord that knows no nonce, and whose history is empty."""
    house = school(tmp_path / "coplan.db", guarantee=Guarantee.AT_LEAST_ONCE)
    async with house as (run, clock):
        await reminding(run, clock)
        run.fake.world.nonce_lasts = -1
        run.fake.guild.allowed.discard(Permission.READ_MESSAGE_HISTORY)
        run.fake.faults.every(POST, 3, LOST_AFTER)
        await days_pass(run, clock, 3)
        assert max(reminders(run.fake).values()) > 1


async def reminding(run: Running, clock: FakeClock) -> int:
    """Let everybody start a plan with a reminder at nine every day; return how many."""
    people = await start_plans(run, len(PEOPLE))
    await run.settle()
    for number, who in enumerate(people):
        zone = await who.command("/coplan settings Europe/Berlin")
        thread = next(c.id for c in run.fake.world.channels.values() if c.name == title(number))
        told = await who.command(f"/coplan remind every day 9:00: {NOTES}", thread=thread)
        assert zone.acknowledged
        assert told.acknowledged
    await run.settle()
    clock.set(START.replace(hour=8))
    return len(people)


async def days_pass(run: Running, clock: FakeClock, days: int) -> None:
    """Let so many mornings pass, and everything happen that is due."""
    for day in range(days):
        for minute in (0, 1, 2, 5, 10, 30, 60):
            clock.set(START.replace(hour=9) + timedelta(days=day, minutes=minute))
            await run.settle()


def reminders(fake: FakeDiscord) -> Counter[tuple[str, str]]:
    """Return how often the partners' reminder was shown, by thread and day."""
    reader = fake.user(PEOPLE[0]).reader
    return Counter(
        (message.channel, f"{datetime.fromtimestamp(message.at, UTC):%F}")
        for message in fake.written()
        if shows(reader.message(message)[:1], f"Reminder: {NOTES}")
    )
