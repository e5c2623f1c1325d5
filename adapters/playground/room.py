"""What the routes share: the playground's parts, and their JSON."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from adapters.playground.acting import Acting
from adapters.playground.clock import MovableClock
from adapters.playground.once import Once
from adapters.playground.records import (
    BOT,
    BOT_NAME,
    Json,
    Message,
    Persona,
)
from adapters.playground.store import PlaygroundStore
from adapters.playground.time_travel import TimeTravel
from adapters.playground.view import milliseconds
from bot.runtime.in_flight import Doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The parts of one running playground."""

    store: PlaygroundStore
    clock: MovableClock
    travel: TimeTravel
    acting: Acting
    once: Once
    doubles: Doubles
    verbs: tuple[tuple[str, str], ...]

    async def asking(self, request: web.Request) -> Persona:
        """Return who asks (``?as=``); 404 for nobody known."""
        person = await self.store.person(request.query.get("as", ""))
        if person is None:
            raise web.HTTPNotFound
        return person


ROOM: Final = web.AppKey("room", Room)


async def world_json(room: Room) -> Json:
    """Return the people and channels."""
    return {
        "people": [
            {"id": each.id, "name": each.name, "zone": each.zone}
            for each in await room.store.people()
        ],
        "channels": [{"id": each.id, "name": each.name} for each in await room.store.channels()],
        "bot": {"id": BOT, "name": BOT_NAME},
        "verbs": [{"verb": verb, "does": does} for verb, does in room.verbs],
    }


def clock_json(room: Room) -> Json:
    """Return the present instant, and where the clock is being moved to."""
    target = room.travel.target
    return {
        "now": milliseconds(room.clock.now()),
        "target": milliseconds(target) if target else None,
    }


def message_json(message: Message) -> Json:
    """Return a message for the page."""
    return {
        "id": message.id,
        "number": message.number,
        "changed": message.changed,
        "channel": message.channel,
        "thread": message.thread,
        "title": message.title,
        "author": message.author,
        "kind": message.kind.value,
        "private": message.private,
        "body": message.body,
        "at": milliseconds(message.at),
        "edited": message.edited,
    }
