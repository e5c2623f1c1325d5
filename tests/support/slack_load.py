"""The fake Slack under load; see ``tests.support.load``."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.support.driving import Delivered, Driving
from tests.support.load import PATIENCE, Heard, Load, Run, There
from tests.support.slack import payloads
from tests.support.slack.deliveries import Transport
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp
from tests.support.slack.world import Json, User, View

SHOWN = frozenset({"response_url applied", "chat.postEphemeral applied"})
"""An answer is there to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an app needs to connect, and where people meet."""

    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    team: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A modal that somebody sends; ``state`` is what is filled in."""

    user: str
    view: Json
    state: Json


SlackLoad = Load[Address, Submission]


@dataclass(frozen=True, slots=True)
class SlackThere(There[Address, Submission]):
    fake: FakeSlack

    @property
    def address(self) -> Address:
        fake = self.fake
        return Address(
            api_url=fake.base_url,
            bot_token=fake.team.token,
            app_token=fake.world.app.token,
            signing_secret=fake.world.app.signing_secret,
            team=fake.team.id,
            channel=fake.channel("planning").id,
        )

    def come(self, number: str, name: str) -> None:
        self.fake.team.users[number] = User(id=number, name=name)
        self.fake.channel("planning").members.add(number)

    def standing(self) -> int:
        return len(self.fake.sockets.connections)

    def heard(self) -> Heard:
        fake = self.fake
        return Heard(calls=fake.api.counts, shown=len(fake.responded), problems=fake.problems())

    async def deliver(self, run: Run[Submission]) -> Delivered:
        if not run.post_to:
            return await self._deliver(run, self.fake.sockets)
        async with aiohttp.ClientSession() as session:
            posting = SignedHttp(world=self.fake.world, session=session, address=run.post_to)
            return await self._deliver(run, posting)

    async def _deliver(self, run: Run[Submission], transport: Transport) -> Delivered:
        shown = asyncio.Event()

        async def deliver(payload: Json) -> bool:
            shown.clear()
            answer = await transport.deliver("interactive", payload)
            return answer.acknowledged and not any(answer.body.values())

        async def finished() -> None:
            async with asyncio.timeout(PATIENCE):
                await shown.wait()

        def watch(what: str) -> None:
            if what in SHOWN:
                shown.set()

        self.fake.api.watch = watch
        return await Driving(
            deliver=deliver,
            finished=finished if run.answered else None,
            chains=[[self._payload(each) for each in chain] for chain in run.chains],
            width=run.width,
            rate=run.rate,
        ).done()

    def _payload(self, sent: Submission) -> Json:
        world, team = self.fake.world, self.fake.team
        channel = self.fake.channel("planning").id
        origin = json.loads(sent.view["private_metadata"])
        origin |= {"response_url": world.answer_url(team, sent.user, channel)}
        number = world.id("V0")
        view = View(
            id=number,
            user=sent.user,
            content=sent.view | {"private_metadata": json.dumps(origin)},
            hash=world.id("hash"),
            root=number,
        )
        return payloads.submission(world, team, team.users[sent.user], view, sent.state)


@asynccontextmanager
async def there() -> AsyncIterator[SlackThere]:
    """Open it."""
    async with fake_slack() as fake:
        yield SlackThere(fake)
