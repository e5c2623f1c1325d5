"""What keeps a repository in its workspace, beside what test_tenants.py finds out by trying."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import storage.repositories
from bot.domain.errors import Problem
from bot.domain.ids import ReminderId
from bot.domain.reminders.schedule import Reminder
from storage.repositories.recent import Decoded
from storage.statements import Change, Statements
from storage.work import StorageWork
from tests.storage.tenant_cases import CASES, KIND, Do, lease
from tests.storage.test_repositories import (
    ANA,
    HERE,
    NOON,
    THERE,
    CountingIds,
    a_member,
    a_partnership,
    a_plan,
    opened,
)

STRANGERS: dict[str, Do] = {
    "members.save": lambda w, _: w.members.save(a_member(ANA, THERE)),
    "plans.add": lambda w, _: w.plans.add(a_plan("p1", THERE)),
    "plans.save": lambda w, _: w.plans.save(a_plan("p1", THERE)),
    "partnerships.save": lambda w, _: w.partnerships.save(a_partnership("s1", THERE)),
    "reminders.advance": lambda w, _: w.reminders.advance(
        Reminder(
            workspace=THERE,
            id=ReminderId("i1"),
            kind=KIND,
            subject=ANA,
            due_at=NOON,
            occurrence="",
        ),
        None,
    ),
    "outbox.sent": lambda w, n: w.outbox.sent(replace(lease(w, n), workspace=THERE), None),
    "outbox.cancel": lambda w, n: w.outbox.cancel(replace(lease(w, n), workspace=THERE), ""),
    "outbox.retry": lambda w, n: w.outbox.retry(replace(lease(w, n), workspace=THERE), NOON, ""),
    "outbox.give_up": lambda w, n: w.outbox.give_up(replace(lease(w, n), workspace=THERE), ""),
}


@pytest.mark.parametrize("case", STRANGERS)
def test_what_belongs_to_another_workspace_is_refused(case: str, tmp_path: Path) -> None:
    with (
        opened("sqlite", tmp_path) as store,
        pytest.raises(ValueError, match="another workspace"),
        store.unit(HERE) as work,
    ):
        STRANGERS[case](work, 0)


def statements() -> Iterator[tuple[str, sa.Select[Any] | Change]]:
    """Yield every statement that a repository keeps, by its name."""
    for module in pkgutil.iter_modules(storage.repositories.__path__):
        kept = vars(importlib.import_module(f"storage.repositories.{module.name}"))
        for name, value in kept.items():
            listed = value.values() if isinstance(value, dict) else [value]
            for one in listed:
                if isinstance(one, sa.Select | sa.Update | sa.Delete | sa.Insert):
                    yield f"{module.name}.{name}", one


def test_repositories_run_only_what_stands_in_their_modules(tmp_path: Path) -> None:
    """What was worked out of a statement is kept: of one made at each call it would fill memory."""
    ran: Statements = {}
    made = partial(StorageWork, now=NOON, ids=CountingIds(), decoded=Decoded(), statements=ran)
    with opened("sqlite", tmp_path) as store:
        for n, do in enumerate(CASES.values()):
            with store.writer.connect() as connection, suppress(Problem):
                do(made(connection, HERE), n)
    kept = {one for _, one in statements()}
    assert len(ran) > 100
    assert [str(key[0]) for key in ran if key[0] not in kept] == []


def test_every_statement_asks_for_the_workspace_of_every_table() -> None:
    """But for the one module that asks for all of them; an INSERT gets it with its row."""
    known = [(name, one) for name, one in statements() if not isinstance(one, sa.Insert)]
    assert len(known) > 25
    for name, statement in known:
        compiled = statement.compile()
        if name.startswith("everywhere."):
            assert "tenant" not in compiled.params, name
            continue
        tables = {one for one in sa.sql.visitors.iterate(statement) if isinstance(one, sa.Table)}
        assert "tenant" in compiled.params, name
        assert all(f"{one.name}.workspace = " in str(compiled) for one in tables), name
