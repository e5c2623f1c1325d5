"""Problems as pages: what is wrong and what to do, never a traceback."""

from bot.domain import errors
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Text
from bot.ui.limits import shorten
from bot.ui.replies import CardReply, FormErrorsReply, Reply

MOST = 900
"""Characters of what is wrong, and of what to do."""


def known(problem: errors.Problem, *, form: bool) -> Reply:
    """Return the page of a known problem; a form stays open with what was written into it."""
    if isinstance(problem, errors.StaleButton):
        return gone()
    if form and isinstance(problem, errors.FieldErrors):
        return FormErrorsReply(errors=problem.errors)
    if form and not isinstance(problem, errors.Repeated):
        return FormErrorsReply(errors={"": problem_card(problem).summary})  # below no input
    done = isinstance(problem, errors.Repeated)
    return CardReply(card=problem_card(problem), failed=not done)


def problem_card(problem: errors.Problem) -> Card:
    """Return a known problem as a card."""
    # What was typed may be repeated in it, however long it was.
    says = errors.sentences(shorten(problem.message, MOST))
    do = shorten(problem.remedy, MOST)
    blocks = (Text((says,)), *((Note((do,)),) if do else ()))
    return Card(title="That did not work", summary=f"{says} {do}".strip(), blocks=blocks)


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
