"""A closed day: asked for, told to whoever closed it, and taken back."""

from datetime import date, timedelta

from bot.domain.timetable.school import ClosureKind, ClosurePolicy
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Option, Style, Text
from bot.ui.forms import DateInput, Form, SelectInput, TextInput
from bot.ui.pages.timetable.calendar import undo_button
from bot.ui.pages.timetable.day_words import days_in_words, ends_words, for_whom, restored
from bot.ui.pages.timetable.moves import moved_words
from bot.ui.pages.words import day
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import plain
from bot.usecases.timetable.changing import CalendarSaved
from bot.usecases.timetable.early import EndsEarly
from bot.usecases.timetable.noschool import Closed, NoCalendar, NoSchoolResult, WhichDay
from bot.usecases.timetable.said_days import REASON

_CALENDAR = Button("School calendar", action("school"))
_WAITS = {
    ClosurePolicy.SHIFT: "the cycle waits",
    ClosurePolicy.SKIP: "that day of the cycle is skipped",
}


_SAID = (
    "Or say it: noschool 3 to 5 December, with the reason if you like; "
    "noschool tomorrow from 13:05; noschool tomorrow only Grade 9."
)


def noschool_page(result: NoSchoolResult) -> Reply:
    """Return what was closed and what moved with it, the question which day, or what is lacking."""
    match result:
        case Closed():
            return _closed(result)
        case EndsEarly():
            return _early(result)
        case WhichDay():
            return _which(result)
        case NoCalendar():
            return _no_calendar()


def _no_calendar() -> Reply:
    says = (
        "There is no school calendar here yet, so no day can be closed: I know only the hours that "
        "each of you told me."
    )
    does = (
        "Say once when school is. A closed day then holds for everybody, also for those who gave "
        "no timetable. If only you are not there, say “away”."
    )
    return CardReply(
        card=Card(
            title="No school",
            summary=f"{says} {does}",
            blocks=(
                Text((says,)),
                Text((does,)),
                Buttons((Button("Say when school is", action("school.new"), Style.PRIMARY),)),
            ),
        )
    )


def _which(result: WhichDay) -> Reply:
    tomorrow = result.today + timedelta(days=1)
    says = "On which day is there no school? It is closed for all of your school; it can be undone."
    return CardReply(
        card=Card(
            title="No school",
            summary=f"{says} For example: noschool tomorrow, or noschool 3 to 5 December.",
            blocks=(
                Text((says,)),
                Buttons(
                    (
                        # Dates: "tomorrow" is another day when it is clicked tomorrow.
                        Button(f"Tomorrow, {day(tomorrow)}", action("noschool", f"{tomorrow}")),
                        Button(
                            f"Today, {day(result.today)}", action("noschool", f"{result.today}")
                        ),
                        Button("Another day…", action("noschool.form")),
                    )
                ),
                Note((_SAID,)),
            ),
        )
    )


def _closed(result: Closed) -> Reply:
    saved, days = result.saved, days_in_words(result.days)
    name = f" ({result.closure.name})" if result.closure.name else ""
    says = f"No school{for_whom(result.closure.only)} on {days}"
    moved = moved_words(saved.moves, saved.viewer)
    cycle = _cycle(result)
    told = "Partners are told in their threads. " if saved.change and saved.change.told else ""
    undo = (undo_button(saved.change),) if saved.change else ()
    return CardReply(
        card=Card(
            title=says[:150],
            summary=f"{says}{name}. {cycle} {plain(moved)} {told}".strip(),
            blocks=(
                Text((f"{says}{name}. {cycle}",)),
                Text(moved),
                Buttons((*undo, _CALENDAR, *_groups(result.closure.only))),
                Note((f"{told}{_holds(result.closure.only)}",)),
            ),
        ),
        replaces=True,
    )


def _early(result: EndsEarly) -> Reply:
    saved = result.saved
    says = ends_words(result.early, result.days, result.only)
    reason = f" ({result.reason})" if result.reason else ""
    moved = moved_words(saved.moves, saved.viewer)
    told = "Partners are told in their threads. " if saved.change and saved.change.told else ""
    undo = (undo_button(saved.change),) if saved.change else ()
    return CardReply(
        card=Card(
            title="School ends early",
            summary=f"{says}{reason}. {plain(moved)} {told}".strip(),
            blocks=(
                Text((f"{says}{reason}.",)),
                Text(moved),
                Buttons((*undo, _CALENDAR, *_groups(result.only))),
                Note((f"{told}{_holds(result.only)}",)),
            ),
        ),
        replaces=True,
    )


def _groups(only: tuple[str, ...]) -> tuple[Button, ...]:
    return (Button("My groups", action("tt.groups")),) if only else ()


def _holds(only: tuple[str, ...]) -> str:
    """Return whom it concerns; who teaches which groups is seen by themselves alone."""
    whom = "those who say under “My groups” that they teach no other ones"
    whom = whom if only else "everybody of your school here"
    return f"It holds for {whom}, and anybody here can take it back."


def _cycle(result: Closed) -> str:
    """Return what becomes of the cycle, as the school has it, and the day after."""
    calendar, (back, label) = result.saved.calendar, result.back
    if result.closure.only:
        return "The others have school, and the days of the cycle stay as they are."
    if label is None:
        return "It is the end of the school's calendar."
    if calendar.weekly:
        return f"School goes on {day(back)}."
    kind = result.closure.kind
    other = next(one for one in ClosureKind if one is not kind)
    differ = calendar.planned is not calendar.unplanned
    says = f"It counts as {kind}: {_WAITS[result.policy]}, as your school does, and "
    says += f"{day(back)} is day {label}."
    if differ:
        said = _span(result.closure.start, result.closure.end)
        says += f" If it is {other}, undo it and add that word: noschool {said} {other}."
    return says


def _span(start: date, end: date) -> str:
    return f"{start}" if start == end else f"{start} to {end}"


def undone_page(result: CalendarSaved) -> Reply:
    """Return that a change of the calendar was taken back, and what moved back with it."""
    moved = moved_words(result.moves, result.viewer, "moved back")
    says = "Taken back."
    if result.change is not None:
        says = f"{restored(result.change.after, result.change.before)} {says}".strip()
    return CardReply(
        card=Card(
            title="Taken back",
            summary=f"{says} {plain(moved)}",
            blocks=(Text((says,)), Text(moved), Buttons((_CALENDAR,))),
        ),
        replaces=True,
    )


def noschool_form(result: WhichDay) -> Reply:
    """Return the form for a day or days, a reason, and whether it was planned."""
    return FormReply(
        form=Form(
            title="No school",
            action=action("noschool.save"),
            inputs=(
                DateInput(
                    key="first",
                    label="First closed day",
                    initial=result.today + timedelta(days=1),
                ),
                DateInput(key="last", label="Last closed day, if several", required=False),
                TextInput(
                    key="reason",
                    label="Reason",
                    hint="If school only ends early: from 13:05, then the reason",
                    required=False,
                    max_length=REASON,
                ),
                TextInput(
                    key="only",
                    label="Only for some groups",
                    hint="For example Grade 9, Grade 10; empty: for everybody",
                    required=False,
                    max_length=200,
                ),
                SelectInput(
                    key="kind",
                    label="Was it planned?",
                    hint="If you do not say: planned, unless it is today or tomorrow",
                    required=False,
                    options=(
                        Option(ClosureKind.PLANNED, "Planned: holidays, training"),
                        Option(ClosureKind.UNPLANNED, "Unplanned: snow, a burst pipe"),
                    ),
                ),
            ),
            note="Partners are told. It can be undone.",
        )
    )
