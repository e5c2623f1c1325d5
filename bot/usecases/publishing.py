"""The port of the calendars that members subscribe to."""

from typing import Protocol

from bot.domain.ids import MemberId
from bot.domain.timetable.published import Feed, FeedId


class Feeds(Protocol):
    """The calendars of the workspace that somebody may subscribe to; who revokes one drops it."""

    def of(self, member: MemberId) -> list[Feed]:
        """Return those of the member, oldest first."""
        ...

    def get(self, feed: FeedId) -> Feed | None:
        """Return it, or None when there is none (any more)."""
        ...

    def add(self, feed: Feed) -> None:
        """Insert a new one."""
        ...

    def drop(self, feed: FeedId) -> None:
        """Forget it: its link leads nowhere from now on."""
        ...
