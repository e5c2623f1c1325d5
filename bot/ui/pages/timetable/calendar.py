"""The school's calendar: cycle, bells, closures, labels."""

from dataclasses import replace

from bot.domain.members import Member
from bot.domain.timetable.bell_text import render_bells
from bot.domain.timetable.changes import CalendarChange
from bot.domain.timetable.marking import Likely, likely
from bot.domain.timetable.school import ClosurePolicy, SchoolCalendar
from bot.domain.timetable.weekdays import SHORT
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Quote, Style, Text
from bot.ui.forms import DateInput, FileInput, Form, SelectInput, TextInput
from bot.ui.limits import shorten
from bot.ui.pages.timetable.moves import moved_words
from bot.ui.pages.words import count, day, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import plain
from bot.usecases.timetable.answers import mark_of
from bot.usecases.timetable.changing import CalendarSaved
from bot.usecases.timetable.lines import lines_of_closures, lines_of_labels, lines_of_terms
from bot.usecases.timetable.newyear import Before

_MINE = Button("My school", action("school.mine"))
_POLICIES = (
    Option(ClosurePolicy.SHIFT, "The cycle waits: the day comes next"),
    Option(ClosurePolicy.SKIP, "The day is lost: the next one follows"),
)

LACKS_TIMES = (
    "Some periods have no clock times, so no timetable can be placed: reminders come in working "
    "hours until somebody adds them under Bell schedules."
)


def calendar_page(calendar: SchoolCalendar | None) -> Reply:
    """Return the calendar in words, or how to enter one."""
    return CardReply(card=_no_calendar() if calendar is None else _card(calendar), replaces=True)


def saved_page(result: CalendarSaved) -> Reply:
    """Return the calendar that was just saved, what moved with it, and how to take it back."""
    card, moved = _card(result.calendar), moved_words(result.moves, result.viewer)
    undo = (Buttons((undo_button(result.change),)),) if result.change else ()
    first: tuple[Block, ...] = (Text(("Saved. ", *moved)), *undo)
    return CardReply(
        card=replace(
            card, summary=f"Saved. {plain(moved)} {card.summary}", blocks=(*first, *card.blocks)
        ),
        replaces=True,
    )


def undo_button(change: CalendarChange) -> Button:
    """Return the button that takes a change of the calendar back."""
    return Button("Undo", action("school.undo", change.id))


def _card(calendar: SchoolCalendar) -> Card:
    closures = lines_of_closures(calendar)
    says = (
        f"Days {listed(calendar.cycle)}, from {day(calendar.first_date)} "
        f"{calendar.first_date.year} to {day(calendar.until)} {calendar.until.year}, "
        f"{calendar.zone}."
    )
    told = count(len(calendar.closures), "closure") if closures else "No closures"
    closed: tuple[Block, ...] = (
        (Text((f"{told}:",)), Quote(shorten(closures, 900))) if closures else (Text((f"{told}.",)),)
    )
    return Card(
        title=f"School calendar: {calendar.school}" if calendar.school else "School calendar",
        summary=f"{says} {told}.",
        blocks=(
            Text((says,)),
            Quote(shorten(render_bells(calendar.bells), 1200)),
            *_at_once(calendar),
            *_likely_breaks(calendar),
            *(() if calendar.bells.timed else (Text((LACKS_TIMES,)),)),
            *closed,
            Buttons(
                (
                    Button("Closures, labels and terms", action("school.form")),
                    Button("Bell schedules", action("school.bells")),
                    Button("Public holidays", action("school.holidays")),
                )
            ),
            Buttons(
                (
                    Button("Calendar from a file", action("school.year")),
                    Button("Start a new school year", action("school.new")),
                    _MINE,
                    Button("My groups", action("tt.groups")),
                )
            ),
            Note(("Seen by everybody in this workspace.",)),
        ),
    )


def _at_once(calendar: SchoolCalendar) -> tuple[Block, ...]:
    """Return which periods run at the same time, and what that means."""
    groups = dict.fromkeys(
        tuple(period.name for period in group)
        for schedule in calendar.bells.schedules.values()
        for group in schedule.at_once()
    )
    if not groups:
        return ()
    told = shorten("; ".join(listed(group) for group in groups), 300)
    says = f"At the same time: {told}. A lesson in one of them takes that time of the others."
    return (Note((says,)),)


def _likely_breaks(calendar: SchoolCalendar) -> tuple[Block, ...]:
    """Return which periods look like breaks and are none: nobody is to plan in their lunch."""
    found = dict.fromkeys(
        period.name
        for schedule in calendar.bells.schedules.values()
        for period in schedule.periods
        if not period.is_break and likely(period.name) is Likely.BREAK
    )
    if not found:
        return ()
    looks = "looks like a break" if len(found) == 1 else "look like breaks"
    says = f"{shorten(listed(found), 200)} {looks} and count as time to plan in, unless “(break)” "
    return (Note((f"{says}stands behind the clock times under Bell schedules.",)),)


def _no_calendar() -> Card:
    says = "I do not know the school's days and periods yet. They are asked once for everybody."
    return Card(
        title="School calendar",
        summary=says,
        blocks=(
            Text((says,)),
            Buttons(
                (
                    Button("Say when school is", action("school.new"), Style.PRIMARY),
                    Button("Paste or upload a timetable", action("tt.form")),
                    _MINE,
                )
            ),
        ),
    )


def new_form(result: Before) -> Reply:
    """Return the form that makes a calendar from nothing, or in place of the one that stands."""
    stands = result.calendar
    return FormReply(
        form=Form(
            title="School calendar" if stands is None else "New school year",
            action=action("school.newsave", mark_of(stands)),
            inputs=(
                TextInput(
                    key="days",
                    label="Days of the cycle",
                    hint="For example: Mon, Tue, Wed, Thu, Fri; or A, B",
                    initial=", ".join(stands.cycle if stands else SHORT[:5]),
                    max_length=500,
                ),
                DateInput(key="first", label="First day of school", example="2026-08-24"),
                DateInput(key="until", label="Last day of school", example="2027-06-18"),
                TextInput(
                    key="bells",
                    label="Clock times, one period a line",
                    hint="P1 08:00-08:45; a break: Lunch 12:00-12:30 (break); split lunches may "
                    "overlap classes",
                    initial=render_bells(stands.bells) if stands else "",
                    multiline=True,
                ),
                TextInput(
                    key="zone",
                    label="Time zone",
                    initial=stands.zone if stands else result.member.zone,
                    max_length=64,
                ),
            ),
            note="Closures, labels and terms are kept. Seen by everybody in this workspace."
            if stands
            else "Seen by everybody in this workspace.",
        )
    )


def year_form(_: Member) -> Reply:
    """Return the form that takes a school's year as a file."""
    return FormReply(
        form=Form(
            title="Calendar from a file",
            action=action("school.yearsave"),
            submit="Save",
            inputs=(
                FileInput(key="file", label="Calendar file (YAML, .bell, .ics)", required=False),
                TextInput(key="text", label="Or paste it here", multiline=True, required=False),
                SelectInput(
                    key="anyway",
                    label="If timetables no longer fit it",
                    options=(Option("no", "Change nothing, and tell me"), Option("yes", "Save it")),
                    initial="no",
                ),
            ),
            note="It takes the place of the calendar that stands; bell schedules stay where the "
            "file tells none. It can be undone.",
        )
    )


def bells_form(calendar: SchoolCalendar) -> Reply:
    """Return the form of the bell schedules."""
    return FormReply(
        form=Form(
            title="Bell schedules",
            action=action("school.bellsave", mark_of(calendar)),
            inputs=(
                TextInput(
                    key="bells",
                    label="Clock times, one period a line",
                    hint="Other days: [late start: Wed], [assembly: 2026-12-18], "
                    "[until 13:05: 2026-12-18 (only Grade 9)]",
                    initial=render_bells(calendar.bells),
                    multiline=True,
                ),
                DateInput(key="until", label="Last day of school", initial=calendar.until),
            ),
            note="Reminders move by themselves. Seen by everybody in this workspace.",
        )
    )


def closures_form(calendar: SchoolCalendar) -> Reply:
    """Return the form of closures, labels, terms and policies."""
    return FormReply(
        form=Form(
            title="School calendar",
            action=action("school.save", mark_of(calendar)),
            inputs=(
                TextInput(
                    key="closures",
                    label="Closed days, one a line",
                    hint="2026-12-21 to 2027-01-01 Winter break; 2027-02-03 unplanned Snow; "
                    "2027-02-05 (only Grade 9)",
                    initial=lines_of_closures(calendar),
                    multiline=True,
                    required=False,
                ),
                SelectInput(
                    key="planned",
                    label="After a planned closure",
                    options=_POLICIES,
                    initial=calendar.planned,
                ),
                SelectInput(
                    key="unplanned",
                    label="After an unplanned closure",
                    options=_POLICIES,
                    initial=calendar.unplanned,
                ),
                TextInput(
                    key="labels",
                    label="Single dates with another day",
                    hint="2026-11-30 = B; no school: 2026-12-01 = -",
                    initial=lines_of_labels(calendar),
                    multiline=True,
                    required=False,
                ),
                TextInput(
                    key="terms",
                    label="Terms, one a line (empty: all year)",
                    hint="2026-08-24 to 2026-12-18 Autumn",
                    initial=lines_of_terms(calendar),
                    multiline=True,
                    required=False,
                ),
            ),
            note="Reminders move by themselves. Seen by everybody in this workspace.",
        )
    )
