"""What a plan's thread hears of comments, and of what is said about entries of the log."""

from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import ItemId
from bot.domain.planning.plan import Item, Plan
from bot.ui import acts
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Button, Buttons, Card, Quote, Text
from bot.ui.limits import shorten
from bot.ui.pages.contributions.acts import who_did
from bot.ui.pages.planning.absence_news import calling
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.planning.acting import View

QUOTED = 600
"""Characters of a comment in the news; its step shows it, too."""


def comment_card(view: View, entry: Entry) -> Card | None:
    """Return the news of a comment, with its words; None once it was taken back."""
    return _commented(view, entry, (f"{who_did(view, entry.act)}:",))


def credit_card(view: View, entry: Entry, about: Entry) -> Card | None:
    """Return the news for who is credited; None once what they are credited for was taken back.

    Of a comment that was made with their words, these are quoted; the texts of other acts are not
    told to the thread.
    """
    act, plan, to = entry.act, view.plan, entry.act.member_about
    if to is None or (about.act.item and not _stands(plan, about.act.item)):
        return None
    if about.act.kind is ActKind.COMMENTED and about.act.at == act.at:
        return _commented(
            view, about, (f"{who_did(view, about.act)} with what ", calling(view, to), " wrote:")
        )
    them = {**view.names, to: "you"}
    says = f"{name_of(view.names, act.by)} {acts.did(act, plan.template, them, about.act)}."
    return Card(
        title=plan.title,
        summary=f"{plan.title}: {name_of(view.names, to)}, {says}",
        blocks=(
            Text((calling(view, to), f", {shorten(says, QUOTED)}")),
            Buttons(
                (Button("Look at the entry", action("entry.pick", plan.id, str(about.number))),)
            ),
        ),
    )


def dispute_card(view: View, entry: Entry, about: Entry) -> Card:
    """Return the news of a dispute: which act it is about, as the history names it, and when.

    The texts and the reason are not told to the thread; whoever wants them opens the entry.
    """
    plan, zone = view.plan, view.viewer.zone
    says = shorten(who_did(view, entry.act, about.act), QUOTED)
    told: Spans = (f"{says}, of ", LocalTime(about.act.at, zone))
    return Card(
        title=plan.title,
        summary=f"{plan.title}: {plain(told)} ({zone}). Both stand in the history.",
        blocks=(
            Text((*told, ". Both stand in the history.")),
            Buttons(
                (
                    Button("Look at the entry", action("entry.pick", plan.id, str(about.number))),
                    Button("History", action("hist", plan.id)),
                )
            ),
        ),
    )


def _commented(view: View, entry: Entry, says: Spans) -> Card | None:
    act, plan = entry.act, view.plan
    if act.item is None or not _stands(plan, act.item):
        return None
    words = shorten(act.after, QUOTED)
    return Card(
        title=plan.title,
        summary=f"{plan.title}: {plain(says)} {words}",
        blocks=(
            Text(says),
            Quote(words),
            Buttons(
                (
                    Button("Open the step", action("step.show", plan.id, act.step)),
                    Button("Undo", action("undo", plan.id, str(entry.number))),
                )
            ),
        ),
    )


def _stands(plan: Plan, item: ItemId) -> bool:
    """Tell whether the thing is in the plan: it was not taken back."""
    things: tuple[Item, ...] = (
        *plan.comments,
        *plan.decisions,
        *plan.challenges,
        *plan.responsibilities,
        *plan.resources,
        *plan.minutes,
        *plan.sessions,
        *plan.outside,
    )
    return any(thing.id == item for thing in things)
