"""Who takes part in the benchmark of Discord: Coplan, and two discord.py apps that do nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import discord
from discord.http import Route
from pydantic import SecretStr

from adapters.discord import messages, modals
from adapters.discord.client import aim
from adapters.discord.service import Discord, open_discord
from bot.chat.inbound import Clicked, Inbound
from bot.config import Settings
from bot.domain.ids import MemberId, WorkspaceId
from bot.runtime.tally import Tally
from bot.ui.actions import action
from bot.ui.cards import Card
from bot.ui.pages.planning.plan_card import plan_card
from bot.ui.replies import FormReply
from bot.usecases.planning.acting import view_of
from bot.usecases.ports import Work
from tests.support.bench_figures import TURNS, Calls, median
from tests.support.bench_floor import Bare
from tests.support.bench_peers import Cost, Watch
from tests.support.bench_world import BODY, FIELD, STEP, Where, World, world
from tests.support.discord.world import Json
from tests.support.discord_load import Address, Load, Submission
from tests.support.driving import ALONE


class Contender(Protocol):
    """An app that takes the submissions of forms."""

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Listen while the block lasts."""
        ...

    async def settle(self) -> None:
        """Return when all that follows from what came is done."""
        ...


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

    load: Load
    bare: Bare | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        address = self.load.address
        aim(address.api_url, address.gateway_url)
        client = _Answering(self.bare)
        running = asyncio.create_task(client.start(address.token))
        try:
            await self.load.connected(1)
            yield
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

    load: Load
    there: World

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with self.opened() as running:
            ready = asyncio.Event()
            app = running.app(self.there.bot.router, Tally())
            listening = asyncio.create_task(running.listen(app, lambda _: ready.set()))
            try:
                await self.load.connected(1)
                await ready.wait()
                yield
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
        bot = self.there.bot

        async def users_of(
            workspace: WorkspaceId, members: Iterable[MemberId]
        ) -> Mapping[MemberId, str]:
            def look(work: Work) -> Mapping[MemberId, str]:
                return {m.id: m.identity.user for m in work.members.get(members).values()}

            return await bot.door.read(workspace, look)

        wanted = settings(self.load.address)
        async with open_discord(wanted, bot.door, users_of, bot.clock) as running:
            yield running


def settings(address: Address) -> Settings:
    """Return what whoever runs Coplan in that Discord would set."""
    return Settings(
        _env_file=None,
        discord_token=SecretStr(address.token),
        discord_api_url=address.api_url,
        discord_gateway_url=address.gateway_url,
    )


@dataclass(slots=True, kw_only=True)
class Acts:
    """Plans that are half done, and the form in which their field is written."""

    there: World
    form: Json
    stranger: str

    def chains(self, many: int, width: int, *, kept: bool) -> list[list[Submission]]:
        """Return so many saves: one chain of them for one at a time, else one for each plan.

        Those that are not ``kept`` are for somebody else: no plan of these changes.
        """
        before = dict(self.there.entries), dict(self.there.revisions)
        plans = range(len(self.there.plans))
        if width == ALONE:
            made = [[self._save(at, kept=kept) for at in range(many)]]
        else:
            made = [
                [self._save(at, kept=kept) for _ in range(at, many, len(plans))] for at in plans
            ]
        if not kept:
            self.there.entries, self.there.revisions = before
        return made

    def check(self) -> None:
        """Fail unless every save stands: what was refused would count as done."""
        for plan, entries in self.there.entries.items():
            stored = self.there.bot.plan(plan, self.there.where.workspace)
            assert stored.entries == entries, f"{entries - stored.entries} saves do not stand"

    def card(self) -> Card:
        """Return the card of a plan."""
        plan, person = self.there.plans[0]

        def look(work: Work) -> Card:
            viewer = work.members.by_identity(person.identity)
            found = work.plans.get(plan)
            assert viewer is not None
            assert found is not None
            return plan_card(view_of(work, viewer, found))

        return self.there.bot.read(look, self.there.where.workspace)

    def _save(self, at: int, *, kept: bool) -> Submission:
        """Return the next save of a plan's field; it counts on those before being done by then."""
        there = self.there
        plan, person = there.plans[at % len(there.plans)]
        route = action("field.save", plan, STEP, FIELD, str(there.revisions[plan]))
        there.entries[plan] += 1
        there.revisions[plan] = there.entries[plan]
        text = f"Act {next(there.numbers)}. {BODY}"
        (label,) = (each for each in self.form["components"] if each["type"] == 18)
        answer = {"type": 4, "custom_id": label["component"]["custom_id"], "value": text}
        return Submission(
            user=person.identity.user if kept else self.stranger,
            data={
                "custom_id": route.encode(),
                "components": [{"type": 18, "id": 2, "component": answer | {"id": 3}}],
            },
        )


@asynccontextmanager
async def acts(load: Load, folder: Path, plans: int, entries: int) -> AsyncIterator[Acts]:
    """Open so many plans like one that is half done; the courier does not run."""
    address = load.address
    where = Where(
        platform="discord",
        workspace=WorkspaceId(f"discord:{address.guild}"),
        channel=address.channel,
    )
    async with world(folder, plans, entries=entries, where=where) as there:
        await load.people({person.identity.user: person.name for _, person in there.plans})
        yield Acts(there=there, form=await _form(there), stranger=address.stranger)


async def _form(there: World) -> Json:
    plan, person = there.plans[0]
    opened = await there.bot.router.handle(
        Inbound(
            workspace=there.where.workspace,
            person=person,
            place=there.where.place,
            what=Clicked(action=action("field.open", plan, STEP, FIELD).encode()),
        )
    )
    assert isinstance(opened, FormReply), opened
    return modals.modal(opened.form, {})


async def calls_out(ours: Coplan, made: Acts, many: int) -> Calls:
    """Send a plan's card so many times, in turns; the medians are compared."""
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

        async def rendered() -> None:
            messages.message(card, {})

        taken: dict[Callable[[], Awaitable[None]], list[Cost]] = {
            by_coplan: [],
            by_discord_py: [],
            rendered: [],
        }
        for _ in range(TURNS):
            for send, costs in taken.items():
                watch = Watch()
                for _ in range(many):
                    await send()
                costs.append(watch.each(many))
        sent, bare, rendering = (median(costs) for costs in taken.values())
        return Calls(ours=sent, alone=bare, rendering=rendering)


@asynccontextmanager
async def _logged_in(address: Address) -> AsyncIterator[discord.Client]:
    """Log in without connecting."""
    aim(address.api_url, address.gateway_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(address.token)
        yield client
