"""Away: until when, what that moves, who stands in, and the way back."""

from bot.domain.ids import MemberId
from bot.domain.timetable.absences import Absence
from bot.ui.actions import action
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Style, Text
from bot.ui.forms import DateInput, Form, Input, SelectInput
from bot.ui.limits import OPTION_LABEL, OPTIONS, shorten
from bot.ui.pages.words import count, day, long_day, span
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.reminders.away import AwayChanged, AwayView

WAIT, PASS = "wait", "pass"
SHOWN = 3
"""Absences with a row of buttons each; the others come when these are over."""
NOTE = "Your partners see until when you are away, and nothing else."


def away_or_form(view: AwayView) -> Reply:
    """Return when the member is away; where they are not, the form that asks until when."""
    return CardReply(card=_card(view, "")) if view.absences else away_form(view)


def away_form(view: AwayView) -> Reply:
    """Return the form of a new absence, or of the one that is to be changed."""
    asked = view.asked
    return FormReply(
        form=Form(
            title="Away",
            action=action("away.save", *((asked.first.isoformat(),) if asked else ())),
            inputs=(
                DateInput(key="first", label="From", initial=asked.first if asked else view.today),
                DateInput(
                    key="last",
                    label="To (the last day away)",
                    example="12 December or 2026-12-12",
                    initial=asked.last if asked else None,
                ),
                *_stand_in(view, asked),
            ),
            note=f"Nothing reaches you on these days. {NOTE}",
        )
    )


def _stand_in(view: AwayView, asked: Absence | None) -> tuple[Input, ...]:
    if not view.partners:
        return ()
    passes = PASS if asked and asked.passes else WAIT
    partners = tuple(view.partners.items())[:OPTIONS]
    return (
        SelectInput(
            key="stand_in",
            label="Who stands in for you?",
            options=tuple(Option(m, shorten(name, OPTION_LABEL)) for m, name in partners),
            initial=(asked.stand_in or "") if asked else "",
            required=False,
        ),
        SelectInput(
            key="passes",
            label="What waits on you meanwhile",
            options=(
                Option(WAIT, "My steps wait"),
                Option(PASS, "What others can do passes to my stand-in"),
            ),
            initial=passes,
        ),
    )


def away_saved(result: AwayChanged) -> Reply:
    """Return what stands now, what that has moved, and the way back."""
    return CardReply(card=_card(result.view, _says(result), result), replaces=True)


def _says(result: AwayChanged) -> str:
    view, absence = result.view, result.view.asked
    moved = f" {count(result.moved, 'reminder')} moved." if result.moved else " No reminder moved."
    if absence is None:
        if result.undone:
            return f"Taken back: it is as it was before.{moved}"
        here = "Welcome back: reminders come again." if result.mark else ""
        return f"{here}{moved}".strip()
    if not result.mark:
        moved = " That is how it stood already."
    until = f"nothing reaches you until {result.back:%A}"
    if absence.first <= view.today:
        return f"You are away to {long_day(absence.last)}: {until}.{moved}"
    days = f"from {long_day(absence.first)} to {long_day(absence.last)}"
    return f"You are away {days}: {until.replace('you', 'you then,', 1)}.{moved}"


def _card(view: AwayView, says: str, result: AwayChanged | None = None) -> Card:
    told = [_line(view, one) for one in view.absences]
    first = says or "You are not away." * (not told)
    lines = [line for line in (first, *told[:SHOWN]) if line]
    rows = tuple(_buttons(view, one) for one in view.absences[:SHOWN])
    return Card(
        title="Away" if view.absences else "Not away",
        summary=" ".join(lines),
        blocks=(
            *(Text((line,)) for line in lines),
            *_ways_back(result),
            *rows,
            *((Buttons((Button("Be away…", action("away.form")),)),) if not told else ()),
            Note((NOTE,)),
        ),
    )


def _line(view: AwayView, one: Absence) -> str:
    name = view.partners.get(one.stand_in or MemberId(""))
    days = span(one.first, one.last)
    if name is None:
        return f"{days}: your steps wait for you."
    if one.passes:
        return f"{days}: {name} stands in, and what others can do of your steps passes to them."
    return f"{days}: {name} stands in; your steps wait for you."


def _ways_back(result: AwayChanged | None) -> tuple[Block, ...]:
    buttons = []
    absence = result.view.asked if result else None
    if result and result.mark:
        buttons.append(Button("Undo", action("away.undo", result.mark)))
    if result and result.bare and absence and absence.first < absence.last:
        label = f"Only on {day(absence.last)}"
        buttons.append(Button(label, action("away.only", absence.last.isoformat())))
    return (Buttons(tuple(buttons)),) if buttons else ()


def _buttons(view: AwayView, one: Absence) -> Buttons:
    first = one.first.isoformat()
    begun = one.first <= view.today
    back = "I am back" if begun else f"Call off {day(one.first)}"
    return Buttons(
        (
            Button(back, action("away.back", first), Style.PRIMARY if begun else Style.PLAIN),
            Button("Change" if begun else f"Change {day(one.first)}", action("away.form", first)),
        )
    )
