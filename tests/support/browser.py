"""A real browser on the playground: windows that act by what people see on the page.

async with browsing(address) as browser:
    ana = await browser.window("ana")
    await ana.says('/coplan start "Watershed inquiry" @Ben')
    await ana.sees("Watershed inquiry")
"""

import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, async_playwright, expect

CHROMIUM = next(
    (at for at in map(shutil.which, ("chromium-headless-shell", "chromium")) if at), None
)
"""The lighter one of Debian's two packages of the same engine, where it is installed."""

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE = 30_000
"""Milliseconds that whatever is expected on a page may take: the machine may be slow."""
expect.set_options(timeout=PATIENCE)

_ARRIVED = """async () => {
  const { now, state } = await import("/static/state.js");
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  for (;;) {
    const response = await fetch(`/api/state?as=${encodeURIComponent(state.me)}`);
    const { since, clock, people, token } = await response.json();
    const onTime = state.clock.target === clock.target && now() > clock.now - 20_000;
    const known = state.people.length === people.length && state.token === token;
    if (state.since >= since && onTime && known) break;
    await rest(20);
  }
  await rest(5);
}"""
"""Waits until the page shows all that the server has for this person, and its clock's present.

The page's clock goes on where a test's stands still. The token is another one once the server was
started anew: what is posted with the old one is refused at first.
"""

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is missing: apt-get install chromium-headless-shell"
)


@dataclass(slots=True)
class Window:
    """One window of the playground, used as a person would: by visible labels.

    ``errors`` are the page's own (console errors, exceptions, refused by the CSP).
    """

    page: Page
    errors: list[str] = field(default_factory=list)

    async def says(self, text: str, *, thread: bool = False) -> None:
        """Type the text into the composer and send it (in the thread's pane with ``thread``)."""
        label = "Reply in the thread" if thread else "Message"
        box = self.page.get_by_role("textbox", name=label, exact=True)
        await box.fill(text)
        send = self._pane(thread=thread).get_by_role("button", name="Send", exact=True)
        async with self.page.expect_response("**/api/act"):
            await send.click()
        # The answer is there, and the page takes it in: until then it sends nothing else.
        await expect(send).not_to_have_attribute("aria-busy", "true")

    async def clicks(self, label: str, *, within: str = "") -> None:
        """Click the newest button (or link) with that label; ``within`` a text of its card."""
        await self.button(label, within=within).click()

    def button(self, label: str, *, within: str = "") -> Locator:
        """Return the newest visible button or link with that label."""
        root: Page | Locator = self.page
        if within:
            root = self.page.locator(".message").filter(has_text=within, visible=True).last
        found = root.get_by_role("button", name=label, exact=True)
        links = root.get_by_role("link", name=label, exact=True)
        return found.or_(links).filter(visible=True).last

    async def chooses(self, menu: str, option: str) -> None:
        """Choose from a card's menu, by its placeholder and the option's label."""
        box = self.page.get_by_role("combobox", name=menu, exact=True).filter(visible=True).last
        await box.select_option(label=option)

    async def fills(self, label: str, value: str) -> None:
        """Answer a question of the open form: a text, a date (ISO), an option, or a name."""
        form = self.page.get_by_role("dialog")
        # A fieldset is labelled by its legend, which get_by_label does not look at.
        box = form.get_by_label(label).or_(form.get_by_role("group", name=label)).first
        if await box.evaluate("e => e.tagName") == "SELECT":
            await box.select_option(label=value)
        elif await box.evaluate("e => e.tagName") == "FIELDSET":
            await box.get_by_role("checkbox", name=value).check()
        else:
            await box.fill(value)

    async def submits(self) -> None:
        """Send the open form."""
        await self.page.get_by_role("dialog").locator("button[type=submit]").click()

    async def form_closes(self) -> None:
        """Wait until no form is open."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def sees(self, text: str, *, within: str = "") -> None:
        """Expect the text somewhere visible; ``within`` a message that also shows that text."""
        root: Page | Locator = self.page
        if within:
            root = self.page.locator(".message").filter(has_text=within, visible=True).last
        found = root.get_by_text(text).filter(visible=True).first
        await expect(found).to_be_visible()

    async def sees_not(self, text: str) -> None:
        """Expect the text nowhere visible (now; see something else first where it may be late)."""
        await expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0)

    async def uploads(self, name: str, content: bytes, *, label: str = "") -> None:
        """Attach a file: in the open form under ``label``, else in the composer."""
        payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        if label:
            box = self.page.get_by_role("dialog").get_by_label(label)
        else:
            box = self.page.locator("#room input[type=file]")
        await box.set_input_files(payload)

    async def opens(self, place: str) -> None:
        """Open a channel, a plan's thread or a direct conversation by its name in the sidebar."""
        if await self.page.evaluate("innerWidth") <= 700:
            await self.page.evaluate("location.hash = '#/'")
        name = re.compile(rf"^{re.escape(place)}(, \d+ new)?$")
        await self.page.get_by_role("navigation").get_by_role("button", name=name).click()

    async def becomes(self, name: str) -> None:
        """Be somebody else in this window."""
        who = self.page.locator("[data-who]").filter(visible=True).first
        await who.click()
        menu = self.page.locator("#persona-menu")
        await menu.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\b")).click()
        await expect(who).to_have_accessible_name(f"You are {name}. Be somebody else")

    async def moves_clock(self, label: str) -> None:
        """Move the clock by a button of the bar or its menu, and wait until it has arrived."""
        button = self.page.get_by_role("button", name=label, exact=True)
        if not await button.filter(visible=True).count():
            await self.page.get_by_role("button", name="Move the clock").click()
        async with self.page.expect_response("**/api/clock"):
            await button.filter(visible=True).first.click()
        await self._clock_arrives()

    async def moves_clock_to_free(self, name: str) -> None:
        """Move the clock to somebody's next free period."""
        await self.page.get_by_role("button", name="Move the clock").click()
        box = self.page.get_by_label("To the next free period of")
        options = await box.locator("option").all_text_contents()
        await box.select_option(label=next(each for each in options if each.startswith(name)))
        async with self.page.expect_response("**/api/clock"):
            await self.page.get_by_role("button", name="Go to the next free period").click()
        await self._clock_arrives()

    async def moves_clock_to(self, wall: str) -> None:
        """Move the clock to a wall time of this window's person: ``2026-11-24T10:05``."""
        await self.page.get_by_role("button", name="Move the clock").click()
        await self.page.get_by_label("To a date and time").fill(wall)
        async with self.page.expect_response("**/api/clock"):
            await self.page.get_by_role("button", name="Go to the date and time").click()
        await self._clock_arrives()

    async def lets_go_wrong(self, kind: str, where: str, left: str, seconds: int = 0) -> None:
        """Let deliveries go wrong, by the labels of the page's own control."""
        await self.page.get_by_role("button", name=re.compile("^Deliveries")).click()
        menu = self.page.locator("#deliveries-menu")
        await menu.get_by_label("What goes wrong").select_option(label=kind)
        await menu.get_by_label("Where").select_option(label=where)
        await menu.get_by_label("How long").select_option(label=left)
        if seconds:
            await menu.get_by_label("Seconds").fill(str(seconds))
        async with self.page.expect_response("**/api/deliveries"):
            await menu.get_by_role("button", name="Let it go wrong").click()
        await self.page.keyboard.press("Escape")
        await expect(menu).to_be_hidden()

    async def time(self) -> str:
        """Return what the clock shows: "Tue 24 Nov, 10:05"."""
        return await self.page.get_by_test_id("now").inner_text()

    async def arrives(self) -> None:
        """Wait until the page shows all that the server has for this person, and its clock."""
        await self.page.evaluate(_ARRIVED)

    async def screenshot(self, path: Path) -> None:
        """Save what the window shows as a PNG."""
        await self.page.screenshot(path=path)

    async def overflow(self) -> Sequence[str]:
        """Return the elements that are wider than the window, except in scrolling boxes."""
        found: list[str] = await self.page.evaluate(_OVERFLOW)
        return found

    def _pane(self, *, thread: bool) -> Locator:
        return self.page.locator("#thread" if thread else "#room")

    async def _clock_arrives(self) -> None:
        await expect(self.page.locator("#clock-menu")).to_be_hidden()
        await self.arrives()


_OVERFLOW = """() => [document.documentElement, ...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest(".table, .unseen, svg, option")
    && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
  .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)"""


@dataclass(slots=True)
class Browsing:
    """A running browser; every window is a browser profile of its own."""

    browser: Browser
    address: str

    async def window(
        self,
        person: str = "",
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        touch: bool = False,
    ) -> Window:
        """Open a window as that person (the playground's id: "ana"), ready to be used."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        window = Window(page)
        page.on("pageerror", lambda error: window.errors.append(str(error)))
        page.on(
            "console",
            lambda line: window.errors.append(line.text) if line.type == "error" else None,
        )
        await page.goto(f"{self.address}?as={person}" if person else self.address)
        await page.locator("body[data-ready]").wait_for()
        return window


@asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Browsing]:
    """Run Chromium on the playground at ``address`` (with its final slash)."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield Browsing(browser, address)
        finally:
            await browser.close()
