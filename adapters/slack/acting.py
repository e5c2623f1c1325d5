"""What people do in Slack: handed to the bot, acknowledged when it is done, and answered.

Slack waits three seconds. What takes longer goes on by itself: a command or click is acknowledged
before it is done and told when it is; an event is left unacknowledged, and joins its own act when
Slack delivers it again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
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
from adapters.slack.told import Told
from bot.chat import arrivals
from bot.chat.arrivals import SentFile
from bot.chat.inbound import Clicked, Said, Upload
from bot.chat.payloads import Json
from bot.chat.router import Handler
from bot.chat.saying import verb
from bot.domain.errors import FieldErrors, Problem
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.runtime.in_flight import Doubles, InFlight, NotDone, Once
from bot.ui.actions import Action, action
from bot.ui.cards import Card, Text
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
    doubles: Doubles

    async def event(self, read: Read, *, last: bool = False) -> BoltResponse:
        """Carry out what an event says; it is acknowledged only when that is done.

        ``last``: Slack delivers it no more. Then whoever said it hears what went wrong.
        """
        act = self._said if last else self._said_if_it_can_be
        try:
            task, _ = self._begin(read, act, read.key)
            return BoltResponse(status=200 if await _in_time(task) else LATE)
        except NotDone:
            return BoltResponse(status=LATE)

    async def use(self, read: Read, modal: str = "") -> BoltResponse:
        """Carry out a command, a click or a shortcut; ``modal`` is the open one it was done in."""
        own = "" if self._only_reads(read) else read.key  # answered as often as it is asked
        task, first = self._begin(read, self._handled, own)
        if task is not None and first:
            answer = self._answer_when_done(read, task, modal)
            self.in_flight.start(answer, "coplan-slack-answer")
        await _in_time(task)
        return BoltResponse(status=200)

    async def submit(self, read: Read, view: Json) -> BoltResponse:
        """Carry out a form's answers, and close it, or keep it open with what is wrong."""
        task, first = self._begin(read, self._handled, read.delivery)
        if task is None:
            return BoltResponse(status=200)
        if await _in_time(task):
            return await self._closing(read, view, task.result(), first=first)
        if first:
            answer = self._answer_late(read, task, view)
            self.in_flight.start(answer, "coplan-slack-answer")
        return _update(surfaces.waiting(read.origin.pack()))

    def _begin(
        self, read: Read, act: Callable[[Read], Coroutine[Any, Any, Reply]], own: str
    ) -> tuple[asyncio.Task[Reply] | None, bool]:
        delivery = self.doubles.delivery(read.user, self._clicked(read), own)
        return self.once.run(delivery, lambda: act(read), "coplan-slack-act")

    def _only_reads(self, read: Read) -> bool:
        what = reading.outline(read)
        return not (self.handler.changes(what) or self.handler.opens_form(what))

    def _clicked(self, read: Read) -> str:
        """Return what was clicked where, if that is to count once; empty for all else.

        What only reads may be asked for again at once: somebody else may have acted in between.
        """
        what = read.what
        if not isinstance(what, Clicked) or self._only_reads(read):
            return ""
        place = (read.origin.channel, read.origin.message)
        return "\n".join((*place, what.action, what.choice))

    async def _said(self, read: Read) -> Reply:
        """Handle the words; the answer goes out after they are done, and holds nothing up."""
        return self._answered(read, await self._handled(read))

    async def _said_if_it_can_be(self, read: Read) -> Reply:
        """Do the same; ``NotDone`` where the words could not be stored now."""
        reply = await self._handled(read)
        if isinstance(reply, CardReply) and reply.passing:
            raise NotDone
        return self._answered(read, reply)

    def _answered(self, read: Read, reply: Reply) -> Reply:
        self.in_flight.start(self._answer(read, reply, ""), "coplan-slack-answer")
        return reply

    async def _handled(self, read: Read) -> Reply:
        people, uploads = await self._asked(read)
        if isinstance(uploads, Problem):
            return arrivals.not_fetched(read.what, uploads)
        return await self.handler.handle(reading.inbound(read, self.workspace, people, uploads))

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
        # What opens a form, or a card where no conversation is, is good for three seconds.
        opens = self.handler.opens_form(reading.outline(read)) or not read.origin.channel
        done, _ = await asyncio.wait({task}, timeout=SOON if opens else PATIENCE)
        if not done:
            modal = await self._working(read, modal, opens=opens)
        await self._answer(read, await task, modal)

    async def _working(self, read: Read, modal: str, *, opens: bool) -> str:
        """Say that it takes longer; return the modal that says so, where one does."""
        page = surfaces.waiting(read.origin.pack())
        if modal:
            await self.answering.redraw(modal, page)
        elif opens:
            modal = await self.answering.open(read.trigger, page) or ""
        else:
            await self.answering.working(read.origin)
        return modal

    async def _answer(self, read: Read, reply: Reply, modal: str) -> None:
        """Give the answer where it was asked: a form in a modal, a card beside what was used."""
        match reply:
            case FormReply(form=form):
                view = await self.answering.modal(read.origin, form)
                if not await self._opened(read, view, modal):
                    await self.answering.show(read.origin, read.user, _to_open(read))
            case CardReply() if modal or (read.trigger and not read.origin.channel):
                if not await self._opened(read, await self._page(read, reply.card), modal):
                    await self.answering.show(read.origin, read.user, reply)
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

    async def _opened(self, read: Read, view: Json, modal: str) -> bool:
        """Show the view in the open modal, or in a new one; False when that cannot be."""
        if modal:
            return await self.answering.redraw(modal, view)
        return bool(read.trigger) and await self.answering.open(read.trigger, view) is not None

    async def _closing(self, read: Read, view: Json, reply: Reply, *, first: bool) -> BoltResponse:
        """Return what becomes of the modal that was submitted."""
        match reply:
            case FormErrorsReply(errors=errors):
                told = {"response_action": "errors", "errors": views.errors(view, errors)}
                return Told(told)
            case CardReply(repeated=True):  # Slack told them that it had not got through
                before = views.errors(view, {"": problems.SENT_BEFORE})
                return Told({"response_action": "errors", "errors": before})
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

    async def _answer_late(self, read: Read, task: asyncio.Task[Reply], view: Json) -> None:
        """Draw what came of a form into the modal that says "still working"."""
        reply, modal = await task, str(view.get("id") or "")
        if isinstance(reply, FormErrorsReply):
            again = views.filled_in(view, reply.errors)
            if await self._opened(read, again, modal):
                return
            reply = CardReply(card=_refused(reply.errors, views.typed(view)), failed=True)
        await self._answer(read, reply, modal)


async def _in_time(task: asyncio.Task[Reply] | None) -> bool:
    """Return whether it is done before Slack must be answered; what it raised is raised."""
    if task is None:
        return True
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if done:
        task.result()
    return bool(done)


def _to_open(read: Read) -> CardReply:
    """Return what leads to a form that was not opened: words alone open none in Slack."""
    match reading.outline(read):
        case Said() as said:
            return problems.to_open(action(verb(said)))
        case Clicked(action=form, choice=""):
            return problems.to_open(Action.decode(form))
        case _:
            return problems.not_opened()


def _update(view: Json) -> BoltResponse:
    return Told({"response_action": "update", "view": view})


def _refused(errors: Mapping[str, str], typed: Iterable[str]) -> Card:
    """Return what is wrong with the answers of a form whose window was closed meanwhile."""
    card = problems.problem_card(FieldErrors(dict(errors)))
    lines = (line for text in typed for line in ("What you wrote:", text))
    return replace(card, blocks=(*card.blocks, *(Text((line,)) for line in lines)))
