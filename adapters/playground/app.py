"""The playground's web application."""

from html import escape
from pathlib import Path
from typing import Final

from aiohttp import web

from adapters.playground import api, events
from adapters.playground.acting import Acting
from adapters.playground.clock import MovableClock
from adapters.playground.guard import (
    BODY_LIMIT,
    TOKEN,
    add_headers,
    explain_errors,
    new_token,
    refuse_strangers,
)
from adapters.playground.once import Once
from adapters.playground.ports import NO_HOOKS, WORKSPACE, Hooks, Settling
from adapters.playground.room import ROOM, Room
from adapters.playground.store import PlaygroundStore
from adapters.playground.time_travel import TimeTravel
from bot.chat.router import Handler
from bot.domain.ids import Ids, WorkspaceId
from bot.runtime.in_flight import Doubles

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def make_app(
    *,
    handler: Handler,
    store: PlaygroundStore,
    clock: MovableClock,
    settling: Settling,
    ids: Ids,
    hooks: Hooks = NO_HOOKS,
    workspace: WorkspaceId = WORKSPACE,
    verbs: tuple[tuple[str, str], ...] = (),
) -> web.Application:
    """Return the application; ``store`` is open, and its owner closes it.

    It answers on loopback only, whatever it is bound to. ``verbs`` are what the composer suggests,
    with a short explanation each.
    """
    app = web.Application(
        middlewares=[explain_errors, refuse_strangers], client_max_size=BODY_LIMIT
    )
    app[TOKEN] = new_token()
    once = Once()
    app[ROOM] = Room(
        store=store,
        clock=clock,
        travel=TimeTravel(clock=clock, settling=settling, store=store, next_free=hooks.next_free),
        acting=Acting(
            handler=handler,
            store=store,
            clock=clock,
            ids=ids,
            workspace=workspace,
            identity_of=hooks.identity_of,
        ),
        once=once,
        doubles=Doubles(once.under_way),
        verbs=verbs,
    )
    _add_routes(app)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_streams)
    return app


def _add_routes(app: web.Application) -> None:
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    page = page.replace("{{token}}", escape(app[TOKEN], quote=True))
    static = {
        path.name: (path.read_bytes(), _TYPES[path.suffix])
        for path in _STATIC.iterdir()
        if path.suffix in _TYPES and path.name != "index.html"
    }

    async def index(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    async def asset(request: web.Request) -> web.Response:
        found = static.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        body, media_type = found
        return web.Response(body=body, content_type=media_type, charset="utf-8")

    app.router.add_get("/", index)
    app.router.add_get("/static/{name}", asset)
    app.router.add_get("/api/state", api.state)
    app.router.add_get("/api/events", events.stream)
    app.router.add_get("/files/{id}/{name}", api.file)
    app.router.add_post("/api/act", api.act)
    app.router.add_post("/api/clock", api.clock)
    app.router.add_post("/api/deliveries", api.deliveries)
    app.router.add_post("/api/people", api.people)
    app.router.add_post("/api/channels", api.channels)


async def _end_streams(app: web.Application) -> None:
    app[ROOM].store.feed.close()
