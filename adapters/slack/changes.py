"""What Slack tells of by itself: an account, or a channel, is not as before."""

from functools import partial
from typing import Final

from adapters.slack.origins import PLATFORM, identity
from adapters.slack.people import People
from adapters.slack.workspace import Desk
from bot.chat.payloads import Json, ident, inner
from bot.domain.ids import EVERYWHERE
from bot.domain.members import Person
from bot.runtime.returning import followed, lost, up_to_date
from bot.usecases.actors import known, recognise
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.undelivered import departed

CHANGES: Final = frozenset(
    {
        "channel_deleted",
        "channel_id_changed",
        "channel_unarchive",
        "group_deleted",
        "group_unarchive",
        "user_change",
    }
)
"""Events that say nothing to the bot, and yet change something."""


async def take_note(door: Door, event: Json, desk: Desk) -> None:
    """Take note of an event in the desk's workspace, whoever did it: nobody is answered."""
    match event.get("type"):
        case "user_change":
            await _account(door, event, desk.people)
        case "channel_unarchive" | "group_unarchive":
            await _back(door, event, desk)
        case "channel_deleted" | "group_deleted":
            workspace, channel = desk.signed_in.workspace, ident(event, "channel")
            await lost(door, workspace, PLATFORM, channel)
        case "channel_id_changed":
            before, channel = (ident(event, f"{when}_channel_id") for when in ("old", "new"))
            await followed(door, desk.signed_in.workspace, PLATFORM, before, channel)
        case "member_joined_channel" if event.get("user") == desk.signed_in.user:
            await _back(door, event, desk)


async def _back(door: Door, event: Json, desk: Desk) -> None:
    """Show what could not be shown in the channel. Slack tells of all public ones."""
    channels = [ident(event, "channel")]
    await up_to_date(door, desk.signed_in.workspace, PLATFORM, channels, cards=True)


async def _account(door: Door, event: Json, people: People) -> None:
    """Take note of a ``user_change`` wherever the user is a member.

    Of somebody whose account was deactivated their partners are told, each once. Of all others
    Slack is asked, since events come in any order: their name and zone count from now on. It tells
    of everybody in the workspace, so most of them were never members.
    """
    user = ident(event, "user", "id", missing="")
    people.forget(user)
    who = identity(user)
    homes = await door.read(EVERYWHERE, lambda work: work.everywhere.homes(who)) if user else []
    if inner(event, "user").get("deleted") is True:
        for home in homes:
            await door.write(home, partial(departed, identity=who))
    elif homes:
        person = await people.person(user)
        for home in homes:
            if await door.read(home, partial(_differs, person=person)):
                await door.write(home, partial(recognise, person=person))


def _differs(work: Work, person: Person) -> bool:
    return known(work, person, clicked=False) is None
