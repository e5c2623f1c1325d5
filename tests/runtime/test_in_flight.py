"""The same click twice at once, as platforms deliver it."""

import asyncio

from bot.runtime import in_flight
from bot.runtime.in_flight import DOUBLE, Doubles


def nothing(_: str) -> bool:
    return False


async def test_the_first_of_a_double_click_counts() -> None:
    doubles = Doubles(nothing)
    assert doubles.delivery("ana", "button", "1") == "1"
    assert doubles.delivery("ana", "button", "2") == "1"
    assert doubles.delivery("ben", "button", "3") == "3", "somebody else"
    assert doubles.delivery("ana", "other", "4") == "4", "something else"
    assert doubles.delivery("ana", "button", "5") == "5", "with something between"
    assert doubles.delivery("ana", "", "6") == "6"
    assert doubles.delivery("ana", "", "7") == "7", "what may be done twice at once"


async def test_after_a_moment_it_is_another_click_unless_the_first_is_under_way() -> None:
    busy = {"1"}
    doubles = Doubles(busy.__contains__)
    assert doubles.delivery("ana", "button", "1") == "1"
    await asyncio.sleep(DOUBLE)
    assert doubles.delivery("ana", "button", "2") == "1"
    busy.clear()
    assert doubles.delivery("ana", "button", "3") == "3"


async def test_what_is_delivered_again_is_what_it_was() -> None:
    doubles = Doubles(nothing)
    doubles.delivery("ana", "button", "1")
    doubles.delivery("ana", "button", "2")
    doubles.delivery("ana", "", "between")
    assert doubles.delivery("ana", "button", "2") == "1"
    assert doubles.delivery("ana", "button", "1") == "1"
    assert doubles.delivery("ana", "button", "3") == "3", "what came again is not the newest"


async def test_what_is_remembered_has_bounds() -> None:
    doubles = Doubles(nothing)
    for number in range(in_flight.REMEMBERED + 10):
        doubles.delivery(f"person {number}", "button", str(number))
    assert doubles.delivery("person 0", "button", "again") == "again"
