"""Everything that waits on me: the most used page."""

from collections.abc import Mapping

from bot.domain.ids import PlanId
from bot.domain.reminders.snoozing import Hold
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Divider, Note, Text
from bot.ui.limits import BUTTON_LABEL, CARD_TITLE, ROWS, shorten
from bot.ui.pages.planning.next_button import next_button
from bot.ui.pages.planning.steps import label, progress, where, whose
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.pages.words import away_until, count, due
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Strong
from bot.usecases.planning.acting import View
from bot.usecases.planning.reading import NextItem, NextView

MOST = ROWS
"""Things shown at once: one row of buttons each, as many as a message has rows."""
OTHERS = 4
"""Partners of whom something is said."""


def next_page(result: NextView) -> Reply:
    """Return what waits on the member, most urgent first, one button each."""
    return CardReply(card=_card(result))


def more_page(result: NextView) -> Reply:
    """Return a later page of the same, in the place of the one before."""
    return CardReply(card=_card(result), replaces=True)


def _card(result: NextView) -> Card:
    if not result.plans:
        return _no_plan()
    if not result.items:
        return _nothing(result)
    skip, size = _page(result)
    shown, titles = result.items[skip : skip + size], _titles(result)
    blocks: list[Block] = []
    for number, item in enumerate(shown):
        blocks += [*_item(item, titles, first=skip + number == 0), Divider()]
    first = "First" if skip == 0 else "Further"
    return Card(
        title=f"{count(len(result.items), 'thing')} for you",
        summary=f"{count(len(result.items), 'thing')} for you. {first}: {_told(shown[0], titles)}.",
        blocks=(*blocks[:-1], *_others(result), *_paging(result, skip, size)),
    )


def _page(result: NextView) -> tuple[int, int]:
    """Return how many things to skip and to show; what was done meanwhile may shorten the list."""
    everything = len(result.items)
    if everything <= MOST:
        return 0, MOST
    size = MOST - 1  # one row is for paging
    return min(result.skip, (everything - 1) // size * size), size


def _paging(result: NextView, skip: int, size: int) -> tuple[Block, ...]:
    rest = len(result.items) - skip - size
    one = result.only or ""
    buttons = []
    if rest > 0:
        buttons.append(Button(f"{rest} more", action("next.more", one, str(skip + size))))
    if skip:
        buttons.append(Button("Back to the first", action("next.more", one, "0")))
    return (Buttons(tuple(buttons)),) if buttons else ()


def _titles(result: NextView, limit: int = CARD_TITLE) -> dict[PlanId, str]:
    """Return the titles of the plans; where two are alike, with what tells them apart."""
    viewer = result.plans[0].viewer
    names = {member: name for view in result.plans for member, name in view.names.items()}
    reader = Reader(zone=viewer.zone, names=names, member=viewer.id)
    return told_apart((view.plan for view in result.plans), reader, limit)


def _told(item: NextItem, titles: Mapping[PlanId, str]) -> str:
    plan, thing = item.view.plan, item.waiting
    by = thing.date_in(item.view.viewer.zone)
    when = f", {due(by, item.view.today)}" if by else ""
    return f"{label(plan, thing)} ({titles[plan.id]}{when})"


def _item(item: NextItem, titles: Mapping[PlanId, str], *, first: bool) -> tuple[Block, ...]:
    plan, thing = item.view.plan, item.waiting
    by = thing.date_in(item.view.viewer.zone)
    when = f" · {due(by, item.view.today)}" if by else ""
    place = "" if where(plan, thing) == plan.title else f" · {where(plan, thing)}"
    held = " · waiting on your partner" if item.held else ""
    return (
        Text((Strong(titles[plan.id]), f"{place}{when}{whose(item.view, thing)}{held}")),
        Buttons((next_button(plan, thing, primary=first),)),
    )


def _others(result: NextView) -> tuple[Block, ...]:
    """Return which partners are away, and which wait for another one to act."""
    away = {
        f"{name_of(view.names, member)} is {away_until(absence.last)}"
        for view in result.plans
        for member, absence in view.away.items()
        if member != view.viewer.id
    }
    holds = {
        f"{name_of(view.names, hold.member)} waits for you in “{_held_in(view, hold)}”"
        for view in result.plans
        for hold in result.holds
        if hold.snooze.plan == view.plan.id and hold.member != view.viewer.id
    }
    told = sorted(holds) + sorted(away)
    return (Note((f"{'. '.join(told[:OTHERS])}.",)),) if told else ()


def _held_in(view: View, hold: Hold) -> str:
    step = view.plan.template.step(hold.snooze.step)
    return shorten(step.title if step else view.plan.title, 80)


def _no_plan() -> Card:
    says = "You have no open plan here. Start one: give it a title and name your partners."
    example = 'start "Watershed inquiry" @Ben @Rosa'
    return Card(
        title="Nothing to do yet",
        summary=f"{says} For example: {example}",
        blocks=(
            Text((says,)),
            Note((f"For example: {example}",)),
            Buttons((Button("Start a plan", action("start.form")),)),
        ),
    )


def _nothing(result: NextView) -> Card:
    titles, short = _titles(result), _titles(result, BUTTON_LABEL - len("Open "))
    plans = ", ".join(f"{titles[v.plan.id]} ({progress(v.plan)})" for v in result.plans[:MOST])
    says = "Nothing waits on you now. Your partners have their turns."
    return Card(
        title="Nothing for you now",
        summary=f"{says} {plans}",
        blocks=(
            Text((says,)),
            Note((plans,)),
            *_others(result),
            Buttons(
                tuple(
                    Button(f"Open {short[view.plan.id]}", action("plan.show", view.plan.id))
                    for view in result.plans[:MOST]
                )
            ),
        ),
    )
