"""Comments in a store, and why some of them were not told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.contributions.acts import ActKind
from storage.engine import make_reader
from storage.tables import contributions, outbox

STEP = "plan"
"""The one step of the short form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in the store: each comment and how often, and why some were not told."""

    comments: Counter[str]
    given_up: Mapping[str, str]

    @staticmethod
    def of(url: str) -> "Written":
        entry, notice = contributions.c, outbox.c
        comments = select(entry.plan, entry.number, entry.after).where(
            entry.kind == ActKind.COMMENTED
        )
        failed = select(notice.key, notice.reason).where(
            notice.state == "failed", notice.kind == "news"
        )
        reader = make_reader(url)
        with reader.connect() as connection:
            rows = connection.execute(comments).all()
            why = {row.key: row.reason for row in connection.execute(failed)}
        reader.dispose()
        named = {f"news:{row.plan}:{row.number}": row.after for row in rows}
        return Written(
            comments=Counter(named.values()),
            given_up={named[key]: reason for key, reason in why.items()},
        )
