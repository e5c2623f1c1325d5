"""The REST API over HTTP: every request is checked, counted, limited, and maybe goes wrong."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from aiohttp import web

from tests.support.discord import (  # noqa: F401 - each registers its routes
    api_channels,
    api_commands,
    api_gateway,
    api_guilds,
    api_interactions,
    api_messages,
    routes,
)
from tests.support.discord.described import body_problems
from tests.support.discord.refusals import Refused, invalid
from tests.support.discord.routes import Answer, Call, Route
from tests.support.discord.world import Attachment, Json, World
from tests.support.faults import Fault, Faults
from tests.support.rates import Rates, Rule

PREFIX: Final = "/api/v10"
LARGEST: Final = 25 * 1024 * 1024
POST: Final = "POST /channels/{channel_id}/messages"
A_SECOND: Final = 50
INVALID: Final = frozenset({401, 403, 429})
TOO_MANY: Final = 429
_BUCKETS: Final = {POST: (5, 5.0)}
_OFTEN: Final = (10, 10.0)
_MAJOR: Final = ("channel_id", "guild_id", "webhook_token", "interaction_token")
_ALLOWED_REFUSALS: Final = frozenset({"lost", "status", "error", "garbled", "limited", "banned"})

_ACKNOWLEDGED: Final = "40060"
_ANSWER_STANDS: Final = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"
"""Who does not know whether an answer was taken asks for it: that it is not there is no mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A request that came: ``outcome`` is "ok", Discord's code, or the fault's answer.

    ``at`` is the Unix time of the story; it ``came`` and was ``answered`` by the monotonic clock.
    """

    name: str
    path: dict[str, str]
    body: Json
    outcome: str
    at: float
    came: float
    answered: float


@dataclass(slots=True, kw_only=True)
class RestApi:
    """Answers requests. ``made`` keeps every one, in the order answered."""

    world: World
    faults: Faults
    limits: Rates
    made: list[Made] = field(default_factory=list)
    watch: Callable[[str], None] = lambda _: None
    """Is told of every request when it has come and when its work was done: "POST … applied"."""
    described: bool = True
    """Whether bodies are checked against Discord's description."""
    media_type: str = "application/json"
    """What an answer is called: Discord says nothing of a charset, others who speak for it do."""
    tells_limits: bool = True
    """Whether headers tell of limits; else only the body of a refusal does."""
    shaped: Callable[[str, Answer], Answer] = lambda _, told: told
    """Returns a route's answer as it is told: others tell less, or more."""
    broken: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    """What went wrong in the fake itself."""
    invalid: int = 0
    """Answers of 401, 403 and 429: ten thousand in ten minutes, and Discord bans the address."""

    @property
    def counts(self) -> Counter[str]:
        """Return how often each route was used."""
        return Counter(each.name for each in self.made)

    def refused(self) -> list[Made]:
        """Return the requests that Discord answered with an error of the app's making."""
        failed = (each for each in self.made if each.outcome not in {"ok", *_ALLOWED_REFUSALS})
        return [
            each for each in failed if each.name != _ANSWER_STANDS and not self._given_again(each)
        ]

    def _given_again(self, made: Made) -> bool:
        """Tell whether it is a first answer that was taken before, word for word.

        Who hears nothing for a while, as on a slow machine, gives it again: nothing comes of it.
        """
        taken = (each for each in self.made if each.outcome in {"ok", *_ALLOWED_REFUSALS})
        before = [each.body for each in taken if each.path == made.path]
        return _ACKNOWLEDGED in made.outcome and made.body in before

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        came = time.monotonic()
        path = request.path.removeprefix(PREFIX)
        found = routes.find(request.method, path)
        if found is None:
            name = f"{request.method} {path}"
            self._keep(name, {}, {}, "unknown route", came)
            return _json({"message": "404: Not Found", "code": 0}, status=404)
        route, named = found
        self.watch(f"{route.name} received")
        body, files = await _sent(request)
        told = body if isinstance(body, dict) else {"commands": body}
        fault = self.faults.of(route.name, {**named, **told}) or Fault(done=True)
        rule = _rule(route, named)
        everywhere = None if route.public else self.limits.wait([(("global",), A_SECOND, 1.0)])
        wait = everywhere or self.limits.wait([rule])
        answer = _nothing()
        if wait is None and fault.done:
            call = Call(
                world=self.world,
                template=route.template,
                path=named,
                query=dict(request.query),
                body=told,
                files=files,
            )
            answer = self._work(route, call, body, request)
        self.watch(f"{route.name} applied")
        if fault.delay:
            await asyncio.sleep(fault.delay)
        fault = fault if everywhere is None else replace(fault, everywhere=True)
        made = self._answered(request, fault, wait, answer, rule)
        outcome = fault.answer if fault.answer != "truth" else _outcome(made)
        self._keep(route.name, named, told, outcome, came)
        self.invalid += made.status in INVALID
        return made

    def _keep(self, name: str, path: dict[str, str], body: Json, outcome: str, came: float) -> None:
        self.made.append(
            Made(
                name=name,
                path=path,
                body=body,
                outcome=outcome,
                at=self.world.now(),
                came=came,
                answered=time.monotonic(),
            )
        )

    def _work(self, route: Route, call: Call, body: object, request: web.Request) -> web.Response:
        self.agents.add(request.headers.get("User-Agent", ""))
        try:
            self._check(route, body, request.headers.get("Authorization", ""))
            return _told(self.shaped(route.name, route.run(call)))
        except Refused as refused:
            made = _json(refused.body, status=refused.status)
            made.headers["X-Refused"] = f"{refused.code} {refused}"[:400].replace("\n", " ")
            return made
        except Exception as mistake:
            self.broken.append(f"{route.name}: {mistake!r}")
            raise

    def _check(self, route: Route, body: object, token: str) -> None:
        if not route.public and token != f"Bot {self.world.app.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if body is _UNREADABLE:
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        described = self.described and body_problems(route.method, route.template, body)
        if described:
            raise invalid(described)

    def _answered(
        self,
        request: web.Request,
        fault: Fault,
        wait: float | None,
        answer: web.Response,
        rule: Rule,
    ) -> web.Response:
        if wait is not None or fault.answer == "limited":
            seconds = fault.retry_after if wait is None else wait
            refusal = _limited(seconds, rule, everywhere=fault.everywhere)
            return (
                refusal
                if self.tells_limits
                else web.Response(
                    status=TOO_MANY, body=refusal.body, content_type="application/json"
                )
            )
        if fault.answer == "lost":
            return _cut(request)
        if fault.answer != "truth":
            return _instead(fault)
        answer.headers["Content-Type"] = self.media_type
        if self.limits.on:
            left, seconds = self.limits.left(rule)
            answer.headers.update(_headers(rule, left, seconds))
        return answer


_UNREADABLE: Final = object()


def _json(told: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON as Discord does: its media type says nothing of a charset."""
    body = json.dumps(told).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _nothing() -> web.Response:
    return web.Response(status=204)


def _told(answer: Answer) -> web.Response:
    return _nothing() if answer is None else _json(answer)


def _outcome(made: web.Response) -> str:
    if made.status == TOO_MANY:
        return "limited"
    return made.headers.get("X-Refused", "ok")


def _rule(route: Route, path: dict[str, str]) -> Rule:
    """Return the limit of a route: for each channel, guild or webhook of its own."""
    major = [path[key] for key in _MAJOR if key in path]
    most, seconds = _BUCKETS.get(route.name, _OFTEN)
    return (route.name, *major), most, seconds


def _headers(rule: Rule, left: int, seconds: float) -> dict[str, str]:
    key, most, _ = rule
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": f"{time.time() + seconds:.3f}",  # noqa: TID251 - as Discord does
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
        "X-RateLimit-Bucket": f"{abs(hash(key[0])):x}",
    }


def _limited(wait: float, rule: Rule, *, everywhere: bool) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": wait, "global": everywhere}
    headers = {"Retry-After": f"{max(round(wait), 1)}", "Via": "1.1 google"}
    if everywhere:
        headers |= {"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}
    else:
        headers |= {"X-RateLimit-Scope": "user", **_headers(rule, 0, wait)}
    return _json(body, status=TOO_MANY, headers=headers)


def _instead(fault: Fault) -> web.Response:
    """Return what comes in the place of an answer."""
    match fault.answer:
        case "banned":
            wait = {"Retry-After": str(round(fault.retry_after))}
            return web.Response(status=TOO_MANY, text="error code: 1015", headers=wait)
        case "error":
            told = {"code": int(fault.error), "message": "As was asked for"}
            return _json(told, status=fault.status)
        case "garbled":
            page = "<html><body>Please stand by</body></html>"
            return web.Response(text=page, content_type="text/html")
    page = "<html><body>Server Error</body></html>"
    return web.Response(status=fault.status, text=page, content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    """Close the connection before anything was answered."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _sent(request: web.Request) -> tuple[Any, dict[str, Attachment]]:
    """Return the body of a request, and the files with it."""
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    raw = await request.read()
    if not raw:
        return {}, {}
    try:
        return json.loads(raw), {}
    except ValueError:
        return _UNREADABLE, {}


async def _parts(request: web.Request) -> tuple[Any, dict[str, Attachment]]:
    body: Any = {}
    files: dict[str, Attachment] = {}
    given = await request.post()
    for key, part in given.items():
        if key == "payload_json":
            body = json.loads(str(part))
        elif isinstance(part, web.FileField):
            number = key.removeprefix("files[").removesuffix("]")
            files[number] = Attachment(
                id=number,
                filename=part.filename,
                content=part.file.read(),
                media_type=part.content_type,
            )
    return body, files
