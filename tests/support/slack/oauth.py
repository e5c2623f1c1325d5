"""OAuth v2: people who install the app in their workspace or organisation, with a browser."""

import html
import itertools
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web

from tests.support.slack.world import Enterprise, Json, Team, World

_LINK = re.compile(r'<a href="([^"]+)">Go on to Slack</a>')


@dataclass(slots=True, kw_only=True)
class Grant:
    """A code that is good for one token."""

    client: str
    redirect: str
    scopes: tuple[str, ...]
    team: Team | None
    enterprise: Enterprise | None
    used: bool = False


@dataclass(slots=True, kw_only=True)
class OAuth:
    """Slack's side. ``registered`` are the addresses that the app may send people back to.

    ``extra`` is added to every answer of ``oauth.v2.access``.
    """

    world: World
    client_id: str = "111.222"
    client_secret: str = "fake-client-secret"  # noqa: S105 - opens nothing
    registered: set[str] = field(default_factory=set)
    grants: dict[str, Grant] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def routes(self) -> list[web.RouteDef]:
        """Return where people allow an app."""
        return [web.get("/oauth/v2/authorize", self._authorize)]

    async def _authorize(self, request: web.Request) -> web.Response:
        """Show a page that only says whether the request is as it should be."""
        asked = request.query
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        if asked.get("redirect_uri") not in self.registered:
            return web.Response(status=400, text="bad_redirect_uri")
        if not asked.get("scope") or asked.get("user_scope"):
            return web.Response(status=400, text="invalid_scope")
        return web.Response(text="Coplan is requesting permission")

    def allow(
        self,
        query: dict[str, str],
        team: Team | None,
        enterprise: Enterprise | None,
        declined: set[str],
    ) -> str:
        """Return a code for what somebody allowed."""
        code = self.world.id("code")
        scopes = tuple(s for s in query["scope"].split(",") if s not in declined)
        self.grants[code] = Grant(
            client=query["client_id"],
            redirect=query["redirect_uri"],
            scopes=scopes,
            team=team,
            enterprise=enterprise,
        )
        return code

    def access(self, args: Json, header: str) -> Json:
        """Answer ``oauth.v2.access``; ``header`` is the request's Authorization."""
        name, secret = _basic(header)
        grant = self.grants.get(str(args.get("code", "")))
        refusals = (
            (name != self.client_id, "invalid_client_id"),
            (secret != self.client_secret, "bad_client_secret"),
            (grant is None, "invalid_code"),
            (grant is not None and grant.used, "code_already_used"),
            (grant is not None and grant.redirect != args.get("redirect_uri"), "bad_redirect_uri"),
        )
        refused = next((error for wrong, error in refusals if wrong), None)
        if refused is not None or grant is None:
            return {"ok": False, "error": refused}
        grant.used = True
        return {"ok": True, **self._given(grant), **self.extra}

    def _given(self, grant: Grant) -> Json:
        where = grant.enterprise or grant.team
        assert where is not None
        where.token = f"xoxb-{where.id}-{next(self._numbers)}-fake"
        where.revoked = False
        reached = [t for t in self.world.teams.values() if t is grant.team or t.enterprise is where]
        for each in (where, *reached):
            each.scopes = set(grant.scopes)
        team, above = grant.team, grant.enterprise
        return {
            "app_id": self.world.app.id,
            "authed_user": {"id": "U0ADMIN"},
            "scope": ",".join(grant.scopes),
            "token_type": "bot",
            "access_token": where.token,
            "bot_user_id": where.bot.id,
            "team": {"id": team.id, "name": team.domain} if team and not above else None,
            "enterprise": {"id": above.id, "name": above.name} if above else None,
            "is_enterprise_install": above is not None,
        }


def _basic(header: str) -> tuple[str, str]:
    kind, _, given = header.partition(" ")
    name, _, secret = b64decode(given if kind == "Basic" else "").decode().partition(":")
    return name, secret


@dataclass(slots=True, kw_only=True)
class Browser:
    """Somebody's browser, with cookies of its own; ``told`` are the status and the page shown."""

    oauth: OAuth
    session: aiohttp.ClientSession
    address: str
    told: tuple[int, str] = (0, "")

    async def opens(self) -> str:
        """Open the install page; return where it leads."""
        async with self.session.get(f"{self.address}slack/install") as answer:
            self.told = answer.status, await answer.text()
        found = _LINK.search(self.told[1])
        assert found, self.told
        return html.unescape(found[1])

    async def allows(
        self,
        link: str,
        team: Team | None = None,
        enterprise: Enterprise | None = None,
        declined: set[str] | None = None,
    ) -> str:
        """Allow what Slack asks for; return where Slack sends the browser."""
        async with self.session.get(link) as answer:
            assert answer.status == 200, await answer.text()
        query = {key: each[0] for key, each in parse_qs(urlsplit(link).query).items()}
        code = self.oauth.allow(query, team, enterprise, declined or set())
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    async def comes_back(self, address: str) -> int:
        """Go where Slack sends; return the status, and keep the page."""
        async with self.session.get(address) as answer:
            self.told = answer.status, await answer.text()
        return self.told[0]

    async def installs(
        self,
        team: Team | None = None,
        enterprise: Enterprise | None = None,
        declined: set[str] | None = None,
    ) -> int:
        """Install the app, from the first page to the last."""
        link = await self.opens()
        return await self.comes_back(await self.allows(link, team, enterprise, declined))
