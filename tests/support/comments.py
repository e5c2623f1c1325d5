"""Comments: what Discord sends of one, and those that stand in a store."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.contributions.acts import ActKind
from bot.ui.actions import Action, action
from storage.engine import make_reader
from storage.tables import contributions, outbox
from tests.support.discord.components import Part, usable
from tests.support.discord.world import Json, Message

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


def on_discord(card: Message, text: str) -> Json:
    """Return what Discord sends of a modal for a comment on the card's short plan."""
    used = [Action.decode(each["custom_id"]) for each in usable(card.components)]
    plan = next(each.args[0] for each in used if each.args)
    inner = {"type": Part.TEXT_INPUT, "id": 2, "custom_id": "text", "value": text}
    return {
        "custom_id": action("comment.save", plan, STEP).encode(),
        "components": [{"type": Part.LABEL, "id": 1, "component": inner}],
    }
