"""The addresses at which an interaction may be answered: five times within half an hour."""

from typing import Any

from aiohttp import web

from tests.support.faults import Fault
from tests.support.slack.api_chat import draft
from tests.support.slack.methods import Call, Refused, truth
from tests.support.slack.web import WebApi
from tests.support.slack.world import Channel, Json, ResponseUrl, Team, World

NAME = "response_url"
TOO_MANY = 429
"""What faults call this instead of a method."""


def routes(world: World, api: WebApi, calls: list[Json]) -> list[web.RouteDef]:
    """Return where answers are posted to; ``calls`` keeps what came. Faults are the API's."""

    async def respond(request: web.Request) -> web.StreamResponse:
        body: Any = await request.json()
        calls.append(body)
        fault = api.faults.of(NAME, body) or Fault(done=True)
        try:
            if fault.done:
                _respond(world, request.match_info["team"], request.match_info["number"], body)
        except Refused as refused:
            return web.json_response(refused.body, status=404)
        api.watch(f"{NAME} applied")
        if fault.answer == "lost" and request.transport is not None:
            request.transport.abort()
        if fault.answer == "error":
            return web.json_response({"ok": False, "error": fault.error})
        status = fault.status if fault.answer == "status" else 200
        wait = {"Retry-After": str(fault.retry_after)} if status == TOO_MANY else {}
        return web.Response(text="ok", status=status, headers=wait)

    return [web.post("/respond/{team}/{number}", respond)]


def _respond(world: World, team: str, number: str, body: Json) -> None:
    url = world.teams[team].answers.get(number) if team in world.teams else None
    if url is None or url.left <= 0:
        raise Refused("used_url")
    if world.now() > url.until:
        raise Refused("expired_url")
    url.left -= 1
    answer(world, world.teams[team], url, body)


def answer(world: World, team: Team, url: ResponseUrl, body: Json) -> None:
    """Show what an interaction was answered with: to one person, unless it says ``in_channel``."""
    channel = team.channels[url.channel]
    if truth(body.get("delete_original")):
        if url.original is not None and url.original in channel.messages:
            channel.messages.remove(url.original)
        return
    call = Call(world=world, team=team, method=NAME, args=body)
    made = draft(call, channel, world.ts())
    if truth(body.get("replace_original")) and url.original is not None:
        _replace(channel, url, body, call)
        return
    made.only_for = "" if body.get("response_type") == "in_channel" else url.user
    made.thread = str(body.get("thread_ts") or "")
    channel.messages.append(made)


def _replace(channel: Channel, url: ResponseUrl, body: Json, call: Call) -> None:
    """Let the message that was used say something else, where it stands."""
    original = url.original
    assert original is not None
    if original not in channel.messages:
        raise Refused("message_not_found")
    standing = original if body.get("blocks") is None else None
    new = draft(call, channel, original.ts, standing=standing)
    original.text, original.blocks, original.pings = new.text, new.blocks, new.pings
    original.edited += 1
