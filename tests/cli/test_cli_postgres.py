from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import here
from tests.support.postgres import fresh_database


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database("cli") as url:
        yield url


def test_an_empty_database_is_made_and_found_well(url: str, tmp_path: Path) -> None:
    fresh = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert "postgresql, not made yet" in fresh.out
    made = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert "upgraded from schema none" in made.out
    again = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert "The database is at schema" in again.out
    well = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert well.code == 0
    assert "postgresql, schema 0" in well.out
    assert "WRONG" not in well.out
    assert list(tmp_path.iterdir()) == [], "no file is made beside it"


def test_a_database_that_is_not_there_is_named_without_its_address(
    url: str, tmp_path: Path
) -> None:
    lost = f"{url}_elsewhere"
    said = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=lost).one_line
    assert "knows no database" in said
    assert "elsewhere" not in said
    doctor = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=lost)
    assert doctor.code == 2
    assert "knows no database" in doctor.out
