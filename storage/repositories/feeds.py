"""Calendars that members subscribe to."""

from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, insert, select

from bot.domain.ids import MemberId
from bot.domain.timetable.published import Feed, FeedId
from bot.usecases.publishing import Feeds
from storage.repositories.tenant import Tenant, here
from storage.tables import feeds

_OF: Final = (
    select(feeds)
    .where(here(feeds), feeds.c.member == bindparam("of"))
    .order_by(feeds.c["at"], feeds.c.id)
)
_GET: Final = select(feeds).where(here(feeds), feeds.c.id == bindparam("which"))
_ADD: Final = insert(feeds)
_DROP: Final = delete(feeds).where(here(feeds), feeds.c.id == bindparam("which"))


class StoredFeeds(Feeds):
    """The calendars of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def of(self, member: MemberId) -> list[Feed]:
        """Return those of the member, oldest first."""
        return [_feed(row) for row in self._tenant.rows(_OF, of=member)]

    def get(self, feed: FeedId) -> Feed | None:
        """Return it, or None."""
        row = self._tenant.row(_GET, which=feed)
        return None if row is None else _feed(row)

    def add(self, feed: Feed) -> None:
        """Insert a new one."""
        facts = {
            "id": feed.id,
            "member": feed.member,
            "partnership": feed.partnership,
            "at": feed.at,
        }
        self._tenant.add(_ADD, [facts])

    def drop(self, feed: FeedId) -> None:
        """Forget it."""
        self._tenant.change(_DROP, {"which": feed})


def _feed(row: Row[Any]) -> Feed:
    return Feed(id=row.id, member=row.member, partnership=row.partnership, at=row.at)
