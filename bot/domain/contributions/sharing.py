"""Words of a message that are added to a plan: where they are from, and whose they are."""

from dataclasses import replace

from bot.domain.contributions import remarks
from bot.domain.contributions.acts import Entry
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change


def from_message(change: Change, *, link: str, author: MemberId | None) -> Change:
    """Return the change that adds one thing to a plan, on record as words of a message.

    ``link`` (http or https, maybe empty) leads to the message. ``author`` wrote it: if that is
    another partner than who adds it, they are credited in the same breath; nobody else can be.
    """
    plan, made = change.plan, change.acts[0]
    added = replace(made, detail={**made.detail, "link": link}) if link else made
    if author is None or author == added.by or plan.partner(author) is None:
        return Change(plan=plan, acts=(added,))
    entry = Entry(plan=plan.id, number=plan.entries + 1, act=added)
    credit = remarks.credit(plan, entry, by=added.by, to=author, at=added.at)
    return Change(plan=credit.plan, acts=(added, *credit.acts))
