"""Posting one composed notice, and what becomes of it: shown, refused, limited, or unknown."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.config import Guarantee
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.domain.reminders.undelivered import Cause
from bot.log import reference
from bot.runtime.limits import Limits
from bot.runtime.manner import PATIENCE, PATIENT, RESERVE, UNREACHED, Manner
from bot.runtime.marks import Ending, Mark, Marks, facts
from bot.runtime.ports import (
    Messenger,
    Messengers,
    NotDelivered,
    NotLookable,
    OutcomeUnknown,
)
from bot.runtime.sending import (
    bucket_of,
    harmless_twice,
    look,
    messenger_of,
    platform_of,
    send,
)
from bot.runtime.tally import Outcome
from bot.ui.deliveries import Delivery, Edit
from bot.usecases.ports import Work

_log = structlog.get_logger(__name__)


class Posting:
    """Hands deliveries to the messengers. What may be shown already is looked for first."""

    def __init__(
        self, clock: Clock, messengers: Mapping[str, Messengers], manner: Manner, marks: Marks
    ) -> None:
        self._clock = clock
        self._messengers = messengers
        self._manner = manner
        self._marks = marks
        self._limits = Limits()

    def learn(self, limits: Mapping[tuple[WorkspaceId, str], datetime], now: datetime) -> None:
        """Take over the limits in force at ``now`` (UTC) that are stored."""
        self._limits.learn(limits, now)

    def held_up(self, leased: Leased, delivery: Delivery) -> Mark | None:
        """Return the mark of what the platform does not take there at present; None: it does."""
        until = self._limits.until(leased.workspace, delivery, self._clock.now())
        if until is None:
            return None
        return self._marks.limited(leased, until, self._limits.why(leased.workspace, delivery))

    async def post(self, leased: Leased, delivery: Delivery) -> Ending:
        """Send it within ``send_seconds``; return how the notice is to be marked."""
        limited = self.held_up(leased, delivery)  # again: another send may just have run into it
        if limited is not None:
            return limited
        try:
            async with asyncio.timeout(self._manner.send_seconds):
                message = await self._shown(leased, delivery)
        except NotDelivered as refusal:
            waits = not refusal.permanent and refusal.retry_after is not None
            self._count(delivery, Outcome.LIMITED if waits else Outcome.REFUSED)
            return self._refused(leased, delivery, refusal)
        except NotLookable:
            return self._marks.given_up(leased, "outcome unknown", Cause.UNKNOWN)
        except (OutcomeUnknown, TimeoutError):
            self._count(delivery, Outcome.UNKNOWN)
            return self._marks.unknown(leased, safe=self._safe(delivery))
        except Exception:  # noqa: BLE001 - logged, as below
            # A fault in the messenger: it may have come after the message was shown.
            _log.exception("messenger_failed", reference=reference(), **facts(leased))
            self._count(delivery, Outcome.UNKNOWN)
            return self._marks.unknown(leased, safe=False)
        self._count(delivery, Outcome.SENT)
        self._limits.passed(leased.workspace, delivery)
        return self._marks.sent(leased, delivery, message)

    def _count(self, delivery: Delivery, outcome: Outcome) -> None:
        self._manner.tally.went(platform_of(delivery), outcome)

    async def _shown(self, leased: Leased, delivery: Delivery) -> MessageRef | None:
        """Show it, unless it stands there already; return the message, None for an edit."""
        key = leased.notice.key
        messenger = await messenger_of(self._messengers, leased.workspace, delivery)
        found = await self._found(messenger, leased, delivery)
        if found is None:
            return await send(messenger, delivery, key)
        if leased.notice.kind in {NoticeKind.ITEM, NoticeKind.SCHOOL}:
            # It may have changed, or been taken back, since the try that became this message.
            await send(messenger, Edit(message=found, card=delivery.card), key)
        return found

    async def _found(
        self, messenger: Messenger, leased: Leased, delivery: Delivery
    ) -> MessageRef | None:
        """Return the message of an earlier try; ``NotLookable`` where that ends the matter."""
        if not leased.doubtful or isinstance(delivery, Edit):
            return None
        since = leased.first_due_at - RESERVE
        try:
            return await look(messenger, delivery, leased.notice.key, since)
        except NotLookable:
            # At a first attempt the doubt is older than what is to be said now: an item changed.
            # Nor is a thread, that is tried for days, shown over and over again.
            most = PATIENT if self._repeats(delivery) else 1
            if leased.attempts > most:
                raise
        return None

    def _safe(self, delivery: Delivery) -> bool:
        """Tell whether another try shows it to nobody twice."""
        # At most once: what cannot be looked for is not tried again.
        return self._manner.delivery is Guarantee.AT_MOST_ONCE or self._harmless(delivery)

    def _repeats(self, delivery: Delivery) -> bool:
        """Tell whether it is sent again although it may have been shown."""
        return self._manner.delivery is Guarantee.AT_LEAST_ONCE or self._harmless(delivery)

    def _harmless(self, delivery: Delivery) -> bool:
        """Tell whether sending it twice does no harm, whatever became of the first try."""
        return harmless_twice(delivery) or platform_of(delivery) in self._manner.deduplicates

    def _refused(self, leased: Leased, delivery: Delivery, refusal: NotDelivered) -> Mark:
        if refusal.permanent:
            platform = platform_of(delivery)
            return self._marks.given_up(leased, refusal.reason, refusal.cause, platform)
        if refusal.retry_after is None and not refusal.away:
            return self._marks.again(leased, refusal.reason, Cause.TRIED)
        throughout = refusal.throughout or refusal.away
        name = platform_of(delivery) if throughout else bucket_of(delivery)
        return self._limited(leased, delivery, name, refusal)

    def _limited(
        self, leased: Leased, delivery: Delivery, name: str, refusal: NotDelivered
    ) -> Mark:
        """Send nothing more there before the platform's time; elsewhere all goes on."""
        now, bucket = self._clock.now(), (leased.workspace, name)
        seconds = max(refusal.retry_after or 0.0, self._manner.delay(self._limits.times(bucket)))
        if refusal.away:  # it may be back at any moment
            seconds = min(seconds, UNREACHED)
        until = now + timedelta(seconds=seconds)
        self._limits.ran_into(bucket, until, now, away=refusal.away)
        _log.info("limited", workspace=leased.workspace, seconds=seconds)
        # What was due long ago may have waited for something else: nobody was free, nothing ran.
        if now - max(self._limits.since(bucket), leased.first_due_at) > PATIENCE:
            ending = self._marks.again if refusal.away else self._marks.given_up
            outcome = ending(leased, refusal.reason, Cause.TRIED)
        else:
            why = self._limits.why(leased.workspace, delivery)
            outcome = self._marks.limited(leased, until, why)

        def mark(work: Work) -> bool:
            work.outbox.limit(name, until, now)
            return outcome(work)

        return mark
