"""The school's calendar: cycle, bells, closures, labels."""

from bot.domain.members import Member
from bot.domain.timetable.bell_text import render_bells
from bot.domain.timetable.school import ClosurePolicy, SchoolCalendar
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Quote, Style, Text
from bot.ui.forms import DateInput, Form, SelectInput, TextInput
from bot.ui.limits import shorten
from bot.ui.pages.words import count, day, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.timetable.school import lines_of_closures, lines_of_labels, lines_of_terms

_POLICIES = (
    Option(ClosurePolicy.SHIFT, "The cycle waits: the day comes next"),
    Option(ClosurePolicy.SKIP, "The day is lost: the next one follows"),
)


def calendar_page(calendar: SchoolCalendar | None) -> Reply:
    """Return the calendar in words, or how to enter one."""
    if calendar is None:
        return _no_calendar()
    closures = lines_of_closures(calendar)
    says = (
        f"Days {listed(calendar.cycle)}, from {day(calendar.first_date)} "
        f"{calendar.first_date.year} to {day(calendar.until)} {calendar.until.year}, "
        f"{calendar.zone}."
    )
    closed: tuple[Block, ...] = (
        Text((f"{count(len(calendar.closures), 'closure')}:",)),
        *((Quote(shorten(closures, 900)),) if closures else ()),
    )
    return CardReply(
        card=Card(
            title="School calendar",
            summary=f"{says} {count(len(calendar.closures), 'closure')}.",
            blocks=(
                Text((says,)),
                Quote(shorten(render_bells(calendar.bells), 1200)),
                *closed,
                Buttons(
                    (
                        Button("Closures, labels and terms", action("school.form")),
                        Button("Bell schedules", action("school.bells")),
                    )
                ),
                Note(("Seen by everybody in this workspace.",)),
            ),
        ),
        replaces=True,
    )


def _no_calendar() -> Reply:
    says = "I do not know the school's days and periods yet. They are asked once for everybody."
    return CardReply(
        card=Card(
            title="School calendar",
            summary=says,
            blocks=(
                Text((says,)),
                Buttons(
                    (
                        Button("Say when school is", action("school.new"), Style.PRIMARY),
                        Button("Paste or upload a timetable", action("tt.form")),
                    )
                ),
            ),
        ),
        replaces=True,
    )


def new_form(member: Member) -> Reply:
    """Return the form that makes a calendar from nothing."""
    return FormReply(
        form=Form(
            title="School calendar",
            action=action("school.newsave"),
            inputs=(
                TextInput(
                    key="days",
                    label="Days of the cycle",
                    hint="For example: Mon, Tue, Wed, Thu, Fri; or A, B",
                    initial="Mon, Tue, Wed, Thu, Fri",
                    max_length=200,
                ),
                DateInput(key="first", label="First day of school", hint="Such as 2026-08-24"),
                DateInput(key="until", label="Last day of school", hint="Such as 2027-06-18"),
                TextInput(
                    key="bells",
                    label="Clock times, one period a line",
                    hint="P1 08:00-08:45; a break: Lunch 12:00-12:30 (break)",
                    multiline=True,
                ),
                TextInput(key="zone", label="Time zone", initial=member.zone, max_length=64),
            ),
            note="Seen by everybody in this workspace.",
        )
    )


def bells_form(calendar: SchoolCalendar) -> Reply:
    """Return the form of the bell schedules."""
    return FormReply(
        form=Form(
            title="Bell schedules",
            action=action("school.bellsave"),
            inputs=(
                TextInput(
                    key="bells",
                    label="Clock times, one period a line",
                    hint="Other days below a line like [late start: Wed] or [assembly: 2026-12-18]",
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
            action=action("school.save"),
            inputs=(
                TextInput(
                    key="closures",
                    label="Closed days, one a line",
                    hint="2026-12-21 to 2027-01-01 Winter break; 2027-02-03 unplanned Snow",
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
