"""Stories in the playground: the real server, a real Chromium, one window a person."""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from adapters.playground.store import PlaygroundStore
from bot.domain.clock import Clock
from bot.domain.ids import RandomIds
from bot.main import Choices, serve_playground
from tests.support.browser import PATIENCE, Browsing, Window
from tests.support.fake_clock import FakeClock
from tests.support.talk.chatting import MOMENT
from tests.support.talk.stage import BOT, START, ZONE, Actor, Stage, StageClock
from tests.support.talk.times import wall

_AGAIN = """async (button) => {
  if (!button.isConnected) return;
  button.click();
  while (button.getAttribute("aria-busy") === "true")
    await new Promise((done) => setTimeout(done, 10));
}"""
"""Uses the button if it is still there, in one step, for its card may be drawn anew any moment."""

_JOIN = """async ([name, zone]) => {
  const { newId, post } = await import("/static/wire.js");
  return (await post("/api/people", { id: newId(), name, zone })).id;
}"""

_OFFSET = "SELECT value FROM playground_facts WHERE name = 'offset'"
_DUE = "SELECT count(*) FROM outbox WHERE state = 'leased' OR (state = 'pending' AND due_at <= ?)"


@dataclass(slots=True, kw_only=True)
class BrowserStage(Stage):
    """A served playground and the windows opened on it."""

    browsing: Browsing
    served: "Served"
    time: FakeClock
    name: str = "browser"
    clock: StageClock = field(init=False)
    people: dict[str, "BrowserActor"] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = BrowserClock(self)

    async def person(self, name: str, zone: str = ZONE) -> "BrowserActor":
        """Return the person of that name in a window of their own."""
        if name not in self.people:
            if name not in self.ids:
                self.ids[name] = await self.any.window.page.evaluate(_JOIN, [name, zone])
            window = await self.browsing.window(self.ids[name])
            self.people[name] = BrowserActor(stage=self, name=name, zone=zone, window=window)
        return self.people[name]

    @property
    def any(self) -> "BrowserActor":
        """Return somebody."""
        return next(iter(self.people.values()))

    @property
    def data(self) -> Path:
        """Return the playground's file."""
        return self.served.data

    async def closes_messages(self, name: str) -> None:
        """Tell it in the page."""
        await self.quiet()
        await self.any.window.lets_go_wrong(
            "Direct messages closed", f"Direct messages to {name}", "until told otherwise"
        )

    async def opens_messages(self) -> None:
        """Tell it in the page."""
        await self.quiet()
        await self.any.window.clicks("All is well again")
        await expect(self.any.window.page.locator("#disturbed")).to_be_hidden()

    async def is_down_until(self, when: str) -> None:
        """Stop the server, and serve the same file at the same address from that time on.

        The pages find it again by themselves; that they could not reach it meanwhile is no error.
        """
        await self.quiet()
        at = wall(when, await self.clock.now(), ZONE)
        await self.served.stop()
        await save_present(self.data, at, self.time)
        await self.served.start()
        for actor in self.people.values():
            await expect(actor.window.page.locator("#offline")).to_be_hidden()
            await actor.arrives()
            actor.window.errors = [e for e in actor.window.errors if "net::ERR_" not in e]
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until everything that is due now has been sent."""
        async with asyncio.timeout(PATIENCE / 1000):
            while await asyncio.to_thread(self._due):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)

    def present(self) -> datetime:
        """Return the playground's present instant (UTC); its file knows it."""
        with contextlib.closing(sqlite3.connect(self.data)) as connection:
            (offset,) = connection.execute(_OFFSET).fetchone()
        return self.time.now() + timedelta(microseconds=int(offset))

    def _due(self) -> int:
        now = int(self.present().timestamp() * 1e6)
        with contextlib.closing(sqlite3.connect(self.data)) as connection:
            (due,) = connection.execute(_DUE, (now,)).fetchone()
        return int(due)


@dataclass(slots=True)
class BrowserClock(StageClock):
    stage: BrowserStage

    async def now(self) -> datetime:
        return await asyncio.to_thread(self.stage.present)

    async def to(self, when: datetime | str) -> None:
        """Use the page's own controls."""
        await self.stage.quiet()
        actor = self.stage.any
        if isinstance(when, str) and when.startswith("next free period of "):
            await actor.window.moves_clock_to_free(when.removeprefix("next free period of "))
        else:
            at = when if isinstance(when, datetime) else wall(when, await self.now(), ZONE)
            local = at.astimezone(ZoneInfo(actor.zone))
            await actor.window.moves_clock_to(f"{local:%Y-%m-%dT%H:%M}")
        await actor.arrives()


@dataclass(slots=True, kw_only=True)
class BrowserActor(Actor):
    stage: BrowserStage
    name: str
    zone: str
    window: Window

    async def opens(self, place: str) -> None:
        await self.arrives()
        await self._goes_to(place)

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        await self._begins()
        for name, content in files:
            await self.window.uploads(name, content)
        await self.window.says(text, thread=thread)
        await self.arrives()

    async def clicks(self, label: str, in_: str | None = None) -> None:
        await self._begins()
        button = self.window.button(label, within=in_ or "")
        async with self.window.page.expect_response("**/api/act"):
            await button.click()
        await self.arrives()

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        """Double-click it, and use it once more if it is still there."""
        await self._begins()
        button = await self.window.button(label, within=in_ or "").element_handle()
        assert button is not None
        async with self.window.page.expect_response("**/api/act"):
            await button.dblclick()
        await self.arrives()
        await button.evaluate(_AGAIN)
        await self.arrives()

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        await self._begins()
        root = self._message(in_) if in_ else self.window.page.locator("body")
        box = root.get_by_role("combobox", name=placeholder, exact=True).filter(visible=True).last
        async with self.window.page.expect_response("**/api/act"):
            await box.select_option(label=option)
        await self.arrives()

    async def picks(self, text: str) -> None:
        await self._begins()
        message = self._message(text)
        await message.hover()
        async with self.window.page.expect_response("**/api/act"):
            await message.get_by_role("button", name="Add to plan", exact=True).click()
        await self.arrives()

    async def fills(self, **answers: str) -> None:
        for label, answer in answers.items():
            await self.window.fills(label, answer)

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        await self.window.uploads(name, content, label=label)

    async def submits(self) -> None:
        await self._begins()
        dialog = self._dialog()
        await dialog.locator("button[type=submit]").click()
        await expect(dialog.locator("[aria-busy=true]")).to_have_count(0)
        await self.arrives()

    async def sees_form(self, title: str) -> None:
        await expect(self._dialog().locator("h2")).to_have_text(title)

    async def form_closes(self) -> None:
        await self.window.form_closes()

    async def answer_in_form(self, label: str) -> str:
        return await self._dialog().get_by_label(label).first.input_value()

    async def dismisses_form(self) -> None:
        await self._dialog().get_by_role("button", name="Cancel").click()

    async def sees(self, text: str, in_: str | None = None) -> None:
        await self.window.sees(text, within=in_ or "")

    async def sees_not(self, text: str) -> None:
        await self.arrives()
        await self.window.sees_not(text)

    async def sees_direct(self, text: str) -> None:
        back = await self._goes_to_bot()
        await self.window.sees(text)
        await self._goes_back(back)

    async def counts_direct(self, text: str = "") -> int:
        back = await self._goes_to_bot()
        found = await self.counts(text)
        await self._goes_back(back)
        return found

    async def counts(self, text: str) -> int:
        await self.arrives()
        ids: list[str] = await (
            self.window.page.locator("li.message")
            .filter(has_text=text or re.compile(""), visible=True)
            .evaluate_all("found => found.map((each) => each.dataset.id)")
        )
        return len(set(ids))

    async def downloads(self, ending: str) -> bytes:
        await self.arrives()
        link = self.window.page.get_by_role("link", name=re.compile(re.escape(ending))).last
        async with self.window.page.expect_download() as download:
            await link.click()
        return await asyncio.to_thread(Path(await (await download.value).path()).read_bytes)

    async def _begins(self) -> None:
        """Begin an act when what came before has arrived: the newest of its like is meant."""
        self.stage.time.set(self.stage.time.now() + MOMENT)
        await self.arrives()

    async def arrives(self) -> None:
        """Wait until all that is due has been sent, and the page shows all that the server has."""
        await self.stage.quiet()
        await self.window.arrives()

    def _dialog(self) -> Locator:
        return self.window.page.get_by_role("dialog")

    def _message(self, text: str) -> Locator:
        return self.window.page.locator(".message").filter(has_text=text).last

    async def _goes_to(self, place: str) -> None:
        """Use the sidebar; of two threads of one name the one with the latest news comes first."""
        places = self.window.page.get_by_role("navigation")
        await places.get_by_title(place, exact=True).first.click()

    async def _goes_to_bot(self) -> str:
        await self.arrives()
        back: str = await self.window.page.evaluate("location.hash")
        await self._goes_to(BOT)
        return back

    async def _goes_back(self, hash_: str) -> None:
        await self.window.page.evaluate("hash => { location.hash = hash; }", hash_)
        await self.window.arrives()  # the page is told of its new address later


@dataclass(slots=True, kw_only=True)
class Served:
    """A playground that is served from ``data``, always at the same port."""

    data: Path
    time: Clock
    address: str = ""
    _serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        port = int(self.address.rstrip("/").split(":")[2]) if self.address else 0
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = serve_playground(
            self.data,
            port=port,
            fresh=False,
            sample=False,
            on_ready=ready.set_result,
            choices=Choices(clock=self.time),
        )
        self._serving = asyncio.create_task(serving)
        started: set[asyncio.Future[Any]] = {self._serving, ready}
        await asyncio.wait(started, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            await self._serving
        self.address = await ready

    async def stop(self) -> None:
        if self._serving is not None:
            self._serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving


async def save_present(data: Path, present: datetime, time: Clock) -> dict[str, str]:
    """Set the clock of the playground in the file; return its people's ids by name."""
    store = PlaygroundStore(data, ids=RandomIds())
    await store.open(ZONE)
    await store.save_offset(present - time.now())
    ids = {each.name: each.id for each in await store.people()}
    await store.close()
    return ids


@asynccontextmanager
async def browser_stage(
    path: Path, chromium: Browsing, start: datetime = START
) -> AsyncIterator[BrowserStage]:
    """Serve a playground whose clock begins at ``start``; its windows must not report errors.

    Time stands still but for the moment that every act takes: a story may last as long as it likes.
    """
    time = FakeClock(start)
    served = Served(data=path / "playground.db", time=time)
    ids = await save_present(served.data, start, time)
    await served.start()
    browsing = Browsing(chromium.browser, served.address)
    stage = BrowserStage(browsing=browsing, served=served, time=time, ids=ids)
    try:
        yield stage
        for actor in stage.people.values():
            assert actor.window.errors == [], f"{actor.name}'s page reports errors"
    finally:
        for actor in stage.people.values():
            await actor.window.page.context.close()
        await served.stop()
