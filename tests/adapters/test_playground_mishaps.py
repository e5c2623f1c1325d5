"""What the page does when plans are renamed, messages call, windows reload, the disk is full."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Locator, expect

from adapters.playground.records import place_of
from bot.chat.inbound import Inbound
from bot.domain.errors import Unavailable
from bot.domain.members import Identity
from bot.ui.pages import problems
from bot.ui.replies import Reply
from tests.support.browser import Browsing, Window, needs_chromium
from tests.support.echo import AT, EchoHandler, plan_card, playing
from tests.support.echo_page import at
from tests.support.full_disk import filled, small_disk

pytestmark = needs_chromium
SOON = 5000
"""Milliseconds; a note at the edge goes by itself after 12 seconds."""


def plans(window: Window, name: str) -> Locator:
    return window.page.locator(f"#{name}").get_by_role("button")


def composer(window: Window) -> Locator:
    return window.page.get_by_role("textbox", name="Message", exact=True)


async def test_a_plan_renamed_and_archived_in_every_window(
    chromium: Browsing, tmp_path: Path
) -> None:
    async with playing(tmp_path / "p.db", AT) as play, at(play, chromium) as browser:
        rivers = await play.messenger.open_thread(
            place_of("planning"), "Rivers", plan_card("Rivers", 0), "k1"
        )
        bridges = plan_card("Bridges", 0)
        await play.messenger.open_thread(place_of("planning"), "Bridges", bridges, "k2")
        ana, ben = await browser.window("ana"), await browser.window("ben")
        await ben.opens("Rivers")
        await play.messenger.edit(rivers, plan_card("Lakes", 1), "k3")
        for window in (ana, ben):
            await expect(plans(window, "threads").filter(has_text="Lakes")).to_be_visible()
            await expect(plans(window, "threads").filter(has_text="Rivers")).to_have_count(0)
        await expect(ben.page.locator("#thread-title")).to_have_text("Lakes")
        await play.messenger.edit(rivers, replace(plan_card("Lakes", 1), closed=True), "k4")
        for window in (ana, ben):
            await expect(plans(window, "archived")).to_have_text(["Lakes"])
            await expect(plans(window, "threads")).to_have_text(["Bridges"])
        await play.messenger.edit(rivers, plan_card("Lakes", 2), "k5")
        await expect(plans(ana, "threads")).to_have_count(2)
        await expect(ana.page.locator("#archived-section")).to_be_hidden()
        assert ana.errors == ben.errors == []


async def test_drafts_are_there_after_a_reload(chromium: Browsing, tmp_path: Path) -> None:
    async with playing(tmp_path / "p.db", AT) as play, at(play, chromium) as browser:
        ana = await browser.window("ana")
        await composer(ana).press_sequentially('/coplan start "Half a tho')
        await ana.opens("library")
        await composer(ana).fill("Two\nlines")
        await ana.page.reload()
        await expect(composer(ana)).to_have_value("Two\nlines")
        await ana.opens("planning")
        await expect(composer(ana)).to_have_value('/coplan start "Half a tho')
        await ana.becomes("Ben")
        await expect(composer(ana)).to_have_value("")
        await ana.becomes("Ana")
        await expect(composer(ana)).to_have_value('/coplan start "Half a tho')
        await ana.says("good morning")
        await ana.page.reload()
        await ana.sees("good morning")
        await expect(composer(ana)).to_have_value("")


async def test_a_call_goes_with_whom_it_is_for_or_once_it_is_read(
    chromium: Browsing, tmp_path: Path
) -> None:
    async with playing(tmp_path / "p.db", AT) as play, at(play, chromium) as browser:
        ana = await browser.window("ana")
        to, calls = Identity(platform="playground", user="ana"), ana.page.locator(".toast.call")
        await play.messenger.direct(to, plan_card("A reminder", 0), "reminder-1")
        await expect(calls).to_contain_text("A reminder")
        await ana.opens("library")
        await expect(calls).to_have_count(1)
        await ana.opens("Coplan")
        await expect(calls).to_have_count(0, timeout=SOON)
        await ana.opens("library")
        await play.messenger.direct(to, plan_card("Another", 0), "reminder-2")
        await expect(calls).to_contain_text("Another")
        await ana.becomes("Ben")
        await expect(calls).to_have_count(0, timeout=SOON)


class Overtaken(EchoHandler):
    """The disk fills up while the bot is at work on ``/coplan fill``, and on ``/coplan done``."""

    def __init__(self, disk: Path, stack: ExitStack) -> None:
        super().__init__()
        self._disk = disk
        self._stack = stack

    async def handle(self, inbound: Inbound) -> Reply:
        reply = await super().handle(inbound)
        words = inbound.what.parts[0] if hasattr(inbound.what, "parts") else ""
        if words in {"fill", "done"}:
            self._stack.enter_context(filled(self._disk))
        if words == "fill":
            return problems.known(Unavailable(reason="the disk is full"), form=False)
        return reply


async def test_a_full_disk_is_said_once_and_loses_no_text(
    chromium: Browsing, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", kilobytes=3000) as disk, ExitStack() as full:
        handler = Overtaken(disk, full)
        async with (
            playing(disk / "p.db", AT, handler=handler) as play,
            at(play, chromium) as browser,
        ):
            ana = await browser.window("ana")
            await ana.says("/coplan fill")
            toasts = ana.page.locator(".toast.bad")
            await expect(toasts).to_have_count(1)
            await expect(toasts).to_contain_text("the disk is full")
            typed = ana.page.locator(".command").filter(has_text="/coplan fill")
            await expect(typed).to_contain_text("Not done")
            await expect(composer(ana)).to_have_value("/coplan fill")
            for _ in range(3):
                await ana.says("/coplan next")
                await expect(composer(ana)).to_have_value("/coplan next")
            # However often it is tried: one note, beside the first if that is not gone by itself.
            await expect(toasts.filter(has_text="the playground's file failed")).to_have_count(1)
            full.close()
            await ana.says("/coplan next")
            await ana.sees("Heard: next")
            await expect(composer(ana)).to_have_value("")

            await ana.says("/coplan done")
            await expect(toasts.last).to_contain_text(
                "That is done, but the answer cannot be shown"
            )
            await expect(composer(ana)).to_have_value("")
            full.close()
