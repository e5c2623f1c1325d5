"""Statements that are made once and run at every act, nearly at the price of the driver alone.

Whenever Core executes a statement it works out anew how facts become parameters and how columns
become a row: four fifths of what a short one costs on SQLite (10.7 µs where the driver takes 2.3).
Here Core works that out once, for each statement and the names of the facts that it is given; then
the driver is asked directly. Rows are Core's own, values go through the columns' types as ever, and
errors go through Core: they are those of ``sqlalchemy.exc``, and a lost server is noticed.

For statements that stand in a module: what was worked out is kept. What takes more than SQL and
parameters (an ``IN`` that is written out for each list, say) is left to Core, and so is everything
while somebody listens to the engine's events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NoReturn, TypeAlias

from sqlalchemy import BindParameter, Connection, Dialect, Row
from sqlalchemy.engine import result_tuple
from sqlalchemy.sql import Delete, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningUpdate

Facts: TypeAlias = Mapping[str, Any]
Change: TypeAlias = Insert | Update | Delete
Query: TypeAlias = Select[Any] | ReturningUpdate[Any]
"""What returns rows."""
_Processors: TypeAlias = Sequence[tuple[int, Callable[[Any], Any]]]
"""What values go through on their way, by their places; most go as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A statement as the driver takes it, and how its parameters and rows are made."""

    sql: str
    names: Sequence[str]
    """Of its parameters in the SQL."""
    take: Callable[[Facts], Sequence[Any]]
    """Takes what they stand for out of the facts, in the same order."""
    constants: Facts
    """Facts that stand in the statement itself."""
    positional: bool
    bound: _Processors
    found: _Processors
    make_row: Callable[[Sequence[Any]], Row[Any]]

    def parameters(self, facts: Facts) -> Sequence[Any] | Facts:
        """Return the facts as the driver takes them."""
        if self.constants:
            facts = {**self.constants, **facts}
        values: Sequence[Any] = self.take(facts)
        if self.bound:
            values = _processed(values, self.bound)
        return values if self.positional else dict(zip(self.names, values, strict=True))

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Row[Any]]:
        """Return the rows of what the driver returned."""
        if self.found:
            found = [_processed(values, self.found) for values in found]
        return list(map(self.make_row, found))


def _processed(values: Sequence[Any], processors: _Processors) -> list[Any]:
    done = list(values)
    for at, process in processors:
        done[at] = process(done[at])
    return done


Statements: TypeAlias = dict[tuple[Any, ...], Prepared | None]
"""What was prepared for one database, by statement and names of facts; None is for Core.

Shared by all units of work, in any thread: what two prepare at once is the same.
"""


class Transaction:
    """Runs statements in the transaction of a connection, which is begun if there is none."""

    __slots__ = ("_connection", "_driver", "_engine", "_statements")

    def __init__(self, connection: Connection, statements: Statements) -> None:
        if not connection.in_transaction():
            connection.begin()
        self._connection = connection
        self._engine = connection.engine
        self._driver: Any = connection.connection.driver_connection
        self._statements = statements

    def rows(self, query: Query, facts: Facts) -> Sequence[Row[Any]]:
        """Return the rows of a query, or of what changes some and returns them."""
        prepared = self._prepared(query, facts)
        if prepared is None:
            return self._connection.execute(query, facts).all()
        try:
            found = self._driver.execute(prepared.sql, prepared.parameters(facts)).fetchall()
        except BaseException as error:  # noqa: BLE001 - as Core does
            self._failed(error, prepared.sql)
        return prepared.rows(found)

    def row(self, query: Select[Any], facts: Facts) -> Row[Any] | None:
        """Return the first row of a query, or None."""
        prepared = self._prepared(query, facts)
        if prepared is None:
            return self._connection.execute(query, facts).first()
        try:
            found = self._driver.execute(prepared.sql, prepared.parameters(facts)).fetchone()
        except BaseException as error:  # noqa: BLE001 - as Core does
            self._failed(error, prepared.sql)
        return None if found is None else prepared.rows((found,))[0]

    def change(self, statement: Change, facts: Facts) -> int:
        """Run the statement and return how many rows it added, changed or deleted."""
        prepared = self._prepared(statement, facts)
        if prepared is None:
            return self._by_core(statement, facts)
        try:
            count: int = self._driver.execute(prepared.sql, prepared.parameters(facts)).rowcount
        except BaseException as error:  # noqa: BLE001 - as Core does
            self._failed(error, prepared.sql)
        return count

    def change_all(self, statement: Change, facts: Sequence[Facts]) -> int:
        """Do as ``change`` for each of the facts, and return how many rows that were in all."""
        if len(facts) <= 1:
            return self.change(statement, facts[0]) if facts else 0
        prepared = self._prepared(statement, facts[0])
        if prepared is None:
            return self._by_core(statement, facts)
        try:
            cursor = self._driver.cursor()
            cursor.executemany(prepared.sql, [prepared.parameters(one) for one in facts])
            count: int = cursor.rowcount
        except BaseException as error:  # noqa: BLE001 - as Core does
            self._failed(error, prepared.sql)
        return count

    def _by_core(self, statement: Change, facts: Facts | Sequence[Facts]) -> int:
        counted = {"preserve_rowcount": True}  # of an INSERT, Core keeps it only when asked to
        return self._connection.execute(statement, facts, execution_options=counted).rowcount

    def _prepared(self, statement: Query | Change, facts: Facts) -> Prepared | None:
        """Return how to ask the driver directly; None where Core has to do it."""
        if self._engine._has_events:  # noqa: SLF001 - as Core asks itself at each execution
            return None
        key = (statement, *facts)
        try:
            return self._statements[key]
        except KeyError:
            prepared = self._statements[key] = prepare(statement, facts, self._engine.dialect)
            return prepared

    def _failed(self, error: BaseException, sql: str) -> NoReturn:
        of_driver = isinstance(error, self._engine.dialect.loaded_dbapi.Error)
        handle = self._connection._handle_dbapi_exception  # noqa: SLF001 - nothing public does it all
        handle(error, sql if of_driver else None, None, None, None)


def prepare(statement: Query | Change, facts: Facts, dialect: Dialect) -> Prepared | None:
    """Return the statement as the dialect's driver takes it; None if it is not so plain."""
    compiled = statement.compile(dialect=dialect, column_keys=list(facts))
    columns = [*statement.exported_columns]
    named = [column.key for column in columns if column.key is not None]
    added = bool(compiled.effective_returning) and not columns  # to be returned, by Core's own wish
    if added or not _is_plain(compiled) or len(named) < len(columns):
        return None
    in_order = compiled.positiontup
    names = [*(compiled.bind_names.values() if in_order is None else in_order)]
    binds: list[BindParameter[Any]] = [compiled.binds[name] for name in names]
    ways_in = (bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in binds)
    ways_out = (one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns)
    return Prepared(
        sql=compiled.string,
        names=names,
        take=_taking([bind.key for bind in binds]),
        constants={bind.key: bind.effective_value for bind in binds if not bind.required},
        positional=compiled.positional,
        bound=_by_place(ways_in),
        found=_by_place(ways_out),
        make_row=result_tuple(named),
    )


def _is_plain(compiled: SQLCompiler) -> bool:
    """Tell whether SQL and parameters are all there is to it."""
    more = compiled.post_compile_params, compiled.literal_execute_params, compiled.prefetch
    return not any(more)


def _taking(names: Sequence[str]) -> Callable[[Facts], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda facts: [facts[name] for name in names]


def _by_place(processors: Iterable[Callable[[Any], Any] | None]) -> _Processors:
    return [(at, process) for at, process in enumerate(processors) if process is not None]
