"""What a platform tells of somebody: a zone where there is such a zone, a name if it has one."""

from dataclasses import replace

import pytest

from bot.usecases.actors import ASSUMED_ZONE
from tests.support.clicking import Bot, Hand, failed


def seen_in(hand: Hand, zone: str | None) -> Hand:
    """Return the same hand as its platform shows it now, in another zone."""
    return replace(hand, person=replace(hand.person, zone=zone))


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "Factory", "", None])
async def test_an_unknown_zone_is_the_servers_default_and_assumed(
    bot: Bot, zone: str | None
) -> None:
    ana = seen_in(bot.person("Ana"), zone)
    for verb in ("when", "next", "timetable"):
        assert "Something went wrong" not in str(await ana.says(verb)), verb
    assert (ana.member.zone, ana.member.zone_assumed) == (ASSUMED_ZONE, True)
    assert not failed(await ana.submits("tt.hourssave", hours="weekdays after 16:00"))


async def test_a_zone_told_later_takes_the_place_of_one_that_was_assumed(bot: Bot) -> None:
    ana = seen_in(bot.person("Ana"), "Mars/Base")
    await ana.clicks("next")
    berlin = seen_in(ana, "Europe/Berlin")
    await berlin.clicks("next")
    assert (ana.member.zone, ana.member.zone_assumed) == ("Europe/Berlin", False)
    await ana.clicks("next")
    assert (ana.member.zone, ana.member.zone_assumed) == ("Europe/Berlin", False), "what was known"


async def test_a_zone_follows_whoever_moves(bot: Bot) -> None:
    ana = bot.person("Ana")
    await ana.clicks("next")
    tokyo = seen_in(ana, "Asia/Tokyo")
    await tokyo.clicks("next")
    assert (ana.member.zone, ana.member.zone_assumed) == ("Asia/Tokyo", False)
    await seen_in(ana, None).clicks("next")
    assert ana.member.zone == "Asia/Tokyo", "nothing is told of it now"
    await tokyo.says("settings Europe/Paris")
    await tokyo.clicks("next")
    assert ana.member.zone == "Europe/Paris", "set by hand"


async def test_an_unknown_zone_mentioned_by_somebody_else(bot: Bot, ana: Hand) -> None:
    ben = seen_in(bot.person("Ben"), "Nowhere/At_all")
    await ana.starts("Rivers", ben)
    assert (ben.member.zone, ben.member.zone_assumed) == (ASSUMED_ZONE, True)


async def test_whoever_the_platform_gives_no_name_keeps_the_one_they_had(bot: Bot) -> None:
    ana = bot.person("Ana")
    await ana.clicks("next")
    nameless = replace(ana, person=replace(ana.person, name=" "))
    await nameless.clicks("next")
    assert ana.member.name == "Ana"
    renamed = replace(ana, person=replace(ana.person, name="Anna"))
    await renamed.clicks("next")
    assert ana.member.name == "Anna"
