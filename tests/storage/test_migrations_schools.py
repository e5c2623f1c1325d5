"""The calendar of a workspace that had one school is that of its first one afterwards."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from storage import migrate
from tests.storage.test_repositories import BOTH, opened


@pytest.mark.parametrize("kind", BOTH)
def test_the_calendar_that_stood_is_the_first_schools(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as store:
        with migrate._changing(store.url) as connection:  # noqa: SLF001 - there is no way down elsewhere
            command.downgrade(migrate._config(connection), "0014")  # noqa: SLF001
        store.run("INSERT INTO calendars (workspace, body, revision) VALUES ('w', 'text', 3)")
        migrate.upgrade(store.url)
        assert store.run("SELECT workspace, school, body, revision FROM calendars") == [
            ("w", "", "text", 3)
        ]
        keys = sa.inspect(store.writer).get_pk_constraint("calendars")["constrained_columns"]
        assert keys == ["workspace", "school"]
