"""One workspace that the bot is in: who it is there, and everything that acts and answers there."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.acting import Acting
from adapters.slack.answering import Answering
from adapters.slack.bookmarks import Bookmarks
from adapters.slack.files import Files
from adapters.slack.home import Home
from adapters.slack.messenger import SlackMessenger
from adapters.slack.people import People
from adapters.slack.responses import Responses
from adapters.slack.signing_in import SignedIn
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.domain.ids import MemberId, WorkspaceId
from bot.runtime.in_flight import Doubles, InFlight, Once

MembersUsers = Callable[[WorkspaceId, Iterable[MemberId]], Awaitable[Mapping[MemberId, str]]]
"""Tells the Slack users of a workspace's members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace that is signed in to; nothing listens there yet."""

    client: AsyncWebClient
    signed_in: SignedIn
    answering: Answering
    messenger: SlackMessenger

    @staticmethod
    def of(client: AsyncWebClient, signed_in: SignedIn, users_of: MembersUsers) -> "Workspace":
        """Return the workspace with its ways to say something there."""
        files = Files(client=client, scopes=signed_in.scopes)
        here = partial(users_of, signed_in.workspace)
        return Workspace(
            client=client,
            signed_in=signed_in,
            answering=Answering(
                client=client, files=files, responses=Responses(client), users_of=here
            ),
            messenger=SlackMessenger(
                client=client,
                files=files,
                bookmarks=Bookmarks(client, signed_in.scopes),
                users_of=here,
                scopes=signed_in.scopes,
            ),
        )

    def desk(self, handler: Handler, in_flight: InFlight) -> "Desk":
        """Return what takes the workspace's payloads and hands them to ``handler``."""
        workspace, people = self.signed_in.workspace, People(self.client)
        once = Once(in_flight)
        return Desk(
            signed_in=self.signed_in,
            authorized=_authorized(self.signed_in),
            people=people,
            acting=Acting(
                workspace=workspace,
                handler=handler,
                people=people,
                files=self.answering.files,
                answering=self.answering,
                in_flight=in_flight,
                once=once,
                doubles=Doubles(once.under_way),
            ),
            home=Home(
                workspace=workspace,
                handler=handler,
                people=people,
                answering=self.answering,
                in_flight=in_flight,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the payloads of one workspace are taken. ``authorized``: what Bolt wants to know."""

    signed_in: SignedIn
    authorized: AuthorizeResult
    people: People
    acting: Acting
    home: Home


class Desks(Protocol):
    """The workspaces that are listened to."""

    async def of(self, payload: Json) -> Desk | None:
        """Return who takes the payload; None for a workspace that the bot is not in."""
        ...

    async def removed(self, payload: Json) -> None:
        """Take note that the bot was removed from where the payload says, or its token revoked."""
        ...


def _authorized(known: SignedIn) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=known.enterprise or None,
        team_id=known.team,
        bot_user_id=known.user,
        bot_id=known.bot,
    )
