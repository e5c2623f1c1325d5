"""Slack's payloads as neutral parts: who, in which place, did what, under which key.

Pure: the people called and the files sent are known by Slack's ids only. Whoever receives a payload
looks up ``people`` and ``files`` of what was ``Read`` and makes the ``inbound`` of them. Every
function raises ``Unreadable`` for a payload of another shape than Slack describes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.slack import keys, sent, views
from adapters.slack.origins import Origin, place, unpack
from adapters.slack.pointing import pointed
from adapters.slack.talk import words
from bot.chat import arrivals, payloads
from bot.chat.arrivals import Arrived, Filled, Pointed, SentFile, Spoken
from bot.chat.inbound import Clicked, Inbound, Upload, What
from bot.chat.payloads import Json, Unreadable, ident
from bot.chat.talk import said_to
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One thing one user did. ``trigger`` opens a modal, once and within three seconds.

    By its ``key`` it takes effect once; a form's answers are known by ``delivery``, too, to have
    come before. ``name`` is what the payload calls the user, which may be nothing.
    """

    user: str
    origin: Origin
    key: str
    what: Arrived
    delivery: str = ""
    trigger: str = ""
    name: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Return the ids of everybody concerned, each once: first who did it."""
        return tuple(dict.fromkeys((self.user, *arrivals.concerned(self.what))))

    @property
    def names(self) -> dict[str, str]:
        """Return what the payload calls those people, where it does."""
        return {**arrivals.names(self.what), self.user: self.name}

    @property
    def files(self) -> tuple[SentFile, ...]:
        """Return the files that are to be fetched."""
        return arrivals.files(self.what)


def command(payload: Json) -> Read:
    """Return what a slash command says."""
    what = Spoken(words=words(payloads.text(payload, "text", missing="")))
    return Read(
        user=ident(payload, "user_id"),
        origin=Origin(
            channel=ident(payload, "channel_id"),
            response_url=payloads.text(payload, "response_url", missing=""),
        ),
        key=keys.of_interaction(payload, what),
        what=what,
        trigger=ident(payload, "trigger_id", missing=""),
        name=payloads.text(payload, "user_name", missing=""),
    )


def said(payload: Json, bot: str) -> Read | None:
    """Return what an ``app_mention`` or a direct message says to the bot, whose user id is given.

    None for what no person said just now: the words of apps, edits, deletions, joinings.
    """
    event = payloads.inner(payload, "event")
    told = payloads.text(event, "subtype", missing="")
    if told not in _SAID or event.get("bot_id") or event.get("user") in (None, bot):
        return None
    message = ident(event, "ts")
    thread = ident(event, "thread_ts", missing="")
    spoken = words(payloads.text(event, "text", missing=""))
    return Read(
        user=ident(event, "user"),
        origin=Origin(
            channel=ident(event, "channel"),
            thread="" if thread == message else thread,
            message=message,
        ),
        key=keys.of_message(payload),
        what=Spoken(words=said_to(bot, spoken), files=sent.files(event)),
    )


_SAID: Final = frozenset({"", "file_share", "thread_broadcast"})


def invited(payload: Json, bot: str) -> Read | None:
    """Return that the bot was let into a channel, done by whoever invited it; else None."""
    event = payloads.inner(payload, "event")
    who = event.get("inviter") if event.get("user") == bot else None
    if not isinstance(who, str) or not who:
        return None
    return Read(
        user=ident({"user": who}, "user"),
        origin=Origin(channel=ident(event, "channel")),
        key=keys.of_event(payload),
        what=Clicked(action=BACK),
    )


BACK: Final = "place.back"


def clicked(payload: Json) -> Read:
    """Return what a button or a menu does (``block_actions``)."""
    used = payloads.objects(payload, "actions")
    if not used:
        raise Unreadable("no action")
    action = payloads.text(used[0], "action_id")
    choice = ""
    if payloads.text(used[0], "type") == "static_select":
        choice = payloads.text(used[0], "selected_option", "value")
    return _interaction(payload, Clicked(action=action, choice=choice), _of_message(payload))


def shortcut(payload: Json) -> Read:
    """Return what a shortcut does, maybe with a message: its callback id is an action."""
    if payloads.text(payload, "type") != "message_action":
        what = Clicked(action=payloads.text(payload, "callback_id"))
        return _interaction(payload, what, Origin())
    message = ident(payload, "message", "ts")
    origin = Origin(
        channel=ident(payload, "channel", "id"),
        thread=_below(ident(payload, "message", "thread_ts", missing=""), message),
        message=message,
        response_url=payloads.text(payload, "response_url", missing=""),
    )
    return _interaction(payload, pointed(payload), origin)


def submitted(payload: Json) -> Read:
    """Return what a form's answers do."""
    view = payloads.inner(payload, "view")
    what = Filled(action=payloads.text(view, "callback_id"), answers=views.answers(view))
    key = keys.of_view(view)
    return Read(
        user=ident(payload, "user", "id"),
        origin=unpack(payloads.text(view, "private_metadata")),
        key=key,
        delivery=keys.of_submission(payload, key, what),
        what=what,
        trigger=ident(payload, "trigger_id", missing=""),
        name=payloads.text(payload, "user", "name", missing=""),
    )


def _interaction(payload: Json, what: Clicked | Pointed, origin: Origin) -> Read:
    return Read(
        user=ident(payload, "user", "id"),
        origin=origin,
        key=keys.of_interaction(payload, what),
        what=what,
        trigger=ident(payload, "trigger_id", missing=""),
        name=payloads.text(payload, "user", "name", missing=""),
    )


def _of_message(payload: Json) -> Origin:
    """Return the origin of a click: a message, or (without a channel) the App Home."""
    container = payloads.inner(payload, "container")
    message = ident(container, "message_ts", missing="")
    thread = ident(container, "thread_ts", missing="") or ident(
        payload, "message", "thread_ts", missing=""
    )
    return Origin(
        channel=ident(container, "channel_id", missing="")
        or ident(payload, "channel", "id", missing=""),
        thread=_below(thread, message),
        message=message,
        ephemeral=container.get("is_ephemeral") is True,
        response_url=payloads.text(payload, "response_url", missing=""),
    )


def _below(thread: str, message: str) -> str:
    """Return the thread of a message that stands below its root; the root is in the channel."""
    return "" if thread == message else thread


def inbound(
    read: Read,
    workspace: WorkspaceId,
    people: Mapping[str, Person],
    uploads: Mapping[str, Upload],
) -> Inbound:
    """Return what was read there, with its people (by Slack's id) and its files (by Slack's id).

    ``people`` has at least who did it. Whoever else is not in it is left out of a form's answers,
    and stays a word of what was said.
    """
    return Inbound(
        workspace=workspace,
        person=people[read.user],
        place=place(read.origin, read.user),
        what=arrivals.neutral(read.what, people, uploads),
        key=read.key,
        message=read.origin.message,
    )


def outline(read: Read) -> What:
    """Return what was done as far as it is known without looking anybody up."""
    return arrivals.neutral(read.what, {}, {})
