"""For which plans something about somebody's days does not count, said beneath the answer."""

from collections.abc import Sequence
from dataclasses import replace

from bot.ui.cards import Note
from bot.ui.limits import FORM_INPUTS
from bot.ui.pages.reminders.undelivered import has_room
from bot.ui.pages.reminders.wording import short
from bot.ui.pages.words import count, listed
from bot.ui.replies import CardReply, FormReply, Reply

NAMED = 3
TITLE = 40


def beside(reply: Reply, titles: Sequence[str]) -> Reply:
    """Return the reply with the plans for which it does not count; a full one stays as it is."""
    if not titles:
        return reply
    says = _says(titles)
    if isinstance(reply, FormReply) and len(reply.form.inputs) < FORM_INPUTS:
        note = f"{reply.form.note} {says}".strip()
        return replace(reply, form=replace(reply.form, note=note))
    if not isinstance(reply, CardReply) or not has_room(reply.card):
        return reply
    card = reply.card
    told = replace(card, summary=f"{card.summary} {says}", blocks=(*card.blocks, Note((says,))))
    return replace(reply, card=told)


def _says(titles: Sequence[str]) -> str:
    named = [f"“{short(title, TITLE)}”" for title in titles[:NAMED]]
    more = len(titles) - NAMED
    those = listed([*named, *([count(more, "other plan")] if more > 0 else [])])
    where = "that plan's thread" if len(titles) == 1 else "those plans' threads"
    return f"This does not count for {those}: say it in {where}, too."
