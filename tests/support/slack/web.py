"""The Web API over HTTP: every call is checked, counted, limited, and maybe goes wrong."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.faults import Fault, Faults
from tests.support.slack import (  # noqa: F401 - each registers its methods
    api_chat,
    api_files,
    api_people,
    api_views,
)
from tests.support.slack.api_people import missing_scope
from tests.support.slack.methods import METHODS, STRUCTURED, Call, Refused
from tests.support.slack.oauth import OAuth
from tests.support.slack.rates import Limits
from tests.support.slack.world import Enterprise, Json, Team, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call that came: ``outcome`` is "ok", Slack's error, or the fault's answer.

    ``at`` is the Unix time of the story; it ``came`` and was ``answered`` by the monotonic clock.
    """

    method: str
    args: Json
    outcome: str
    token: str = ""
    at: float
    came: float
    answered: float


@dataclass(slots=True, kw_only=True)
class WebApi:
    """Answers calls. ``made`` keeps every one, in the order answered."""

    world: World
    faults: Faults
    limits: Limits
    oauth: OAuth
    made: list[Made] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    tells_scopes: bool = True
    """Whether the header with the token's scopes arrives: a proxy may drop it."""
    watch: Callable[[str], None] = lambda _: None
    """Is told of every call when it has come and when its work was done: "auth.test applied"."""
    shaped: Callable[[str, Json], Json] = lambda _, body: body
    """Returns a method's answer as it is told: others who speak for Slack tell less, or more."""
    urls: list[str] = field(default_factory=list)
    """The addresses given out for Socket Mode, each for one connection."""

    @property
    def counts(self) -> Counter[str]:
        """Return how often each method was called."""
        return Counter(each.method for each in self.made)

    def refused(self) -> list[Made]:
        """Return the calls that Slack answered with an error of the caller's making."""
        faults = {"ok", "lost", "status", "error", "limited", "ratelimited"}
        return [each for each in self.made if each.outcome not in faults]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        came = time.monotonic()
        method = request.match_info["method"]
        self.watch(f"{method} received")
        args = await _arguments(request)
        if "code" in request.query:
            self.warned.append(f"{method}: a secret in the address, which proxies log")
        given = request.headers.get("Authorization", "")
        token = given.removeprefix("Bearer ") or str(args.pop("token", ""))
        fault = self.faults.of(method, args) or Fault(done=True)
        body = self._limited(method, token, args)
        if body is None and fault.done:
            body = self.shaped(method, self._work(method, token, args))
        self.watch(f"{method} applied")
        if fault.delay:
            await asyncio.sleep(fault.delay)
        outcome = fault.answer if fault.answer != "truth" else (body or {}).get("error", "ok")
        self.made.append(
            Made(
                method=method,
                args=args,
                outcome=outcome,
                token=token,
                at=self.world.now(),
                came=came,
                answered=time.monotonic(),
            )
        )
        return self._answer(request, token, fault, body or {})

    def _answer(
        self, request: web.Request, token: str, fault: Fault, body: Json
    ) -> web.StreamResponse:
        scopes = self.world.by_token(token) if self.tells_scopes else None
        headers = {"x-oauth-scopes": ",".join(sorted(scopes.scopes))} if scopes else {}
        if fault.answer == "limited":
            body = {"ok": False, "error": "ratelimited", "wait": fault.retry_after}
        wait = body.pop("wait", None)
        if wait is not None:
            return web.json_response(body, status=429, headers={"Retry-After": str(wait)})
        match fault.answer:
            case "lost":
                return _cut(request)
            case "garbled":
                page = "<html><body>Please stand by</body></html>"
                return web.Response(text=page, content_type="text/html")
            case "status":
                page = "<html><body>Server Error</body></html>"
                return web.Response(status=fault.status, text=page, content_type="text/html")
            case "error":
                return web.json_response({"ok": False, "error": fault.error}, headers=headers)
        return web.json_response(body, headers=headers)

    def _limited(self, method: str, token: str, args: Json) -> Json | None:
        tier = METHODS[method].tier if method in METHODS else 3
        channel = str(args.get("channel", ""))
        wait = self.limits.wait(self.limits.rules(token, method, tier, channel))
        return None if wait is None else {"ok": False, "error": "ratelimited", "wait": wait}

    def _work(self, method: str, token: str, args: Json) -> Json:
        try:
            if method == "apps.connections.open":
                return {"ok": True, "url": self._connection(token)}
            if method == "oauth.v2.access":
                return self.oauth.access(args, token)
            return self._called(method, self._team(token, args), args)
        except Refused as refused:
            return refused.body

    def _called(self, name: str, team: Team, args: Json) -> Json:
        found = METHODS.get(name)
        if found is None:
            raise Refused("unknown_method")
        call = Call(world=self.world, team=team, method=name, args=args)
        if found.scopes and not team.scopes.intersection(found.scopes):
            raise missing_scope(call, found.scopes[0])
        missing = [key for key in found.required if args.get(key) is None or args[key] == ""]
        if missing:
            fields = [f"missing required field: {key}" for key in missing]
            raise Refused("invalid_arguments", *fields)
        body = {"ok": True, **found.run(call)}
        if call.warnings:
            self.warned += [f"{name}: {warning}" for warning in call.warnings]
            body["warning"] = ",".join(call.warnings)
        return body

    def _team(self, token: str, args: Json) -> Team:
        if not token:
            raise Refused("not_authed")
        if token == self.world.app.token:
            raise Refused("not_allowed_token_type")
        found = self.world.by_token(token)
        if found is None:
            raise Refused("invalid_auth")
        if found.revoked:
            raise Refused("token_revoked")
        team = str(args.pop("team_id", ""))
        return self._within(found, team) if isinstance(found, Enterprise) else found

    def _within(self, enterprise: Enterprise, team: str) -> Team:
        """Return the workspace that a call with an organisation's token is meant for."""
        if not team:
            raise Refused("missing_argument", "team_id")
        if team not in enterprise.granted:
            raise Refused("team_access_not_granted")
        return self.world.teams[team]

    def _connection(self, token: str) -> str:
        if token != self.world.app.token:
            raise Refused("not_allowed_token_type" if token.startswith("xoxb") else "invalid_auth")
        ticket = self.world.id("ticket")
        self.urls.append(ticket)
        return f"{self.world.address.replace('http', 'ws', 1)}/link/?ticket={ticket}"


def _cut(request: web.Request) -> web.Response:
    """Close the connection before anything was answered."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a call, from JSON, a form, or the address."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        return {**given, **body} if isinstance(body, dict) else given
    given |= dict(await request.post())
    for key in STRUCTURED & set(given):
        try:
            given[key] = json.loads(given[key])
        except ValueError:
            given[key] = None if given[key] == "" else given[key]
    return given
