"""Somebody's account was deactivated: known before anything that is sent to them fails."""

from functools import partial

from adapters.slack.origins import identity
from bot.chat.payloads import Json, inner, text
from bot.domain.ids import EVERYWHERE
from bot.usecases.ports import Door
from bot.usecases.reminders.undelivered import departed


def deactivated(event: Json) -> str:
    """Return the user that a ``user_change`` says is no longer there; empty where it says else."""
    user = inner(event, "user")
    return text(user, "id") if user.get("deleted") is True else ""


async def take_leave(door: Door, user: str) -> None:
    """Take note of it wherever they are a member: their partners are told, each once.

    Slack tells of everybody in the workspace, so most of those who leave were never members.
    """
    who = identity(user)
    homes = await door.read(EVERYWHERE, lambda work: work.everywhere.homes(who))
    for home in homes:
        await door.write(home, partial(departed, identity=who))
