"""Later: the ways to put a reminder off, and what comes of it."""

from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Text
from bot.ui.forms import DateInput, Form
from bot.ui.pages.reminders.wording import asked, short
from bot.ui.pages.words import count, listed
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.reminders.later import Message, PutOff, TakenBack
from bot.usecases.reminders.reading import ReminderView, Thing

NAMED = 3
WORDS = 80


def later_buttons(view: ReminderView) -> Buttons:
    """Return the ways to put off what a reminder speaks about; they are its reader's alone."""
    message = view.member.id, view.occurrence
    return Buttons(
        (
            Button("Later: my next free period", action("later.next", *message)),
            Button("Later: tomorrow", action("later.tomorrow", *message)),
            Button("Later: on a date…", action("later.form", *message)),
            Button("Waiting on my partner", action("later.partner", *message)),
        )
    )


def later_form(message: Message) -> Reply:
    """Return the form that asks for a date."""
    return FormReply(
        form=Form(
            title="Remind me again",
            action=action("later.save", message.member, message.occurrence),
            inputs=(DateInput(key="day", label="On", example="12 December or 2026-12-12"),),
            note="It comes in your first free period on that day or after. Seen by you.",
        )
    )


def put_off_page(result: PutOff) -> Reply:
    """Return when it comes again, what is done already, and the way back."""
    told = tuple(_lines(result))
    undo: tuple[Block, ...] = (
        (Buttons((Button("Undo", action("later.undo", result.mark)),)),) if result.mark else ()
    )
    return CardReply(
        card=Card(
            title="Later" if result.things else "Nothing to put off",
            summary=" ".join(plain(line) for line in told),
            blocks=(*(Text(line) for line in told), *undo, Note(("Seen by you.",))),
        )
    )


def _lines(result: PutOff) -> list[Spans]:
    lines: list[Spans] = []
    if result.things and result.at is not None:
        at = LocalTime(result.at, result.zone)
        lines.append((f"{_named(result.things)}: again ", at, ", if it still waits."))
    elif result.things:
        says = f"{_named(result.things)}: again in your next free period after a partner has acted."
        lines.append((f"{says} Until then it comes last in “next”, and your partners see that.",))
    if result.left and result.at is None:
        lines.append((f"{_named(result.left)}: there is no partner to wait for.",))
    elif result.left:
        lines.append((f"{_named(result.left)}: that would be too late.",))
    if result.done:
        lines.append((f"{count(result.done, 'thing')} of that message waits no longer.",))
    return lines


def _named(things: tuple[Thing, ...]) -> str:
    names = [f"“{short(asked(one.plan, one.waiting), WORDS)}”" for one in things[:NAMED]]
    rest = len(things) - len(names)
    return listed([*names, f"{rest} more"] if rest else names)


def taken_back_page(_: TakenBack) -> Reply:
    """Return that nothing is put off any more."""
    says = "Taken back: reminders come as before."
    return CardReply(
        card=Card(
            title="Not put off",
            summary=says,
            blocks=(Text((says,)), Buttons((Button("What waits on me", action("next")),))),
        ),
        replaces=True,
    )
