"""Problems as pages: what is wrong and what to do, never a traceback."""

from bot.domain import errors
from bot.ui.actions import Action, action
from bot.ui.cards import Button, Buttons, Card, Note, Text
from bot.ui.limits import shorten
from bot.ui.replies import CardReply, FormErrorsReply, Reply

MOST = 900
"""Characters of what is wrong, and of what to do."""
OLD_FORM = (
    "Something has changed since this form was opened, so nothing was saved. Copy what you wrote,"
    " close the form and open it anew."
)
SENT_BEFORE = (
    "This form was sent off before, and what it held then is saved. Close it; if you have changed"
    " it since, copy that and open the form anew."
)


def known(problem: errors.Problem, *, form: bool) -> Reply:
    """Return the page of a known problem; a form stays open with what was written into it."""
    if isinstance(problem, errors.StaleButton):
        return FormErrorsReply(errors={"": OLD_FORM}) if form else gone()
    if form and isinstance(problem, errors.FieldErrors):
        return FormErrorsReply(errors=problem.errors)
    passing = isinstance(problem, errors.Unavailable | errors.Unclear)
    if form and not isinstance(problem, errors.Repeated):
        below_none = {"": problem_card(problem).summary}
        return FormErrorsReply(errors=below_none, passing=passing)
    repeated = isinstance(problem, errors.Repeated)
    return CardReply(
        card=problem_card(problem),
        failed=not repeated,
        passing=passing,
        repeated=repeated,
    )


def below(problem: errors.Problem, key: str) -> errors.FieldErrors:
    """Return the problem as one of what a form's input holds."""
    return errors.FieldErrors({key: problem_card(problem).summary})


def problem_card(problem: errors.Problem) -> Card:
    """Return a known problem as a card."""
    # What was typed may be repeated in it, however long it was.
    says = errors.sentences(shorten(problem.message, MOST))
    do = shorten(problem.remedy, MOST)
    blocks = (Text((says,)), *((Note((do,)),) if do else ()))
    title = "Done before" if isinstance(problem, errors.Repeated) else "That did not work"
    return Card(title=title, summary=f"{says} {do}".strip(), blocks=blocks)


def unknown(reference: str) -> Reply:
    """Return the page of a fault in the program, with the reference that is in its log."""
    says = "Something went wrong on Coplan's side. Nothing was changed."
    do = f"Try again; if it stays, tell whoever runs Coplan the reference {reference}."
    return CardReply(
        card=Card(
            title="That did not work", summary=f"{says} {do}", blocks=(Text((says,)), Note((do,)))
        ),
        failed=True,
    )


def not_opened() -> CardReply:
    """Return the page of a form that the platform did not open in time."""
    says = "The form could not be opened just now. Nothing was changed."
    do = "Do it once more, please."
    return CardReply(
        card=Card(
            title="That did not work", summary=f"{says} {do}", blocks=(Text((says,)), Note((do,)))
        ),
        failed=True,
    )


def to_open(form: Action) -> CardReply:
    """Return the page that leads to a form where none can be opened by itself."""
    says = "The form opens with a click."
    return CardReply(
        card=Card(
            title="One click more",
            summary=f"{says} Press “Open the form”.",
            blocks=(Text((says,)), Buttons((Button("Open the form", form),))),
        )
    )


def gone() -> Reply:
    """Return the page of a button that no longer does anything."""
    says = "That button is from an older message and has no effect any more."
    return CardReply(
        card=Card(
            title="A newer card is there",
            summary=f"{says} Use “next” to see what waits on you.",
            blocks=(
                Text((says,)),
                Buttons((Button("What waits on me", action("next")),)),
            ),
        )
    )
