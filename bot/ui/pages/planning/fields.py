"""The form of one field, and the page of two texts that were saved at once."""

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.template import By
from bot.ui.actions import Action, action
from bot.ui.acts import name_of
from bot.ui.cards import Button, Buttons, Card, Quote, Style, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import BLOCK_TEXT, BUTTON_LABEL, CARD_TITLE, FORM_TITLE, INPUT_HINT, shorten
from bot.ui.pages.audience import seen_by
from bot.ui.pages.planning.saved import saved
from bot.ui.pages.planning.steps import who_answers
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.planning.acting import Acted
from bot.usecases.planning.answering import FieldConflict, FieldView, TooLong

_HALF = BLOCK_TEXT // 2


def field_form(field_view: FieldView) -> Reply:
    """Return the form of the field, filled with what stands there."""
    view, step, field = field_view.view, field_view.step, field_view.field
    standing = field_view.standing
    hint = field.hint or (f"At most {field.max_words} words" if field.max_words else "")
    seen = seen_by(view, ActKind.ANSWER_SAVED)
    note = f"{step.title} · {who_answers(field.by, field.role)}. {seen}"
    if standing is not None and field.by is not By.EACH:
        note = f"Last saved by {name_of(view.names, standing.by)}. {note}"
    return FormReply(
        form=Form(
            title=shorten(step.title, FORM_TITLE),
            action=action(
                "field.save",
                view.plan.id,
                step.key,
                field.key,
                str(standing.revision if standing else 0),
            ),
            inputs=(
                TextInput(
                    key="text",
                    label=field.label,
                    hint=shorten(hint, INPUT_HINT),
                    initial=standing.text if standing else field_view.earlier,
                    multiline=True,
                ),
            ),
            note=note,
        )
    )


def field_saved(result: Acted | FieldConflict | TooLong) -> Reply:
    """Return "Saved", or both texts to choose from."""
    match result:
        case FieldConflict():
            return _conflict(result)
        case TooLong():
            return _too_long(result)
        case _:
            return saved(result)


def _conflict(result: FieldConflict) -> Reply:
    them = name_of(result.view.names, result.theirs.by)
    same = result.theirs.by == result.view.viewer.id
    who = "You saved this in another window" if same else f"{them} saved this"
    says = f"{who} while you were writing. Nothing is lost: both texts are in the history."
    both = Button("Keep both", _chosen(result, "both"), Style.PRIMARY)
    return CardReply(
        card=Card(
            title=f"Two texts for “{result.field.label}”",
            summary=f"{says} Choose: yours, theirs, or both.",
            blocks=(
                Text((says,)),
                Text((f"What {'you' if same else them} saved:",)),
                Quote(shorten(result.theirs.text, _HALF)),
                Text(("What you wrote now:",)),
                Quote(shorten(result.mine, _HALF)),
                Buttons((both, *_one_of_them(result))),
            ),
        )
    )


def _too_long(result: TooLong) -> Reply:
    """Return that both do not fit together, with the ways that are left."""
    conflict = result.conflict
    view, field = conflict.view, conflict.field
    says = f"Both texts together do not fit. {result.why}"
    do = "Keep one of them, or open the form, which holds what stands, and put in what you need."
    form = action("field.open", view.plan.id, conflict.step.key, field.key)
    return CardReply(
        card=Card(
            title=shorten(f"Two texts for “{field.label}”", CARD_TITLE),
            summary=f"{says} {do} Nothing is lost: both texts are in the history.",
            blocks=(
                Text((f"{says} {do}",)),
                Text(("Your text, to copy from:",)),
                Quote(shorten(conflict.mine, BLOCK_TEXT)),
                Buttons((*_one_of_them(conflict), Button("Open the form", form))),
            ),
        ),
        replaces=True,
    )


def _one_of_them(result: FieldConflict) -> tuple[Button, Button]:
    them = name_of(result.view.names, result.theirs.by)
    same = result.theirs.by == result.view.viewer.id
    other = "Keep the other" if same else shorten(f"Keep {them}'s", BUTTON_LABEL)
    return (
        Button("Keep mine", _chosen(result, "mine")),
        Button(other, _chosen(result, "theirs")),
    )


def _chosen(result: FieldConflict, keep: str) -> Action:
    seen = (str(result.aside.number), str(result.theirs.revision))
    return action("field.choose", result.view.plan.id, *seen, keep)
