"""What a courier says of the notices it holds: heard only as long as its leases stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Update,
    bindparam,
    case,
    false,
    func,
    literal_column,
    true,
    update,
)

from bot.domain.reminders.notices import Leased, Shown
from storage.mapping.places import message_text
from storage.repositories.tenant import here, of_tenant
from storage.statements import Transaction
from storage.tables import outbox

_LEASED: Final = update(outbox).where(
    here(outbox),
    outbox.c.key == bindparam("of_key"),
    outbox.c.state == "leased",
    outbox.c.epoch == bindparam("of_epoch"),
)
_TRIES: Final = bindparam("tries", type_=outbox.c.attempts.type)
_DOUBT: Final = bindparam("doubt", type_=Boolean())
_HELD: Final = _LEASED.values(lease_until=None, orphaned=literal_column("0"))
_WANTED_AGAIN: Final = outbox.c.wanted > bindparam("of_wanted")


def _over(end: ColumnElement[str], **facts: ColumnElement[Any]) -> Update:
    """Return the statement that ends a notice; one that was put again meanwhile waits again."""
    return _HELD.values(
        state=case((_WANTED_AGAIN, literal_column("'pending'")), else_=end),
        attempts=case((_WANTED_AGAIN, literal_column("0")), else_=_TRIES),
        **facts,
    )


RENEW: Final = _LEASED.values(lease_until=bindparam("till", type_=outbox.c.lease_until.type))
SUSPECT: Final = _LEASED.values(orphaned=bindparam("times"))
BEGIN: Final = _LEASED.values(attempts=_TRIES, doubtful=true())
# What is always the same stands in the SQL: a parameter less is worth a microsecond a notice.
SENT: Final = _over(
    literal_column("'sent'"),
    reason=literal_column("''"),
    doubtful=false(),
    sent_as=func.coalesce(bindparam("message", type_=outbox.c.sent_as.type), outbox.c.sent_as),
)
END: Final = _over(bindparam("end"), doubtful=_DOUBT)
RETRY: Final = _HELD.values(state="pending", attempts=_TRIES, doubtful=_DOUBT)


def renew(transaction: Transaction, leased: Sequence[Leased], until: datetime) -> None:
    """Let those of the leases that still stand last until then (UTC)."""
    transaction.change_all(RENEW, [{**lease(one), "till": until} for one in leased])


def begin(transaction: Transaction, leased: Sequence[Leased]) -> int:
    """Write down that the notices are being sent; return of how many the lease still stands."""
    return transaction.change_all(BEGIN, [{**lease(one), "tries": one.attempts} for one in leased])


def sent(transaction: Transaction, shown: Sequence[Shown]) -> int:
    """Mark the notices sent; return of how many the lease still stands."""
    return transaction.change_all(SENT, [{**lease(one.leased), **_as_sent(one)} for one in shown])


def lease(leased: Leased) -> dict[str, Any]:
    """Return what names a lease, as a part of what each statement is given."""
    return {
        **of_tenant(leased.workspace),
        "of_key": leased.notice.key,
        "of_epoch": leased.epoch,
    }


def _as_sent(shown: Shown) -> dict[str, Any]:
    """Return what ``SENT`` is given beside the lease."""
    return {
        "tries": shown.leased.attempts,
        "of_wanted": shown.leased.wanted,
        "message": None if shown.message is None else message_text(shown.message),
    }
