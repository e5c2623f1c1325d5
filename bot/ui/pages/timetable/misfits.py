"""The question before a change of the school's calendar leaves timetables behind."""

from bot.ui.actions import Action, action
from bot.ui.cards import Button, Buttons, Card, Style, Text
from bot.ui.limits import shorten
from bot.ui.pages.timetable.calendar import saved_page
from bot.ui.pages.words import count, listed, people
from bot.ui.replies import CardReply, Reply
from bot.usecases.timetable.changing import CalendarSaved
from bot.usecases.timetable.misfits import Misfit

NAME = 30
NAMED = 5
"""Partners named of those whose timetables no longer fit."""

_AFTER = (
    "No timetable is deleted, but reminders come in working hours until its member gives a new "
    "one. Nothing is changed yet."
)


def new_page(result: CalendarSaved | Misfit) -> Reply:
    """Return the new calendar, or the question whether it may leave timetables behind."""
    if isinstance(result, CalendarSaved):
        return saved_page(result)
    what = f"the new calendar with the days {listed(result.calendar.cycle)}. It has"
    return _question(
        result,
        "Start a new school year?",
        f"{_told(result)} {what} no {people(result.gone)}.",
        f"Start it: {_told(result)}",
        action("school.newyes", str(result.count)),
        no="Keep the calendar",
    )


def bells_page(result: CalendarSaved | Misfit) -> Reply:
    """Return the calendar with its bells, or the question whether timetables may lose periods."""
    if isinstance(result, CalendarSaved):
        return saved_page(result)
    return _question(
        result,
        "Save these bell schedules?",
        f"{_told(result)} these bell schedules. They have no {people(result.gone)}.",
        f"Save them: {_told(result)}",
        action("school.bellsyes", str(result.count)),
        no="Keep the bell schedules",
    )


def _question(
    result: Misfit, title: str, says: str, yes: str, goes_on: Action, *, no: str
) -> Reply:
    words = f"{says} It concerns {_whose(result)}. {_AFTER}"
    sure = Button(yes, goes_on, Style.DANGER)
    return CardReply(
        card=Card(
            title=title,
            summary=words,
            blocks=(Text((words,)), Buttons((sure, Button(no, action("school"))))),
        ),
        replaces=True,
    )


def _told(result: Misfit) -> str:
    """Return "1 timetable no longer fits" or "2 timetables no longer fit"."""
    return count(result.count, "timetable no longer fits", "timetables no longer fit")


def _whose(result: Misfit) -> str:
    """Return "you, Ben and 2 other members": partners by name, of others how many they are."""
    partners = (shorten(name, NAME) for name in result.partners[:NAMED])
    named = [*(["you"] if result.mine else []), *partners]
    rest = result.count - len(named)
    return listed([*named, count(rest, "other member")] if rest else named)
