"""What a member chooses for themselves."""

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.members import Nudges
from bot.templates.loader import builtin
from tests.support.clicking import Bot, Hand, card, form, summary, wrong

GOOD = {
    "nudges": "light",
    "where": "thread",
    "days": ("1", "3"),
    "quiet_from": "21:30",
    "quiet_until": "6",
}


async def test_settings_are_shown_changed_and_shown(ana: Hand) -> None:
    opened = form(await ana.presses(await ana.says("settings"), "Change"))
    changed = await ana.submits(opened.action, **GOOD)
    told = "Light: one reminder. In the plan's thread. Days: Mon and Wed, quiet from 21:30 to 06:00"
    assert told in summary(changed)
    assert ana.member.preferences.nudges is Nudges.LIGHT
    again = form(await ana.clicks("settings.open"))
    assert again.inputs[1].initial == "thread"  # type: ignore[union-attr]
    assert again.inputs[2].initial == ("1", "3")  # type: ignore[union-attr]
    assert again.inputs[3].initial == time(21, 30)  # type: ignore[union-attr]
    assert again.inputs[4].initial == time(6)  # type: ignore[union-attr]


async def test_whom_no_reminder_can_reach_is_told_so(ana: Hand) -> None:
    told = "no reminder can come: “next” and the digest show what waits on you"
    work = {**GOOD, "quiet_from": "9:00", "quiet_until": "17:00"}
    night = {**GOOD, "quiet_from": "20:00", "quiet_until": "07:00"}
    assert told in summary(await ana.submits("settings.save", **work)), "these are working hours"
    assert told in summary(await ana.says("settings"))
    assert told not in summary(await ana.submits("settings.save", **{**work, "nudges": "off"}))
    assert told not in summary(await ana.submits("settings.save", **night))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", ()),
        ("days", ("8", "x")),
        ("quiet_from", "night"),
        ("quiet_from", "20:75"),
        ("quiet_from", "9"),
        ("quiet_until", ""),
        ("quiet_until", "24:01"),
        ("quiet_until", "²"),
        ("quiet_until", "9:30pm"),
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
    asked = form(await eve.presses(await eve.says("settings"), "Time zone"))
    assert "Time zone: America/New_York." in summary(
        await eve.submits(asked.action, zone="new york")
    )
    assert "New_York" in summary(await eve.submits("settings.save", **GOOD))
    await eve.clicks("next")
    assert (eve.member.zone, eve.member.zone_assumed) == ("America/New_York", False)


@pytest.mark.parametrize("told", ["America/New_York", None])
async def test_other_settings_leave_the_zone_to_the_platform(bot: Bot, told: str | None) -> None:
    eve = bot.person("Eve")
    eve = replace(eve, person=replace(eve.person, zone=told))
    await eve.clicks("next")
    assumed = eve.member.zone_assumed
    await eve.submits("settings.save", **GOOD)
    assert not eve.member.preferences.own_zone
    assert eve.member.zone_assumed == assumed


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc/passwd"])
async def test_a_zone_that_is_none_is_told_in_its_form(bot: Bot, ana: Hand, zone: str) -> None:
    before = bot.everything()
    assert "zone" in wrong(await ana.submits("settings.zonesave", zone=zone))
    assert bot.everything() == before


async def test_help_shows_what_fits(ana: Hand) -> None:
    assert card(await ana.says("help")).title == "What Coplan does"
    assert "start" in summary(await ana.clicks("help"))


OWN = "key: {key}\ntitle: {title}\nsteps:\n  - key: a\n    title: A\n    fields:\n{field}"
FIELD = "      - key: x\n        label: X\n"


async def test_what_comes_with_coplan_cannot_be_replaced(bot: Bot, ana: Hand, ben: Hand) -> None:
    before = bot.rows()["own_templates"]
    for key in builtin():
        text = OWN.format(key=key, title="Mine", field=FIELD)
        said = summary(await ana.submits("template.save", text=text))
        assert f"“{key}” is a template that comes with Coplan" in said
    assert bot.rows()["own_templates"] == before
    plan = await ben.starts("Rivers")
    assert len(bot.plan(plan).steps) == 9


async def test_ones_own_is_replaced_and_says_so(bot: Bot, ana: Hand, ben: Hand) -> None:
    first = await ana.submits("template.save", text=OWN.format(key="own", title="Old", field=FIELD))
    assert card(first).title == "Template added"
    plan = await ben.starts("Rivers", template="own")
    new = OWN.format(key="own", title="New", field=FIELD + FIELD.replace("x", "y"))
    said = await ana.submits("template.save", text=new)
    assert card(said).title == "Template replaced"
    assert "takes the place of “Old”" in summary(said)
    assert "plans that run keep" in summary(said)
    assert bot.plan(plan).template.title == "Old"


@pytest.mark.parametrize(
    ("start", "until", "quiet"),
    [
        ("20:00", "24:00", (time(20), time())),
        ("20", "7.30", (time(20), time(7, 30))),
        ("8pm", "7 am", (time(20), time(7))),
        ("22h", "7h", (time(22), time(7))),
    ],
)
async def test_quiet_hours_in_words(
    ana: Hand, start: str, until: str, quiet: tuple[time, time]
) -> None:
    await ana.submits("settings.save", **GOOD | {"quiet_from": start, "quiet_until": until})
    kept = ana.member.preferences.quiet
    assert (kept.start, kept.end) == quiet


@pytest.mark.parametrize(
    ("start", "until", "key", "says"),
    [
        ("00:00", "24:00", "quiet_until", "turn the reminders off above"),
        ("8", "8", "quiet_until", "The start and the end are the same"),
        ("10", "7", "quiet_from", "is most of the day. Did you mean 22:00?"),
        (
            "13:00",
            "7",
            "quiet_from",
            "From 13:00 until 07:00 is most of the day. Did you mean 20:00?",
        ),
    ],
)
async def test_quiet_hours_all_day_are_refused_with_what_to_do(
    ana: Hand, start: str, until: str, key: str, says: str
) -> None:
    said = await ana.submits("settings.save", **GOOD | {"quiet_from": start, "quiet_until": until})
    assert says in wrong(said)[key]


async def test_a_zone_is_told_in_words(bot: Bot, ana: Hand) -> None:
    assert "Time zone: Asia/Tokyo." in summary(await ana.says("settings Asia/Tokyo"))
    assert (ana.member.zone, ana.member.zone_assumed) == ("Asia/Tokyo", False)
    before = bot.everything()
    for words in ("Asia/Nowhere", "timezone: Mars", "timezone:Mars", "zone=Mars"):
        assert "no time zone called" in summary(await ana.says(f"settings {words}"))
    assert bot.everything() == before
