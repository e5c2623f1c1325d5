"""Who takes part in the benchmark of Slack: Coplan, and two Bolt apps that do next to nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks, views
from adapters.slack.messenger import NOTICE, metadata
from adapters.slack.origins import Origin
from adapters.slack.service import Slack, open_slack
from adapters.web.server import reserve, serving
from bot.config import Settings
from bot.domain.ids import WorkspaceId
from bot.runtime.tally import Tally
from tests.support.bench_figures import Calls
from tests.support.bench_floor import Bare
from tests.support.bench_platforms import Contender, Timed, in_turns
from tests.support.bench_saves import Saves, UsersOf, form_of, half_done
from tests.support.bench_world import Where, World
from tests.support.slack_load import Address, SlackLoad, Submission

PATH = "/slack/events"


@dataclass(slots=True, kw_only=True)
class NoOp(Contender):
    """A Bolt app whose only listener acknowledges, with one ``bare`` commit before, if it is given.

    It is as Bolt's own documentation has it, with ``process_before_response`` beside. If it
    ``answers``, everybody is shown a line after that, by slack_sdk with one session.
    """

    load: SlackLoad
    bare: Bare | None = None
    http: bool = False
    answers: bool = False
    acts: list[float] = field(default_factory=list)
    keeps: bool = False
    _answering: set[asyncio.Task[object]] = field(default_factory=set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        address, bare = self.load.address, self.bare
        client = AsyncWebClient(token=address.bot_token, base_url=address.api_url)
        app = AsyncApp(
            client=client, signing_secret=address.signing_secret, process_before_response=True
        )

        async def acknowledge(ack: Any, body: dict[str, Any]) -> None:  # noqa: ANN401 - Bolt's
            if bare is not None:
                await bare.run(1)
            await ack()
            if self.answers:
                self._answer(client, body["user"]["id"])

        app.view(re.compile(".*"))(acknowledge)
        async with aiohttp.ClientSession() as session:
            client.session = session
            async with self._served(app) if self.http else self._connected(app, client) as where:
                yield where

    def _answer(self, client: AsyncWebClient, user: str) -> None:
        channel = self.load.address.channel
        shown = client.chat_postEphemeral(channel=channel, user=user, text="Saved.")
        task: asyncio.Task[object] = asyncio.create_task(shown)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def settle(self) -> None:
        await asyncio.gather(*self._answering)

    @asynccontextmanager
    async def _connected(self, app: AsyncApp, client: AsyncWebClient) -> AsyncIterator[str]:
        handler = AsyncSocketModeHandler(app, self.load.address.app_token, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's
        try:
            await self.load.connected(1)
            yield ""
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's
            await self.load.connected(0)

    @asynccontextmanager
    async def _served(self, app: AsyncApp) -> AsyncIterator[str]:
        runner = web.AppRunner(app.web_app(PATH), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        try:
            yield f"http://{host}:{port}{PATH}"
        finally:
            await runner.cleanup()


@dataclass(slots=True, kw_only=True)
class Coplan(Contender):
    """The whole of it: payload, rules, commit, acknowledgement, and the answer that is shown."""

    load: SlackLoad
    there: World
    slack: Slack
    keeps: bool = True
    answers: bool = True
    acts: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        app, ready = (
            self.slack.app(Timed(handler=self.there.bot.router, acts=self.acts), Tally()),
            asyncio.Event(),
        )
        async with AsyncExitStack() as stack:
            address = ""
            if self.slack.ways.http:
                served = serving(self.slack.routes(app), reserve("127.0.0.1", 0, ""))
                address = (await stack.enter_async_context(served)).address.rstrip("/") + PATH
            listening = asyncio.create_task(self.slack.listen(app, lambda _: ready.set()))
            try:
                await self.load.connected(0 if address else 1)
                await ready.wait()
                yield address
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
                await self.load.connected(0)

    async def settle(self) -> None:
        await self.slack.in_flight.idle()


@asynccontextmanager
async def coplan(load: SlackLoad, there: World, *, http: bool = False) -> AsyncIterator[Coplan]:
    """Open Coplan for the plans that are there."""
    wanted, bot = settings(load.address, http=http), there.bot
    async with open_slack(wanted, bot.door, UsersOf(there), bot.clock) as slack:
        yield Coplan(load=load, there=there, slack=slack)


def settings(address: Address, *, http: bool) -> Settings:
    """Return what whoever runs Coplan in that Slack would set."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(address.bot_token),
        slack_app_token=None if http else SecretStr(address.app_token),
        slack_signing_secret=SecretStr(address.signing_secret),
        slack_api_url=address.api_url,
        public_url="https://coplan.example.org" if http else "",
    )


@asynccontextmanager
async def saves(
    load: SlackLoad, folder: Path, plans: int, entries: int
) -> AsyncIterator[Saves[Submission]]:
    """Open so many plans that are half done, for saves that come as Slack sends them."""
    address = load.address
    where = Where(
        platform="slack", workspace=WorkspaceId(f"slack:{address.team}"), channel=address.channel
    )
    async with half_done(load, where, folder, plans, entries) as there:
        form = views.modal(await form_of(there), Origin(channel=where.channel).pack(), {})

        def sending(user: str, route: str, text: str) -> Submission:
            return Submission(
                user=user,
                view=form | {"callback_id": route},
                state={"text": {"text": {"type": "plain_text_input", "value": text}}},
            )

        yield Saves(there=there, sending=sending)


async def calls_out(ours: Coplan, made: Saves[Submission], many: int) -> Calls:
    """Send a plan's card so many times, in turns with slack_sdk alone."""
    address, where, card = ours.load.address, ours.there.where, made.card()
    messenger = await ours.slack.messengers.within(where.workspace)
    shown, numbers = blocks.message(card, {}), count()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=address.bot_token, base_url=address.api_url, session=session)

        async def by_coplan() -> None:
            await messenger.post(where.place, card, f"key-{next(numbers)}")

        async def by_slack_sdk() -> None:
            await client.chat_postMessage(
                channel=where.channel,
                text=shown.text,
                blocks=shown.blocks,
                metadata=metadata(NOTICE, f"key-{next(numbers)}"),
            )

        return await in_turns(by_coplan, by_slack_sdk, lambda: blocks.message(card, {}), many)
