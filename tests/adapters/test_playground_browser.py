from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from adapters.playground.records import place_of
from bot.domain.members import Identity
from tests.support.browser import PHONE, Browsing, needs_chromium
from tests.support.echo import AT, Playing, plan_card, playing
from tests.support.echo_page import at, close, serve, stop

pytestmark = needs_chromium


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db", AT) as made:
        yield made


@pytest.fixture
async def browser(play: Playing, chromium: Browsing) -> AsyncIterator[Browsing]:
    """Return the browser at a playground in which nobody has said anything."""
    async with at(play, chromium) as made:
        yield made


async def test_two_windows_are_two_people(browser: Browsing) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben")
    await ana.says("Good morning @Ben, <b>shall</b> we plan?")
    await ben.sees("<b>shall</b> we plan?")
    await ana.says("/coplan next thing")
    await ana.sees("Heard: next thing")
    await ana.sees("Only visible to you")
    await ben.says("Yes!")
    await ana.sees("Yes!")
    await ben.sees_not("Heard: next thing")
    await ana.clicks("Dismiss")
    await expect(ana.page.get_by_text("Heard: next thing")).to_have_count(0)
    await close(ana, ben)


async def test_a_plan_card_is_edited_in_place_for_everybody(browser: Browsing) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben")
    await ana.says('/coplan start "Rivers" @Ben')
    await ben.opens("Rivers")
    await ben.sees("the first step waits on you")
    await ben.says("@Coplan what now", thread=True)
    await ben.sees("Heard: what now")
    await ben.clicks("Step done", within="0 of 9 steps")
    await ben.sees("1 of 9 steps")
    await ana.sees("1 of 9 steps")
    await ana.sees("(edited)")
    await ana.sees_not("Heard: what now")
    await expect(ana.page.get_by_text("of 9 steps")).to_have_count(1)
    await close(ana, ben)


async def test_every_block_and_a_reload(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.opens("library")
    await ana.says("/coplan show")
    for text in ("Every kind of block", "<img src=x onerror=alert(1)>", "A small line of context."):
        await ana.sees(text)
    picture = ana.page.get_by_role("img", name="A bar of progress")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 240)
    await expect(ana.page.get_by_role("link", name="script")).to_have_count(0)
    await ana.chooses("Choose a subject", "Geography")
    await ana.sees("pick geo")
    async with ana.page.expect_download() as download:
        await ana.page.get_by_role("link", name="unit plan.html").click()
    assert (await download.value).suggested_filename == "unit plan.html"
    await ana.clicks("Replace me")
    await ana.sees("In the place of the old.")
    await ana.sees_not("A small line of context.")
    await ana.page.reload()
    await ana.sees("In the place of the old.")
    assert "#library" in ana.page.url
    await close(ana)


async def test_a_form_keeps_its_answers_through_errors_and_lost_connections(
    browser: Browsing, play: Playing
) -> None:
    ana = await browser.window("ana")
    await ana.says("/coplan form")
    await ana.submits()
    await ana.sees("Please answer this one.")
    await ana.fills("What is the unit called?", "wrong")
    await ana.fills("Subject", "Languages")
    await ana.fills("What will you assess?", "Geography")
    await ana.fills("Partners", "Rosa")
    await ana.fills("Due", "2026-12-24")
    await ana.submits()
    await ana.sees("That is not a title.")
    await ana.sees("Too late.")
    heard = len(play.handler.heard)
    await ana.fills("What is the unit called?", "x" * 81)
    await ana.sees("1 too many")
    await ana.fills("What is the unit called?", "Rivers and lakes")
    await ana.page.route("**/api/act", lambda route: route.abort())
    async with ana.page.expect_event("requestfailed"):
        await ana.submits()
    await ana.page.unroute("**/api/act")  # the first attempt is lost, the page goes on by itself
    await ana.form_closes()
    for line in ("name: Rivers and lakes", "subject: lang", "kinds: geo", "partners by name: Rosa"):
        await ana.sees(line)
    await ana.sees("day: 2026-12-24")
    assert len(play.handler.heard) == heard + 1
    ana.errors = [line for line in ana.errors if "ERR_FAILED" not in line]
    await close(ana)


async def test_a_form_closed_by_mistake_is_opened_again(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.says("/coplan form")
    await ana.fills("What is the unit called?", "Half a thought")
    await ana.page.keyboard.press("Escape")
    await ana.form_closes()
    await ana.clicks("Open it again")
    await expect(ana.page.get_by_label("What is the unit called?")).to_have_value("Half a thought")
    await close(ana)


async def test_files_are_uploaded(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.uploads("week.ics", b"BEGIN:VCALENDAR")
    await ana.says("/coplan timetable")
    await ana.sees("Files: week.ics: 15 bytes")
    await ana.says("/coplan upload")
    await ana.uploads("table.csv", b"Mon,Tue", label="Your timetable")
    await ana.fills("Or paste it", "Mon\nTue")
    await ana.submits()
    await ana.sees("file: table.csv has 7 bytes")
    await close(ana)


async def test_the_clock_moves_in_every_window(browser: Browsing, play: Playing) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben", size=PHONE, touch=True)
    before = play.clock.now()
    await ana.moves_clock("+1 hour")
    assert (play.clock.now() - before).total_seconds() == 3600
    await expect(ben.page.get_by_test_id("now")).to_have_text(await ana.time())
    await ben.moves_clock("To Monday")
    await expect(ana.page.get_by_test_id("now")).to_have_text("Mon 30 Nov, 07:30")
    assert play.settling.done == [(AT, AT)]
    await ana.moves_clock_to("2026-12-01T10:05")
    assert await ana.time() == "Tue 1 Dec, 10:05"
    await ana.moves_clock_to_free("Ben")
    await ana.sees("No free period of Ben is known.")
    ana.errors = [line for line in ana.errors if "400" not in line]
    await close(ana, ben)


async def test_by_keyboard_alone(browser: Browsing) -> None:
    ana = await browser.window("ana")
    keys = ana.page.keyboard
    await keys.type("/cop")
    await ana.sees("/coplan start")
    for key in ("ArrowDown", "ArrowUp", "Enter"):
        await keys.press(key)
    await keys.type('"By keys" @b')
    await ana.sees("Europe/Berlin")
    await keys.press("Tab")
    await expect(ana.page.get_by_role("textbox", name="Message")).to_have_value(
        '/coplan start "By keys" @Ben '
    )
    await keys.press("Enter")
    await ana.sees("stands in its thread")
    await ana.button("Write", within="0 of 9 steps").focus()
    await keys.press("Enter")
    await ana.page.get_by_role("dialog").wait_for()
    await keys.type("From the keyboard")
    await keys.press("Enter")
    await ana.form_closes()
    await ana.sees("name: From the keyboard")
    await expect(ana.button("Write", within="0 of 9 steps")).to_be_focused()
    await close(ana)


async def test_the_keyboard_comes_back_to_a_card_that_was_drawn_anew(browser: Browsing) -> None:
    ana, ben = await browser.window("ana"), await browser.window("ben")
    await ana.says('/coplan start "Drawn anew" @Ben')
    for who in (ana, ben):
        await who.opens("Drawn anew")
    await ana.button("Write", within="0 of 9 steps").focus()
    await ana.page.keyboard.press("Enter")
    await ana.page.get_by_role("dialog").wait_for()
    await ben.clicks("Step done", within="0 of 9 steps")
    await ana.sees("1 of 9 steps")
    await ana.page.keyboard.press("Escape")
    await expect(ana.button("Write", within="1 of 9 steps")).to_be_focused()
    await close(ana, ben)


async def test_what_is_typed_as_soon_as_the_page_is_ready_stays(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.page.add_init_script(_HASTY)
    await ana.page.reload()
    await ana.page.locator("body[data-hasty]").wait_for()
    await ana.arrives()
    await expect(ana.page.get_by_role("textbox", name="Message")).to_have_value("At once")
    await close(ana)


_HASTY = """new MutationObserver((_, observer) => {
  if (!document.body?.dataset.ready) return;
  observer.disconnect();
  document.activeElement.value = "At once";
  document.activeElement.dispatchEvent(new Event("input"));
  document.body.dataset.hasty = "true";
}).observe(document, { attributes: true, childList: true, subtree: true });"""
"""Types before the page does anything else."""


async def test_being_somebody_else_in_the_same_window(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.says("/coplan private words")
    await ana.sees("Heard: private words")
    await ana.becomes("Rosa")
    await ana.sees_not("Heard: private words")
    await ana.opens("Coplan")
    await ana.says("hello bot")
    await ana.sees("Heard: hello bot")
    await ana.page.reload()
    await ana.sees("Heard: hello bot")  # the same person after a reload
    await close(ana)


@pytest.mark.parametrize("dark", [False, True])
async def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browsing, tmp_path: Path, dark: bool
) -> None:
    ana = await browser.window("ana", size=PHONE, dark=dark, touch=True)
    await ana.opens("library")
    await ana.says("/coplan show")
    await ana.sees("Every kind of block")
    assert await ana.overflow() == []
    await ana.says("/coplan start " + "Averylongtitlewithoutanyblank" * 4)
    await ana.sees("stands in its thread")
    assert await ana.overflow() == []
    await ana.page.get_by_role("button", name="Back to all places").click()
    assert await ana.overflow() == []
    await ana.opens("Coplan")
    await ana.says("form")
    await ana.page.get_by_role("dialog").wait_for()
    assert await ana.overflow() == []
    await ana.screenshot(tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 10_000
    await close(ana)


async def test_a_message_is_picked_by_keyboard_and_in_every_place(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.says("Nets and boots are in the cupboard")
    message = ana.page.locator("#room .message").filter(has_text="Nets and boots")
    add = message.get_by_role("button", name="Add to plan", exact=True)
    await message.get_by_role("button", name="Reply in a thread").focus()
    await ana.page.keyboard.press("Tab")
    await expect(add).to_be_focused()
    await expect(message.locator(".tools")).to_have_css("opacity", "1")
    await ana.page.keyboard.press("Enter")
    await ana.page.get_by_role("dialog").wait_for()
    await ana.page.keyboard.press("Escape")
    await expect(add).to_be_focused()
    await message.get_by_role("button", name="Reply in a thread").click()
    await ana.says("Size 38 is missing", thread=True)
    for place, text in (("#thread", "Nets and boots"), ("#thread", "Size 38")):
        shown = ana.page.locator(f"{place} .message").filter(has_text=text)
        await expect(shown.get_by_role("button", name="Add to plan")).to_have_count(1)
    await ana.says("/coplan show")
    await ana.sees("Every kind of block")
    own = ana.page.locator("#room .message").filter(has_text="Only visible to you")
    await expect(own.get_by_role("button", name="Add to plan")).to_have_count(0)
    await close(ana)


async def test_on_a_phone_the_tools_of_a_message_hide_none_of_it(browser: Browsing) -> None:
    ana = await browser.window("ana", size=PHONE, touch=True)
    for number in ("First", "Second"):
        await ana.says(f"{number}: " + "who brings what, and when, and for how many of us? " * 2)
    tools = ana.page.locator("#room .message .tools").filter(visible=True)
    await expect(tools).to_have_count(2)
    assert await ana.page.evaluate(_COVERED) == []
    assert await ana.overflow() == []
    box = await tools.last.get_by_role("button", name="Add to plan").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 36
    await tools.last.get_by_role("button", name="Add to plan").tap()
    await ana.page.get_by_role("dialog").wait_for()
    assert await ana.overflow() == []
    await close(ana)


_COVERED = """() => [...document.querySelectorAll("#room .message:has(.tools)")].flatMap((one) => {
  const range = document.createRange();
  const lines = [...one.querySelectorAll(".talk, .byline b, .byline time")].flatMap((node) => {
    range.selectNodeContents(node);
    return [...range.getClientRects()].map((line) => ({ line, words: node.textContent }));
  });
  return [...one.querySelectorAll(".tools svg")].flatMap((icon) => {
    const { left, right, top, bottom } = icon.getBoundingClientRect();
    return lines.filter(({ line }) => line.right > left && line.left < right
      && line.bottom - 4 > top && line.top + 4 < bottom).map(({ words }) => words);
  });
})"""
"""Returns the words that a message's tools are drawn over."""


async def test_somebody_new_and_a_new_channel(browser: Browsing) -> None:
    ana = await browser.window("ana")
    await ana.page.locator("#who").click()
    await ana.clicks("Add somebody")
    await ana.fills("Name", "Ana")
    await ana.submits()
    await ana.sees("There is already somebody called Ana.")
    await ana.fills("Name", "Li Wei")
    await ana.fills("Time zone", "Asia/Shanghai")
    await ana.submits()
    await ana.form_closes()
    await ana.becomes("Li Wei")
    await ana.clicks("Add a channel")
    await ana.fills("Name", "Year 7")
    await ana.submits()
    await ana.opens("year-7")
    await ana.sees("Plan together")
    await ana.clicks("Start “Watershed inquiry” with Ana")
    await ana.sees("Watershed inquiry")
    ana.errors = [line for line in ana.errors if "400" not in line]
    await close(ana)


async def test_a_direct_message_calls_and_a_thread_shows_what_is_new(
    browser: Browsing, play: Playing
) -> None:
    maya, rosa = await browser.window("maya"), await browser.window("rosa")
    await maya.opens("library")
    to = Identity(platform="playground", user="maya")
    await play.messenger.direct(to, plan_card("A reminder", 0), "reminder-1")
    await maya.sees("Coplan: A reminder")
    card = maya.page.get_by_role("article", name="A reminder")
    await expect(card).to_have_count(0)
    await maya.clicks("Open")  # the note goes by itself after some seconds
    await expect(card).to_be_visible()
    await rosa.arrives()
    await rosa.sees_not("A reminder")
    await rosa.opens("library")
    await maya.opens("library")
    await rosa.says("Who has boots?")
    await maya.sees("Who has boots?")
    message = maya.page.locator(".message", has_text="Who has boots?")
    await message.hover()
    await message.get_by_role("button", name="Reply in a thread").click()
    await maya.says("I have", thread=True)
    await rosa.sees("1 new")
    await rosa.page.get_by_role("button", name="1 reply, 1 new").click()
    await rosa.sees("I have")
    await rosa.page.keyboard.press("Escape")
    await expect(rosa.button("1 reply", within="Who has boots?")).to_be_visible()
    await close(maya, rosa)


async def test_the_page_goes_on_after_a_restart_of_the_server(
    chromium: Browsing, tmp_path: Path
) -> None:
    async with playing(tmp_path / "p.db") as first:
        serving, address = await serve(first, 0)
        ana = await Browsing(chromium.browser, address).window("ana")
        await ana.says("before")
        await stop(serving)
        await first.store.close()
        await ana.sees("Trying to reach the playground")
        async with playing(tmp_path / "p.db") as second:
            serving, _ = await serve(second, int(address.rstrip("/").split(":")[2]))
            await ana.says("after")  # its token is the old server's: it fetches the new one
            await ana.sees("after")
            await ana.sees_not("Trying to reach the playground")
            await second.messenger.post(place_of("planning"), plan_card("Live", 1), "live")
            await ana.sees("1 of 9 steps")
            await ana.sees("before")
            await ana.page.context.close()
            await stop(serving)
