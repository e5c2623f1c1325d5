"""Somebody's account has changed: known before anything that is planned for them goes wrong."""

from functools import partial

from adapters.slack.origins import identity
from adapters.slack.people import People
from bot.chat.payloads import Json, ident, inner
from bot.domain.ids import EVERYWHERE
from bot.domain.members import Person
from bot.usecases.actors import known, recognise
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.undelivered import departed


async def take_note(door: Door, event: Json, people: People) -> None:
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
