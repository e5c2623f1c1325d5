"""Discord's limits as its answers tell of them: what is left is used, the rest refused at once."""

import asyncio
from typing import cast

import aiohttp
import pytest
from discord import RateLimited

from adapters.discord.calls import outcomes
from adapters.discord.pacing import LONGEST, MANY, SHORT, Bucket, Buckets, Gate, Shut
from bot.runtime.ports import NotDelivered
from tests.support.faults import UNREACHED


class Answer:
    """What tells of a limit."""

    def __init__(self, limit: int, remaining: int, reset_after: float) -> None:
        self.headers = {
            "X-Ratelimit-Limit": str(limit),
            "X-Ratelimit-Remaining": str(remaining),
            "X-Ratelimit-Reset-After": str(reset_after),
        }


async def ask(bucket: Bucket, left: int | None = None, window: float = 5.0) -> None:
    """Make a request; its answer says how many are left of five."""
    async with bucket:
        await asyncio.sleep(0)
        if left is not None:
            bucket.update(cast("aiohttp.ClientResponse", Answer(5, left, window)))


async def test_what_is_left_is_used_and_the_rest_refused() -> None:
    bucket = Bucket(Gate())
    for left in (4, 3, 2, 1, 0):
        await ask(bucket, left)
    with pytest.raises(RateLimited) as caught:
        await ask(bucket, 4)
    assert 4.0 < caught.value.retry_after <= 5.0


async def test_the_first_answer_tells_those_who_wait_for_it() -> None:
    bucket = Bucket(Gate())
    left = iter((4, 3, 2, 1, 0))
    came = await asyncio.gather(
        *(ask(bucket, next(left, 0)) for _ in range(8)), return_exceptions=True
    )
    assert [type(each) for each in came].count(RateLimited) == 3
    assert came.count(None) == 5


async def test_answers_that_tell_of_no_limit() -> None:
    bucket = Bucket(Gate())
    async with asyncio.timeout(5):
        await asyncio.gather(*(ask(bucket) for _ in range(8)))
    assert (bucket.remaining, bucket.outgoing) == (1, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Ratelimit-Remaining": "0"},
        {"X-Ratelimit-Limit": "5", "X-Ratelimit-Remaining": "0"},
        {"X-Ratelimit-Limit": "many", "X-Ratelimit-Remaining": "0"},
        {"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": "1795346972000000000"},
        {"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset-After": "soon"},
        {"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset-After": "nan"},
    ],
)
async def test_limits_that_are_told_by_halves_hold_up_nobody(headers: dict[str, str]) -> None:
    bucket, answer = Bucket(Gate()), Answer(0, 0, 0)
    answer.headers = headers
    async with asyncio.timeout(5):
        for _ in range(3):
            async with bucket:
                bucket.update(cast("aiohttp.ClientResponse", answer))


async def test_a_window_that_is_over() -> None:
    bucket = Bucket(Gate())
    await ask(bucket, 0, window=0.05)
    await ask(bucket, 4)  # it waits for a moment
    await ask(bucket, 0, window=60.0)
    with pytest.raises(RateLimited):
        await ask(bucket)
    bucket.expires = asyncio.get_running_loop().time()
    await ask(bucket, 4)


async def test_who_gives_up_waiting_leaves_the_others() -> None:
    bucket = Bucket(Gate())
    held = asyncio.Event()

    async def first() -> None:
        async with bucket:
            await held.wait()

    running = asyncio.create_task(first())
    await asyncio.sleep(0)
    others = [asyncio.create_task(ask(bucket)) for _ in range(3)]
    await asyncio.sleep(0)
    others[0].cancel()
    held.set()
    await asyncio.gather(running, *others[1:])
    assert others[0].cancelled()


async def test_buckets_that_nobody_uses_are_cleared_away() -> None:
    buckets = Buckets(Gate())
    for number in range(MANY):
        cast("Bucket", buckets[str(number)])._last_request -= 301  # noqa: SLF001 - time passes
    assert len(buckets) == MANY
    assert buckets["new"] is buckets["new"]
    assert list(buckets) == ["new"]


EVERYWHERE = {"Via": "1.1 google", "X-RateLimit-Global": "true"}
REFUSALS: list[tuple[int, dict[str, str], bool]] = [
    (429, EVERYWHERE | {"Retry-After": "9"}, True),
    (429, {"Via": "1.1 google", "X-RateLimit-Scope": "global", "Retry-After": "9.5"}, True),
    (429, {"Retry-After": "60"}, True),  # from whoever stands before the API
    (429, {"Retry-After": "60", "X-RateLimit-Bucket": "a1"}, False),
    (429, EVERYWHERE | {"Retry-After": str(int(SHORT))}, False),  # discord.py waits for it
    (429, EVERYWHERE | {"Retry-After": "soon"}, False),
    (429, EVERYWHERE | {"Retry-After": "nan"}, False),
    (429, EVERYWHERE | {"Retry-After": "-9"}, False),
    (429, EVERYWHERE | {"Retry-After": str(LONGEST)}, True),
    (429, EVERYWHERE, False),
    (429, {"Via": "1.1 google", "X-RateLimit-Scope": "user", "Retry-After": "9"}, False),
    (200, {"Retry-After": "9"}, False),
]


@pytest.mark.parametrize(("status", "headers", "shut"), REFUSALS)
async def test_what_is_refused_to_all(status: int, headers: dict[str, str], *, shut: bool) -> None:
    gate = Gate()
    buckets = Buckets(gate)
    gate.learn(status, headers)
    if not shut:
        await buckets["any"].acquire()
        return
    with pytest.raises(Shut) as caught:
        await buckets["any"].acquire()
    wait = float(headers["Retry-After"])
    assert wait - 1 < caught.value.retry_after <= wait
    gate.until = asyncio.get_running_loop().time()
    await buckets["any"].acquire()


@pytest.mark.parametrize("error", UNREACHED)
def test_who_could_not_be_reached_was_told_nothing_and_is_away(error: Exception) -> None:
    with pytest.raises(NotDelivered) as caught, outcomes():
        raise error
    assert (caught.value.permanent, caught.value.retry_after, caught.value.away) == (
        False,
        None,
        True,
    )
