"""A member's own timetable: what is known, and four ways to tell it."""

from collections.abc import Iterator

from bot.domain.members import Member
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.timetable import Timetable
from bot.domain.timetable.weekly import in_words
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Style, Text
from bot.ui.forms import FileInput, Form, TextInput
from bot.ui.pages.timetable.moves import moved_words
from bot.ui.pages.timetable.unclear import changed
from bot.ui.pages.timetable.week import (
    MISFIT,
    UNPLACED,
    UNREACHABLE,
    add_bells,
    clock_times,
    paste_again,
    periods_in_order,
    week_table,
)
from bot.ui.pages.words import cycle_day, people
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.timetable.answers import in_number_order, in_week_order
from bot.usecases.timetable.importing import TimesSaved
from bot.usecases.timetable.showing import OwnTimes

_PASTE = Button("Paste or upload a timetable", action("tt.form"), Style.PRIMARY)
_OTHER_WAYS = (
    Button("Tap it in", action("tt.tap")),
    Button("Weekly hours in words", action("tt.hours")),
    Button("Around school, library", action("tt.around")),
    Button("School calendar", action("school")),
)

_ONLY_FREE = "Reminders come in your free periods only."
_NONE_IN_SIGHT = "There is no free period in sight: reminders come in your working hours."


def own_page(result: OwnTimes) -> Reply:
    """Return what is known of the member's time."""
    blocks, told = _known(result)
    free = (Note(free_period(result.free, result.zone)),) if result.free else ()
    ways = Buttons((paste_again(Style.PRIMARY) if result.gone else _PASTE, *_OTHER_WAYS))
    return CardReply(
        card=Card(
            title="Your timetable",
            summary=f"Your timetable. {told}",
            blocks=(
                *blocks,
                *free,
                ways,
                *_source(result),
                Note(("Seen by you; partners see only free times.",)),
            ),
        )
    )


def _source(result: OwnTimes) -> tuple[Block, ...]:
    """Return what can be done with the address that the timetable came from."""
    if not result.again:
        return ()
    again = Button("Read my calendar again", action("tt.again"))
    return (Buttons((again, Button("Forget its address", action("tt.forget")))),)


def _known(result: OwnTimes) -> tuple[tuple[Block, ...], str]:
    calendar, timetable = result.calendar, result.timetable
    if timetable is not None and calendar is not None:
        if result.gone:
            return _misfit(timetable, result.gone)
        names = dict.fromkeys(period for _, period in timetable.cells)
        periods = periods_in_order(calendar, names)
        table = week_table(timetable, calendar.cycle, periods, clock_times(calendar))
        doubts = () if calendar.bells.timed else (Text((UNPLACED,)), add_bells())
        return (table, *doubts), "It is saved."
    if result.hours is not None:
        words = in_words(result.hours)
        return (Text((f"You plan: {words} ({result.zone}).",)),), words
    if timetable is not None:
        says = (
            "Your timetable is kept, but when your school's days and periods are is not known yet: "
            "say it under School calendar. Until then reminders come in working hours."
        )
        return (Text((says,)),), says
    says = (
        "I do not know your week yet, so I assume working hours on weekdays "
        f"({result.zone}). Tell me once and I remind you only in free periods."
    )
    return (Text((says,)),), says


def _misfit(timetable: Timetable, gone: tuple[str, ...]) -> tuple[tuple[Block, ...], str]:
    """Return that the timetable fits no more, and the week as it was: to be given anew from it."""
    says = (
        f"{MISFIT} There is no {people(gone)} there any more. Until then reminders come in "
        "working hours."
    )
    days = in_week_order(tuple(dict.fromkeys(label for label, _ in timetable.cells)))
    periods = in_number_order(tuple(dict.fromkeys(period for _, period in timetable.cells)))
    return (Text((says,)), week_table(timetable, days, periods, {})), says


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


def _ahead(result: TimesSaved, zone: str) -> Iterator[Block]:
    """Yield when the next free period is, unless nothing can come at all."""
    if result.free is not None:
        yield Text(free_period(result.free, zone))
    elif not result.unreachable:
        yield Text((_NONE_IN_SIGHT,))


def saved_page(result: TimesSaved) -> Reply:
    """Return that it is saved, and what follows from it."""
    says = _ONLY_FREE if result.placed else UNPLACED
    if result.unreachable:
        says = UNREACHABLE
    zone = result.viewer.zone
    moved = moved_words(result.moves, result.viewer) if result.moves.moved else ()
    told: tuple[Block, ...]
    if result.placed:
        told = (Text((f"Saved. {says}",)), *_ahead(result, zone))
    else:
        told = (Text((f"Saved. {UNPLACED}",)), add_bells())
    return CardReply(
        card=Card(
            title="Saved",
            summary=f"Your times are saved. {says} {plain(moved)}".strip(),
            blocks=(
                *told,
                *changed(result.changes),
                *((Text(moved),) if moved else ()),
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
                    hint="Rows of day, period, subject; a week as a table; or a calendar’s address",
                    multiline=True,
                    required=False,
                ),
                FileInput(
                    key="file", label="Or a file (.ics, .csv, .xlsx, .xml …)", required=False
                ),
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
