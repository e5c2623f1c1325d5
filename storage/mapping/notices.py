"""Notices and leases <-> rows of ``outbox``."""

from typing import Any

from sqlalchemy import Row

from bot.domain.reminders.notices import Filed, Leased, Notice, NoticeKind, NoticeState


def notice_row(notice: Notice) -> dict[str, Any]:
    """Return the columns of a notice, but for the workspace and what becomes of it."""
    return {
        "key": notice.key,
        "kind": notice.kind.value,
        "plan": notice.plan,
        "member": notice.member,
        "partnership": notice.partnership,
        "entry": notice.entry,
        "on_platform": notice.on,
        "due_at": notice.due_at,
        "first_due_at": notice.due_at,
    }


def leased_of(row: Row[Any]) -> Leased:
    """Return the lease of a whole row that was just leased: ``attempts`` counts the one to come."""
    # Taken apart at once: each column by its name costs as much as all of this.
    *_, attempts, epoch, wanted, until, _, _, first_due_at, doubtful, _, orphaned = tuple(row)
    return Leased(
        workspace=row.workspace,
        notice=notice_of(row),
        attempts=attempts + 1,
        epoch=epoch,
        wanted=wanted,
        until=until,
        first_due_at=first_due_at,
        doubtful=doubtful,
        orphaned=orphaned,
    )


def filed_of(row: Row[Any]) -> Filed:
    """Return a row as it stands."""
    return Filed(
        notice=notice_of(row),
        state=NoticeState(row.state),
        attempts=row.attempts,
        reason=row.reason,
    )


def notice_of(row: Row[Any]) -> Notice:
    """Return the notice of a whole row."""
    _, key, kind, plan, member, partnership, entry, due_at, *_, on, _ = tuple(row)
    return Notice(
        key=key,
        kind=NoticeKind(kind),
        due_at=due_at,
        plan=plan,
        member=member,
        partnership=partnership,
        entry=entry,
        on=on,
    )
