"""Public holidays of a country as closures: a suggestion until somebody says so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import errors
from bot.domain.planning.texts import FIELD_LENGTH
from bot.domain.timetable.holidays import suggested
from bot.domain.timetable.school import Closure
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.changing import CalendarSaved, save_calendar
from bot.usecases.timetable.lines import joined, lines_of_closures
from bot.usecases.timetable.school import known_calendar

KIND = "holidays"
"""The draft of a suggestion: the holidays by date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """The public holidays of ``country``, as it was typed, by date."""

    country: str
    days: Mapping[date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """Days on which there is school by the calendar, as closures by date.

    They are public holidays of ``country``, or where that is "" what a file calls closed.
    """

    country: str
    closures: tuple[Closure, ...]


def suggest_holidays(work: Work, actor: Actor, command: Holidays) -> Suggested:
    """Return which holidays the calendar does not know, and keep them until somebody takes them."""
    return suggest(work, actor, command.days, command.country)


def suggest(work: Work, actor: Actor, days: Mapping[date, str], country: str = "") -> Suggested:
    """Return on which of ``days`` the calendar has school, and keep them as a suggestion."""
    calendar = known_calendar(work, actor, None)
    closures = suggested(calendar, days)
    content = {one.start.isoformat(): one.name for one in closures}
    work.drafts.put(actor.id, KIND, json.dumps(content).encode())
    return Suggested(country=country, closures=closures)


def take_holidays(work: Work, actor: Actor, _: None) -> CalendarSaved:
    """Close the school on the holidays that were suggested, as far as there is school then."""
    work.times.hold_calendar(actor.school)
    content = work.drafts.get(actor.id, KIND)
    if content is None:
        raise errors.StaleButton
    days = {date.fromisoformat(day): name for day, name in json.loads(content).items()}
    calendar = known_calendar(work, actor, None)
    closures = joined((*calendar.closures, *suggested(calendar, days)))
    changed = replace(calendar, closures=closures)
    if len(lines_of_closures(changed)) > FIELD_LENGTH:
        raise errors.InvalidInput(
            what="The list of closed days would be too long.",
            remedy="Take out those of past years under “School calendar”, then try again.",
        )
    work.drafts.drop(actor.id, KIND)
    return save_calendar(work, actor, changed)
