"""What a plan's thread hears of an absence: who stands in is told, the others read the card."""

from datetime import date

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Button, Buttons, Card, Text
from bot.ui.pages.words import span
from bot.ui.spans import Mention
from bot.usecases.planning.acting import View


def calling(view: View, member: MemberId) -> Mention:
    """Return the member's name; it calls them unless they are away."""
    return Mention(member, name_of(view.names, member), ping=member not in view.away)


def absence_card(view: View, entry: Entry) -> Card | None:
    """Return the news of an absence, or of its end, for who stands in; None where nobody does."""
    plan, cover = view.plan, entry.act.member_about
    if cover is None or plan.partner(cover) is None:
        return None
    says = _says(view, entry.act)
    return Card(
        title=plan.title,
        summary=f"{plan.title}: {name_of(view.names, cover)}, {says}",
        blocks=(
            Text((calling(view, cover), f", {says}")),
            Buttons((Button("My next steps", action("plan.next", plan.id)),)),
        ),
    )


def _says(view: View, act: Act) -> str:
    who, passes = name_of(view.names, act.by), "passes" in act.detail
    if act.kind is ActKind.BACK:
        return f"{who} is not away any more." + (" Nothing of theirs passes to you." * passes)
    if passes:
        return (
            f"you stand in for {who}, who is away ({_days(act)}). What others can do of their "
            "steps waits on you in these days, and on them again afterwards."
        )
    return f"{who} is away ({_days(act)}) and named you as stand-in. Their steps wait meanwhile."


def _days(act: Act) -> str:
    """Return the days of the absence in words; the log has them as ISO dates."""
    first, last = map(date.fromisoformat, act.after.split(" to "))
    return span(first, last)
