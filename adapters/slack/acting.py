"""What people do in Slack: handed to the bot, acknowledged when it is done, and answered.

Slack waits three seconds. What takes longer goes on by itself: a command or click is acknowledged
before it is done and told when it is; an event is left unacknowledged, and joins its own act when
Slack delivers it again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

import structlog
from slack_bolt.response import BoltResponse

from adapters.slack import reading, surfaces, views
from adapters.slack.answering import Answering
from adapters.slack.files import Files
from adapters.slack.origins import Origin
from adapters.slack.people import People
from adapters.slack.reading import Read
from bot.chat.arrivals import Filled, SentFile
from bot.chat.inbound import Upload
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.domain.errors import FieldErrors, Problem
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.runtime.in_flight import InFlight, Once
from bot.ui.cards import Card
from bot.ui.pages import problems
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply

PATIENCE: Final = 2.0
"""Seconds an act may take before Slack is answered all the same."""
SOON: Final = 1.0
"""Seconds that a form may take before a modal is opened for it that says so."""
LATE: Final = 503

_log = structlog.get_logger(__name__)


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

    async def event(self, read: Read) -> BoltResponse:
        """Carry out what an event says; it is acknowledged only when that is done."""
        task, _ = self._begin(read, self._said)
        return BoltResponse(status=200 if await _in_time(task) else LATE)

    async def use(self, read: Read, modal: str = "") -> BoltResponse:
        """Carry out a command, a click or a shortcut; ``modal`` is the open one it was done in."""
        task, first = self._begin(read, self._handled)
        if task is not None and first:
            answer = self._answer_when_done(read, task, modal)
            self.in_flight.start(answer, "coplan-slack-answer")
        await _in_time(task)
        return BoltResponse(status=200)

    async def submit(self, read: Read, view: Json) -> BoltResponse:
        """Carry out a form's answers, and close it, or keep it open with what is wrong."""
        task, first = self._begin(read, self._handled)
        if task is None:
            return BoltResponse(status=200)
        if await _in_time(task):
            return await self._closing(read, view, task.result(), first=first)
        if first:
            modal = str(view.get("id") or "")
            answer = self._answer_late(read, task, modal)
            self.in_flight.start(answer, "coplan-slack-answer")
        return _update(surfaces.waiting(read.origin.pack()))

    def _begin(
        self, read: Read, act: Callable[[Read], Coroutine[Any, Any, Reply]]
    ) -> tuple[asyncio.Task[Reply] | None, bool]:
        return self.once.run(read.trigger or read.key, lambda: act(read), "coplan-slack-act")

    async def _said(self, read: Read) -> Reply:
        """Handle the words; the answer goes out after they are done, and holds nothing up."""
        reply = await self._handled(read)
        self.in_flight.start(self._answer(read, reply, ""), "coplan-slack-answer")
        return reply

    async def _handled(self, read: Read) -> Reply:
        people, uploads = await self._asked(read)
        if isinstance(uploads, Problem):
            return problems.known(uploads, form=isinstance(read.what, Filled))
        return await self.handler.handle(
            replace(reading.inbound(read, people, uploads), workspace=self.workspace)
        )

    async def _asked(self, read: Read) -> tuple[dict[str, Person], dict[str, Upload] | Problem]:
        """Return the people and the files; most often one person who is known, and no tasks."""
        if not read.files:
            return await self._people(read), {}
        return await asyncio.gather(self._people(read), self._uploads(read))

    async def _people(self, read: Read) -> dict[str, Person]:
        actor, *others = read.people
        if not others:
            return {actor: await self.people.person(actor, read.name)}
        asked = (self.people.person(actor, read.name), self.people.present(others, read.names))
        person, present = await asyncio.gather(*asked)
        return {each.identity.user: each for each in (*present, person)}

    async def _uploads(self, read: Read) -> dict[str, Upload] | Problem:
        async def fetched(sent: SentFile) -> tuple[str, Upload]:
            return sent.id, await self.files.fetch(sent)

        try:
            return dict(await asyncio.gather(*(fetched(each) for each in read.files)))
        except Problem as problem:
            return problem

    async def _answer_when_done(self, read: Read, task: asyncio.Task[Reply], modal: str) -> None:
        if read.trigger and not modal and self.handler.opens_form(reading.outline(read)):
            done, _ = await asyncio.wait({task}, timeout=SOON)
            if not done:  # what opens a form is good for three seconds
                modal = await self.answering.open(
                    read.trigger, surfaces.waiting(read.origin.pack())
                )
        await self._answer(read, await task, modal)

    async def _answer(self, read: Read, reply: Reply, modal: str) -> None:
        """Give the answer where it was asked: a form in a modal, a card beside what was used."""
        match reply:
            case FormReply(form=form):
                await self._opened(read, await self.answering.modal(read.origin, form), modal)
            case CardReply() if modal or (read.trigger and not read.origin.channel):
                page = await self._page(read, reply.card)
                await self._opened(read, page, modal)
            case CardReply():
                await self.answering.show(read.origin, read.user, reply)
            case FormErrorsReply():
                _log.error("slack_errors_without_a_form")
            case _:
                assert_never(reply)

    async def _page(self, read: Read, card: Card) -> Json:
        """Return the card as a modal; its files, which no modal shows, come as a message."""
        if card.files:
            alone = self.answering.show(Origin(), read.user, CardReply(card=card))
            self.in_flight.start(alone, "coplan-slack-answer")
        return await self.answering.page(read.origin, card)

    async def _opened(self, read: Read, view: Json, modal: str) -> None:
        if modal:
            await self.answering.redraw(modal, view)
        else:
            await self.answering.open(read.trigger, view)

    async def _closing(self, read: Read, view: Json, reply: Reply, *, first: bool) -> BoltResponse:
        """Return what becomes of the modal that was submitted."""
        match reply:
            case FormErrorsReply(errors=errors):
                told = {"response_action": "errors", "errors": views.errors(view, errors)}
                return BoltResponse(status=200, body=told)
            case FormReply(form=form):
                return _update(await self.answering.modal(read.origin, form))
            case CardReply() if not read.origin.channel:
                return _update(await self._page(read, reply.card))
            case CardReply():
                if first:
                    shown = self.answering.show(read.origin, read.user, reply)
                    self.in_flight.start(shown, "coplan-slack-answer")
                return BoltResponse(status=200)
            case _:
                assert_never(reply)

    async def _answer_late(self, read: Read, task: asyncio.Task[Reply], modal: str) -> None:
        """Draw what came of a form into the modal that says "still working"."""
        reply = await task
        match reply:
            case FormErrorsReply(errors=errors):
                page = await self.answering.page(read.origin, _refused(errors))
            case FormReply(form=form):
                page = await self.answering.modal(read.origin, form)
            case CardReply(card=card):
                page = await self._page(read, card)
            case _:
                assert_never(reply)
        await self.answering.redraw(modal, page)


async def _in_time(task: asyncio.Task[Reply] | None) -> bool:
    """Return whether it is done before Slack must be answered; what it raised is raised."""
    if task is None:
        return True
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if done:
        task.result()
    return bool(done)


def _update(view: Json) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "update", "view": view})


def _refused(errors: Mapping[str, str]) -> Card:
    """Return what is wrong with answers that are no longer there to be corrected."""
    return problems.problem_card(FieldErrors(dict(errors)))
