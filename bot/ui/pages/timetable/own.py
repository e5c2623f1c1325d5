"""A member's own timetable: what is known, and four ways to tell it."""

from bot.domain.members import Member
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.weekly import in_words
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Style, Text
from bot.ui.forms import FileInput, Form, TextInput
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, shorten
from bot.ui.pages.timetable.calendar import calendar_page
from bot.ui.pages.timetable.week import clock_times, periods_in_order, week_table
from bot.ui.pages.words import cycle_day
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Spans
from bot.usecases.timetable.importing import TimesSaved
from bot.usecases.timetable.showing import OwnTimes, TapView

_WAYS = Buttons(
    (
        Button("Paste or upload a timetable", action("tt.form"), Style.PRIMARY),
        Button("Tap it in", action("tt.tap")),
        Button("Weekly hours in words", action("tt.hours")),
        Button("School calendar", action("school")),
    )
)


def own_page(result: OwnTimes) -> Reply:
    """Return what is known of the member's time."""
    blocks, told = _known(result)
    free = (Note(free_period(result.free, result.zone)),) if result.free else ()
    return CardReply(
        card=Card(
            title="Your timetable",
            summary=f"Your timetable. {told}",
            blocks=(*blocks, *free, _WAYS, Note(("Seen by you; partners see only free times.",))),
        )
    )


def _known(result: OwnTimes) -> tuple[tuple[Block, ...], str]:
    calendar, timetable = result.calendar, result.timetable
    if timetable is not None and calendar is not None:
        names = dict.fromkeys(period for _, period in timetable.cells)
        periods = periods_in_order(calendar, names)
        table = week_table(timetable, calendar.cycle, periods, clock_times(calendar))
        return (table,), "It is saved."
    if result.hours is not None:
        words = in_words(result.hours)
        return (Text((f"You plan: {words} ({result.zone}).",)),), words
    says = (
        "I do not know your week yet, so I assume working hours on weekdays "
        f"({result.zone}). Tell me once and I remind you only in free periods."
    )
    return (Text((says,)),), says


def free_period(free: FreePeriod, zone: str) -> Spans:
    """Return "Your next free period: Tue 24 Nov, 10:05–10:50 (P3, day A)."."""
    place = ", ".join(filter(None, (free.period, cycle_day(free.label))))
    return (
        "Your next free period: ",
        LocalTime(free.start, zone),
        "–",
        LocalTime(free.end, zone, "time"),
        f" ({place})." if place else ".",
    )


def saved_page(result: TimesSaved) -> Reply:
    """Return that it is saved, and what follows from it."""
    free = (
        free_period(result.free, result.zone)
        if result.free
        else ("There is no free period in sight: reminders come in your working hours.",)
    )
    return CardReply(
        card=Card(
            title="Saved",
            summary="Your times are saved. Reminders come in your free periods only.",
            blocks=(
                Text(("Saved. Reminders come in your free periods only.",)),
                Text(free),
                Buttons(
                    (
                        Button("When are we all free?", action("when"), Style.PRIMARY),
                        Button("Look at my timetable", action("timetable")),
                    )
                ),
            ),
        ),
        replaces=True,
    )


def paste_form(_: Member) -> Reply:
    """Return the form that takes a pasted table or a file."""
    return FormReply(
        form=Form(
            title="Your timetable",
            action=action("tt.read"),
            submit="Read it",
            inputs=(
                TextInput(
                    key="text",
                    label="Paste it here",
                    hint="One row a lesson: day, period, subject; or the week as a table",
                    multiline=True,
                    required=False,
                ),
                FileInput(key="file", label="Or a file (CSV)", required=False),
                TextInput(
                    key="person",
                    label="Your name in it",
                    hint="Only if it holds several people under other names",
                    required=False,
                    max_length=100,
                ),
            ),
            note="It is read back to you as a week before anything is saved. Seen by you only.",
        )
    )


def hours_form(result: OwnTimes) -> Reply:
    """Return the form for weekly hours in words."""
    standing = in_words(result.hours) if result.hours else ""
    return FormReply(
        form=Form(
            title="Weekly hours",
            action=action("tt.hourssave"),
            inputs=(
                TextInput(
                    key="hours",
                    label="When can you plan?",
                    hint="For example: weekdays after 16:00; Sat 10-12",
                    initial=standing,
                    max_length=500,
                ),
            ),
            note="For people without a school timetable. Seen by you; partners see free times.",
        )
    )


def tap_page(result: TapView | None) -> Reply:
    """Return one day of the tap grid: a button a period; tapping moves it on."""
    if result is None:
        return calendar_page(None)
    calendar, label = result.calendar, result.label
    at = calendar.cycle.index(label)
    after = calendar.cycle[(at + 1) % len(calendar.cycle)]
    # Four rows of periods and one to move on are all the rows a message has.
    periods = periods_in_order(calendar, ())[: 4 * BUTTONS_IN_ROW]
    buttons = [
        Button(
            shorten(f"{name}: {result.timetable.cell(label, name).use}", BUTTON_LABEL),
            action("tt.cell", label, name),
        )
        for name in periods
    ]
    rows = [
        Buttons(tuple(buttons[start : start + BUTTONS_IN_ROW]))
        for start in range(0, len(buttons), BUTTONS_IN_ROW)
    ]
    return CardReply(
        card=Card(
            title=f"Day {label}",
            summary=f"Tap each period of day {label} until it is right: free, lesson, planning…",
            blocks=(
                Text(("Tap a period until it is right: free, lesson, planning, duty, absent.",)),
                *rows,
                Buttons(
                    (
                        Button(f"Next: day {after}", action("tt.tap", after), Style.PRIMARY),
                        Button("That is my week", action("timetable")),
                    )
                ),
            ),
        ),
        replaces=True,
    )
