"""Patience with PostgreSQL: a statement that nobody answers ends all the same.

A firewall forgets an idle connection, a server or the network stands still: nothing says so, and
the driver would wait for ever, holding one of the door's threads. ``lock_timeout`` and its like are
of no help: they are the server's, and there is none.
"""

import time
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

R = TypeVar("R")

CONNECTING: Final[Mapping[str, int]] = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
"""How libpq connects, in seconds, unless the database's address says otherwise: a connection that
is in nobody's use, and of no use any more, is found out before it is wanted."""


class PatientConnection(psycopg.Connection[TupleRow]):
    """A connection that breaks when it is not answered for ``patience`` seconds; None: never."""

    patience: float | None = None

    def wait(self, gen: PQGen[R], *how: Any, **given: Any) -> R:  # noqa: ANN401 - the driver's own
        """Wait for the server; ``OperationalError`` when that takes too long."""
        asked = gen if self.patience is None else self._bounded(gen, self.patience)
        return super().wait(asked, *how, **given)

    def _bounded(self, gen: PQGen[R], seconds: float) -> PQGen[R]:
        """Do as ``gen``, for so long; the driver looks ten times a second although nothing comes.

        The connection is closed then: what is answered later must not be taken for the answer to
        something else.
        """
        until = time.monotonic() + seconds
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if time.monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError("the database server does not answer")
                wanted = gen.send(ready)
        except StopIteration as end:
            answer: R = end.value
            return answer
