from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.repositories.among import among, one_of
from storage.tables import nudges
from tests.storage.test_repositories import BOTH, HERE, NOON, Store, opened

ODD = ["", "it's", '"quoted"', "a,b", "[x]", "{}", "\\", "%", "Größe", "日本", "😀", "null", "1"]
MINE = sa.select(nudges.c.member).where(
    nudges.c.workspace == HERE, among(nudges.c.member, "members")
)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        with store.writer.begin() as connection:
            rows = [
                {"workspace": HERE, "member": odd, "thing": "t", "count": 1, "last_at": NOON}
                for odd in ODD
            ]
            connection.execute(sa.insert(nudges), rows)
        yield store


def found(store: Store, statement: sa.Select[tuple[str]], **facts: object) -> list[str]:
    with store.reader.begin() as connection:
        return sorted(connection.scalars(statement, facts))


def test_each_text_is_found_and_no_other(store: Store) -> None:
    for odd in ODD:
        assert found(store, MINE, members=[odd]) == [odd]
    assert found(store, MINE, members=ODD) == sorted(ODD)
    assert found(store, MINE, members=(*ODD[:3], "nobody", ODD[0])) == sorted(ODD[:3])
    assert found(store, MINE, members=[]) == []


def test_it_goes_with_other_criteria(store: Store) -> None:
    others = sa.select(nudges.c.member).where(~among(nudges.c.member, "members"))
    assert found(store, others, members=ODD[1:]) == [ODD[0]]
    either = sa.select(nudges.c.member).where(
        among(nudges.c.member, "members") | one_of(nudges.c.member, ("a,b", "[x]"))
    )
    assert found(store, either, members=["%"]) == sorted(["%", "a,b", "[x]"])


def test_the_statement_is_the_same_for_any_list_and_uses_the_key(tmp_path: Path) -> None:
    with opened("sqlite", tmp_path) as store:
        asked: list[str] = []
        sa.event.listen(store.reader, "before_cursor_execute", lambda *a: asked.append(a[2]))
        for members in ([], ["a"], ["a", "b", "c"]):
            found(store, MINE, members=members)
        assert len(asked) == 3
        assert len(set(asked)) == 1
        with store.reader.begin() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", (HERE, "[]"))
            steps = [row.detail for row in plan]
        assert any("workspace=? AND member=?" in step for step in steps), steps
