"""What was understood of a timetable, read back before it is saved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Use
from bot.domain.timetable.weekdays import LONG
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Select, Style, Text
from bot.ui.forms import ChecksInput, DateInput, Form, Input, TextInput
from bot.ui.limits import INPUT_LABEL, OPTION_LABEL, OPTION_VALUE, OPTIONS, shorten
from bot.ui.pages.timetable.unclear import unclear
from bot.ui.pages.timetable.week import UNPLACED, clock_times, periods_in_order, week_table
from bot.ui.pages.words import count, cycle_day, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.timetable.answers import SchoolAnswers, week_of
from bot.usecases.timetable.drafts import bells_to_complete
from bot.usecases.timetable.importing import WhoAreYou
from bot.usecases.timetable.understanding import ReadBack

SCHOOL_WEEK = ("0", "1", "2", "3", "4")
_SCHOOL = Button("School calendar", action("school"))


def read_page(result: WhoAreYou | ReadBack) -> Reply:
    """Return the week, or the question who of the people in the table it is."""
    return _who(result) if isinstance(result, WhoAreYou) else back_page(result)


def _who(result: WhoAreYou) -> Reply:
    says = f"The table holds {count(result.count, 'person', 'people')}. Which one are you?"
    options = tuple(
        Option(name, shorten(name, OPTION_LABEL))
        for name in result.near
        if len(name) <= OPTION_VALUE
    )
    rest = (
        Note(("Not in the list? Paste it again with your name in the third field.",)),
        Buttons((Button("Paste it again", action("tt.form")),)),
    )
    return CardReply(
        card=Card(
            title="Who are you?",
            summary=says,
            blocks=(
                Text((says,)),
                Select(action("tt.who"), "Your name in the table", options[:OPTIONS]),
                *(rest if result.count > OPTIONS else ()),
            ),
        )
    )


def back_page(result: ReadBack) -> Reply:
    """Return the week read back, with what is still unclear."""
    draft, calendar = result.draft, result.calendar
    times = clock_times(calendar) if calendar else {}
    periods = (
        tuple(p for p in periods_in_order(calendar, draft.periods) if p in draft.periods)
        if calendar
        else draft.periods
    )
    lessons = sum(cell.use is Use.LESSON for cell in draft.timetable.cells.values())
    who = f" of {draft.person}" if draft.person else ""
    says = f"I read {count(lessons, 'lesson')}{who} on {listed(draft.days)}. Is this your week?"
    return CardReply(
        card=Card(
            title="Is this your week?",
            summary=says,
            blocks=(
                Text((says,)),
                week_table(draft.timetable, draft.days, periods, times),
                *unclear(result),
                *_school(result),
            ),
        ),
        replaces=True,
    )


def _school(result: ReadBack) -> tuple[Block, ...]:
    """Return what the school's calendar says to it, and the ways on."""
    if result.calendar is not None:
        return _ready(result, result.calendar)
    again = Button("Paste it again", action("tt.form"))
    if result.standing is not None and result.misfit:
        return (
            Text((_other_days(result.standing, result.draft.days),)),
            Buttons((replace(again, style=Style.PRIMARY), _SCHOOL)),
        )
    if result.standing is not None:
        return (
            Text((_other_periods(result.standing, result.missing),)),
            Buttons((Button("Add clock times", action("tt.school"), Style.PRIMARY), again)),
        )
    says = "Before I can save it I need to know when these days are, and the clock times."
    ask = Button("Say when school is", action("tt.school"), Style.PRIMARY)
    return (Text((says,)), Buttons((ask, again)))


def _ready(result: ReadBack, calendar: SchoolCalendar) -> tuple[Block, ...]:
    stands = calendar == result.standing
    change = _SCHOOL if stands else Button("Change when school is", action("tt.school"))
    new = "" if stands else " When you save it, these days and times hold for the whole school."
    doubts: tuple[Block, ...] = () if calendar.bells.timed else (Text((UNPLACED,)),)
    return (
        *doubts,
        Note((_today(calendar, result.today), f"Clock times are those of {result.zone}.{new}")),
        Buttons(
            (
                Button("Yes, save it", action("tt.save"), Style.PRIMARY),
                Button("Correct it by tapping", action("tt.tap")),
                Button("Paste it again", action("tt.form")),
                change,
            )
        ),
    )


def _other_days(standing: SchoolCalendar, days: Sequence[str]) -> str:
    says = f"The school's days are {listed(standing.cycle)}; your table has {listed(days)}. "
    if week_of(tuple(days)) is not None and not standing.weekly:
        says += "They rotate: a Monday is not always the same day, so a week has no place in them. "
    return says + (
        "Paste your timetable again with the school's days. If the school has changed its days, "
        "start a new school year under School calendar: it is for everybody here."
    )


def _other_periods(standing: SchoolCalendar, missing: Sequence[str]) -> str:
    return (
        f"The school's periods are {listed(standing.bells.names)}; your table also has "
        f"{listed(missing)}. If these are the same under other names, paste it again with the "
        "school's names; if they are more periods, tell me their clock times."
    )


def _today(calendar: SchoolCalendar, today: date) -> str:
    label = calendar.label_on(today)
    told = cycle_day(label)
    if label is None:
        return "Today there is no school. "
    return f"Today is {told}. " if told else ""


def school_form(result: ReadBack) -> Reply:
    """Return the form that asks when the days, or only when the missing periods are."""
    inputs = _when_days_are(result) if result.standing is None else (_more_periods(result),)
    return FormReply(
        form=Form(
            title="When is school?",
            action=action("tt.schoolsave"),
            inputs=inputs,
            note="Asked once for the whole school. Closures are entered under School calendar.",
        )
    )


def _more_periods(result: ReadBack) -> Input:
    answers = result.draft.answers
    return TextInput(
        key="bells",
        label="Clock times, one period a line",
        hint="Only of the periods that the school's calendar does not have yet",
        initial=answers.bells if answers else bells_to_complete(result.draft, result.missing),
        multiline=True,
    )


def _when_days_are(result: ReadBack) -> tuple[Input, ...]:
    draft, answers = result.draft, result.draft.answers
    by_weekday = week_of(draft.days) is not None
    weekdays = ChecksInput(
        key="weekdays",
        label="School is on",
        options=tuple(Option(str(at), day) for at, day in enumerate(LONG)),
        initial=_weekdays(answers),
        required=True,
    )
    return (
        DateInput(
            key="first",
            label="First day of school" if by_weekday else _first_of(draft.days[0]),
            example="2026-08-24",
            initial=date.fromisoformat(answers.first) if answers else None,
        ),
        DateInput(
            key="until",
            label="Last day of the school year",
            example="2027-06-18",
            initial=date.fromisoformat(answers.until) if answers else None,
        ),
        TextInput(
            key="bells",
            label="Clock times, one period a line",
            hint="For example: P1 08:00-08:45; a break: Lunch 12:00-12:30 (break)",
            initial=answers.bells if answers else bells_to_complete(draft, draft.periods),
            multiline=True,
        ),
        *(() if by_weekday else (weekdays,)),
        TextInput(
            key="zone",
            label="Time zone",
            initial=answers.zone if answers else result.zone,
            max_length=64,
        ),
    )


def _first_of(day: str) -> str:
    return shorten(f"A date that is a “{day}”", INPUT_LABEL)


def _weekdays(answers: SchoolAnswers | None) -> tuple[str, ...]:
    chosen = answers.weekdays if answers else ()
    return tuple(str(day) for day in chosen) or SCHOOL_WEEK
