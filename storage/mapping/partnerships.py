"""Partnerships <-> a row of ``partnerships`` and rows of ``partnership_members``."""

from collections.abc import Iterable, Sequence
from datetime import time
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from bot.domain.planning.partnership import DigestSlot, Partnership
from storage.mapping.places import place_of, place_row


def partnership_row(partnership: Partnership) -> dict[str, Any]:
    """Return the partnership's columns but for the workspace."""
    digest = partnership.digest
    return {
        "id": partnership.id,
        **place_row(partnership.place),
        "digest_weekday": digest.weekday,
        "digest_at": digest.at.isoformat(),
        "digest_zone": digest.zone,
        "digest_chosen": digest.chosen,
        "digest_silent": digest.silent,
    }


def member_rows(partnership: Partnership) -> list[dict[str, Any]]:
    """Return one row a member, in order."""
    return [
        {"partnership": partnership.id, "member": member, "position": position}
        for position, member in enumerate(partnership.members)
    ]


def partnerships_of(rows: Iterable[Row[Any]]) -> list[Partnership]:
    """Return the partnerships of rows joined with a member each, sorted by id and position."""
    return [_partnership(list(mine)) for _, mine in groupby(rows, key=lambda row: row.id)]


def _partnership(rows: Sequence[Row[Any]]) -> Partnership:
    row = rows[0]
    return Partnership(
        workspace=row.workspace,
        id=row.id,
        place=place_of(row),
        members=tuple(one.member for one in rows if one.member is not None),
        digest=DigestSlot(
            weekday=row.digest_weekday,
            at=time.fromisoformat(row.digest_at),
            zone=row.digest_zone,
            chosen=row.digest_chosen,
            silent=row.digest_silent,
        ),
    )
