"""Another program that opens and leaves the database deletes no journal under our feet.

A process loses all of its POSIX locks on a file when it closes any descriptor of it; whoever then
leaves the database thinks itself the last user, and takes the journal with everything that is
written to it from there on.
"""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from adapters.playground.database import Database
from storage.engine import make_reader, make_writer

LOOK = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    print(*sorted(word for (word,) in db.execute("SELECT word FROM words")))
db.close()
"""


def seen_by_another_program(file: Path) -> list[str]:
    """Return what a program of its own finds, which opens the file and closes it again."""
    ran = subprocess.run(
        [sys.executable, "-c", LOOK, str(file)], capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


def add(connection: sa.Connection, word: str) -> None:
    connection.execute(sa.text("INSERT INTO words VALUES (:word)"), {"word": word})


async def test_what_is_written_after_it_left_is_there(tmp_path: Path) -> None:
    file = tmp_path / "coplan.db"
    url = f"sqlite:///{file}"
    writer, reader, playground = make_writer(url), make_reader(url), Database(file)
    try:
        with writer.connect() as connection:
            connection.begin()
            connection.execute(sa.text("CREATE TABLE words (word TEXT)"))
            add(connection, "begun")
            connection.commit()
        with reader.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM words")) == 1
        await playground.write(lambda connection: add(connection, "played"))
        assert seen_by_another_program(file) == ["begun", "played"]

        with writer.connect() as connection:
            connection.begin()
            add(connection, "written")
            connection.commit()
        await playground.write(lambda connection: add(connection, "said"))
        assert seen_by_another_program(file) == ["begun", "played", "said", "written"]
        assert file.with_name("coplan.db-wal").exists()
    finally:
        await playground.close()
        reader.dispose()
        writer.dispose()
