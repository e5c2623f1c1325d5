"""Live updates: Server-Sent Events, one stream per window, resumed where it broke off."""

import asyncio
import contextlib
import json
from typing import Final

from aiohttp import web

from adapters.playground.post_office import deliveries_json
from adapters.playground.records import Json, Persona
from adapters.playground.room import ROOM, Room, clock_json, message_json, world_json

_BREATH: Final = 15.0  # seconds between signs of life


async def stream(request: web.Request) -> web.StreamResponse:
    """``GET /api/events?as=PERSON&since=CHANGE``: all that changes for that person from there on.

    With ``once`` it ends after what there is now: hidden windows look in from time to time, for a
    browser opens only six streams to one server.
    """
    room = request.app[ROOM]
    person = await room.asking(request)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the window was closed: there is nobody to tell
        await _follow(room, person, response, _since(request), once="once" in request.query)
    return response


def _since(request: web.Request) -> int:
    text = request.headers.get("Last-Event-ID") or request.query.get("since", "0")
    return int(text) if text.isdecimal() else 0


async def _follow(
    room: Room, person: Persona, response: web.StreamResponse, since: int, *, once: bool
) -> None:
    world, moves, posts = -1, -1, -1
    with room.store.feed.follow() as woken:
        while not room.store.feed.closed:
            woken.clear()
            if world != room.store.world:
                world = room.store.world
                await _send(response, "world", await world_json(room))
            messages, newest = await room.store.visible(person.id, since)
            if newest > since:
                found = [message_json(each) for each in messages]
                since = newest
                await _send(response, "messages", {"messages": found, "since": since}, since)
            if moves != room.travel.moves:
                moves = room.travel.moves
                await _send(response, "clock", clock_json(room))
            if posts != room.store.deliveries.changes:
                posts = room.store.deliveries.changes
                await _send(response, "deliveries", await deliveries_json(room))
            if once:
                await _send(response, "enough", {})
                return
            await _rest(woken, response)


async def _rest(woken: asyncio.Event, response: web.StreamResponse) -> None:
    """Wait for the next change; a sign of life now and then finds out who has gone."""
    try:
        async with asyncio.timeout(_BREATH):
            await woken.wait()
    except TimeoutError:
        await response.write(b": still here\n\n")


async def _send(
    response: web.StreamResponse, event: str, data: Json, number: int | None = None
) -> None:
    head = f"id: {number}\n" if number is not None else ""
    await response.write(f"{head}event: {event}\ndata: {json.dumps(data)}\n\n".encode())
