"""A change of the school's calendar, told to the partners it concerns."""

from bot.domain.ids import ChangeId, PartnershipId
from bot.domain.places import Place
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Leased
from bot.domain.timetable.changes import CalendarChange, only_dates
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Text
from bot.ui.deliveries import Composed, Edit, Post
from bot.ui.pages.timetable.calendar import undo_button
from bot.ui.pages.timetable.day_words import changed, restored
from bot.ui.pages.timetable.schools import FIRST
from bot.ui.pages.words import count
from bot.usecases.ports import Work

_CALENDAR = Button("School calendar", action("school"))


def compose_school(work: Work, leased: Leased) -> Composed:
    """Return what somebody changed about the school, or in its place that it was taken back.

    Nothing when it was taken back before anybody was told, or the partnership plans nothing now.
    """
    _, home_id, change_id = leased.notice.key.split(":", 2)
    change = work.times.change(ChangeId(change_id))
    home = work.partnerships.get(PartnershipId(home_id))
    standing = work.outbox.message(leased.notice.key)
    if change is None or home is None:
        return None
    member = work.members.get((change.by,)).get(change.by)
    who = member.name if member else "Somebody"
    whose = _whose(work, change)
    if standing is not None:
        card = _taken_back(change, whose) if change.undone else _told(change, who, whose)
        return Edit(message=standing, card=card)
    place = None if change.undone else _thread(work, home)
    return Post(place=place, card=_told(change, who, whose)) if place else None


def _whose(work: Work, change: CalendarChange) -> str:
    """Return " for South", empty where there is one school: partners may teach at another."""
    name = change.after.school or (FIRST if len(work.times.schools()) > 1 else "")
    return f" for {name}" if name else ""


def _thread(work: Work, home: Partnership) -> Place | None:
    """Return the thread of the partnership's newest plan that goes on, None when none does."""
    going = [p for p in work.plans.of_partnership(home.id) if p.state is PlanState.ACTIVE]
    cards = (work.plans.card(plan.id) for plan in reversed(going))
    return next((card.place for card in cards if card), home.place) if going else None


def _told(change: CalendarChange, who: str, whose: str) -> Card:
    says = f"{who}{whose}: {_what(change)}"
    moved = f"{count(change.moved, 'reminder')} moved with it." if change.moved else ""
    undo = (undo_button(change),) if only_dates(change.before, change.after) else ()
    notes = (Note((moved,)),) if moved else ()
    return Card(
        title="School calendar",
        summary=f"{says} {moved}".strip(),
        blocks=(Text((says,)), *notes, Buttons((*undo, _CALENDAR))),
    )


def _what(change: CalendarChange) -> str:
    """Return what the change did to the days: "no school on Thu 19 Nov (Snow)."."""
    said = changed(change.before, change.after)
    again = restored(change.before, change.after)
    whole = "the school's calendar was changed. Reminders follow it."
    return f"{said} {again}".strip() or whole


def _taken_back(change: CalendarChange, whose: str) -> Card:
    says = f"This was taken back{whose}. {restored(change.after, change.before)}".strip()
    return Card(
        title="School calendar", summary=says, blocks=(Text((says,)), Buttons((_CALENDAR,)))
    )
