"""A reminder that the partners set up for themselves, as it is posted where they plan."""

from bot.domain.reminders.recurrence_words import in_words
from bot.ui.actions import action
from bot.ui.acts import NOBODY
from bot.ui.cards import Button, Buttons, Card, Note, Quote
from bot.ui.limits import CARD_TITLE
from bot.ui.pages.reminders.wording import short
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.reminders.occurring import Occurrence


def recurring_card(view: Occurrence) -> Card:
    """Return what is to be remembered, why it comes, and how to change or stop it."""
    reminder = view.reminder
    args = (reminder.plan, reminder.id)
    title = short(f"Reminder: {reminder.text}", CARD_TITLE)
    notes = (_late(view), _why(view)) if view.late else (_why(view),)
    return Card(
        title=title,
        summary=" ".join((f"{title}.", *(plain(note) for note in notes))),
        blocks=(
            Quote(reminder.text),
            Buttons(
                (
                    Button("Change", action("remind.open", *args)),
                    Button("Stop", action("remind.stop", *args)),
                    Button("All reminders", action("remind", reminder.plan)),
                )
            ),
            *map(Note, notes),
        ),
    )


def _late(view: Occurrence) -> Spans:
    return ("This was due ", LocalTime(view.at, view.reminder.rule.zone), " and comes late.")


def _why(view: Occurrence) -> Spans:
    """Return who set it up and when it comes; its zone is named unless all partners live in it."""
    rule = view.reminder.rule
    zone = rule.zone if view.zones <= {rule.zone} else ""
    who = view.by or NOBODY
    when = in_words(rule, zone, view.now)
    return (f"You get this because {who} set it up for all of you: {when}.",)
