"""A process that serves until it is stopped: reminders are sent, and a member comments for ever."""

import asyncio
import logging
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection

import structlog

from bot.chat.inbound import Inbound, Submitted
from bot.cli.stopping import until_stopped
from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind
from bot.main import House, open_house
from bot.ui.actions import action
from bot.ui.replies import CardReply
from storage.holding import hold
from tests.support.ledger import Platform
from tests.support.ledger_messenger import LedgerMessenger
from tests.support.reminding import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One process, and whose plan is commented on in it (``quiet``: not any more)."""

    number: int
    url: str
    port: int
    flow: Flow
    workspace: WorkspaceId
    plan: PlanId
    who: str
    quiet: bool = False


def serve(serving: Serving, parent: Connection) -> None:
    """Be that process; the parent is told "ready", and then every comment that was answered."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(until_stopped(_serve(serving, parent)))


async def _serve(serving: Serving, parent: Connection) -> None:
    messengers = {
        platform.value: LedgerMessenger(platform=platform, port=serving.port, life=serving.number)
        for platform in Platform
    }
    trusted = frozenset({Platform.DEDUPES.value})
    with hold(serving.url) as held:
        async with open_house(held, messengers, clock=serving.flow, deduplicates=trusted) as house:
            parent.send("ready")
            if serving.quiet:
                await asyncio.Event().wait()
            for number in count():
                await _comment(house, serving, f"{serving.number}-{number}")
                parent.send(f"{serving.number}-{number}")
                await asyncio.sleep(0.05)


async def _comment(house: House, serving: Serving, text: str) -> None:
    answers = {"text": (text,), "field": ("",)}
    reply = await house.router.handle(
        Inbound(
            workspace=serving.workspace,
            person=Person(
                identity=Identity(platform=Platform.PLAIN, user=serving.who), name=serving.who
            ),
            place=Place(platform=Platform.PLAIN, kind=PlaceKind.CHANNEL, channel="c"),
            what=Submitted(
                action=action("comment.save", serving.plan, "text").encode(), values=answers
            ),
            key=text,
        )
    )
    assert isinstance(reply, CardReply), reply
