"""What a member chooses for themselves."""

import pytest

from bot.domain.members import Nudges
from tests.support.clicking import Bot, Hand, card, form, summary, wrong

GOOD = {"nudges": "light", "days": ("1", "3"), "quiet": "21:30-6", "zone": "America/New_York"}


async def test_settings_are_shown_changed_and_shown(ana: Hand) -> None:
    opened = form(await ana.presses(await ana.says("settings"), "Change"))
    changed = await ana.submits(opened.action, **GOOD)
    assert "Light: one reminder. Days: Mon and Wed, quiet from 21:30 to 06:00" in summary(changed)
    member = ana.member
    assert (member.zone, member.zone_assumed) == ("America/New_York", False)
    assert member.preferences.nudges is Nudges.LIGHT
    again = form(await ana.clicks("settings.open"))
    assert again.inputs[1].initial == ("1", "3")  # type: ignore[union-attr]
    assert again.inputs[2].initial == "21:30-06:00"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("zone", "Europe/Nowhere"),
        ("zone", ""),
        ("zone", "../../etc/passwd"),
        ("days", ()),
        ("days", ("8", "x")),
        ("quiet", "night"),
        ("quiet", "20:75-7"),
        ("quiet", ""),
    ],
)
async def test_what_cannot_be_used(
    bot: Bot, ana: Hand, key: str, value: str | tuple[str, ...]
) -> None:
    before = bot.everything()
    answers: dict[str, str | tuple[str, ...]] = {**GOOD, key: value}
    assert key in wrong(await ana.submits("settings.save", **answers))
    assert bot.everything() == before


async def test_a_zone_set_by_hand_stays(bot: Bot) -> None:
    eve = bot.person("Eve", zone="Europe/Paris")
    await eve.submits("settings.save", **GOOD)
    await eve.clicks("next")
    assert eve.member.zone == "America/New_York"


async def test_help_shows_what_fits(ana: Hand) -> None:
    assert card(await ana.says("help")).title == "What Coplan does"
    assert "start" in summary(await ana.clicks("help"))
