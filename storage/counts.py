"""How deliveries stand, in numbers: for whoever runs Coplan. No names, no texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL, func, inspect, select

from storage.engine import make_reader
from storage.tables import outbox, undelivered

_STATES: Final = select(outbox.c.state, func.count()).group_by(outbox.c.state)
_PEOPLE: Final = select(func.count(func.distinct(undelivered.c.member))).where(~undelivered.c.told)
_CAUSES: Final = (
    select(undelivered.c.cause, func.count()).group_by(undelivered.c.cause).order_by("cause")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Notices that wait and that were given up, and those who have not been told of it yet.

    ``causes`` are what keeps deliveries from people and plans at present, with how many.
    """

    waiting: int
    given_up: int
    untold: int
    causes: Mapping[str, int]


def deliveries(url: str | URL) -> Counts | None:
    """Count them in the database; None when it has an older schema, or none."""
    engine = make_reader(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(undelivered.name):
                return None
            states = {state: int(number) for state, number in connection.execute(_STATES)}
            return Counts(
                waiting=states.get("pending", 0) + states.get("leased", 0),
                given_up=states.get("failed", 0),
                untold=connection.scalar(_PEOPLE) or 0,
                causes={cause: int(number) for cause, number in connection.execute(_CAUSES)},
            )
    finally:
        engine.dispose()
