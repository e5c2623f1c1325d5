"""The partners' own reminders: the list, the form, and what an act on one is answered with."""

from collections.abc import Iterator

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.texts import NOTE_LENGTH
from bot.domain.reminders.recurring import LONGEST
from bot.ui.actions import Action, action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Select, Style, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import BUTTON_LABEL, CARD_TITLE, OPTION_LABEL
from bot.ui.pages.audience import seen_by
from bot.ui.pages.planning.choices import choose_plan
from bot.ui.pages.reminders.wording import short
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Span, Spans, Strong, plain
from bot.usecases.planning.acting import View
from bot.usecases.planning.reading import Choice
from bot.usecases.reminders.recurring import RecurringKept, RecurringList, RecurringView

WITH_BUTTONS = 4
"""Each of them takes a row of buttons, and one more adds another; more go into two menus."""
QUOTED = 60
WORDS = 100
"""With these, as many reminders as a partnership may have fit into one card."""
WHEN = "For example: Sundays 18:00, or every second Friday 8:30, or the 15th of every month 18:00"
RESTING = "You have no open plan together, so these rest; they go on when one is reopened:"
IDEA = "Say for example “remind Sundays 18:00: post your notes”."


def recurring_list(result: RecurringList | Choice) -> Reply:
    """Return the partnership's reminders, each with what can be done with it, or the choice."""
    if isinstance(result, Choice):
        return choose_plan(result, action("remind"))
    view, listed = result.view, result.reminders
    lines = tuple(_line(one, ahead=not result.resting) for one in listed)
    says = "You have no reminders of your own yet."
    if listed:
        says = RESTING if result.resting else "You are all reminded:"
    told = " ".join(f"{plain(line)}." for line in lines)
    return CardReply(
        card=Card(
            title=short(f"Your reminders: {view.plan.title}", CARD_TITLE),
            summary=f"{says} {told or IDEA}",
            blocks=(
                Text((says,)),
                *_listed(view, listed, lines),
                Buttons((Button("Add one", action("remind.new", view.plan.id), Style.PRIMARY),)),
                Note((f"{IDEA} They come in the plan's thread. {_seen_by(view)}",)),
            ),
        ),
        replaces=True,
    )


def _seen_by(view: View) -> str:
    """Return who sees reminders: they come in the plan's thread."""
    return seen_by(view, ActKind.REMINDER_ADDED)


def _listed(
    view: View, listed: tuple[RecurringView, ...], lines: tuple[Spans, ...]
) -> Iterator[Block]:
    few = len(listed) <= WITH_BUTTONS
    for one, line in zip(listed, lines, strict=True):
        yield Text(line)
        if few:
            yield Buttons(_buttons(one, named=len(listed) > 1))
    if few:
        return
    options = tuple(Option(one.reminder.id, _option(one)) for one in listed)
    yield Select(action("remind.open", view.plan.id), "Change one", options)
    yield Select(action("remind.stop", view.plan.id), "Stop one", options)


def _line(one: RecurringView, *, ahead: bool = True) -> Spans:
    """Return what comes when; with ``ahead`` the next times, too."""
    told: list[Span] = [
        Strong(short(one.reminder.text, QUOTED)),
        f" {short(one.words, WORDS)}",
    ]
    for at, instant in enumerate(one.next_at if ahead else ()):
        told += [", then " if at else "; next: ", LocalTime(instant, one.view.viewer.zone)]
    if not one.next_at:
        told.append("; it has come for the last time")
    return tuple(told)


def _option(one: RecurringView) -> str:
    return short(f"{one.reminder.text} ({one.words})", OPTION_LABEL)


def _buttons(one: RecurringView, *, named: bool) -> tuple[Button, ...]:
    """Return the buttons that change and stop a reminder; ``named`` where there are several."""
    which = f": {one.reminder.text}" if named else ""
    args = (one.reminder.plan, one.reminder.id)
    return (
        Button(short(f"Change{which}", BUTTON_LABEL), action("remind.open", *args)),
        Button(short(f"Stop{which}", BUTTON_LABEL), action("remind.stop", *args)),
    )


def new_form(view: View) -> Reply:
    """Return the form that sets a reminder up."""
    return _form(view, "A reminder of yours", action("remind.save", view.plan.id))


def change_form(one: RecurringView) -> Reply:
    """Return the form that changes one."""
    reminder = one.reminder
    act = action("remind.change", reminder.plan, reminder.id, str(reminder.revision))
    return _form(one.view, "Change the reminder", act, one.words_to_change, reminder.text)


def _form(view: View, title: str, then: Action, when: str = "", text: str = "") -> Reply:
    return FormReply(
        form=Form(
            title=title,
            action=then,
            inputs=(
                TextInput(
                    key="when", label="When", hint=WHEN, initial=when, max_length=NOTE_LENGTH
                ),
                TextInput(
                    key="text",
                    label="What to remind all of you of",
                    initial=text,
                    multiline=True,
                    max_length=LONGEST,
                ),
            ),
            note=f"Times are those of {view.viewer.zone} unless you name another. {_seen_by(view)}",
        )
    )


_SAID = {
    ActKind.REMINDER_ADDED: "Set up.",
    ActKind.REMINDER_CHANGED: "Changed.",
    ActKind.REMINDER_STOPPED: "Stopped. It comes no more.",
}


def recurring_kept(result: RecurringKept | Choice) -> Reply:
    """Return what became of a reminder, when it comes next, and the way back."""
    if isinstance(result, Choice):
        return choose_plan(result, action("remind.add"))
    one, entry = result.shown, result.entry
    said = _SAID[entry.act.kind] if entry else "Nothing changed: that is how it stands already."
    line = _line(one) if one.reminder.active else (Strong(short(one.reminder.text, QUOTED)),)
    undo: tuple[Button, ...] = ()
    if entry is not None:
        undo = (Button("Undo", action("undo", entry.plan, str(entry.number))),)
    change = _buttons(one, named=False) if one.reminder.active else ()
    every = Button("All reminders", action("remind", one.view.plan.id))
    return CardReply(
        card=Card(
            title=one.view.plan.title,
            summary=f"{said} {plain(line)}. {_seen_by(one.view)}",
            blocks=(
                Text((said,)),
                Text(line),
                Buttons((*undo, *change, every)),
                Note((_seen_by(one.view),)),
            ),
        ),
        replaces=True,
    )
