"""Composing reminders, catch-ups and digests at the moment they are sent."""

from bot.domain.reminders.notices import TOO_LATE, Leased
from bot.ui.deliveries import Composed, Direct, Later, Needless, Post, Unfinished
from bot.ui.pages.reminders.catch_up_card import catch_up_card
from bot.ui.pages.reminders.digest_card import digest_card
from bot.ui.pages.reminders.recurring_card import recurring_card
from bot.ui.pages.reminders.reminder_card import reminder_card
from bot.ui.pages.reminders.undelivered import told_card
from bot.usecases.ports import Work
from bot.usecases.reminders.addressing import addressed
from bot.usecases.reminders.catching_up import CatchUpView, message_view
from bot.usecases.reminders.occurring import Early, Missed, Occurrence, occurrence
from bot.usecases.reminders.reading import NotNow, written_to
from bot.usecases.reminders.undelivered import direct_words


def compose_message(work: Work, leased: Leased) -> Composed:
    """Return a reminder or a catch-up: to the member alone, or in the thread before they click."""
    view = message_view(work, leased.notice)
    if view is None:
        return None
    if isinstance(view, NotNow):
        return Later(at=view.at, why=view.why)
    if isinstance(view, CatchUpView):
        return Direct(identity=written_to(work, view.member), card=catch_up_card(view))
    card = reminder_card(view)
    if view.thread is None:
        return Direct(identity=written_to(work, view.member), card=card)
    return Post(place=view.thread, card=card)


def compose_digest(work: Work, leased: Leased) -> Composed:
    """Return the digest of a member, or of the thread, to be drawn outside of the unit of work."""
    view = addressed(work, leased.notice, leased.first_due_at)
    if view is None:
        return None
    if isinstance(view, NotNow):
        return Later(at=view.at, why=view.why)
    viewer = view.viewer
    if viewer is not None:
        to = written_to(work, viewer)
        return Unfinished(finish=lambda: Direct(identity=to, card=digest_card(view)))
    return Unfinished(finish=lambda: Post(place=view.place, card=digest_card(view)))


def compose_recurring(work: Work, leased: Leased) -> Composed:
    """Return a reminder that the partners set up; what is much too late is told in the digest."""
    match occurrence(work, leased.notice):
        case Occurrence() as view:
            return Post(place=view.place, card=recurring_card(view))
        case Missed():
            return Needless(why=TOO_LATE)
        case Early(at=at):
            return Later(at=at, why="the clock was set back")
        case None:
            return None


def compose_undelivered(work: Work, leased: Leased) -> Composed:
    """Return what could not be delivered, for one who can mend it and does not know it yet."""
    found = direct_words(work, leased.notice)
    if found is None:
        return None
    if isinstance(found, NotNow):
        return Later(at=found.at, why=found.why)
    member, told = found
    return Direct(identity=written_to(work, member), card=told_card(told, member.zone))
