"""Discord's payloads as neutral parts: who, in which server and place, did what, under which key.

Pure: of people and files it is known what the payload itself tells. Every function raises
``Unreadable`` for a payload of another shape than Discord describes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from adapters.discord import marks, modals
from adapters.discord.kinds import THREADS
from adapters.discord.origins import Origin, place, workspace
from adapters.discord.persons import name_of, person_of, present
from adapters.discord.talk import words
from bot.chat import arrivals, payloads
from bot.chat.arrivals import Arrived, Filled, Pointed, SentFile, Spoken
from bot.chat.inbound import Clicked, Inbound, Upload, What
from bot.chat.payloads import Json, Unreadable, ident
from bot.chat.talk import Called, Words, said_to
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person

MESSAGE_FORM: Final = "message.form"
_SAID: Final = (0, 19)
"""Types of messages that somebody wrote: others tell of joinings, pins and the like."""
_LINK: Final = "https://discord.com/channels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One thing one user did. ``workspace`` is None in direct messages, which belong to no server.

    ``person`` is who did it. ``told``: the other people of whom the payload tells, by their ids;
    None for an app, which is nobody to the core.
    """

    workspace: WorkspaceId | None
    user: str
    person: Person
    origin: Origin
    key: str
    what: Arrived
    told: Mapping[str, Person | None]


def command(payload: Json, what: Arrived) -> Read:
    """Return that a command was used; ``what`` it says."""
    return _interaction(payload, what)


def clicked(payload: Json) -> Read:
    """Return what a button or a menu does."""
    data = payloads.inner(payload, "data")
    chosen = payloads.texts(data, "values")
    what = Clicked(action=payloads.text(data, "custom_id"), choice=chosen[0] if chosen else "")
    return _interaction(payload, what)


def submitted(payload: Json) -> Read:
    """Return what a form's answers do."""
    action, opening = marks.unopened(payloads.text(payload, "data", "custom_id"))
    what = Filled(action=action, answers=modals.answers(payload))
    read = _interaction(payload, what)
    return replace(read, key=_key_of_answers(read.user, opening, what)) if opening else read


def _key_of_answers(user: str, opening: str, what: Filled) -> str:
    """Return the key of a form's answers: the same, given where it was opened once, are one act.

    Whoever hears nothing of them ("Something went wrong") sends them off once more.
    """
    given = what.answers
    files = {key: [(each.name, each.size) for each in sent] for key, sent in given.files.items()}
    told = repr((what.action, sorted(given.values.items()), sorted(files.items())))
    return f"form:{user}:{opening}:{modals.kept_as(told)}"


def context_menu(payload: Json) -> Read:
    """Return what somebody does with a message."""
    number = ident(payload, "data", "target_id")
    message = payloads.inner(payload, "data", "resolved", "messages", number)
    if not message:
        raise Unreadable("a message that did not come")
    read = _interaction(payload, Clicked(action=MESSAGE_FORM))
    passed_on = _passed_on(message)
    meant = passed_on or message
    told = {**read.told, **_people_of(message), **_people_of(meant)}
    author = "" if passed_on or message.get("webhook_id") else ident(message, "author", "id")
    where = read.origin.thread or read.origin.channel
    what = Pointed(
        action=MESSAGE_FORM,
        words=_words(meant, told, payload),
        author=author if told.get(author) else "",
        link=f"{_LINK}/{read.origin.guild or '@me'}/{where}/{number}",
        files=tuple(file.name for file in _files(meant) if file.name),
    )
    return replace(read, what=what, told=told, origin=replace(read.origin, message=number))


def said(payload: Json, bot: str, threads: Mapping[str, str]) -> Read | None:
    """Return what a message says to the bot, whose user id is given.

    None for what no person said to it: in a server it must be called by its name. ``threads``: the
    channel around each thread that is known, for a message does not tell it.
    """
    author = payloads.inner(payload, "author")
    guild = _guild(payload)
    if author.get("bot") or payload.get("webhook_id") or payload.get("type", 0) not in _SAID:
        return None
    told = _people_of(payload)
    spoken = _words(payload, told, payload)
    if guild and not any(isinstance(each, Called) and each.user == bot for each in spoken):
        return None
    channel, number = ident(payload, "channel_id"), ident(payload, "id")
    around = threads.get(channel, "")
    return Read(
        workspace=workspace(guild),
        user=ident(author, "id"),
        person=person_of(author, payloads.inner(payload, "member")),
        origin=Origin(
            guild=guild,
            channel=around or channel,
            thread=channel if around else "",
            message=number,
        ),
        key=f"message:{number}",
        what=Spoken(words=said_to(bot, spoken), files=_files(payload)),
        told=told,
    )


def inbound(read: Read, people: Mapping[str, Person], uploads: Mapping[str, Upload]) -> Inbound:
    """Return what was read with its people and its files, both by Discord's ids.

    In direct messages the workspace is yet to be put in: it is "" here.
    """
    return Inbound(
        workspace=read.workspace or WorkspaceId(""),
        person=read.person,
        place=place(read.origin, read.user),
        what=arrivals.neutral(read.what, people, uploads),
        key=read.key,
        message=read.origin.message,
    )


def outline(read: Read) -> What:
    """Return what was done as far as it is known without looking anybody up."""
    return arrivals.neutral(read.what, {}, {})


def actor(payload: Json) -> str:
    """Return the id of the user who acts in an interaction."""
    return ident(_actor(payload), "id")


def _guild(payload: Json) -> str:
    """Return the server's id, empty in direct messages: nobody there is a server's member."""
    guild = ident(payload, "guild_id", missing="")
    if not guild and payload.get("member"):
        raise Unreadable("a member of no server")
    return guild


def _actor(payload: Json) -> Json:
    return payloads.inner(payload, "member", "user") or payloads.inner(payload, "user")


def _interaction(payload: Json, what: Arrived) -> Read:
    guild = _guild(payload)
    user = _actor(payload)
    return Read(
        workspace=workspace(guild),
        user=ident(user, "id"),
        person=person_of(user, payloads.inner(payload, "member")),
        origin=_origin(payload, guild),
        key=f"interaction:{ident(payload, 'id')}",
        what=what,
        told=_resolved(payload),
    )


def _origin(payload: Json, guild: str) -> Origin:
    channel = payloads.inner(payload, "channel")
    number = ident(payload, "channel_id", missing="") or ident(channel, "id")
    around = ident(channel, "parent_id", missing="") if channel.get("type") in THREADS else ""
    return Origin(
        guild=guild,
        channel=around or number,
        thread=number if around else "",
        message=ident(payload, "message", "id", missing=""),
    )


def _resolved(payload: Json) -> dict[str, Person | None]:
    """Return the people whom an interaction's data resolves, by their ids."""
    resolved = payloads.inner(payload, "data", "resolved")
    members = payloads.inner(resolved, "members")
    return {
        number: present(payloads.inner(resolved, "users", number), _object(members.get(number)))
        for number in payloads.inner(resolved, "users")
    }


def _people_of(message: Json) -> dict[str, Person | None]:
    """Return who wrote a message and whom it mentions, by their ids."""
    told = {
        ident(each, "id"): present(each, payloads.inner(each, "member"))
        for each in payloads.objects(message, "mentions")
    }
    author = payloads.inner(message, "author")
    if author and not message.get("webhook_id"):
        told.setdefault(ident(author, "id"), present(author, payloads.inner(message, "member")))
    return told


def _words(message: Json, told: Mapping[str, Person | None], payload: Json) -> Words:
    mentions = payloads.objects(message, "mentions")
    shown = {number: person.name for number, person in told.items() if person is not None}
    apps = {ident(each, "id"): name_of(each, {}) for each in mentions}
    named = [*payloads.objects(message, "mention_channels"), payloads.inner(payload, "channel")]
    channels = {
        ident(each, "id"): payloads.text(each, "name")
        for each in named
        if each.get("id") and each.get("name")
    }
    return words(payloads.text(message, "content", missing=""), {**apps, **shown}, channels)


def _passed_on(message: Json) -> Json:
    """Return the message that one forwards, whose author nobody is told; empty for no such one."""
    snapshots = payloads.objects(message, "message_snapshots")
    return payloads.inner(snapshots[0], "message") if snapshots else {}


def _files(message: Json) -> tuple[SentFile, ...]:
    return tuple(modals.file_of(each) for each in payloads.objects(message, "attachments"))


def _object(found: object) -> Json:
    return found if isinstance(found, dict) else {}
