"""Coplan's commands in Discord: ``/coplan`` with every verb, and two for messages and people.

The verbs are the core's, and so are the words that they become. An option is what the words of its
verb have a place for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from adapters.discord import modals, talk
from adapters.discord.persons import name_of
from bot.chat import payloads
from bot.chat.arguments import in_quotes
from bot.chat.arrivals import SentFile, Spoken
from bot.chat.inbound import Clicked
from bot.chat.payloads import Json, Unreadable, ident
from bot.chat.suggesting import Wanted
from bot.chat.talk import Called, Words, joined
from bot.ui.actions import Action
from bot.ui.pages.help import VERBS

GROUP: Final = "coplan"
ADD_TO_PLAN: Final = "Add to plan"
PLAN_WITH: Final = "Plan with"
MESSAGE_FORM: Final = "message.form"
START_FORM: Final = "start.form"
PARTNERS: Final = "partners"
"""The question of that form in which people are chosen."""
SUGGESTED: Final = "="
"""How the value of a suggested plan begins: its id follows, not its title."""
_DESCRIPTION: Final = 100


class Kind(IntEnum):
    """What an option takes, by Discord's numbers."""

    VERB = 1
    TEXT = 3
    PERSON = 6
    FILE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a verb. ``wanted``: what is suggested while somebody types."""

    name: str
    says: str
    kind: Kind = Kind.TEXT
    wanted: Wanted | None = None

    def declared(self) -> Json:
        """Return it as Discord is told of it."""
        return {
            "type": int(self.kind),
            "name": self.name,
            "description": self.says,
            "required": False,
            "autocomplete": self.wanted is not None,
        }


def _people(first: str, says: str, *others: str) -> tuple[Option, ...]:
    more = (Option(name=name, says="and them", kind=Kind.PERSON) for name in others)
    return (Option(name=first, says=says, kind=Kind.PERSON), *more)


_PLAN: Final = Option(name="plan", says="which plan; empty: this one", wanted=Wanted.PLAN)
_TITLE: Final = "title"
_PLAN_NAME: Final = "plan"
_FIELD_NAME: Final = "field"
_ZONE_NAME: Final = "timezone"
_CODE_NAME: Final = "code"
_WORDS: Final = 60
"""Characters of a question's name that go with a plan's id."""

OPTIONS: Final[Mapping[str, tuple[Option, ...]]] = {
    "start": (
        Option(name=_TITLE, says="what the plan is called; empty: a form asks for it"),
        *_people("partner", "who plans with you", "partner2", "partner3", "partner4", "partner5"),
        Option(name="template", says="what the plan asks for", wanted=Wanted.TEMPLATE),
    ),
    "plan": (_PLAN,),
    "log": (_PLAN,),
    "when": _people("person", "of whom; empty: your partners", "person2", "person3", "person4"),
    "timetable": (
        Option(name="file", says="your timetable as a file", kind=Kind.FILE),
        # A command's text is one line: a table would lose its rows.
        Option(name="address", says="or your calendar's; for a table or hours leave both empty"),
    ),
    "noschool": (Option(name="date", says="which day is closed: tomorrow, 24 Nov"),),
    "away": (
        Option(name="dates", says="to Thursday; 24 Nov to 2 Dec; empty: a form asks for it"),
        *_people("standin", "who takes your steps meanwhile"),
    ),
    "history": (_PLAN, Option(name=_FIELD_NAME, says="of which field", wanted=Wanted.FIELD)),
    "digest": (_PLAN,),
    "remind": (Option(name="reminder", says="Sundays 18:00: post your notes"),),
    "export": (_PLAN,),
    "link": (
        Option(name=_CODE_NAME, says="the code from your other platform; empty: a new one"),
        _PLAN,
    ),
    "settings": (Option(name=_ZONE_NAME, says="where your clock is", wanted=Wanted.ZONE),),
}
"""What each verb takes, in the order in which it stands in the verb's words."""


def declared() -> list[Json]:
    """Return all commands as Discord is told of them, the same every time."""
    everywhere: Json = {"contexts": [0, 1], "integration_types": [0]}
    verbs = [
        {
            "type": int(Kind.VERB),
            "name": verb,
            "description": says[:_DESCRIPTION],
            "options": [option.declared() for option in OPTIONS.get(verb, ())],
        }
        for verb, says in VERBS.items()
    ]
    return [
        {
            "type": 1,
            "name": GROUP,
            "description": "Plan together although you never have the same hour free.",
            "options": verbs,
            **everywhere,
        },
        {"type": 2, "name": PLAN_WITH, "contexts": [0], "integration_types": [0]},
        {"type": 3, "name": ADD_TO_PLAN, **everywhere},
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What a command says, and who is chosen beforehand in the form that it opens."""

    what: Spoken | Clicked
    chosen: tuple[str, ...] = ()


def ordered(payload: Json) -> Ordered:
    """Return what a slash command, or "Plan with", says; ``Unreadable`` for any other."""
    data = payloads.inner(payload, "data")
    if data.get("type") == 2:  # noqa: PLR2004 - a command for a person
        return Ordered(what=Clicked(action=START_FORM), chosen=(ident(data, "target_id"),))
    verb, options = _verb(data)
    given = {ident(option, "name"): option for option in options}
    if _text(given, _CODE_NAME):
        given.pop(_PLAN_NAME, None)  # a code is of one plan, whichever is named beside it
    chosen = tuple(dict.fromkeys(_persons(verb, given)))
    if verb == "start" and not _text(given, _TITLE) and given:
        return Ordered(what=Clicked(action=START_FORM), chosen=chosen)
    if pressed := _pressed(verb, given):
        return Ordered(what=Clicked(action=pressed))
    return Ordered(what=_spoken(payload, verb, given))


def _verb(data: Json) -> tuple[str, list[Json]]:
    chosen = payloads.objects(data, "options")
    if data.get("name") != GROUP or len(chosen) != 1:
        raise Unreadable("another command than ours")
    return ident(chosen[0], "name"), payloads.objects(chosen[0], "options")


def _persons(verb: str, given: Mapping[str, Json]) -> Iterator[str]:
    for option in OPTIONS.get(verb, ()):
        if option.kind is Kind.PERSON and option.name in given:
            yield ident(given[option.name], "value")


def _pressed(verb: str, given: Mapping[str, Json]) -> str:
    """Return the action of what was chosen from the suggestions, which are ids; empty for words.

    Anything at all may be typed where something is suggested.
    """
    found = _meant(verb, given)
    try:
        return found.encode() if found is not None else ""
    except ValueError:
        return ""


def _meant(verb: str, given: Mapping[str, Json]) -> Action | None:
    field = _text(given, _FIELD_NAME)
    if verb == "history" and field.count("|") == 2:  # noqa: PLR2004 - plan, step, field
        return Action("hist", tuple(field.split("|")))
    plan = _text(given, _PLAN_NAME)
    if not plan.startswith(SUGGESTED):
        return None
    named = " ".join(field.replace("|", " ").split())[:_WORDS]
    within = ("", named) if verb == "history" and named else ()
    return Action(verb, (plan.removeprefix(SUGGESTED), *within))


def _spoken(payload: Json, verb: str, given: Mapping[str, Json]) -> Spoken:
    """Return the words that the verb and its options stand for, and the files sent along."""
    words: list[str | Called] = [verb]
    sent: list[SentFile] = []
    for option in OPTIONS.get(verb, ()):
        if option.name not in given:
            continue
        match option.kind:
            case Kind.PERSON:
                words += [" ", _called(payload, ident(given[option.name], "value"))]
            case Kind.FILE:
                sent.append(modals.attachment(payload, ident(given[option.name], "value")))
            case _:
                words += [" ", *_worded(option.name, _text(given, option.name))]
    return Spoken(words=joined(words), files=tuple(sent))


def _worded(name: str, text: str) -> Words:
    """Return an option's text as it stands among words: titles in quotation marks.

    What is no zone or code by itself is said to be one: it is not the title of a plan, say.
    """
    if name in {_TITLE, _PLAN_NAME}:
        return (in_quotes(text),)
    called = f"{name}: " if name in {_ZONE_NAME, _CODE_NAME} and text.strip() else ""
    return talk.words(f"{called}{text}", {}, {})


def _called(payload: Json, user: str) -> Called:
    """Return who that is, by the name that Discord resolved."""
    resolved = payloads.inner(payload, "data", "resolved")
    member = payloads.inner(resolved, "members").get(user)
    known = payloads.inner(resolved, "users").get(user)
    facts: Json = known if isinstance(known, dict) else {}
    here: Json = member if isinstance(member, dict) else {}
    return Called(user, name_of(facts, here))


def _text(given: Mapping[str, Json], name: str) -> str:
    found = given.get(name, {}).get("value", "")
    return found if isinstance(found, str) else str(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Focused:
    """What somebody is typing into an option; ``plan`` is what they chose before, maybe."""

    wanted: Wanted
    typed: str
    plan: str = ""


def focused(payload: Json) -> Focused | None:
    """Return what is being typed (an autocomplete interaction), None where nothing is suggested."""
    verb, options = _verb(payloads.inner(payload, "data"))
    given = {ident(option, "name"): option for option in options}
    for option in OPTIONS.get(verb, ()):
        if option.wanted is not None and given.get(option.name, {}).get("focused") is True:
            plan = _text(given, _PLAN_NAME).removeprefix(SUGGESTED)
            return Focused(wanted=option.wanted, typed=_text(given, option.name), plan=plan)
    return None
