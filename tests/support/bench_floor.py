"""The floors of the benchmark: a bare commit, and the statements of an act run by hand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, event

from storage.engine import begin, commit
from tests.support.bench_world import World

A_COMMIT = 50


class Bare:
    """One row of nine columns, one commit, through sqlite3 alone."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(
            "CREATE TABLE bare (id INTEGER PRIMARY KEY, team TEXT, plan TEXT, member TEXT, "
            "ts REAL, kind TEXT, step TEXT, body TEXT, dedupe TEXT UNIQUE)"
        )
        self._db.execute("CREATE INDEX bare_team ON bare (team, ts)")
        self._numbers = count()

    async def run(self, operations: int) -> None:
        for _ in range(operations):
            number = next(self._numbers)
            row = ("t", "p1", "m1", float(number), "saved", "form", "x" * 120, f"k{number}")
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "INSERT INTO bare (team, plan, member, ts, kind, step, body, dedupe) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


class Replay:
    """The statements that an act really executed, run through Core with fresh values."""

    def __init__(self, there: World, statements: list[tuple[Any, Any]]) -> None:
        self._writer = there.bot.writer
        self.statements = statements
        self._step = count(1)

    @staticmethod
    @contextmanager
    def _listening(there: World, statements: list[tuple[Any, Any]]) -> Iterator[None]:
        def heard(_: Connection, clause: Any, many: Any, one: Any, __: Any) -> None:  # noqa: ANN401 - as SQLAlchemy gives them
            statements.append((clause, many or one))

        event.listen(there.bot.writer, "before_execute", heard)
        try:
            yield
        finally:
            event.remove(there.bot.writer, "before_execute", heard)

    @classmethod
    async def recorded(cls, there: World) -> "Replay":
        """Record an act and close the world's own door: from here on nobody else writes."""
        statements: list[tuple[Any, Any]] = []
        with cls._listening(there, statements):
            await there.act(0)
        assert len(statements) >= 5, "nothing was recorded"
        there.bot.writer.dispose()
        return cls(there, statements)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    async def alone(self, operations: int) -> None:
        for _ in range(operations):
            with begin(self._writer) as connection:
                self._act(connection)
                commit(connection)

    async def together(self, operations: int) -> None:
        for start in range(0, operations, A_COMMIT):
            with begin(self._writer) as connection:
                for _ in range(min(A_COMMIT, operations - start)):
                    self._act(connection)
                commit(connection)

    def _act(self, connection: Connection) -> None:
        step = next(self._step)
        for clause, given in self.statements:
            many = isinstance(given, list | tuple)
            fresh = [_fresh(one, step) for one in given] if many else _fresh(given, step)
            result = connection.execute(clause, fresh)
            if result.returns_rows:
                result.all()
            elif clause.is_update:
                assert result.rowcount == 1


def _fresh(row: dict[str, Any], step: int) -> dict[str, Any]:
    """Return the row as the step-th act after the recorded one would have it."""
    made = dict(row)
    for name in ("revision", "of_revision", "number", "entries"):
        if name in made:
            made[name] += step
    if str(made.get("key", "")).startswith("delivery-"):
        made["key"] = f"hand-{step}"
    return made
