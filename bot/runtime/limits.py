"""Where a platform takes nothing more for a while: each channel and person by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import PLATFORM_AWAY
from bot.runtime.sending import bucket_of, platform_of
from bot.ui.deliveries import Delivery

Bucket = tuple[WorkspaceId, str]
_LIMITED: Final = "rate limited"


class Limits:
    """The limits that this process knows of: those stored, and those it has just run into."""

    def __init__(self) -> None:
        self._until: dict[Bucket, datetime] = {}
        self._times: dict[Bucket, int] = {}
        self._since: dict[Bucket, datetime] = {}
        self._away: set[Bucket] = set()

    def learn(self, stored: Mapping[Bucket, datetime], now: datetime) -> None:
        """Take over what other processes ran into, and forget what is over at ``now`` (UTC)."""
        known = {bucket: until for bucket, until in self._until.items() if until > now}
        for bucket, until in stored.items():
            known[bucket] = max(until, known.get(bucket, until))
        self._until = known

    def until(self, workspace: WorkspaceId, delivery: Delivery, now: datetime) -> datetime | None:
        """Return when the delivery may be sent (UTC); None for at once."""
        if not self._until:
            return None
        ends = (self._until.get((workspace, name)) for name in _names(delivery))
        return max((end for end in ends if end is not None and end > now), default=None)

    def why(self, workspace: WorkspaceId, delivery: Delivery) -> str:
        """Return why the delivery has to wait."""
        away = any((workspace, name) in self._away for name in _names(delivery))
        return PLATFORM_AWAY if away else _LIMITED

    def ran_into(
        self, bucket: Bucket, until: datetime, now: datetime, *, away: bool = False
    ) -> None:
        """Remember a limit; sends that ran into it together count as one.

        ``away``: nobody was reached there.
        """
        (self._away.add if away else self._away.discard)(bucket)
        self._since.setdefault(bucket, now)
        if self._until.get(bucket, now) <= now:
            self._times[bucket] = self._times.get(bucket, 0) + 1
        self._until[bucket] = max(until, self._until.get(bucket, until))

    def since(self, bucket: Bucket) -> datetime:
        """Return when the limits in a row began, with nothing taken since then (UTC)."""
        return self._since[bucket]

    def times(self, bucket: Bucket) -> int:
        """Return how many limits in a row there were, with nothing taken in between."""
        return self._times.get(bucket, 0)

    def passed(self, workspace: WorkspaceId, delivery: Delivery) -> None:
        """Something was taken there: the next limit is the first in a row again."""
        if not self._since:
            return
        for name in _names(delivery):
            self._times.pop((workspace, name), None)
            self._since.pop((workspace, name), None)
            self._away.discard((workspace, name))


def _names(delivery: Delivery) -> tuple[str, str]:
    return bucket_of(delivery), platform_of(delivery)
