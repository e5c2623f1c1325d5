"""Who takes part in the benchmark of Discord: Coplan, and two discord.py apps that do nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import discord
from discord.http import Route
from pydantic import SecretStr

from adapters.discord import messages, modals
from adapters.discord.client import aim
from adapters.discord.service import Discord, open_discord
from bot.config import Settings
from bot.domain.ids import WorkspaceId
from bot.runtime.tally import Tally
from tests.support.bench_figures import Calls
from tests.support.bench_floor import Bare
from tests.support.bench_platforms import Contender, Timed, in_turns
from tests.support.bench_saves import Saves, UsersOf, form_of, half_done
from tests.support.bench_world import Where, World
from tests.support.discord.components import Part
from tests.support.discord_load import Address, DiscordLoad, Submission


class _Answering(discord.Client):
    """As discord.py's own documentation has it: a form is answered for the one who sent it."""

    def __init__(self, bare: Bare | None) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self._bare = bare

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if self._bare is not None:
            await self._bare.run(1)
        await interaction.response.send_message("Saved.", ephemeral=True)


@dataclass(slots=True, kw_only=True)
class NoOp(Contender):
    """An app whose only listener answers, with one ``bare`` commit before, if it is given."""

    load: DiscordLoad
    bare: Bare | None = None
    keeps: bool = False
    answers: bool = True
    acts: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        address = self.load.address
        aim(address.api_url, address.gateway_url)
        client = _Answering(self.bare)
        running = asyncio.create_task(client.start(address.token))
        try:
            await self.load.connected(1)
            yield ""
        finally:
            await client.close()
            with suppress(asyncio.CancelledError):
                await running
            await self.load.connected(0)

    async def settle(self) -> None:
        return


@dataclass(slots=True, kw_only=True)
class Coplan(Contender):
    """The whole of it: payload, rules, commit, and the answer that is shown."""

    load: DiscordLoad
    there: World
    keeps: bool = True
    answers: bool = True
    acts: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        async with self.opened() as running:
            ready = asyncio.Event()
            app = running.app(Timed(handler=self.there.bot.router, acts=self.acts), Tally())
            listening = asyncio.create_task(running.listen(app, lambda _: ready.set()))
            try:
                await self.load.connected(1)
                await ready.wait()
                yield ""
                await running.in_flight.idle()
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
        await self.load.connected(0)

    async def settle(self) -> None:
        return

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Discord]:
        """Open it for the plans that are there."""
        wanted, bot = settings(self.load.address), self.there.bot
        async with open_discord(wanted, bot.door, UsersOf(self.there), bot.clock) as running:
            yield running


def settings(address: Address) -> Settings:
    """Return what whoever runs Coplan in that Discord would set."""
    return Settings(
        _env_file=None,
        discord_token=SecretStr(address.token),
        discord_api_url=address.api_url,
        discord_gateway_url=address.gateway_url,
    )


@asynccontextmanager
async def saves(
    load: DiscordLoad, folder: Path, plans: int, entries: int
) -> AsyncIterator[Saves[Submission]]:
    """Open so many plans that are half done, for saves that come as Discord sends them."""
    address = load.address
    where = Where(
        platform="discord",
        workspace=WorkspaceId(f"discord:{address.guild}"),
        channel=address.channel,
    )
    async with half_done(load, where, folder, plans, entries) as there:
        form = modals.modal(await form_of(there), {})
        (label,) = (each for each in form["components"] if each["type"] == Part.LABEL)
        field = {"type": Part.TEXT_INPUT, "id": 3, "custom_id": label["component"]["custom_id"]}

        def sending(user: str, route: str, text: str) -> Submission:
            answer = {"type": Part.LABEL, "id": 2, "component": field | {"value": text}}
            return Submission(user=user, data={"custom_id": route, "components": [answer]})

        yield Saves(there=there, sending=sending, stranger=address.stranger)


async def calls_out(ours: Coplan, made: Saves[Submission], many: int) -> Calls:
    """Send a plan's card so many times, in turns with discord.py alone."""
    where, card = ours.there.where, made.card()
    shown, numbers = messages.message(card, {}), count()
    async with ours.opened() as running, _logged_in(ours.load.address) as alone:
        running.connection.use(alone)
        messenger = await running.messengers.within(where.workspace)

        async def by_coplan() -> None:
            await messenger.post(where.place, card, f"key-{next(numbers)}")

        async def by_discord_py() -> None:
            route = Route("POST", "/channels/{channel_id}/messages", channel_id=where.channel)
            body: dict[str, Any] = {**shown.body, "nonce": f"n-{next(numbers)}"}
            await alone.http.request(route, json=body | {"enforce_nonce": True})

        return await in_turns(by_coplan, by_discord_py, lambda: messages.message(card, {}), many)


@asynccontextmanager
async def _logged_in(address: Address) -> AsyncIterator[discord.Client]:
    """Log in without connecting."""
    aim(address.api_url, address.gateway_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(address.token)
        yield client
