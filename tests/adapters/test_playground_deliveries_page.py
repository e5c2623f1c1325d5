"""The bar's controls in a real browser: deliveries, clock, people; by mouse, keys, on a phone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from adapters.playground.records import place_of
from bot.domain.members import Identity
from bot.runtime.ports import NotDelivered
from tests.support.browser import PHONE, Browsing, Window, needs_chromium
from tests.support.echo import Playing, plan_card, playing
from tests.support.echo_page import at, close

pytestmark = needs_chromium
CARD = plan_card("Watershed", 0)
BEN = Identity(platform="playground", user="ben")


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db") as made:
        yield made


@pytest.fixture
async def browser(play: Playing, chromium: Browsing) -> AsyncIterator[Browsing]:
    async with at(play, chromium) as made:
        yield made


def deliveries(window: Window) -> Locator:
    return window.page.get_by_test_id("last-deliveries").locator("li")


async def test_what_goes_wrong_is_seen_in_every_window_until_it_ends(
    browser: Browsing, play: Playing
) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben")
    await expect(ana.page.locator("#disturbed")).to_be_hidden()
    await ana.lets_go_wrong("Direct messages closed", "Direct messages to Ben", "for the next 3")
    await ana.lets_go_wrong("Too much: wait", "#library", "until told otherwise", seconds=45)
    both = "direct messages closed for Ben: next 3; too much (#library), wait 45 s"
    for window in (ana, ben):
        await expect(window.page.locator("#disturbed-by")).to_have_text(both)
    with pytest.raises(NotDelivered):
        await play.messenger.direct(BEN, CARD, "k1")
    await ben.sees("direct messages closed for Ben: next 2")
    await ben.page.reload()
    await ben.sees("direct messages closed for Ben: next 2")
    async with ben.page.expect_response("**/api/deliveries"):
        await ben.clicks("All is well again")
    await play.messenger.direct(BEN, CARD, "k1")
    for window in (ana, ben):
        await expect(window.page.locator("#disturbed")).to_be_hidden()
        await window.page.get_by_role("button", name="Deliveries", exact=True).click()
        await expect(deliveries(window)).to_have_count(1)
        await expect(deliveries(window)).to_contain_text("Watershed")
        await expect(deliveries(window)).to_contain_text("shown")
        await expect(deliveries(window)).to_contain_text("to Ben alone")
        await expect(deliveries(window)).to_contain_text("2 tries")
    await close(ana, ben)


async def test_the_questions_fit_what_goes_wrong(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.page.get_by_role("button", name="Deliveries", exact=True).click()
    menu = ana.page.locator("#deliveries-menu")
    kind, where = menu.get_by_label("What goes wrong", exact=True), menu.get_by_label("Where")
    await expect(where.locator("option")).to_have_text(
        ["Everybody", *(f"Direct messages to {name}" for name in ("Ana", "Ben", "Maya", "Rosa"))]
    )
    await expect(menu.get_by_label("Seconds")).to_be_hidden()
    await kind.select_option(label="Channel gone")
    await expect(where.locator("option")).to_have_text(["Every channel", "#planning", "#library"])
    await kind.select_option(label="Slow")
    await expect(menu.get_by_label("Seconds")).to_have_value("5")
    await menu.get_by_label("Seconds").fill("61")
    await menu.get_by_role("button", name="Let it go wrong").click()
    await expect(ana.page.locator("#disturbed")).to_be_hidden()  # the browser asks for less
    await close(ana)


async def test_by_keyboard_alone(browser: Browsing, play: Playing) -> None:
    ana = await browser.window("ana")
    keys = ana.page.keyboard
    await ana.page.get_by_role("button", name="Deliveries", exact=True).focus()
    await keys.press("Enter")
    await keys.press("Tab")
    await expect(ana.page.get_by_label("What goes wrong", exact=True)).to_be_focused()
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await ana.sees("direct messages closed: next message")
    button = ana.page.get_by_role("button", name="End: direct messages closed: next message")
    await button.focus()
    await keys.press("Enter")
    await expect(button).to_have_count(0)
    await expect(ana.page.get_by_label("What goes wrong", exact=True)).to_be_focused()
    box = ana.page.get_by_role("checkbox", name="Coplan may look for what it has sent")
    await box.focus()
    async with ana.page.expect_response("**/api/deliveries"):
        await keys.press("Space")
    await expect(box).not_to_be_checked()
    assert not play.store.deliveries.lookable
    await keys.press("Escape")
    await expect(ana.page.locator("#deliveries-menu")).to_be_hidden()
    await close(ana)


@pytest.mark.parametrize("dark", [False, True])
async def test_on_a_phone(browser: Browsing, play: Playing, dark: bool) -> None:
    ana = await browser.window("ana", size=PHONE, dark=dark, touch=True)
    await ana.lets_go_wrong("No answer, yet shown", "#planning", "for the next 10")
    assert await ana.overflow() == []
    title = plan_card("A very long title without any sense " * 3, 0)
    await play.messenger.post(place_of("library"), title, "k1")
    await ana.page.locator("#deliveries").click()
    await expect(deliveries(ana)).to_have_count(1)
    assert await ana.overflow() == []
    small = await ana.page.evaluate(
        """() => [...document.querySelectorAll("#deliveries, #deliveries-menu button, select")]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43)
          .map((e) => e.outerHTML)"""
    )
    assert small == [], "too small for a finger"
    await close(ana)


async def test_the_keyboard_moves_the_clock_again_and_again(
    browser: Browsing, play: Playing
) -> None:
    ana = await browser.window("ana")
    button = ana.button("+1 hour")
    play.settling.going.clear()
    await button.focus()
    await ana.page.keyboard.press("Enter")
    await expect(button).to_be_disabled()
    play.settling.going.set()
    await expect(button).to_be_enabled()
    await expect(button).to_be_focused()
    await close(ana)


async def test_an_open_menu_of_people_shows_who_is_added_meanwhile(browser: Browsing) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben")
    await ben.page.locator("#who").click()
    menu = ben.page.locator("#persona-menu")
    maya = menu.get_by_role("button", name=re.compile("^Maya"))
    await maya.focus()
    await ana.page.locator("#who").click()
    await ana.clicks("Add somebody")
    await ana.fills("Name", "Noor")
    await ana.submits()
    await expect(menu.get_by_role("button", name=re.compile("^Noor"))).to_be_visible()
    await expect(maya).to_be_focused()
    await close(ana, ben)
