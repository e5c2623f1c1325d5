"""Who takes part in the benchmark of Slack: Coplan, and two Bolt apps that do next to nothing."""

import asyncio
import re
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks, views
from adapters.slack.messenger import NOTICE, metadata
from adapters.slack.origins import Origin
from adapters.slack.service import Slack, open_slack
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
from storage.work import StorageWork
from tests.support.bench_floor import Bare
from tests.support.bench_peers import Cost, Watch
from tests.support.bench_world import BODY, FIELD, STEP, Where, World, world
from tests.support.slack.world import Json
from tests.support.slack_load import Address, Load, Submission

IN_FLIGHT = 50
TURNS = 9
"""How often the ways of sending take turns."""


class Contender(Protocol):
    """An app that takes the submissions of forms."""

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Be connected while the block lasts."""
        ...

    async def settle(self) -> None:
        """Return when all that follows from what came is done."""
        ...


@dataclass(slots=True, kw_only=True)
class NoOp(Contender):
    """A Bolt app whose only listener acknowledges, with one ``bare`` commit before, if it is given.

    It is as Bolt's own documentation has it, with ``process_before_response`` beside.
    """

    load: Load
    bare: Bare | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        address, bare = self.load.address, self.bare
        client = AsyncWebClient(token=address.bot_token, base_url=address.api_url)
        app = AsyncApp(client=client, process_before_response=True)

        async def acknowledge(ack: Any) -> None:  # noqa: ANN401 - Bolt's
            if bare is not None:
                await bare.run(1)
            await ack()

        app.view(re.compile(".*"))(acknowledge)
        handler = AsyncSocketModeHandler(app, address.app_token, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's
        try:
            await self.load.connected(1)
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's
            await self.load.connected(0)

    async def settle(self) -> None:
        return


@dataclass(slots=True, kw_only=True)
class Coplan(Contender):
    """The whole of it: payload, rules, commit, acknowledgement, and the answer that is shown."""

    load: Load
    there: World
    slack: Slack
    form: Json

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        app = self.slack.app(self.there.bot.router, Tally())
        listening = asyncio.create_task(self.slack.listen(app, lambda _: None))
        try:
            await self.load.connected(1)
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await self.load.connected(0)

    async def settle(self) -> None:
        await self.slack.in_flight.idle()

    def save(self, at: int) -> Submission:
        """Return the form with which the partner of a plan saves its field once more.

        It counts on being delivered, and on what went before being done by then.
        """
        there = self.there
        plan, person = there.plans[at % len(there.plans)]
        route = action("field.save", plan, STEP, FIELD, str(there.revisions[plan]))
        there.entries[plan] += 1
        there.revisions[plan] = there.entries[plan]
        text = f"Act {next(there.numbers)}. {BODY}"
        return Submission(
            user=person.identity.user,
            view=self.form | {"callback_id": route.encode()},
            state={"text": {"text": {"type": "plain_text_input", "value": text}}},
        )

    def chains(self, many: int, width: int, *, kept: bool = True) -> list[list[Submission]]:
        """Return so many saves: one chain of them for one at a time, else one for each plan.

        Those that are not ``kept`` are for somebody else: no plan of these changes.
        """
        before = dict(self.there.entries), dict(self.there.revisions)
        plans = range(len(self.there.plans))
        if width == 1:
            made = [[self.save(at) for at in range(many)]]
        else:
            made = [[self.save(at) for _ in range(at, many, len(plans))] for at in plans]
        if not kept:
            self.there.entries, self.there.revisions = before
        return made

    def check(self) -> None:
        """Fail unless every save stands: what was refused would count as done."""
        for plan, entries in self.there.entries.items():
            stored = self.there.bot.plan(plan, self.there.where.workspace)
            assert stored.entries == entries, f"{entries - stored.entries} saves do not stand"


@asynccontextmanager
async def coplan(load: Load, folder: Path, plans: int, entries: int) -> AsyncIterator[Coplan]:
    """Open Coplan with so many plans like one that is half done; the courier does not run."""
    address = load.address
    where = Where(
        platform="slack", workspace=WorkspaceId(f"slack:{address.team}"), channel=address.channel
    )
    async with world(folder, plans, entries=entries, where=where) as there:
        await load.people({person.identity.user: person.name for _, person in there.plans})

        async def users_of(
            workspace: WorkspaceId, members: Iterable[MemberId]
        ) -> Mapping[MemberId, str]:
            def look(work: StorageWork) -> Mapping[MemberId, str]:
                return {m.id: m.identity.user for m in work.members.get(members).values()}

            return await there.bot.door.read(workspace, look)

        bot = there.bot
        opened = open_slack(settings(address), bot.door, users_of, bot.clock)
        async with opened as slack:
            yield Coplan(load=load, there=there, slack=slack, form=await _form(there))


async def _form(there: World) -> Json:
    """Return the modal in which the measured field is written."""
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
    return views.modal(opened.form, Origin(channel=there.where.channel).pack(), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a message cost: sent by Coplan's messenger, by slack_sdk alone, and only rendered."""

    ours: Cost
    alone: Cost
    rendering: Cost


async def calls_out(load: Load, ours: Coplan, many: int) -> Calls:
    """Send a plan's card so many times, in turns; the medians are compared."""
    address, place, card = load.address, ours.there.where.place, _card(ours.there)
    messenger = await ours.slack.messengers.within(ours.there.where.workspace)
    shown, numbers = blocks.message(card, {}), count()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=address.bot_token, base_url=address.api_url, session=session)

        async def by_coplan() -> None:
            await messenger.post(place, card, f"key-{next(numbers)}")

        async def by_slack_sdk() -> None:
            await client.chat_postMessage(
                channel=place.channel,
                text=shown.text,
                blocks=shown.blocks,
                metadata=metadata(NOTICE, f"key-{next(numbers)}"),
            )

        async def rendered() -> None:
            blocks.message(card, {})

        taken: dict[Callable[[], Awaitable[None]], list[Cost]] = {
            by_coplan: [],
            by_slack_sdk: [],
            rendered: [],
        }
        for _ in range(TURNS):
            for send, costs in taken.items():
                watch = Watch()
                for _ in range(many):
                    await send()
                costs.append(watch.each(many))
        sent, alone, rendering = (_median(costs) for costs in taken.values())
        return Calls(ours=sent, alone=alone, rendering=rendering)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        wall=statistics.median(each.wall for each in costs),
        cpu=statistics.median(each.cpu for each in costs),
    )


def _card(there: World) -> Card:
    plan, person = there.plans[0]

    def look(work: Work) -> Card:
        viewer = work.members.by_identity(person.identity)
        found = work.plans.get(plan)
        assert viewer is not None
        assert found is not None
        return plan_card(view_of(work, viewer, found))

    return there.bot.read(look, there.where.workspace)


def settings(address: Address) -> Settings:
    """Return what whoever runs Coplan in that Slack would set."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(address.bot_token),
        slack_app_token=SecretStr(address.app_token),
        slack_api_url=address.api_url,
    )
