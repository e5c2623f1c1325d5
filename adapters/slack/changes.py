"""Somebody's account has changed: known before anything that is planned for them goes wrong."""

from functools import partial

from adapters.slack.people import Known
from bot.domain.ids import EVERYWHERE
from bot.domain.members import Person
from bot.usecases.actors import known, recognise
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.undelivered import departed


async def take_note(door: Door, told: Known) -> None:
    """Take note of it wherever they are a member.

    Of somebody whose account was deactivated their partners are told, each once; of all others the
    name and the zone count from now on. Slack tells of everybody in the workspace, and of much that
    is nobody's business here: most were never members, or are as they were.
    """
    person = told.person
    homes = await door.read(EVERYWHERE, lambda work: work.everywhere.homes(person.identity))
    for home in homes:
        if told.absent:
            await door.write(home, partial(departed, identity=person.identity))
        elif await door.read(home, partial(_differs, person=person)):
            await door.write(home, partial(recognise, person=person))


def _differs(work: Work, person: Person) -> bool:
    return known(work, person, clicked=False) is None
