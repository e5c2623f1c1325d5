"""What a courier says of the notices it holds: heard only as long as its leases stand."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Update, bindparam, case, func, true, update

from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, Shown
from storage.mapping.places import message_text
from storage.repositories.tenant import here, of_tenant
from storage.tables import outbox

_LEASED: Final = update(outbox).where(
    here(outbox),
    outbox.c.key == bindparam("of_key"),
    outbox.c.state == "leased",
    outbox.c.epoch == bindparam("of_epoch"),
)
_TRIES: Final = bindparam("tries", type_=outbox.c.attempts.type)
_DOUBT: Final = bindparam("doubt", type_=Boolean())
_HELD: Final = _LEASED.values(lease_until=None)
_WANTED_AGAIN: Final = outbox.c.wanted > bindparam("of_wanted")

SUSPECT: Final = _LEASED.values(attempts=_TRIES)
BEGIN: Final = _LEASED.values(attempts=_TRIES, doubtful=true())
END: Final = _HELD.values(
    state=case((_WANTED_AGAIN, "pending"), else_=bindparam("end")),
    attempts=case((_WANTED_AGAIN, 0), else_=_TRIES),
    doubtful=_DOUBT,
    sent_as=func.coalesce(bindparam("message", type_=outbox.c.sent_as.type), outbox.c.sent_as),
)
RETRY: Final = _HELD.values(state="pending", attempts=_TRIES, doubtful=_DOUBT)


def begin(connection: Connection, leased: Sequence[Leased]) -> int:
    """Write down that the notices are being sent; return of how many the lease still stands."""
    return _met(connection, BEGIN, [{**lease(one), "tries": one.attempts} for one in leased])


def sent(connection: Connection, shown: Sequence[Shown]) -> int:
    """Mark the notices sent; return of how many the lease still stands."""
    return _met(
        connection,
        END,
        [{**lease(one.leased), **ended(one.leased, "sent", "", one.message)} for one in shown],
    )


def lease(leased: Leased) -> dict[str, Any]:
    """Return what names a lease, as a part of what each statement is given."""
    return {
        **of_tenant(leased.workspace),
        "of_key": leased.notice.key,
        "of_epoch": leased.epoch,
    }


def ended(
    leased: Leased, end: str, why: str, message: MessageRef | None = None, *, doubt: bool = False
) -> dict[str, Any]:
    """Return what ``END`` is given beside the lease."""
    return {
        "end": end,
        "reason": why,
        "message": None if message is None else message_text(message),
        "tries": leased.attempts,
        "of_wanted": leased.wanted,
        "doubt": doubt,
    }


def _met(connection: Connection, statement: Update, facts: Sequence[Mapping[str, Any]]) -> int:
    return connection.execute(statement, facts).rowcount if facts else 0
