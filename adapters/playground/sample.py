"""A sample school of invented people, made through the same door as everything people do."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count

from adapters.playground.ports import WORKSPACE
from adapters.playground.records import Persona
from adapters.playground.store import PlaygroundStore
from bot.chat.inbound import Inbound, Said, Submitted
from bot.chat.router import Handler
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.domain.members import Person
from bot.domain.places import Place, PlaceKind
from bot.ui.replies import CardReply, FormErrorsReply

ZONE = "Europe/Berlin"
CHANNEL = "planning"

BELLS = """P1 08:00-08:45
P2 08:50-09:35
P3 09:55-10:40
P4 10:45-11:30
P5 11:50-12:35
P6 12:40-13:25
P7 14:00-14:45
P8 14:50-15:35"""

# Who teaches what in which period, by day of an A/B cycle; a dash is a period without a lesson.
WEEKS = {
    "Maya": {
        "A": "Library 5a,Library 5b,-,Library 6a,-,Duty,Library 7a,-",
        "B": "-,Library 6b,Library 8a,-,Library 8b,-,Library 5c,Library 7b",
    },
    "Ben": {
        "A": "Science 8a,Science 8b,-,Science 7a,Science 7b,-,Lab 9a,Lab 9a",
        "B": "Science 9a,-,Science 8a,Science 8b,Science 7a,-,-,Science 7b",
    },
    "Rosa": {
        "A": "Spanish 8a,French 8b,Spanish 7a,French 6a,-,Spanish 9a,French 9b,Spanish 6b",
        "B": "-,French 8b,-,Spanish 7a,French 6a,-,Spanish 9a,-",
    },
    "Ana": {
        "A": "-,History 8a,History 8b,-,History 9a,-,History 7a,-",
        "B": "History 7b,-,-,History 9a,History 8a,History 8b,-,History 7a",
    },
}


async def load_sample(store: PlaygroundStore, handler: Handler, *, clock: Clock) -> bool:
    """Add the people, a channel, the school's calendar, timetables and one plan.

    Only where nobody is yet, or where the loading was cut off, which is then completed: every act
    has the key it had, so none takes effect twice. Return whether it did. Raises ``InvalidInput``
    when the store cannot take it all; what is missing is added at the next start.
    """
    monday = clock.now().date()
    monday -= timedelta(days=monday.weekday())
    first = await store.begin_sample(tuple(WEEKS), ZONE, CHANNEL, monday)
    if first is None:
        return False
    people = {each.name: each for each in await store.people()}
    await _teach(_Office(handler, CHANNEL), people, first)
    await store.end_sample()
    return True


async def _teach(office: "_Office", people: Mapping[str, Persona], monday: date) -> None:
    """Do, as the people, what makes the school; its calendar begins on ``monday``."""
    for name in WEEKS:
        person = people[name]
        await office.submits(person, "tt.read", text=_table(name))
        if name == next(iter(WEEKS)):
            await office.submits(
                person,
                "tt.schoolsave",
                first=str(monday),
                until=str(monday + timedelta(weeks=30)),
                bells=BELLS,
                weekdays=("0", "1", "2", "3", "4"),
                zone=ZONE,
            )
        await office.submits(person, "tt.save")
    maya, ben, rosa = people["Maya"], people["Ben"], people["Rosa"]
    await office.says(maya, 'start "Watershed inquiry"', ben, rosa)


class _Office:
    """Does for people what they would type and click."""

    def __init__(self, handler: Handler, channel: str) -> None:
        self._handler = handler
        self._place = Place(platform="playground", kind=PlaceKind.CHANNEL, channel=channel)
        self._number = count(1)

    async def says(self, who: Persona, words: str, *others: Persona) -> None:
        await self._do(who, Said(parts=(words, *(_person(other) for other in others))))

    async def submits(self, who: Persona, action: str, **answers: str | tuple[str, ...]) -> None:
        values = {k: v if isinstance(v, tuple) else (v,) for k, v in answers.items()}
        await self._do(who, Submitted(action=action, values=values))

    async def _do(self, who: Persona, what: Said | Submitted) -> None:
        reply = await self._handler.handle(
            Inbound(
                workspace=WORKSPACE,
                person=_person(who),
                place=self._place,
                what=what,
                key=f"sample:{next(self._number)}",
            )
        )
        if isinstance(reply, FormErrorsReply):
            raise _incomplete(" ".join(reply.errors.values()))
        if isinstance(reply, CardReply) and reply.failed:
            raise _incomplete(reply.card.summary)


def _incomplete(why: str) -> InvalidInput:
    return InvalidInput(
        what=f"The sample school could not be loaded whole: {why}",
        remedy="The next start of this playground adds what is missing.",
    )


def _person(persona: Persona) -> Person:
    return Person(identity=persona.identity, name=persona.name, zone=persona.zone)


def _table(name: str) -> str:
    rows = ["Day;Period;Subject"]
    for day, lessons in WEEKS[name].items():
        for at, lesson in enumerate(lessons.split(","), start=1):
            if lesson != "-":
                rows.append(f"{day};P{at};{lesson}")
    return "\n".join(rows)
