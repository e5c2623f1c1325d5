"""The outbox: facts to be told, each in one of five states.

pending -> leased -> sent | cancelled | failed, or back to pending: after a retry, after its lease
ran out, and when a card was put again. ``epoch`` names the lease: what a courier says of an older
one is not heard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Update,
    and_,
    bindparam,
    case,
    delete,
    false,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import TOO_LATE, Filed, Leased, Notice, NoticeKind, Shown
from bot.usecases.reminders.ports import Outbox
from storage.mapping.notices import filed_of, notice_row
from storage.mapping.places import message_from, message_text
from storage.repositories import leases
from storage.repositories.among import among, one_of
from storage.repositories.tenant import Tenant, here
from storage.tables import limits, outbox

EDITED: Final = {NoticeKind.PLAN_CARD, NoticeKind.ITEM, NoticeKind.SCHOOL}
"""Kinds whose message is edited in place: put again, they are sent again."""
OVER: Final = ("sent", "cancelled", "failed")
"""States in which nothing more happens to a notice by itself."""
_IS_OVER: Final = one_of(outbox.c.state, OVER)

# In the SQL: most of a new row is always the same, and each parameter costs its time.
_INSERT: Final = insert(outbox).values(
    state=literal_column("'pending'"),
    attempts=literal_column("0"),
    epoch=literal_column("0"),
    wanted=literal_column("1"),
    lease_until=null(),
    sent_as=null(),
    reason=literal_column("''"),
    doubtful=false(),
)
_PUT: Final = _INSERT.on_conflict_do_nothing()
_NEW_DUE: Final = _INSERT.excluded.due_at
# What is over is wanted from the new instant on, and its attempts are counted anew; what waits goes
# out at the earlier of the two instants.
_WANTED_FROM: Final = {
    "state": case((_IS_OVER, "pending"), else_=outbox.c.state),
    "attempts": case((_IS_OVER, 0), else_=outbox.c.attempts),
    "due_at": case(
        (
            outbox.c.state == "pending",
            case((outbox.c.due_at < _NEW_DUE, outbox.c.due_at), else_=_NEW_DUE),
        ),
        else_=_NEW_DUE,
    ),
    # A doubtful message may be older than this put: whoever looks for it must look so far back.
    "first_due_at": case(
        (_IS_OVER & ~outbox.c.doubtful, _NEW_DUE),
        (outbox.c.first_due_at > _NEW_DUE, _NEW_DUE),
        else_=outbox.c.first_due_at,
    ),
}
_KEY: Final = [outbox.c.workspace, outbox.c.key]
# A card that is being sent is sent again afterwards; a thread that is being opened is opened.
_PUT_CARD: Final = _INSERT.on_conflict_do_update(
    index_elements=_KEY, set_={"wanted": outbox.c.wanted + 1, **_WANTED_FROM}
)
_PUT_THREAD: Final = _INSERT.on_conflict_do_update(
    index_elements=_KEY, set_=_WANTED_FROM, where=outbox.c.state != "leased"
)
_PUTS: Final = {NoticeKind.PLAN_THREAD: _PUT_THREAD} | dict.fromkeys(EDITED, _PUT_CARD)
_MESSAGES: Final = (
    select(outbox)
    .where(
        here(outbox),
        outbox.c.member == bindparam("member"),
        one_of(outbox.c.kind, (NoticeKind.REMINDER.value, NoticeKind.CATCH_UP.value)),
    )
    .order_by(outbox.c.first_due_at.desc(), outbox.c.key.desc())
)
_SENT_AS: Final = select(outbox.c.sent_as).where(here(outbox), outbox.c.key == bindparam("of_key"))
_SENT_THERE: Final = select(outbox.c.key, outbox.c.sent_as).where(
    here(outbox), outbox.c.sent_as.like(bindparam("said"))
)
_STANDS_THERE: Final = (
    update(outbox)
    .where(here(outbox), outbox.c.key == bindparam("of_key"))
    .values(sent_as=bindparam("there"))
)
_KNOWN: Final = select(outbox.c.key).where(here(outbox), among(outbox.c.key, "keys"))
_LIMIT_INSERT: Final = insert(limits)
_LIMIT: Final = _LIMIT_INSERT.on_conflict_do_update(
    index_elements=[limits.c.workspace, limits.c.bucket],
    set_={"until": _LIMIT_INSERT.excluded.until},
    where=limits.c.until < _LIMIT_INSERT.excluded.until,
)
_LIMITS_OVER: Final = delete(limits).where(here(limits), limits.c.until <= bindparam("now"))


_UNSENT: Final = select(outbox.c.key).where(
    here(outbox),
    among(outbox.c.key, "keys"),
    or_(
        ~_IS_OVER,
        and_(outbox.c.state == "cancelled", outbox.c.reason == TOO_LATE),
    ),
    ~outbox.c.doubtful,
)


class StoredOutbox(Outbox):
    """The outbox of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def put(self, notice: Notice) -> bool:
        """Add the notice. The same key again does nothing (False), but for some kinds."""
        return self._tenant.add_new(_PUTS.get(notice.kind, _PUT), [notice_row(notice)]) == 1

    def put_all(self, notices: Sequence[Notice]) -> frozenset[str]:
        """Add notices of what is not edited in place; return the keys of those that are new.

        Raises ``errors.Conflict`` when another unit puts one of them at this moment.
        """
        new = {one.key: one for one in reversed(notices)}
        for row in self._tenant.rows(_KNOWN, keys=list(new)) if new else ():
            del new[row.key]
        # Cheaper than to have each row returned as it is added.
        if self._tenant.add_new(_PUT, map(notice_row, new.values())) != len(new):
            raise Conflict
        return frozenset(new)

    def messages(self, member: MemberId) -> list[Filed]:
        """Return what became of the member's reminders and catch-ups, the latest first.

        Looks through the whole outbox of the tenant: for whoever runs Coplan, not for its alarm.
        """
        return [filed_of(row) for row in self._tenant.rows(_MESSAGES, member=member)]

    def message(self, key: str) -> MessageRef | None:
        """Return the message that the notice of that key became, or None."""
        row = self._tenant.row(_SENT_AS, of_key=key)
        return message_from(row.sent_as) if row is not None and row.sent_as else None

    def follow(self, platform: str, before: str, channel: str) -> None:
        """Let messages that stand in that channel be known by the id that it has from now on.

        Looks through the whole outbox of the tenant: no channel changes its id twice.
        """
        for row in self._tenant.rows(_SENT_THERE, said=f'%"{before}"%'):
            message = message_from(row.sent_as)
            place = message.place
            if (place.platform, place.channel) == (platform, before):
                there = replace(message, place=replace(place, channel=channel))
                facts = {"of_key": row.key, "there": message_text(there)}
                self._tenant.change(_STANDS_THERE, facts)

    def known(self, key: str) -> bool:
        """Tell whether there is, or was, a notice of that key."""
        return self._tenant.row(_SENT_AS, of_key=key) is not None

    def suspect(self, leased: Leased) -> bool:
        """Count how often it was left behind, if the lease still stands; False: it does not.

        Should it end the whole process, the next one knows how often.
        """
        return self._change(leases.SUSPECT, leased, {"times": leased.orphaned})

    def unsent(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of those notices wait to be sent, or came too late to be."""
        wanted = list(keys)
        rows = self._tenant.rows(_UNSENT, keys=wanted) if wanted else []
        return frozenset(row.key for row in rows)

    def sent(self, leased: Leased, message: MessageRef | None) -> bool:
        """Mark it sent if the lease still stands; False: somebody took it over.

        A fact that was put again while it was being sent is pending again, here and below.
        """
        self._tenant.expect_own(leased.workspace)
        shown = Shown(leased=leased, message=message)
        return leases.sent(self._tenant.transaction, [shown]) == 1

    def cancel(self, leased: Leased, why: str) -> bool:
        """Mark it as needless, if the lease still stands."""
        return self._end(leased, "cancelled", why, doubt=leased.doubtful)

    def retry(
        self,
        leased: Leased,
        due_at: datetime,
        why: str,
        *,
        counted: bool = True,
        doubtful: bool = False,
    ) -> bool:
        """Give it back, to be sent from ``due_at`` (UTC) on, if the lease still stands.

        Not ``counted``: nothing was tried. ``doubtful``: it may have been shown.
        """
        facts = {
            "due_at": due_at,
            "reason": why,
            "tries": leased.attempts - int(not counted),
            "doubt": leased.doubtful or doubtful,
        }
        return self._change(leases.RETRY, leased, facts)

    def give_up(self, leased: Leased, why: str, *, doubtful: bool = False) -> bool:
        """Mark it as undeliverable (or maybe shown: ``doubtful``), if the lease still stands."""
        return self._end(leased, "failed", why, doubt=leased.doubtful or doubtful)

    def limit(self, bucket: str, until: datetime, now: datetime) -> None:
        """Remember that the bucket takes nothing until then (UTC), and forget limits that ended."""
        self._tenant.change(_LIMITS_OVER, {"now": now})
        self._tenant.add(_LIMIT, [{"bucket": bucket, "until": until}])

    def _end(self, leased: Leased, end: str, why: str, *, doubt: bool) -> bool:
        facts = {
            "end": end,
            "reason": why,
            "tries": leased.attempts,
            "of_wanted": leased.wanted,
            "doubt": doubt,
        }
        return self._change(leases.END, leased, facts)

    def _change(self, statement: Update, leased: Leased, facts: dict[str, Any]) -> bool:
        self._tenant.expect_own(leased.workspace)
        return self._tenant.change(statement, {**facts, **leases.lease(leased)}) == 1
