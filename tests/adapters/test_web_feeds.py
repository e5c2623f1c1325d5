"""Calendars over the web: signed links, read by whoever has them until they are revoked."""

import aiohttp
import pytest

from adapters.web import server
from adapters.web.feeds import FeedLinks, calendar_route
from bot.domain.ids import WorkspaceId
from bot.domain.timetable.published import FeedId

HERE, FEED = WorkspaceId("T-1 \N{SNOWMAN}"), FeedId("01hqfeed")
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def token(links: FeedLinks, workspace: WorkspaceId = HERE, feed: FeedId = FEED) -> str:
    address = links.address(workspace, feed)
    assert address.startswith("https://coplan.example.org/calendar/")
    return address.rpartition("/")[2].removesuffix(".ics")


def of(*keys: str) -> FeedLinks:
    return FeedLinks("https://coplan.example.org/", keys)


def test_a_link_names_its_calendar_and_nobody_else_can_make_one() -> None:
    links = of("one")
    made = token(links)
    assert links.read(made) == (HERE, FEED)
    assert token(links) == made
    assert of("two", "one").read(made) == (HERE, FEED), "an older key's links go on"
    assert of("two").read(made) is None
    assert token(links, feed=FeedId("other")) != made
    with pytest.raises(ValueError, match="key"):
        FeedLinks("https://coplan.example.org", [])


def test_a_token_with_one_letter_changed_is_none() -> None:
    links = of("one")
    made = token(links)
    for at, letter in enumerate(made):
        other = "A" if letter != "A" else "B"
        found = links.read(made[:at] + other + made[at + 1 :])
        assert found in {None, (HERE, FEED)}  # the last letter has bits that say nothing
        assert at == len(made) - 1 or found is None
    for odd in ("", "=", "a", "ü", "..", made + "A", made[:-4], "A" * 500, made.upper()):
        assert links.read(odd) is None


async def test_over_http() -> None:
    asked: list[tuple[str, str]] = []

    async def load(workspace: WorkspaceId, feed: FeedId) -> bytes | None:
        asked.append((workspace, feed))
        return CALENDAR if feed == FEED else None

    links = of("one")
    taken = server.reserve("127.0.0.1", 0, "")
    async with (
        server.serving([calendar_route(links, load)], taken) as served,
        aiohttp.ClientSession() as session,
    ):
        async with session.get(f"{served.address}calendar/{token(links)}.ics") as answer:
            assert answer.status == 200
            assert await answer.read() == CALENDAR
            assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
            assert answer.headers["Cache-Control"] == "no-store"
        revoked = token(links, feed=FeedId("gone"))
        for path in (revoked, "forged", f"{token(of('two'))}"):
            async with session.get(f"{served.address}calendar/{path}.ics") as answer:
                assert answer.status == 404
                assert await answer.text() == "There is nothing here.\n"
        async with session.post(f"{served.address}calendar/{token(links)}.ics") as answer:
            assert answer.status == 405
    assert asked == [(HERE, FEED), (HERE, "gone")], "what nobody signed is not looked up"
