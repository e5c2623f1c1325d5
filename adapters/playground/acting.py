"""What a person does in the page: shown, handed to the bot, and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from adapters.playground.inbound import (
    Act,
    Click,
    Dismiss,
    Say,
    Share,
    Submit,
    parts,
    slash_command,
    spoken_to_bot,
    talk_spans,
)
from adapters.playground.messenger import exists
from adapters.playground.ports import IdentityOf
from adapters.playground.records import (
    BOT,
    Attachment,
    Draft,
    Json,
    Kind,
    Message,
    Persona,
    participants,
    with_bot,
)
from adapters.playground.store import PlaygroundStore
from adapters.playground.unanswered import not_done, not_shown
from adapters.playground.view import (
    address,
    attachments_json,
    card_json,
    form_json,
    plain_talk,
    spans_json,
)
from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted, Upload, What
from bot.chat.router import Handler
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput, Unavailable
from bot.domain.ids import Ids, MemberId, WorkspaceId
from bot.ui.forms import chosen_beforehand
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply

Uploads = Mapping[str, tuple[Upload, ...]]
"""Files by the form's input key; under "" those of the composer."""

_Asking = Say | Click | Submit | Share
"""Acts that the bot answers."""

_RELOAD = "Reload the page and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Carries out acts. Raises ``InvalidInput`` for one that cannot be, with nothing changed."""

    handler: Handler
    store: PlaygroundStore
    clock: Clock
    ids: Ids
    workspace: WorkspaceId
    identity_of: IdentityOf

    async def perform(self, act: Act, uploads: Uploads, home: str) -> Json:
        """Carry out the act and return what the page does next; ``home`` is the page's address."""
        person = await self.store.person(act.person)
        if person is None:
            raise InvalidInput(what="You are nobody here any more.", remedy=_RELOAD)
        match act:
            case Say():
                return await self._say(person, act, uploads.get("", ()))
            case Click() | Submit():
                return await self._use(person, act, uploads)
            case Share():
                return await self._share(person, act, home)
            case Dismiss():
                return await self._dismiss(person, act)
            case _:
                assert_never(act)

    def used(self, act: Act) -> str:
        """Return which button was used where, if that is to count once; empty for all else.

        What only reads may be asked for again at once: somebody else may have acted in between.
        """
        if not isinstance(act, Click):
            return ""
        what = Clicked(action=act.action, choice=act.choice)
        if not (self.handler.changes(what) or self.handler.opens_form(what)):
            return ""
        return f"{act.message}\n{act.action}\n{act.choice}"

    async def _say(self, person: Persona, act: Say, files: tuple[Upload, ...]) -> Json:
        await self._check_place(person, act)
        slash = slash_command(act.text)
        words = slash
        if words is None:
            words = spoken_to_bot(act.text, alone=with_bot(act.channel))
        if not act.text.strip() and not files:
            raise InvalidInput(what="There is nothing to send.", remedy="Type something first.")
        hidden = slash is not None and not with_bot(act.channel)
        message = await self._show_words(person, act, files, hidden=hidden)
        if words is None:
            return {"reply": "said", "message": message.id}
        what = Said(parts=parts(words, await self.store.people()), files=files)
        return await self._ask(person, message, act, what)

    async def _check_place(self, person: Persona, act: Say) -> None:
        members = participants(act.channel)
        if (members and person.id not in members) or not await exists(
            self.store, act.channel, act.thread
        ):
            raise InvalidInput(what="There is no such place here any more.", remedy=_RELOAD)

    async def _show_words(
        self, person: Persona, act: Say, files: tuple[Upload, ...], *, hidden: bool
    ) -> Message:
        """Show what was typed: a command to its author alone, talk to everybody in the place."""
        people = await self.store.people()
        kept = tuple(
            Attachment(
                id=self.ids.new(),
                name=file.name,
                media_type="application/octet-stream",
                content=file.content,
            )
            for file in files
        )
        return await self.store.add(
            Draft(
                channel=act.channel,
                thread=act.thread,
                author=person.id,
                kind=Kind.COMMAND if hidden else Kind.TALK,
                private_to=person.id if hidden else "",
                body={
                    "spans": spans_json(talk_spans(act.text.strip(), people)),
                    "files": attachments_json(kept),
                },
                files=kept,
                at=self.clock.now(),
                key=f"said:{person.id}:{act.id}",
            )
        )

    async def _use(self, person: Persona, act: Click | Submit, uploads: Uploads) -> Json:
        message = await self._seen(person, act.message)
        return await self._ask(person, message, act, await self._used(act, uploads))

    async def _seen(self, person: Persona, wanted: str) -> Message:
        message = await self.store.message(wanted)
        if message is None or not message.seen_by(person.id):
            raise InvalidInput(what="That message is no longer here.", remedy=_RELOAD)
        return message

    async def _share(self, person: Persona, act: Share, home: str) -> Json:
        message = await self._seen(person, act.message)
        if message.kind is not Kind.TALK:
            raise InvalidInput(
                what="Only what people wrote can be added.", remedy="Pick another message."
            )
        author = await self.store.person(message.author)
        what = Shared(
            action=act.action,
            text=plain_talk(message.body["spans"]),
            author=author.person if author else None,
            link=address(home, message),
            files=tuple(file["name"] for file in message.body["files"]),
        )
        return await self._ask(person, message, act, what)

    async def _used(self, act: Click | Submit, uploads: Uploads) -> Clicked | Submitted:
        if isinstance(act, Click):
            return Clicked(action=act.action, choice=act.choice)
        known = {each.id: each.person for each in await self.store.people()}
        people = {
            key: tuple(known[each] for each in chosen if each in known)
            for key, chosen in act.people.items()
        }
        return Submitted(
            action=act.action,
            values={key: tuple(given) for key, given in act.values.items()},
            people=people,
            files={key: files for key, files in uploads.items() if key},
        )

    async def _ask(
        self,
        person: Persona,
        message: Message,
        act: _Asking,
        what: What,
    ) -> Json:
        """Hand the act to the bot and show its reply where the person is looking."""
        reply = await self.handler.handle(
            Inbound(
                workspace=self.workspace,
                person=person.person,
                place=message.place,
                what=what,
                key=f"{person.id}:{act.id}",
                message=message.id,
            )
        )
        try:
            return await self._answer(person, message, act, reply)
        except Unavailable as problem:
            if isinstance(reply, CardReply) and reply.failed:
                raise not_done(message.id, reply.card.summary) from problem
            raise not_shown(message.id, problem.message) from problem

    async def _answer(self, person: Persona, message: Message, act: _Asking, reply: Reply) -> Json:
        match reply:
            case CardReply():
                return await self._show_card(person, message, act, reply)
            case FormReply(form=form):
                people = await self._people_of(chosen_beforehand(form))
                return {"reply": "form", "form": form_json(form, people), "message": message.id}
            case FormErrorsReply(errors=errors):
                return {"reply": "errors", "errors": dict(errors)}
            case _:
                assert_never(reply)

    async def _show_card(
        self, person: Persona, message: Message, act: _Asking, reply: CardReply
    ) -> Json:
        body, files = card_json(reply.card, self.ids)
        if reply.replaces and _replaceable(message):
            await self.store.change(message.id, Kind.CARD, body, files)
            return {"reply": "card", "message": message.id}
        shown = await self.store.add(
            Draft(
                channel=message.channel,
                thread=act.thread if act.thread == message.id else message.thread,
                author=BOT,
                kind=Kind.CARD,
                private_to="" if reply.public or with_bot(message.channel) else person.id,
                body=body,
                files=files,
                at=self.clock.now(),
                key=f"reply:{person.id}:{act.id}",
            )
        )
        return {"reply": "card", "message": shown.id}

    async def _people_of(self, members: tuple[MemberId, ...]) -> dict[MemberId, str]:
        found = {member: await self.identity_of(member) for member in members}
        return {member: each.user for member, each in found.items() if each is not None}

    async def _dismiss(self, person: Persona, act: Dismiss) -> Json:
        message = await self.store.message(act.message)
        if message is not None and message.private and message.seen_by(person.id):
            await self.store.change(message.id, Kind.GONE, {})
        return {"reply": "dismissed"}


def _replaceable(message: Message) -> bool:
    """Tell whether the bot's message is seen by nobody but the one who clicked."""
    own = message.private or with_bot(message.channel)
    return own and message.author == BOT and message.kind is Kind.CARD
