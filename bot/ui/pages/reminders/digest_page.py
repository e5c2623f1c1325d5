"""The digest when a member asks for it."""

from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Text
from bot.ui.pages.planning.choices import choose_plan
from bot.ui.pages.reminders.digest_card import digest_card
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.reading import Choice
from bot.usecases.reminders.digesting import DigestView


def digest_page(result: DigestView | Choice | None) -> Reply:
    """Return the digest, the choice of which, or that there is none."""
    match result:
        case DigestView():
            return CardReply(card=digest_card(result))
        case Choice():
            return choose_plan(result, action("digest"))
        case None:
            says = "That plan is closed, so there is no digest of it any more."
            return CardReply(
                card=Card(
                    title="No digest",
                    summary=says,
                    blocks=(Text((says,)), Buttons((Button("My plans", action("plan")),))),
                )
            )
