"""Views that are no form: a card shown as a modal, and what stands there while one waits."""

from typing import Final

from adapters.slack.blocks import body, note, plain_text
from adapters.slack.mrkdwn import Users
from adapters.slack.payloads import Json
from adapters.slack.views import VIEW_BLOCKS
from bot.ui.cards import Card
from bot.ui.limits import FORM_TITLE, shorten

WORKING: Final = "Still working on it: this window changes as soon as it is done."


def page(card: Card, private_metadata: str, users: Users) -> Json:
    """Return the card as a modal without anything to send."""
    shown = list(body(card, users, tables=False))
    return {
        "type": "modal",
        "private_metadata": private_metadata,
        "title": plain_text(shorten(card.title, FORM_TITLE)),
        "close": plain_text("Close"),
        "blocks": shown[:VIEW_BLOCKS],
    }


def waiting(private_metadata: str) -> Json:
    """Return what is shown while an answer takes longer than Slack waits for it."""
    return {
        "type": "modal",
        "private_metadata": private_metadata,
        "title": plain_text("Coplan"),
        "close": plain_text("Close"),
        "blocks": list(note(WORKING)),
    }
