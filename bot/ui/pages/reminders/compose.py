"""Composing reminders and digests at the moment they are sent."""

from bot.domain.reminders.notices import Leased
from bot.ui.deliveries import Composed, Direct, Later, Post, Unfinished
from bot.ui.pages.reminders.digest_card import digest_card
from bot.ui.pages.reminders.reminder_card import reminder_card
from bot.usecases.ports import Work
from bot.usecases.reminders.addressing import addressed
from bot.usecases.reminders.reading import NotNow, reminder_view


def compose_reminder(work: Work, leased: Leased) -> Composed:
    """Return the reminder: to the member alone, or in the thread before their first click."""
    view = reminder_view(work, leased.notice)
    if view is None:
        return None
    if isinstance(view, NotNow):
        return Later(at=view.at, why=view.why)
    card = reminder_card(view)
    if view.thread is None:
        return Direct(identity=view.member.identity, card=card)
    return Post(place=view.thread, card=card)


def compose_digest(work: Work, leased: Leased) -> Composed:
    """Return the digest of a member, or of the thread, to be drawn outside of the unit of work."""
    view = addressed(work, leased.notice)
    if view is None:
        return None
    if isinstance(view, NotNow):
        return Later(at=view.at, why=view.why)
    viewer = view.viewer
    if viewer is not None:
        return Unfinished(finish=lambda: Direct(identity=viewer.identity, card=digest_card(view)))
    return Unfinished(finish=lambda: Post(place=view.place, card=digest_card(view)))
