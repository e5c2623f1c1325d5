"""Who sees what: the sentence that stands beside every input, and beside what was written.

A plan's thread is read by everybody in its channel, not by its partners alone. What is told there
(its card, its news, the messages of sessions and of outside work) is theirs to read; everything
else stands on pages that only partners get.
"""

from collections.abc import Mapping
from typing import Final

from bot.domain.contributions.acts import ActKind
from bot.ui.acts import name_of
from bot.ui.limits import BLOCK_TEXT
from bot.ui.pages.words import count, people
from bot.usecases.planning.acting import View

PARTNERS_ONLY: Final = frozenset(
    {
        ActKind.ANSWER_SAVED,
        ActKind.ANSWER_ASIDE,
        ActKind.DECIDED,
        ActKind.CHALLENGE_RAISED,
        ActKind.CHALLENGE_CLOSED,
        ActKind.RESOURCE_ADDED,
        ActKind.MINUTES_ADDED,
        ActKind.CREDITED,
        ActKind.ANNOTATED,
        ActKind.DISPUTED,
    }
)
"""Acts whose texts never go to the thread; those of all others may."""


def seen_by(view: View, kind: ActKind, longest: int = BLOCK_TEXT) -> str:
    """Return who sees what such an act writes into this plan: "Seen by you and Ana.".

    Partners are counted where their names make it longer than ``longest`` (at least 80).
    """
    public = view.in_channel and kind not in PARTNERS_ONLY
    told = ", and by everybody who can read the plan's thread" if public else ""
    named = f"Seen by {_partners(view)}{told}."
    if len(named) <= longest:
        return named
    return f"Seen by you and {count(len(view.plan.members) - 1, 'partner')}{told}."


def any_seen_by(view: View | None, kinds: Mapping[ActKind, str]) -> str:
    """Return who sees what becomes one of these acts; None: in a plan that is still chosen."""
    by = _partners(view) if view else "the partners of the plan"
    public = [words for kind, words in kinds.items() if kind not in PARTNERS_ONLY]
    if not public or (view is not None and not view.in_channel):
        return f"Seen by {by}."
    return f"Seen by {by}; {' or '.join(public)} also by everybody who can read the plan's thread."


def record_seen_by(view: View) -> str:
    """Return who sees a page of everything that was written: the thread has a part of it."""
    if not view.in_channel:
        return f"Seen by {_partners(view)}."
    return f"Seen by {_partners(view)}; what is told in the plan's thread, by all who can read it."


def card_seen_by(view: View, partners: str) -> str:
    """Return who sees the plan's card, and what it does not show."""
    if not view.in_channel:
        return f"Seen by {partners}."
    return f"Seen by everybody who can read this thread; answers only by {partners}."


def _partners(view: View) -> str:
    others = [name_of(view.names, m) for m in view.plan.members if m != view.viewer.id]
    return people(["you", *others])


def slot_seen_by(view: View) -> str:
    """Return who sees when the digest comes."""
    return f"Seen by {_partners(view)}."
