"""What people do in Discord: handed to the bot, and answered within three seconds.

Discord delivers an interaction once, and wants an answer soon; what takes longer is promised, goes
on by itself, and is shown when it is done.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, assert_never

import structlog

from adapters.discord import reading
from adapters.discord.answering import Answering
from adapters.discord.files import Files
from adapters.discord.interactions import Kind, Ticket
from adapters.discord.kept import AGAIN
from adapters.discord.origins import identity, place
from adapters.discord.people import People
from adapters.discord.permissions import hindrance, noting
from adapters.discord.reading import Read
from adapters.discord.told import Told
from bot.chat import arrivals, payloads
from bot.chat.arrivals import Filled, SentFile
from bot.chat.inbound import Clicked, Upload
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.domain.errors import Problem
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.domain.places import PlaceKind
from bot.runtime.in_flight import Doubles, InFlight, Once
from bot.ui.actions import Action
from bot.ui.cards import Card, Note, Text
from bot.ui.pages import problems
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply

PATIENCE: Final = 1.5
"""Seconds an act may take before its answer is promised for later: the promise travels, too."""

ELSEWHERE: Final = 0.5
"""Seconds after that until another process that carried out the act has answered, or promised to.

All that are connected in the same shards hear of everything.
"""

_CLOSED: Final = "Coplan cannot write to you directly, so it cannot answer for you alone."
_COMMAND: Final = "Use /coplan here instead: only you see its answer."
_UNREACHED: Final = Card(
    title="Your answer",
    summary=f"{_CLOSED} {_COMMAND}",
    blocks=(Text((_CLOSED,)), Note((_COMMAND,))),
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One interaction, read: ``payload`` as it came, and who is ``chosen`` in a form it opens."""

    read: Read
    ticket: Ticket
    payload: Json
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Carries out the acts of one workspace."""

    workspace: WorkspaceId
    handler: Handler
    people: People
    files: Files
    answering: Answering
    in_flight: InFlight
    once: Once
    doubles: Doubles
    told: Told
    patience: float = PATIENCE

    async def use(self, asked: Asked) -> None:
        """Carry out a command, a click or a form's answers, and answer; a double click once."""
        own = f"interaction:{asked.ticket.id}"
        if self.doubles.delivery(asked.read.user, self._used(asked), own) != own:
            passing_over = partial(self.answering.pass_over, asked.ticket)
            self.once.run(own, passing_over, "coplan-discord-double")
            return
        if (kept := _kept(asked.read)) is not None:
            await self._open_again(asked, kept)
            return
        act = self._filled if isinstance(asked.read.what, Filled) else self._handled
        task, first = self.once.run(own, partial(act, asked.read), "coplan-discord-act")
        if task is None or not first:
            return
        began = asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({task}, timeout=self.patience)
        if done:
            await self._answer(asked, await self._when_due(task.result(), began))
        else:
            promised = await self.answering.wait(asked.ticket)
            await self._answer_late(asked, await task, promised=promised)

    def _used(self, asked: Asked) -> str:
        """Return what was used on which message, if that is to count once; empty for all else.

        What only reads may be asked for again at once: somebody else may have acted in between.
        What stands on no message is answered each time: Discord lets only a message stay as it is.
        """
        read = asked.read
        asks = reading.outline(read)
        acts = self.handler.changes(asks) or self.handler.opens_form(asks)
        if not asked.ticket.on_message or not (acts or _kept(read) is not None):
            return ""
        return repr((read.origin.channel, read.origin.thread, read.origin.message, read.what))

    async def said(self, read: Read) -> None:
        """Carry out what was said to the bot in a message, and answer.

        In a conversation with the bot that is where it was said. Among others nobody else is to see
        it, and a message that one person alone sees can only answer a command: so it goes to them
        directly.
        """
        task, first = self.once.run(read.key, lambda: self._handled(read), "coplan-discord-act")
        if task is None or not first:
            return
        reply = await self._when_due(await task, asyncio.get_running_loop().time())
        if isinstance(reply, FormReply):
            modal = await self.answering.modal(reply.form, (), direct=True)
            reply = await self.answering.offered(read.user, modal)
        if isinstance(reply, FormErrorsReply):
            _log.error("discord_errors_without_a_form")
            return
        here = place(read.origin, read.user)
        if here.kind is PlaceKind.DIRECT or reply.public:
            await self.answering.post(here, reply.card, f"answer:{read.key}")
        elif not await self.answering.tell(read.user, reply.card, f"answer:{read.key}"):
            await self.answering.post(here, _UNREACHED, f"unreached:{read.key}")

    async def _when_due(self, reply: Reply, began: float) -> Reply:
        """Return the reply; of what another process has done, when that one should have answered.

        Unless it died meanwhile its answer is there, and this one is not taken any more. So it is
        when the store was away for this process alone: the other may have done it all the same.
        """
        if _may_be_elsewhere(reply):
            due = began + self.patience + ELSEWHERE
            await asyncio.sleep(due - asyncio.get_running_loop().time())
        return reply

    async def _filled(self, read: Read) -> Reply:
        """Take a form's answers; of those that come once more tell what became of them."""
        before = self.told.before(read.key)
        if before is not None:
            return before
        reply = await self._handled(read)
        self.told.remember(read.key, reply)
        return reply

    async def _handled(self, read: Read) -> Reply:
        people, uploads = await self._asked(read)
        if isinstance(uploads, Problem):
            return arrivals.not_fetched(read.what, uploads)
        inbound = reading.inbound(read, people, uploads)
        return await self.handler.handle(replace(inbound, workspace=self.workspace))

    async def _asked(self, read: Read) -> tuple[dict[str, Person], dict[str, Upload] | Problem]:
        """Return the people and the files; most often what came tells of everybody."""
        told = {**read.told, read.user: read.person}
        unknown = [user for user in arrivals.concerned(read.what) if user not in told]
        sent = arrivals.files(read.what)
        if not unknown and not sent:
            return _without_absent(told), {}
        names = arrivals.names(read.what)
        present, uploads = await asyncio.gather(
            self.people.present(unknown, names), self._uploads(sent)
        )
        return _without_absent(told | {each.identity.user: each for each in present}), uploads

    async def _uploads(self, sent: tuple[SentFile, ...]) -> dict[str, Upload] | Problem:
        try:
            fetched = await asyncio.gather(*(self.files.fetch(each) for each in sent))
        except Problem as problem:
            return problem
        return {each.id: upload for each, upload in zip(sent, fetched, strict=True)}

    async def _answer(self, asked: Asked, reply: Reply) -> None:
        """Give the answer at once: a form in a modal, a card beside what was used."""
        to, user = asked.ticket, asked.read.user
        match reply:
            case FormReply(form=form):
                modal = await self.answering.modal(form, asked.chosen, direct=to.direct)
                await self.answering.open(to, user, modal)
            case CardReply():
                await self.answering.show(to, user, self._noted(asked, reply))
            case FormErrorsReply(errors=errors):
                card = await self._refused(asked, errors)
                await self.answering.show(to, user, CardReply(card=card))
            case _:
                assert_never(reply)

    async def _answer_late(self, asked: Asked, reply: Reply, *, promised: bool) -> None:
        """Give the answer that was promised for later; without a promise it comes directly."""
        if _may_be_elsewhere(reply) and await self.answering.came(asked.ticket):
            return
        user = asked.read.user
        match reply:
            case FormReply(form=form):
                modal = await self.answering.modal(form, asked.chosen, direct=asked.ticket.direct)
                card = (await self.answering.offered(user, modal)).card
            case CardReply():
                card = self._noted(asked, reply).card
            case FormErrorsReply(errors=errors):
                card = await self._refused(asked, errors)
            case _:
                assert_never(reply)
        if promised:
            await self.answering.show_late(asked.ticket, user, card)
        else:
            await self.answering.tell(user, card, f"answer:{asked.ticket.id}")

    async def _refused(self, asked: Asked, errors: dict[str, str]) -> Card:
        who = identity(asked.read.user)
        return await self.answering.kept.refused(self.workspace, who, asked.payload, errors)

    def _noted(self, asked: Asked, reply: CardReply) -> CardReply:
        """Return the reply with what the bot lacks here, where somebody acts on a channel."""
        if asked.ticket.direct or asked.ticket.kind is Kind.COMPONENT or reply.failed:
            return reply
        kind = payloads.inner(asked.payload, "channel").get("type")
        return noting(reply, hindrance(asked.ticket.may, kind))

    async def _open_again(self, asked: Asked, kind: str) -> None:
        """Open a form that is kept."""
        who = identity(asked.read.user)
        modal = await self.answering.kept.find(self.workspace, who, kind)
        if modal is None:
            reply = problems.gone()
            await self._answer(asked, reply)
        else:
            await self.answering.open(asked.ticket, asked.read.user, modal)


def _may_be_elsewhere(reply: Reply) -> bool:
    """Tell whether another process may have carried out the act, and have its answer."""
    match reply:
        case CardReply(repeated=repeated, passing=passing):
            return repeated or passing
        case FormErrorsReply(passing=passing):
            return passing
        case FormReply():
            return False
        case _:
            assert_never(reply)


def _kept(read: Read) -> str | None:
    """Return the name of the kept form that is to be opened again; None for other wishes."""
    if not isinstance(read.what, Clicked):
        return None
    known = Action.decode(read.what.action)
    if known.name != AGAIN:
        return None
    return known.args[0] if known.args else ""


def _without_absent(told: Mapping[str, Person | None]) -> dict[str, Person]:
    return {user: person for user, person in told.items() if person is not None}
