"""How many reminders moved: the reader's own with its time, those of others only counted."""

from bot.domain.members import Member
from bot.ui.pages.words import count
from bot.ui.spans import LocalTime, Spans
from bot.usecases.reminders.moving import Ahead, Moves


def moved_words(moves: Moves, viewer: Member, how: str = "moved") -> Spans:
    """Return "3 reminders moved: yours to Fri 20 Nov, 08:50 (P2), and 2 of others."."""
    total = len(moves.moved)
    if not total:
        return (f"No reminder {how}.",)
    counted = f"{count(total, 'reminder')} {how}"
    if viewer.id not in moves.moved:
        return (f"{counted}; {'it is' if total == 1 else 'they are'} of others.",)
    rest = f", and {count(total - 1, 'of another member', 'of others')}." if total > 1 else "."
    return (f"{counted}: yours ", *_to(moves.moved[viewer.id], viewer.zone), rest)


def _to(ahead: Ahead | None, zone: str) -> Spans:
    if ahead is None:
        return ("waits: no free time of yours is in sight",)
    period = ahead.period.period if ahead.period else None
    return ("to ", LocalTime(ahead.at, zone), f" ({period})" if period else "")
