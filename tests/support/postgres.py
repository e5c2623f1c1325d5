"""Databases of their own on the PostgreSQL that ``COPLAN_TEST_POSTGRES`` names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

_ADDRESS = os.environ.get("COPLAN_TEST_POSTGRES", "")


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """Yield the address of an empty database; ``name`` tells it from those of other tests.

    Where there is no PostgreSQL the test is skipped, by name.
    """
    if not _ADDRESS:
        pytest.skip("PostgreSQL: COPLAN_TEST_POSTGRES is not set")
    full = f"coplan_test_{name}_{os.getpid()}"
    admin = sa.create_engine(_ADDRESS, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {full}")
    try:
        yield sa.make_url(_ADDRESS).set(database=full).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {full} WITH (FORCE)")
        admin.dispose()
