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
    """Return the lease of a row that was just leased: ``attempts`` counts the one to come."""
    return Leased(
        workspace=row.workspace,
        notice=notice_of(row),
        attempts=row.attempts + 1,
        epoch=row.epoch,
        wanted=row.wanted,
        until=row.lease_until,
        first_due_at=row.first_due_at,
        doubtful=row.doubtful,
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
    """Return the notice of a row."""
    return Notice(
        key=row.key,
        kind=NoticeKind(row.kind),
        due_at=row.due_at,
        plan=row.plan,
        member=row.member,
        partnership=row.partnership,
        entry=row.entry,
        on=row.on_platform,
    )
