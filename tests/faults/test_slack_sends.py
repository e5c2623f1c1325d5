"""Slack that takes no more for now, or whose answers get lost: what is told is shown once."""

import random  # noqa: TID251 - seeded
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Guarantee
from tests.support.examples import examples
from tests.support.fake_clock import FakeClock
from tests.support.faults import INTERNAL_AFTER, LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack.web import Made
from tests.support.slack.world import Json, Message, World
from tests.support.slack_house import Running, running
from tests.support.talk.stage import START

PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
NOTES = "post your notes"
POST = "chat.postMessage"


@asynccontextmanager
async def school(
    path: Path, *, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, history: bool = False
) -> AsyncIterator[tuple[Running, FakeClock]]:
    """Run Coplan in a workspace of four channels; its clock is moved by the test."""
    clock = FakeClock(START)
    async with AsyncExitStack() as stack:
        world = World(now=lambda: clock.now().timestamp())
        fake = await stack.enter_async_context(fake_slack(world))
        for name in ("music", "maths", "sports"):
            fake.world.channel(fake.team, name)
        if history:
            fake.team.scopes |= {"channels:history", "groups:history", "im:history"}
        house = running(fake, path, clock=clock, guarantee=guarantee)
        yield await stack.enter_async_context(house), clock


async def start_plans(run: Running, many: int) -> list[SlackUser]:
    """Let everybody start plans in turn, in all channels."""
    people = [run.fake.user(name) for name in PEOPLE]
    places = [c.name for c in run.fake.team.channels.values() if not c.is_im]
    for number in range(many):
        who = people[number % len(people)]
        await who.command(f'/coplan start "{title(number)}" short-form', places[number % 4])
    return people


async def until_sent(run: Running, clock: FakeClock, seconds: int) -> None:
    """Let time pass, second by second, and everything be sent that is due."""
    for _ in range(seconds):
        await run.settle()
        clock.move(seconds=1)
    await run.settle()


def shown(fake: FakeSlack) -> Counter[str]:
    """Return the cards of plans by title, in all channels."""
    channels = [channel for channel in fake.team.channels.values() if not channel.is_im]
    return Counter(found for channel in channels for found in cards(channel.messages))


def cards(messages: list[Message]) -> list[str]:
    """Return the titles of plans' cards among the messages, once for each card."""
    roots = [m for m in messages if m.blocks and not m.only_for and not m.thread]
    return [message.blocks[0]["text"]["text"] for message in roots]


def title(number: int) -> str:
    return f"Plan {number:03d}"


async def test_every_third_send_is_one_too_many(tmp_path: Path) -> None:
    many = examples(200)
    async with school(tmp_path / "coplan.db") as (run, clock):
        wait = 7
        limited = Fault(answer="limited", retry_after=wait)
        run.fake.faults.every("chat.postMessage", 3, limited)
        await start_plans(run, many)
        await until_sent(run, clock, many * wait // 4)
        assert shown(run.fake) == {title(n): 1 for n in range(many)}
        assert early(run.fake.api.made, wait) == 0, "nobody called before Retry-After was over"
    print(f"{many} plans")


def early(made: list[Made], wait: float) -> int:
    """Return how many posts came after their channel had been told to wait, and too early.

    Those that were on their way when it was told do not count.
    """
    told: dict[str, Made] = {}
    found = 0
    for call in (each for each in made if each.method == "chat.postMessage"):
        before = told.get(call.args["channel"])
        if before is not None and (call.at > before.at or call.came > before.answered + 3):
            found += call.at < before.at + wait
        if call.outcome == "limited":
            told[call.args["channel"]] = call
    return found


async def test_a_channel_that_is_full_holds_up_no_other(tmp_path: Path) -> None:
    async with school(tmp_path / "coplan.db") as (run, clock):
        full = run.fake.channel("music")
        limited = Fault(answer="limited", retry_after=30)

        def rule(args: Json) -> Fault | None:
            return limited if args["channel"] == full.id and clock.now() < over else None

        over = clock.now() + timedelta(seconds=30)
        run.fake.faults.when(POST, rule)
        await start_plans(run, 16)
        await run.settle()
        assert len(shown(run.fake)) == 12
        assert cards(full.messages) == []
        await until_sent(run, clock, 40)
        assert shown(run.fake) == {title(n): 1 for n in range(16)}
        refused = [each for each in run.fake.api.made if each.outcome == "limited"]
        assert len(refused) <= 5, "it is told once, and asks again when the time has come"


async def test_answers_that_get_lost_after_the_post(tmp_path: Path) -> None:
    """Coplan may not look, so it does not send again what may have been shown."""
    async with school(tmp_path / "coplan.db") as (run, clock):
        plans = await reminding(run, clock)
        run.fake.faults.every(POST, 3, LOST_AFTER)
        days = examples(40)
        await days_pass(run, clock, days)
        lost = [each for each in run.fake.api.made if each.outcome == "lost"]
        assert len(lost) > days
        told = reminders(run.fake)
        assert set(told.values()) == {1}
        assert len(told) == plans * days, "each of the partners' reminders was shown, and once"
    print(f"{plans * days} reminders, {len(lost)} answers lost")


@pytest.mark.parametrize("guarantee", [Guarantee.AT_MOST_ONCE, Guarantee.AT_LEAST_ONCE])
async def test_troubles_of_every_kind_where_coplan_may_look(
    tmp_path: Path, guarantee: Guarantee
) -> None:
    rng = random.Random(7)
    troubles = (LOST_AFTER, LOST_BEFORE, UNAVAILABLE, INTERNAL_AFTER)
    house = school(tmp_path / "coplan.db", guarantee=guarantee, history=True)
    async with house as (run, clock):
        plans = await reminding(run, clock)
        run.fake.faults.when(POST, lambda _: rng.choice(troubles) if rng.random() < 0.3 else None)
        days = examples(40)
        await days_pass(run, clock, days)
        run.fake.faults.clear()
        clock.move(hours=2)
        await run.settle()
        told = reminders(run.fake)
        assert set(told.values()) == {1}
        assert len(told) == plans * days
    made = [each.outcome for each in run.fake.api.made if each.method == POST]
    print(f"{plans * days} reminders, {len(made) - made.count('ok')} of {len(made)} posts in doubt")


async def test_its_messages_are_known_without_their_metadata_too(tmp_path: Path) -> None:
    async with school(tmp_path / "coplan.db", history=True) as (run, clock):
        run.fake.world.tells_metadata = False
        await start_plans(run, 1)
        run.fake.faults.next(POST, LOST_AFTER)
        await until_sent(run, clock, 60)
        assert shown(run.fake) == {title(0): 1}
        assert run.fake.api.counts["conversations.history"]


async def test_troubles_of_every_kind_where_it_may_not_look(tmp_path: Path) -> None:
    rng = random.Random(8)
    troubles = (LOST_AFTER, LOST_BEFORE, UNAVAILABLE, INTERNAL_AFTER)
    async with school(tmp_path / "coplan.db") as (run, clock):
        plans = await reminding(run, clock)
        run.fake.faults.when(POST, lambda _: rng.choice(troubles) if rng.random() < 0.3 else None)
        days = examples(40)
        await days_pass(run, clock, days)
        told = reminders(run.fake)
        assert set(told.values()) == {1}, "never twice"
        never = [e for e in run.fake.api.made if e.outcome in {"lost", "status"}]
        assert plans * days - len(told) <= len(never), "only what was in doubt is missing"


async def test_the_equipment_finds_posts_that_are_repeated(tmp_path: Path) -> None:
    house = school(tmp_path / "coplan.db", guarantee=Guarantee.AT_LEAST_ONCE)
    async with house as (run, clock):
        await reminding(run, clock)
        run.fake.faults.every(POST, 3, LOST_AFTER)
        await days_pass(run, clock, 3)
        assert max(reminders(run.fake).values()) > 1


async def reminding(run: Running, clock: FakeClock) -> int:
    """Let everybody start a plan with a reminder at nine every day; return how many."""
    people = await start_plans(run, len(PEOPLE))
    await run.settle()
    for number, who in enumerate(people):
        [card] = [m for m in who.channel.messages if title(number) in cards([m])]
        answer = await who.mentions(f"remind every day 9:00: {NOTES}", thread=card.ts)
        assert answer is not None
        assert answer.acknowledged
    await run.settle()
    clock.set(START.replace(hour=8))
    return len(people)


async def days_pass(run: Running, clock: FakeClock, days: int) -> None:
    """Let so many mornings pass, and everything happen that is due."""
    for day in range(days):
        for minute in (0, 1, 2, 5, 10, 30, 60):
            clock.set(START.replace(hour=9) + timedelta(days=day, minutes=minute))
            await run.settle()


def reminders(fake: FakeSlack) -> Counter[tuple[str, str]]:
    """Return how often the partners' reminder was shown, by thread and day."""
    return Counter(
        (message.thread, f"{datetime.fromtimestamp(float(message.ts), UTC):%F}")
        for channel in fake.team.channels.values()
        for message in channel.messages
        if message.text.startswith(f"Reminder: {NOTES}")
    )
