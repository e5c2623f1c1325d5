"""The reminder: everything that is due to one person, in one message."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.planning.turns import WaitingKind
from bot.ui.actions import action
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Text
from bot.ui.limits import BUTTONS_IN_ROW, CARD_TITLE
from bot.ui.pages.planning.next_button import next_button
from bot.ui.pages.reminders.later_page import later_buttons
from bot.ui.pages.reminders.wording import FEWER, FEWER_WAY, asked, short, to_do
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.pages.words import count, day, due, instead_of
from bot.ui.spans import LocalTime, Mention, Spans, Strong, plain
from bot.usecases.reminders.reading import ReminderView, Thing

THINGS = 6
"""A longer list is a wall; “next” has the rest."""
LATE = timedelta(hours=1)
WORDS = 80
_EVERYTHING = Button("Everything that waits", action("next"))


def reminder_card(view: ReminderView) -> Card:
    """Return the reminder as a direct message, or for the plan's thread at the first contact."""
    shown = view.things[:THINGS]
    opening = _opening(view)
    titles = told_apart((one.plan for one in shown), Reader(zone=view.member.zone), WORDS)
    lines = tuple(_line(view, thing, titles[thing.plan.id]) for thing in shown)
    notes = tuple(_notes(view))
    blocks: list[Block] = [Text(opening), Bullets(lines), *_buttons(view, shown)]
    blocks += [Note(note) for note in notes]
    told = "; ".join(plain(line) for line in lines)
    return Card(
        title=_title(view),
        summary=" ".join((plain(opening), f"{told}.", *(plain(note) for note in notes))),
        blocks=tuple(blocks),
    )


def _title(view: ReminderView) -> str:
    first = view.things[0]
    if len(view.things) == 1:
        return short(f"Due: {asked(first.plan, first.waiting)}", CARD_TITLE)
    return f"{count(len(view.things), 'thing')} due"


def _opening(view: ReminderView) -> Spans:
    if view.thread is not None:
        mention = Mention(view.member.id, view.member.name, ping=True)
        return (mention, ", this comes next for you:")
    return ("This comes next for you:",)


def _line(view: ReminderView, thing: Thing, called: str) -> Spans:
    today = view.now.astimezone(ZoneInfo(view.member.zone)).date()
    title = short(asked(thing.plan, thing.waiting), WORDS)
    what = short(to_do(thing.plan, thing.waiting), WORDS)
    told = f": {what}" if what != title else ""
    plan = "" if view.thread is not None else f"{called} · "
    if thing.waiting.kind is WaitingKind.MEET and thing.waiting.at is not None:
        return (plan, Strong(title), " (", LocalTime(thing.waiting.at, view.member.zone), ")")
    when = due(thing.waiting.date_in(view.member.zone), today)
    if thing.owner:
        when = f"{instead_of(short(thing.owner, WORDS), thing.until)}, {when}"
    return (plan, Strong(title), f"{told} ({when})")


def _buttons(view: ReminderView, shown: tuple[Thing, ...]) -> Iterator[Block]:
    buttons = [
        next_button(thing.plan, thing.waiting, primary=at == 0) for at, thing in enumerate(shown)
    ]
    if len(view.things) > len(shown) or view.elsewhere:
        buttons.append(_EVERYTHING)
    buttons.append(FEWER)
    for at in range(0, len(buttons), BUTTONS_IN_ROW):
        yield Buttons(tuple(buttons[at : at + BUTTONS_IN_ROW]))
    if any(thing.waiting.kind is not WaitingKind.MEET for thing in view.things):
        yield later_buttons(view)


def _notes(view: ReminderView) -> Iterator[Spans]:
    rest = len(view.things) - THINGS
    if rest > 0:
        yield (f"And {rest} more.",)
    if view.now - view.planned > LATE:
        planned = LocalTime(view.planned, view.member.zone)
        yield ("This was planned for ", planned, " and comes late.")
    yield (_why(view),)


def _why(view: ReminderView) -> str:
    """Return why the message came, and how to get fewer."""
    if view.again:
        return f"You asked to hear of this again now. {FEWER_WAY}"
    if view.thread is not None and view.member.reachable:
        return f"You asked to be reminded in the plan's thread. {FEWER_WAY}"
    if view.thread is not None:
        return f"Use any button here, and further reminders come to you alone. {FEWER_WAY}"
    if view.free.period is not None:
        period = view.free.period
        name = f"period {period}" if period.isdigit() else period
        free = f"{day(view.free.day)[:3]} {name} is free"
        return f"You asked for reminders in your free periods; {free}. {FEWER_WAY}"
    return f"{_hours(view)} {FEWER_WAY}"


def _hours(view: ReminderView) -> str:
    """Return why it comes at a time that is no period of school."""
    if view.assumed:
        return "Reminders come in working hours until you add your timetable."
    if view.full:
        return "Your timetable has no free period, so this comes outside your lessons."
    return "You asked for reminders in your own hours."
