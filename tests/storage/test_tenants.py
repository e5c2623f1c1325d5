"""Workspaces do not see or touch each other, whatever their ids are.

Two workspaces do random things in turn, with the same ids in both. Each must get the answers, and
end with the rows, that it gets when it does its part alone in a database of its own.
"""

import inspect
import typing
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Problem
from bot.domain.ids import (
    WorkspaceId,
)
from bot.usecases.ports import Work
from storage.tables import metadata
from storage.work import make_work
from tests.storage.tenant_cases import CASES
from tests.storage.test_repositories import (
    BOTH,
    CountingIds,
    Store,
    opened,
)
from tests.support.examples import examples


@pytest.fixture(scope="module", params=BOTH)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with opened(request.param, tmp_path_factory.mktemp("tenants")) as store:
        yield store


def test_every_method_of_every_port_has_a_case() -> None:
    ports = {name: port for name, port in typing.get_type_hints(Work).items() if _is_port(port)}
    del ports["everywhere"], ports["ids"]  # the runtime's own, for all workspaces; no storage
    methods = {
        f"{name}.{method}"
        for name, port in ports.items()
        for method, _ in inspect.getmembers(port, inspect.isfunction)
        if not method.startswith("_")
    }
    assert {case.partition(",")[0] for case in CASES} == methods
    assert len(ports) == 19


def _is_port(kind: object) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


class Tenants:
    """Runs cases in workspaces; every workspace has ids of its own, the same as any other's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids: dict[str, CountingIds] = {}
        self.told: dict[str, list[str]] = {}

    def run(self, name: str, case: str, n: int) -> None:
        ids = self._ids.setdefault(name, CountingIds())
        make = make_work(self._store.clock, ids)
        with self._store.writer.connect() as connection:
            try:
                answer = CASES[case](make(connection, WorkspaceId(name)), n)
                connection.commit()
            except Problem as problem:
                answer = type(problem)
        self.told.setdefault(name, []).append(f"{case} {answer!r}".replace(name, "HERE"))

    def rows(self, name: str) -> dict[str, list[str]]:
        """Return every row of the workspace, its name made neutral."""
        found = {}
        with self._store.reader.connect() as connection:
            for table in metadata.sorted_tables:
                mine = sa.select(table).where(table.c.workspace == name)
                rows = sorted(repr(tuple(row)) for row in connection.execute(mine))
                found[table.name] = [row.replace(name, "HERE") for row in rows]
        return found


Acts = list[tuple[str, int]]
EVERYTHING: Acts = [(case, n) for n in range(4) for case in CASES]


def alone(acts: Acts) -> tuple[list[str], dict[str, list[str]]]:
    """Return answers and rows of a workspace that has a database to itself."""
    with TemporaryDirectory() as folder, opened("sqlite", Path(folder)) as store:
        tenants = Tenants(store)
        for case, n in acts:
            tenants.run("T-alone", case, n)
        return tenants.told.get("T-alone", []), tenants.rows("T-alone")


RUNS = count(1000)
steps = st.tuples(st.sampled_from([0, 1]), st.sampled_from(sorted(CASES)), st.integers(0, 3))


@settings(max_examples=examples(40), deadline=None)
@given(acts=st.lists(steps, min_size=10, max_size=60))
def test_workspaces_do_not_touch_each_other(store: Store, acts: list[tuple[int, str, int]]) -> None:
    run = next(RUNS)
    tenants, names = Tenants(store), (f"T{run}a", f"T{run}b")
    for who, case, n in acts:
        tenants.run(names[who], case, n)
    for who, name in enumerate(names):
        part = [(case, n) for one, case, n in acts if one == who]
        assert (tenants.told.get(name, []), tenants.rows(name)) == alone(part)


def test_a_full_neighbour_changes_nothing_and_is_not_changed(store: Store) -> None:
    run = next(RUNS)
    tenants, doer, neighbour = Tenants(store), f"T{run}a", f"T{run}b"
    for case, n in EVERYTHING * 2:
        tenants.run(neighbour, case, n)
    before = tenants.rows(neighbour)
    for case, n in EVERYTHING * 3:
        tenants.run(doer, case, n)
    assert (tenants.told[doer], tenants.rows(doer)) == alone(EVERYTHING * 3)
    assert tenants.rows(neighbour) == before
    assert all(before.values())  # there was something to touch in every table
