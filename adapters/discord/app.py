"""What comes over the gateway, and who it goes to. Nothing here waits or raises."""

from collections.abc import Coroutine
from typing import Any, Final

import structlog

from adapters.discord import commands, marks, reading
from adapters.discord.acting import Asked
from adapters.discord.hearing import STRANGER, Hearing
from adapters.discord.homes import Homes
from adapters.discord.interactions import Answer, Interactions, Kind, Ticket, ticket
from adapters.discord.kinds import THREADS
from adapters.discord.origins import PLATFORM, identity
from adapters.discord.presence import Presence
from adapters.discord.reading import Read
from adapters.discord.workspace import Desks
from bot.chat import payloads
from bot.chat.inbound import Clicked
from bot.chat.payloads import Json, Unreadable
from bot.chat.suggesting import Wanted, suggested
from bot.domain.errors import Problem
from bot.domain.ids import WorkspaceId
from bot.log import reference
from bot.runtime.in_flight import InFlight
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.runtime.tally import Tally
from bot.ui.cards import Option
from bot.ui.limits import OPTIONS
from bot.ui.pages.problems import problem_card
from bot.usecases.ports import Work

_KINDS: Final = {
    Kind.COMMAND: "command",
    Kind.COMPONENT: "component",
    Kind.AUTOCOMPLETE: "autocomplete",
    Kind.MODAL: "modal",
}
UNREADABLE: Final = (
    "Coplan cannot do anything with that: it may be from another version of it."
    " Use /coplan help to see what it can do."
)
FAILED: Final = (
    "Something went wrong on Coplan's side. Use /coplan next to see what counts; should it stay,"
    " tell whoever runs Coplan the reference"
)
_log = structlog.get_logger(__name__)


class DiscordApp:
    """Takes events. ``closing``: nothing more is taken in; what is under way is still answered."""

    def __init__(
        self, desks: Desks, homes: Homes, interactions: Interactions, tally: Tally
    ) -> None:
        self._desks = desks
        self._homes = homes
        self._interactions = interactions
        self._tally = tally
        self.hearing = Hearing(api=desks.outside.api, desks=desks, homes=homes)
        self._presence = Presence(
            api=desks.outside.api,
            channels=desks.workspaces.channels,
            door=desks.door,
            in_flight=desks.in_flight,
        )
        self.closing = False

    @property
    def in_flight(self) -> InFlight:
        """Return what is under way."""
        return self._desks.in_flight

    def came(self, event: str, payload: Json) -> None:
        """Take an event by Discord's name of it."""
        if self.closing:
            return
        match event:
            case "INTERACTION_CREATE":
                self.in_flight.start(self._interaction(payload), "coplan-discord-interaction")
            case "MESSAGE_CREATE":
                if self.hearing.is_meant(payload):
                    heard = self._counted("message", self.hearing.hear(payload))
                    self.in_flight.start(heard, "coplan-discord-message")
            case _:
                self._noticed(event, payload)

    def _noticed(self, event: str, payload: Json) -> None:
        try:
            self._presence.notice(event, payload)
        except Unreadable as problem:
            _unreadable(problem)
        self.hearing.bot = self._presence.bot

    def late(self, message: Json, *, surely: bool) -> Coroutine[Any, Any, None]:
        """Return what takes a message that was found in the history; see ``Hearing``."""
        return self._counted("message", self.hearing.hear_late(message, surely=surely))

    async def _interaction(self, payload: Json) -> None:
        try:
            to = ticket(payload)
        except Unreadable as problem:
            _unreadable(problem)
            self._tally.came(PLATFORM, "other", "unreadable")
            return
        use = self._suggest if to.kind is Kind.AUTOCOMPLETE else self._use
        await self._counted(_KINDS[to.kind], use(to, payload), to)

    async def _counted(
        self, kind: str, taking: Coroutine[Any, Any, None], to: Ticket | None = None
    ) -> None:
        """Take what came, and count what became of it; nothing that may come ends anything.

        Whoever waits for an answer with a ticket gets one.
        """
        try:
            await taking
        except Unreadable as problem:
            _unreadable(problem)
            self._tally.came(PLATFORM, kind, "unreadable")
            await self._excuse(to, UNREADABLE)
        except Problem as problem:
            _log.warning("discord_act_not_taken", reason=type(problem).__name__)
            self._tally.came(PLATFORM, kind, "failed")
            await self._excuse(to, problem_card(problem).summary)
        except Exception:  # noqa: BLE001 - any shape may come; it is told in the log
            name = reference()
            _log.exception("discord_act_failed", reference=name)
            self._tally.came(PLATFORM, kind, "failed")
            await self._excuse(to, f"{FAILED} {name}.")
        else:
            self._tally.came(PLATFORM, kind, "taken")

    async def _excuse(self, to: Ticket | None, text: str) -> None:
        """Say what went wrong as the first answer, or in the place of one promised for later."""
        if to is not None and to.kind is not Kind.AUTOCOMPLETE:
            await self._say(to, text)
            await self._say_late(to, text)

    async def _use(self, to: Ticket, payload: Json) -> None:
        marked: WorkspaceId | None = None
        if to.direct:
            payload, marked = marks.taken_off(payload)
        else:
            payload = await self._placed(payload)
        read, chosen = _read(to.kind, payload)
        workspace = read.workspace or await self._homes.of(read.user, marked, _action(read))
        if workspace is None:
            await self._say(to, STRANGER)
            return
        self._homes.acted(read.user, workspace)
        asked = Asked(read=read, ticket=to, payload=payload, chosen=chosen)
        await self._desks.of(workspace).use(asked)
        if to.alone:
            await self.hearing.meet(read, workspace)

    async def _placed(self, payload: Json) -> Json:
        """Return the interaction with its channel's type, and the channel around its thread.

        Discord need not tell them (in its description ``channel`` is optional).
        """
        channel = payloads.inner(payload, "channel")
        kind = channel.get("type")
        if isinstance(kind, int) and (kind not in THREADS or channel.get("parent_id")):
            return payload
        number = payloads.ident(payload, "channel_id", missing="") or payloads.ident(channel, "id")
        around = await self._desks.workspaces.channels.soon_around(number)
        thread = {"id": number, "type": min(THREADS), "parent_id": around}
        return {**payload, "channel": {**channel, **thread}} if around else payload

    async def _say(self, to: Ticket, text: str) -> None:
        try:
            shut: Json = {"allowed_mentions": {"parse": []}}
            data = {"content": text, "flags": to.flags(public=False), **shut}
            await self._interactions.respond(to, Answer.MESSAGE, data)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_answer_not_shown", reason=str(problem))

    async def _say_late(self, to: Ticket, text: str) -> None:
        try:
            if await self._interactions.awaited(to):
                shut: Json = {"allowed_mentions": {"parse": []}}
                await self._interactions.edit(to, {"content": text, **shut})
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("discord_answer_not_shown", reason=str(problem))

    async def _suggest(self, to: Ticket, payload: Json) -> None:
        """Answer what somebody is typing with what they may mean."""
        found = await self._suggested(payload)
        data = {"choices": [{"name": each.label, "value": each.value} for each in found]}
        try:
            await self._interactions.respond(to, Answer.CHOICES, data)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.info("discord_choices_not_shown", reason=str(problem))

    async def _suggested(self, payload: Json) -> list[Option]:
        focused, user = commands.focused(payload), reading.actor(payload)
        if focused is None:
            return []
        guild = payloads.ident(payload, "guild_id", missing="")
        wanted, who = focused.wanted, identity(user)

        def unit(work: Work) -> tuple[Option, ...]:
            return suggested(work, who, wanted, focused.typed, focused.plan)

        homes = await self._homes.around(user, guild)
        found = [each for home in homes for each in await self._desks.door.read(home, unit)]
        first = commands.SUGGESTED if wanted is Wanted.PLAN else ""
        told = {f"{first}{each.value}": each.label for each in found}
        return [Option(value, label) for value, label in told.items()][:OPTIONS]


def _unreadable(problem: Unreadable) -> None:
    _log.warning("discord_payload_unreadable", reason=str(problem))


def _read(kind: Kind, payload: Json) -> tuple[Read, tuple[str, ...]]:
    """Return what was done, and who is chosen beforehand in a form that it opens."""
    match kind:
        case Kind.COMPONENT:
            return reading.clicked(payload), ()
        case Kind.MODAL:
            return reading.submitted(payload), ()
        case _ if payloads.inner(payload, "data").get("name") == commands.ADD_TO_PLAN:
            return reading.context_menu(payload), ()
        case _:
            ordered = commands.ordered(payload)
            return reading.command(payload, ordered.what), ordered.chosen


def _action(read: Read) -> str:
    return read.what.action if isinstance(read.what, Clicked) else ""
