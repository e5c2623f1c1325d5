"""A platform that takes no more for now, or whose answers get lost: what is told is shown once."""

import random  # noqa: TID251 - seeded
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.config import Guarantee
from tests.support import discord_sending, slack_sending
from tests.support.examples import examples
from tests.support.faults import LOST_AFTER, Args, Fault
from tests.support.sending import FULL, Sending, early, title


class Opening(Protocol):
    """Runs Coplan on a platform."""

    def __call__(
        self, path: Path, *, guarantee: Guarantee = ..., looks: bool = ...
    ) -> AbstractAsyncContextManager[Sending]: ...


@pytest.fixture(params=["slack", "discord"])
def opened(request: pytest.FixtureRequest) -> Opening:
    ways: dict[str, Opening] = {
        "slack": slack_sending.sending,
        "discord": discord_sending.sending,
    }
    return ways[request.param]


def now_and_then(sending: Sending, seed: int) -> Callable[[Args], Fault | None]:
    """Return a rule by which three of ten calls meet any of the troubles."""
    rng = random.Random(seed)
    return lambda _: rng.choice(sending.troubles) if rng.random() < 0.3 else None


async def test_every_third_send_is_one_too_many(opened: Opening, tmp_path: Path) -> None:
    many, wait = examples(200), 7
    async with opened(tmp_path / "coplan.db") as sending:
        sending.faults.every(sending.post, 3, Fault(answer="limited", retry_after=wait))
        await sending.start_plans(many)
        await sending.until_shown(many, many * wait)
        await sending.until_sent(wait)
        assert sending.shown() == {title(n): 1 for n in range(many)}
        assert sending.cards() == many
        assert early(sending.posts(), wait) == 0, "nobody called before Retry-After was over"
    print(f"{many} plans")


async def test_a_channel_that_is_full_holds_up_no_other(opened: Opening, tmp_path: Path) -> None:
    limited = Fault(answer="limited", retry_after=30)
    async with opened(tmp_path / "coplan.db") as sending:
        over = sending.clock.now() + timedelta(seconds=30)

        def rule(args: Args) -> Fault | None:
            full = sending.is_into(FULL, args) and sending.clock.now() < over
            return limited if full else None

        sending.faults.when(sending.post, rule)
        await sending.start_plans(16)
        await sending.settle()
        assert sending.shown().total() == sending.cards() == 12
        await sending.until_sent(40)
        assert sending.shown() == {title(n): 1 for n in range(16)}
        refused = [each for each in sending.posts() if each.outcome == "limited"]
        assert len(refused) <= 5, "it is told once, and asks again when the time has come"


@pytest.mark.parametrize("guarantee", [Guarantee.AT_MOST_ONCE, Guarantee.AT_LEAST_ONCE])
async def test_troubles_of_every_kind_where_coplan_may_look(
    opened: Opening, tmp_path: Path, guarantee: Guarantee
) -> None:
    async with opened(tmp_path / "coplan.db", guarantee=guarantee, looks=True) as sending:
        plans = await sending.reminding()
        sending.faults.when(sending.post, now_and_then(sending, 7))
        days = examples(40)
        await sending.days_pass(days)
        sending.faults.clear()
        sending.clock.move(hours=2)
        await sending.settle()
        told = sending.reminders()
        assert set(told.values()) == {1}
        assert len(told) == plans * days
        made = [each.outcome for each in sending.posts()]
    print(f"{plans * days} reminders, {len(made) - made.count('ok')} of {len(made)} posts in doubt")


async def test_troubles_of_every_kind_where_it_may_not_look(
    opened: Opening, tmp_path: Path
) -> None:
    async with opened(tmp_path / "coplan.db", looks=False) as sending:
        plans = await sending.reminding()
        sending.faults.when(sending.post, now_and_then(sending, 8))
        days = examples(40)
        await sending.days_pass(days)
        told = sending.reminders()
        assert set(told.values()) == {1}, "never twice"
        doubtful = [e for e in sending.posts() if e.outcome in {"lost", "status"}]
        assert plans * days - len(told) <= len(doubtful), "only what was in doubt is missing"
    print(f"{plans * days} reminders, {plans * days - len(told)} not shown")


async def test_the_equipment_finds_posts_that_are_repeated(opened: Opening, tmp_path: Path) -> None:
    """A platform that knows nothing again of what it has shown."""
    house = opened(tmp_path / "coplan.db", guarantee=Guarantee.AT_LEAST_ONCE, looks=False)
    async with house as sending:
        await sending.reminding()
        sending.knows_nothing_again()
        sending.faults.every(sending.post, 3, LOST_AFTER)
        await sending.days_pass(3)
        assert max(sending.reminders().values()) > 1
