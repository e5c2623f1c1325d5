"""What the outbox says about plans: the thread, the card in it, and news for the others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.contributions.acts import OF_ABSENCES, ActKind, Entry, concerns
from bot.domain.errors import sentences
from bot.domain.ids import ItemId
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import Plan
from bot.domain.planning.undo import undoable
from bot.domain.reminders.notices import Leased
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Note, Style, Text
from bot.ui.deliveries import Composed, Edit, Later, OpenThread, Post
from bot.ui.pages.contributions.acts import did, readable, who_did
from bot.ui.pages.contributions.outside import outside_card
from bot.ui.pages.planning.absence_news import absence_card, calling
from bot.ui.pages.planning.plan_card import plan_card
from bot.ui.pages.planning.remark_news import comment_card, credit_card, dispute_card
from bot.ui.pages.planning.sessions import session_card
from bot.ui.pages.planning.steps import label, progress
from bot.ui.pages.words import away_until
from bot.usecases.planning.acting import View, view_of
from bot.usecases.ports import Work

SOON = timedelta(seconds=1)
"""How long news waits for the plan's thread to be opened before it looks again."""


def compose_thread(work: Work, leased: Leased) -> Composed:
    """Return the plan's thread with its card; a plan in a direct conversation has no thread.

    Nothing if it stands already.
    """
    plan, on = _plan(work, leased), leased.notice.on
    place = _home(work, plan, on) if plan else None
    if plan is None or place is None:
        return None
    if work.plans.card(plan.id, on) is not None:
        return None
    card = plan_card(_public(work, plan))
    if place.kind is not PlaceKind.CHANNEL:
        return Post(place=place, card=card, card_of=plan.id)
    return OpenThread(plan=plan.id, channel=place, title=plan.title, card=card)


def _home(work: Work, plan: Plan, on: str) -> Place | None:
    """Return where the plan is to stand, at home or on another platform."""
    if on:
        return work.plans.place_on(plan.id, on)
    partnership = work.partnerships.get(plan.partnership)
    return partnership.place if partnership else None


def compose_card(work: Work, leased: Leased) -> Composed:
    """Return the plan's card as it is now, to take the place of the one that stands."""
    plan = _plan(work, leased)
    if plan is None:
        return None
    message = work.plans.card(plan.id, leased.notice.on)
    if message is None:
        return Later(at=work.now + SOON, why="no thread yet")
    return Edit(message=message, card=plan_card(_public(work, plan)))


def compose_news(work: Work, leased: Leased) -> Composed:
    """Return what somebody did, for the plan's thread."""
    plan, number = _plan(work, leased), leased.notice.entry
    entry = work.log.entry(plan.id, number) if plan and number else None
    if plan is None or entry is None:
        return None
    message = work.plans.card(plan.id, leased.notice.on)
    if message is None:
        return Later(at=work.now + SOON, why="no thread yet")
    remark, number = _REMARKS.get(entry.act.kind), entry.act.entry
    about = work.log.entry(plan.id, number) if remark and number else None
    view = _public(work, plan)
    card = remark(view, entry, about) if remark and about else _news_card(view, entry)
    return Post(place=message.place, card=card) if card else None


def compose_item(work: Work, leased: Leased) -> Composed:
    """Return an item's message: posted in the thread first, then edited in place."""
    plan, number = _plan(work, leased), leased.notice.entry
    entry = work.log.entry(plan.id, number) if plan and number else None
    if plan is None or entry is None or entry.act.item is None:
        return None
    view, standing = _public(work, plan), work.outbox.message(leased.notice.key)
    card, on = _item(view, entry.act.item), leased.notice.on
    there = not on or on in plan.linked
    if standing is not None:
        left = card if card is None or there else replace(card, appointment=None)
        return Edit(message=standing, card=left or _taken_back(view))
    home = work.plans.card(plan.id, on) if there else None
    if home is None:
        return Later(at=work.now + SOON, why="no thread yet") if there else None
    return Post(place=home.place, card=card) if card else None


def _news_card(view: View, entry: Entry) -> Card | None:
    """Return the news as a card; None when what it is about is gone again."""
    if entry.act.kind is ActKind.UNDONE and concerns(entry.act) in OF_ABSENCES:
        return _told(view, entry) if entry.act.member_about else None
    special = _SPECIAL.get(entry.act.kind)
    return special(view, entry) if special else _told(view, entry)


def _item(view: View, item: ItemId) -> Card | None:
    """Return the card of a session or of outside work, None when it is no longer there."""
    session = next((s for s in view.plan.sessions if s.id == item), None)
    if session is not None:
        return session_card(view, session)
    work = next((w for w in view.plan.outside if w.id == item), None)
    return outside_card(view, work) if work else None


def _taken_back(view: View) -> Card:
    says = "This was taken back. Both stand in the history."
    return Card(
        title=view.plan.title,
        summary=f"{view.plan.title}: {says}",
        blocks=(
            Text((says,)),
            Buttons((Button("History", action("hist", view.plan.id)),)),
        ),
    )


def _told(view: View, entry: Entry, more: str = "") -> Card:
    act = entry.act
    after = readable(view, act, act.after)
    told = f": {after}" if act.kind in _WITH_TEXT and after else ""
    undo: tuple[Block, ...] = (
        (Buttons((Button("Undo", action("undo", view.plan.id, str(entry.number))),)),)
        if undoable(act.kind)
        else ()
    )
    says = f"{who_did(view, act)}{told}.{more}"
    return Card(
        title=view.plan.title,
        summary=f"{view.plan.title}: {says}",
        blocks=(Text((says,)), *undo),
    )


def _handed_on(view: View, entry: Entry) -> Card | None:
    act, plan = entry.act, view.plan
    to = act.member_about
    thing = view.next_of(to) if to else None
    if to is None or plan.partner(to) is None:
        return None
    if to in view.away:
        until = away_until(view.away[to].last)
        return _told(view, entry, f" {name_of(view.names, to)} is {until}.")
    who = name_of(view.names, to)
    next_: tuple[Block, ...] = (
        (
            Note((f"Next: {label(plan, thing)}",)),
            Buttons((Button("My next steps", action("plan.next", plan.id), Style.PRIMARY),)),
        )
        if thing
        else ()
    )
    says = f"your turn. {name_of(view.names, act.by)} {did(view, act)}."
    return Card(
        title=plan.title,
        summary=f"{who}, {says}",
        blocks=(Text((calling(view, to), f", {says}")), *next_),
    )


def _welcomed(view: View, entry: Entry) -> Card | None:
    """Return the news of a partner who joins, with all they need to catch up."""
    plan, joined = view.plan, entry.act.member_about
    if joined is None or plan.partner(joined) is None:
        return None
    who, thing = name_of(view.names, joined), view.next_of(joined)
    says = f"welcome to “{plan.title}”: {progress(plan)}. Open a step above to read what stands."
    first = f"First for you: {label(plan, thing)}" if thing else "Nothing waits on you yet"
    yours = sentences(first)
    return Card(
        title=plan.title,
        summary=f"{who_did(view, entry.act)}. {who}, {says} {yours}",
        blocks=(
            Text((f"{who_did(view, entry.act)}.",)),
            Text((calling(view, joined), f", {says} {yours}")),
            Buttons(
                (
                    Button("My next steps", action("plan.next", plan.id), Style.PRIMARY),
                    Button("What happened so far", action("hist", plan.id)),
                    Button("Undo", action("undo", plan.id, str(entry.number))),
                )
            ),
        ),
    )


_WITH_TEXT = {
    ActKind.SESSION_ACCEPTED,
    ActKind.SESSION_DECLINED,
    ActKind.REMINDER_ADDED,
    ActKind.REMINDER_CHANGED,
    ActKind.REMINDER_STOPPED,
}

_SPECIAL: Mapping[ActKind, Callable[[View, Entry], Card | None]] = {
    ActKind.HANDED_OFF: _handed_on,
    ActKind.PARTNER_ADDED: _welcomed,
    ActKind.COMMENTED: comment_card,
    ActKind.AWAY: absence_card,
    ActKind.BACK: absence_card,
}

_REMARKS: Mapping[ActKind, Callable[[View, Entry, Entry], Card | None]] = {
    ActKind.CREDITED: credit_card,
    ActKind.DISPUTED: dispute_card,
}
"""News of what was said about another entry, which comes after it."""


def _plan(work: Work, leased: Leased) -> Plan | None:
    return work.plans.get(leased.notice.plan) if leased.notice.plan else None


def _public(work: Work, plan: Plan) -> View:
    """Return the plan as everybody sees it: times as for who started it, if they are there."""
    one = plan.started_by if plan.started_by in plan.members else plan.members[0]
    return view_of(work, work.members.get((one,))[one], plan)
