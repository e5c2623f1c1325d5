"""What was understood of a timetable, read back before it is saved."""

from datetime import date

from bot.domain.timetable.bell_text import render_bells
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Use, subjects
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Select, Style, Text
from bot.ui.forms import ChecksInput, DateInput, Form, Input, TextInput
from bot.ui.limits import OPTION_LABEL, OPTION_VALUE, OPTIONS, shorten
from bot.ui.pages.timetable.week import clock_times, periods_in_order, week_table
from bot.ui.pages.words import count, cycle_day, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.timetable.importing import ReadBack, WhoAreYou
from bot.usecases.timetable.school import suggested_bells, week_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCHOOL_WEEK = ("0", "1", "2", "3", "4")


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
                *_clashes(result),
                *_subjects(result),
                *_school(result),
            ),
        ),
        replaces=True,
    )


def _clashes(result: ReadBack) -> tuple[Block, ...]:
    told = result.draft.clashes.get(result.draft.person)
    if not told:
        return ()
    says = f"Two things at once: {told}. If these are two people of one name, "
    return (Text((f"{says}give them different names in the table and paste it again.",)),)


def _subjects(result: ReadBack) -> tuple[Block, ...]:
    words = [w for w in subjects(result.draft.timetable) if len(w) <= OPTION_VALUE]
    if not words:
        return ()
    options = tuple(Option(w, shorten(w, OPTION_LABEL)) for w in words[:OPTIONS])
    return (Select(action("tt.planning"), "Is one of these really preparation time?", options),)


def _school(result: ReadBack) -> tuple[Block, ...]:
    if result.calendar is None:
        says = "Before I can save it I need to know when these days are, and the clock times."
        return (
            Text((says,)),
            Buttons(
                (
                    Button("Say when school is", action("tt.school"), Style.PRIMARY),
                    Button("Paste it again", action("tt.form")),
                )
            ),
        )
    return (
        Note(
            (
                _today(result.calendar, result.today),
                f"Clock times are those of {result.zone}.",
            )
        ),
        Buttons(
            (
                Button("Yes, save it", action("tt.save"), Style.PRIMARY),
                Button("Paste it again", action("tt.form")),
                Button("Change when school is", action("tt.school")),
            )
        ),
    )


def _today(calendar: SchoolCalendar, today: date) -> str:
    label = calendar.label_on(today)
    told = cycle_day(label)
    if label is None:
        return "Today there is no school. "
    return f"Today is {told}. " if told else ""


def school_form(result: ReadBack) -> Reply:
    """Return the form that asks when the days of a timetable are."""
    draft, calendar = result.draft, result.calendar
    by_weekday = week_of(draft.days) is not None
    bells = suggested_bells(draft.periods)
    if calendar is not None:
        bells = render_bells(calendar.bells)
    first: Input = DateInput(
        key="first",
        label="First day of school" if by_weekday else f"A date that is a “{draft.days[0]}”"[:45],
        hint="For example 2026-08-24",
        initial=calendar.first_date if calendar else None,
    )
    inputs: tuple[Input, ...] = (
        first,
        DateInput(
            key="until",
            label="Last day of the school year",
            hint="For example 2027-06-18",
            initial=calendar.until if calendar else None,
        ),
        TextInput(
            key="bells",
            label="Clock times, one period a line",
            hint="For example: P1 08:00-08:45; a break: Lunch 12:00-12:30 (break)",
            initial=bells,
            multiline=True,
        ),
        ChecksInput(
            key="weekdays",
            label="School is on",
            options=tuple(Option(str(at), day) for at, day in enumerate(WEEKDAYS)),
            initial=_weekdays(result),
            required=True,
        ),
        TextInput(key="zone", label="Time zone", initial=result.zone, max_length=64),
    )
    return FormReply(
        form=Form(
            title="When is school?",
            action=action("tt.schoolsave"),
            inputs=inputs,
            note="Asked once for the whole school. Closures are entered under School calendar.",
        )
    )


def _weekdays(result: ReadBack) -> tuple[str, ...]:
    if result.calendar is not None:
        return tuple(str(day) for day in result.calendar.school_weekdays)
    named = week_of(result.draft.days)
    return tuple(str(day) for day in named) if named else SCHOOL_WEEK
