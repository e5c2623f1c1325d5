"""Giving the one who acted their answer: a card where they are, or a form to fill in."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog

from adapters.discord import marks, messages, modals
from adapters.discord.calls import whole
from adapters.discord.interactions import Answer, Interactions, Ticket
from adapters.discord.kept import Kept, to_open
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.origins import identity
from bot.chat.payloads import Json
from bot.domain.ids import MemberId
from bot.domain.places import Place
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.cards import Card, called
from bot.ui.forms import Form, MembersInput, chosen_beforehand
from bot.ui.replies import CardReply

LATER: Final = (1.0, 3.0, 9.0, 27.0)
"""Seconds after which an answer that could not be shown is looked for, or shown directly, again.

Less in all than Discord surely knows a nonce.
"""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers within one workspace. What cannot be shown is logged: what was done is done."""

    interactions: Interactions
    messenger: DiscordMessenger
    kept: Kept

    async def modal(self, form: Form, chosen: tuple[str, ...], *, direct: bool) -> Json:
        """Return the form as a modal, with those users (by Discord's ids) chosen beforehand."""
        if chosen:
            form = _choosing(form, chosen)
        users = dict(await self._users(chosen_beforehand(form)))
        users |= {MemberId(user): user for user in chosen}
        modal = modals.modal(form, users)
        return marks.modal_about(modal, self.messenger.workspace) if direct else modal

    async def open(self, to: Ticket, user: str, modal: Json) -> None:
        """Open a form as the first answer; where none can be opened, a button for it is shown."""
        if to.opens_modals:
            modal = marks.modal_opened(modal, to.id)
            self.kept.opened(user, modal)
            await self._tried(to, user, Answer.MODAL, modal)
        else:
            await self.show(to, user, await self.offered(user, modal))

    async def offered(self, user: str, modal: Json) -> CardReply:
        """Return a card with a button that opens the form, which is kept for that."""
        self.kept.opened(user, modal)
        await self.kept.keep(self.messenger.workspace, identity(user), modal)
        return CardReply(card=to_open(modal))

    async def pass_over(self, to: Ticket) -> None:
        """Let what was done on a message have no answer, which is none that failed."""
        try:
            await self.interactions.respond(to, Answer.NOTHING)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.info("discord_double_not_passed_over", reason=str(problem))

    async def show(self, to: Ticket, user: str, reply: CardReply) -> None:
        """Show the card as the first answer, to nobody else unless it is public."""
        payload, files = await self._rendered(reply.card, direct=to.direct)
        in_place = reply.replaces and to.on_message and (to.private or to.alone)
        if in_place:
            await self._tried(to, user, Answer.UPDATE, payload, reply.card, files)
            return
        payload["flags"] |= to.flags(public=reply.public)
        await self._tried(to, user, Answer.MESSAGE, payload, reply.card, files)

    async def wait(self, to: Ticket) -> bool:
        """Tell Discord that the answer comes later; False when it is too late even for that."""
        try:
            flags = {"flags": to.flags(public=False)}
            await self.interactions.respond(to, Answer.LATER, flags)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_answer_late", reason=str(problem))
            return False
        return True

    async def came(self, to: Ticket) -> bool:
        """Tell whether what was promised for later is there, as far as anybody can tell."""
        try:
            return not await self.interactions.awaited(to)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.info("discord_answer_not_seen", reason=str(problem))
            return True

    async def show_late(self, to: Ticket, user: str, card: Card) -> None:
        """Show the card where it was promised for later, or directly when that failed."""
        payload, files = await self._rendered(card, direct=to.direct)
        try:
            await self.interactions.edit(to, payload, files)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_answer_not_shown", reason=str(problem))
            await self.tell(user, card, f"answer:{to.id}")

    async def tell(self, user: str, card: Card, key: str) -> bool:
        """Show the card to somebody directly; False when that cannot be.

        In trouble that passes it is tried again: Discord knows it by its key, and shows it once.
        """
        for pause in (*LATER, None):
            try:
                await self.messenger.direct(identity(user), card, key)
            except (NotDelivered, OutcomeUnknown) as problem:
                wait = _pause(problem, pause)
                if wait is None:
                    _log.warning("discord_not_told", reason=str(problem))
                    return False
            else:
                return True
            await asyncio.sleep(wait)
        return False

    async def post(self, place: Place, card: Card, key: str) -> None:
        """Show the card in a place, for everybody there."""
        try:
            await self.messenger.post(place, card, key)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_not_told", reason=str(problem))

    async def _tried(
        self,
        to: Ticket,
        user: str,
        answer: Answer,
        data: Json,
        card: Card | None = None,
        files: tuple[messages.Sending, ...] = (),
    ) -> None:
        """Give the first answer; a card that comes too late, or is not taken, is shown directly."""
        try:
            await self.interactions.respond(to, answer, data, files)
        except NotDelivered as refusal:
            _log.warning("discord_answer_not_shown", reason=str(refusal))
            if card is not None:
                await self.tell(user, card, f"answer:{to.id}")
        except OutcomeUnknown as problem:
            _log.warning("discord_answer_not_shown", reason=str(problem))
            if card is not None and not await self._stands(to):
                await self.tell(user, card, f"answer:{to.id}")

    async def _stands(self, to: Ticket) -> bool:
        """Tell whether the first answer is there, as far as anybody can tell."""
        for pause in (*LATER, None):
            try:
                return await self.interactions.stands(to)
            except (NotDelivered, OutcomeUnknown) as problem:
                wait = _pause(problem, pause)
            if wait is None:
                break
            await asyncio.sleep(wait)
        return True

    async def _rendered(
        self, card: Card, *, direct: bool
    ) -> tuple[Json, tuple[messages.Sending, ...]]:
        shown = messages.message(card, await self._users(called(card)))
        payload = whole(shown)
        if direct:
            about = marks.about(payload["components"], self.messenger.workspace)
            payload = {**payload, "components": about}
        return payload, shown.files

    async def _users(self, members: Iterable[MemberId]) -> Mapping[MemberId, str]:
        wanted = tuple(members)
        return await self.messenger.users_of(wanted) if wanted else {}


def _pause(problem: NotDelivered | OutcomeUnknown, pause: float | None) -> float | None:
    """Return the seconds after which it is worth another try; None for never, or not soon."""
    if pause is None or isinstance(problem, OutcomeUnknown):
        return pause
    wait = max(pause, problem.retry_after or 0.0)
    return None if problem.permanent or wait > LATER[-1] else wait


def _choosing(form: Form, chosen: tuple[str, ...]) -> Form:
    """Return the form with those users chosen where it asks for several people.

    They need not be members yet: Discord's own ids stand for them.
    """
    members = tuple(MemberId(user) for user in chosen)
    inputs = tuple(
        replace(each, initial=members) if isinstance(each, MembersInput) and each.many else each
        for each in form.inputs
    )
    return replace(form, inputs=inputs)
