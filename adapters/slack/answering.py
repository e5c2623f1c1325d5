"""Giving the one who acted their answer: a card where they are, or a form to fill in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks, surfaces, views
from adapters.slack.calls import outcomes
from adapters.slack.files import Files
from adapters.slack.messenger import UsersOf
from adapters.slack.origins import Origin
from adapters.slack.responses import Responses
from bot.chat.payloads import Json
from bot.domain.ids import MemberId
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.cards import Card, called
from bot.ui.forms import Form, chosen_beforehand
from bot.ui.replies import CardReply

ELSEWHERE: Final = "The files are in your direct messages with Coplan."
"""In a channel, Slack shows a file to everybody or to nobody."""
TRIES: Final = 4
"""How often an answer is given in one way, where Slack takes no more for a moment."""
LONGEST: Final = 10.0
"""Seconds that somebody who waits for an answer may be kept waiting for each of them."""

_log = structlog.get_logger(__name__)
_Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to show something. ``twice``: no harm if it happens twice, for one person alone."""

    call: _Call
    twice: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers within one workspace. What cannot be shown is logged: what was done is done.

    ``again``: seconds before an answer is given once more of which nobody can tell whether it is
    shown.
    """

    client: AsyncWebClient
    files: Files
    responses: Responses
    users_of: UsersOf
    again: float = 1.0

    async def modal(self, origin: Origin, form: Form) -> Json:
        """Return the form as a modal that knows where its answer belongs."""
        users = await self._users(chosen_beforehand(form))
        return surfaces.asking_where(views.modal(form, origin.pack(), users), origin)

    async def page(self, origin: Origin, card: Card) -> Json:
        """Return the card as a modal, for acts that belong to no conversation."""
        users, below = await self._users(called(card)), ELSEWHERE if card.files else ""
        return surfaces.page(card, origin.pack(), users, below)

    async def home(self, user: str, cards: Iterable[Card]) -> None:
        """Draw somebody's Home tab."""
        view = views.home(cards, {})
        await self._tried(_Way(lambda: self.client.views_publish(user_id=user, view=view)))

    async def open(self, trigger: str, view: Json) -> str | None:
        """Open a modal for the one who clicked; return its id, None when it could not be.

        The id is empty where it is not told: then nobody can draw it anew.
        """
        return await self._drawn(lambda: self.client.views_open(trigger_id=trigger, view=view))

    async def redraw(self, modal: str, view: Json) -> bool:
        """Draw an open modal anew; False when it is certainly not shown (any more)."""
        way = _Way(lambda: self.client.views_update(view_id=modal, view=view))
        return await self._tried(way)

    async def working(self, origin: Origin) -> None:
        """Tell the one who acted that it takes a while, where they alone see it."""
        url, told = origin.response_url, {"text": surfaces.STILL}
        if url:
            await self._tried(self._response(url, _beside(origin, told, "ephemeral")))

    async def _drawn(self, call: Callable[[], Awaitable[Any]]) -> str | None:
        try:
            with outcomes():
                answer = await call()
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("slack_view_not_shown", reason=str(problem))
            return None
        return str((answer.get("view") or {}).get("id") or "")

    async def show(self, origin: Origin, user: str, reply: CardReply) -> None:
        """Show the card to the one who acted, and to nobody else unless it is public."""
        users = await self._users(called(reply.card))
        uploaded = await self.files.upload(blocks.pictures(reply.card))
        shown = blocks.message(reply.card, users, uploaded)
        if shown.files and not reply.public and not origin.direct:
            whole = shown
            await self._tried(self._message(user, "", whole))
            told = [*shown.blocks, *blocks.note(ELSEWHERE)]
            shown = replace(shown, blocks=told[-blocks.BLOCKS :], files=())
        for way in self._ways(origin, user, reply, shown):
            if await self._tried(way):
                return

    async def _users(self, members: Iterable[MemberId]) -> Mapping[MemberId, str]:
        wanted = tuple(members)
        return await self.users_of(wanted) if wanted else {}

    def _ways(
        self, origin: Origin, user: str, reply: CardReply, shown: blocks.Message
    ) -> Iterator[_Way]:
        """Yield the ways to show it, the best first; each is tried if the one before failed."""
        url, body = origin.response_url, {"text": shown.text, "blocks": shown.blocks}
        alone = bool(url) and not reply.public and not shown.files
        if alone and reply.replaces and origin.message and (origin.ephemeral or origin.direct):
            yield self._response(url, {**body, "replace_original": True})
        if alone and not origin.direct:
            yield self._response(url, _beside(origin, body, "ephemeral"))
        if reply.public or origin.direct:
            yield self._message(origin.channel or user, origin.thread, shown)
        if reply.public and url:
            public = _beside(origin, body, "in_channel")
            yield _Way(lambda: self.responses.post(url, public), twice=False)
        if alone and origin.direct:  # a conversation of people that the bot is not in
            yield self._response(url, _beside(origin, body, "ephemeral"))
        if not origin.direct and not reply.public:
            yield _Way(
                lambda: self.client.chat_postEphemeral(
                    channel=origin.channel,
                    user=user,
                    thread_ts=origin.thread or None,
                    text=shown.text,
                    blocks=shown.blocks,
                )
            )
        yield self._message(user, "", shown)

    def _response(self, url: str, body: Json) -> _Way:
        return _Way(lambda: self.responses.post(url, body))

    def _message(self, channel: str, thread: str, shown: blocks.Message) -> _Way:
        return _Way(lambda: self._post(channel, thread, shown), twice=False)

    async def _post(self, channel: str, thread: str, shown: blocks.Message) -> None:
        answer = await self.client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            text=shown.text,
            blocks=shown.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
        place = str(answer.get("channel") or channel)
        if trouble := await self.files.share(shown.files, place, thread):
            await self.client.chat_postMessage(
                channel=place, thread_ts=thread or None, text=trouble
            )

    async def _tried(self, way: _Way) -> bool:
        """Return whether the card is shown, or may be: then no other way is tried."""
        once_more = way.twice
        for _ in range(TRIES):
            try:
                with outcomes():
                    await way.call()
            except NotDelivered as refusal:
                _log.info("slack_answer_refused", reason=refusal.reason)
                seconds = refusal.retry_after or 0.0
                if not 0.0 < seconds <= LONGEST or refusal.throughout:
                    return False
                await asyncio.sleep(seconds)
            except OutcomeUnknown as doubt:
                _log.warning("slack_answer_unclear", reason=str(doubt))
                if not once_more:
                    return True
                once_more = False
                await asyncio.sleep(self.again)
            else:
                return True
        return False


def _beside(origin: Origin, body: Json, kind: str) -> Json:
    """Return the answer as a message of its own, in the thread where there is one."""
    told = {**body, "response_type": kind, "replace_original": False}
    return told | ({"thread_ts": origin.thread} if origin.thread else {})
