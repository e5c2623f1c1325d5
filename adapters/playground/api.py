"""The routes that the page calls."""

from typing import Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.web_request import FileField

from adapters.playground.acting import Uploads
from adapters.playground.guard import TOKEN
from adapters.playground.inbound import ACTS, CHANNELS, FAULTS, MOVES, PEOPLE, read
from adapters.playground.post_office import deliveries_json, tell
from adapters.playground.records import Json
from adapters.playground.room import ROOM, clock_json, message_json, world_json
from adapters.playground.time_travel import Wish
from adapters.playground.view import PNG
from bot.chat.inbound import Upload
from bot.domain.errors import InvalidInput

_FILE: Final = "file:"
"""In a multipart post: ``file:`` and the input's key, or nothing for the composer's files."""
_FILE_NAME: Final = 120


async def state(request: web.Request) -> web.Response:
    """``GET /api/state?as=PERSON``: all that the person sees; an unknown one becomes the first.

    The token is as safe here as in the page: other sites can read neither.
    """
    room = request.app[ROOM]
    people = await room.store.people()
    asked = request.query.get("as", "")
    me = next((each for each in people if each.id == asked), people[0] if people else None)
    messages, since = await room.store.visible(me.id) if me else ((), 0)
    return web.json_response(
        await world_json(room)
        | {
            "me": me.id if me else "",
            "birth": await room.store.birth(),
            "token": request.app[TOKEN],
            "clock": clock_json(room),
            "deliveries": await deliveries_json(room),
            "messages": [message_json(each) for each in messages],
            "since": since,
        }
    )


async def act(request: web.Request) -> web.Response:
    """``POST /api/act``: say, click, submit, share or dismiss; JSON, or multipart with files.

    A click that only doubles another is answered when that is done: there is nothing to follow.
    """
    room = request.app[ROOM]
    text, uploads = await _posted(request)
    wanted = read(ACTS, text)
    own = f"{wanted.person}:{wanted.id}"
    counts = room.doubles.delivery(wanted.person, room.acting.used(wanted), own)
    answer = await room.once.run(
        counts, lambda: room.acting.perform(wanted, uploads, str(request.url.origin()))
    )
    return web.json_response(answer if counts == own else {"reply": "double"})


async def clock(request: web.Request) -> web.Response:
    """``POST /api/clock``: move the clock; answers when it has arrived."""
    room = request.app[ROOM]
    wanted = read(MOVES, await _json(request))
    of = await room.store.person(wanted.of or wanted.person)
    if of is None:
        raise InvalidInput(what="There is no such person here.", remedy="Reload the page.")
    wish = Wish(move=wanted.move, of=of, at=wanted.at)

    room.doubles.delivery(wanted.person, "", f"clock:{wanted.id}")

    async def move() -> Json:
        await room.travel.go(wish)
        return clock_json(room)

    return web.json_response(await room.once.run(f"clock:{wanted.id}", move))


async def people(request: web.Request) -> web.Response:
    """``POST /api/people``: add an invented person."""
    room = request.app[ROOM]
    wanted = read(PEOPLE, await _json(request))

    async def add() -> Json:
        return {"id": (await room.store.add_person(wanted.name, wanted.zone)).id}

    return web.json_response(await room.once.run(f"people:{wanted.id}", add))


async def channels(request: web.Request) -> web.Response:
    """``POST /api/channels``: add a channel."""
    room = request.app[ROOM]
    wanted = read(CHANNELS, await _json(request))

    async def add() -> Json:
        return {"id": (await room.store.add_channel(wanted.name)).id}

    return web.json_response(await room.once.run(f"channels:{wanted.id}", add))


async def deliveries(request: web.Request) -> web.Response:
    """``POST /api/deliveries``: say what goes wrong with deliveries, or that it ends."""
    room = request.app[ROOM]
    wanted = read(FAULTS, await _json(request))

    async def change() -> Json:
        await tell(room, wanted)
        return await deliveries_json(room)

    return web.json_response(await room.once.run(f"deliveries:{wanted.id}", change))


async def file(request: web.Request) -> web.Response:
    """``GET /files/ID/NAME?as=PERSON``: a file of a message that the person may see, else 404."""
    room = request.app[ROOM]
    person = await room.asking(request)
    found = await room.store.file(request.match_info["id"], person.id)
    if found is None:
        raise web.HTTPNotFound
    if found.media_type == PNG:
        media_type, how = PNG, "inline"
    else:  # never shown by the browser, whatever it claims to be
        media_type, how = "application/octet-stream", "attachment"
    disposition = f"{how}; filename*=UTF-8''{quote(found.name, safe='')}"
    return web.Response(
        body=found.content,
        content_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-cache"},
    )


async def _json(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise _wrong_type()
    return await request.read()


async def _posted(request: web.Request) -> tuple[str | bytes, Uploads]:
    if request.content_type != "multipart/form-data":
        return await _json(request), {}
    uploads: dict[str, tuple[Upload, ...]] = {}
    text = ""
    try:
        form = await request.post()
    except ValueError as error:
        raise _wrong_type() from error
    for key, value in form.items():
        if isinstance(value, FileField) and key.startswith(_FILE):
            name = key.removeprefix(_FILE)
            uploads[name] = (*uploads.get(name, ()), _upload(value))
        elif isinstance(value, str) and key == "act":
            text = value
    return text, uploads


def _upload(field: FileField) -> Upload:
    name = field.filename.replace("\\", "/").rsplit("/", 1)[-1].strip() or "file"
    return Upload(name=name[-_FILE_NAME:], content=field.file.read())


def _wrong_type() -> InvalidInput:
    return InvalidInput(
        what="That could not be understood: it is neither JSON nor a form with files.",
        remedy="Nothing was changed.",
    )
