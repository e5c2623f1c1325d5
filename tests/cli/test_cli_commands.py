"""Every command: its help, and one clear line for what cannot be done."""

import socket
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.undelivered import Cause
from bot.main import open_store
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import give_up
from storage.migrate import upgrade
from tests.cli.running import Ran, coplan, here

COMMANDS = (
    (), ("playground",), ("run",), ("doctor",), ("export",), ("import",), ("backup",),
    ("restore",), ("db",), ("db", "upgrade"), ("reminders",), ("reminders", "explain"),
    ("timetable",), ("timetable", "common"),
    ("secrets",), ("secrets", "new"), ("secrets", "rotate"),
    ("slack",), ("slack", "manifest"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"])
    assert shown.exit_code == 0
    assert "Usage" in shown.output
    assert "--help" in shown.output


def test_the_help_names_every_command(tmp_path: Path) -> None:
    shown = here("--help", cwd=tmp_path)
    assert shown.code == 0
    for command, *_ in filter(None, COMMANDS):
        assert command in shown.out


def test_the_version(tmp_path: Path) -> None:
    shown = coplan("--version", cwd=tmp_path)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("coplan ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "No such command 'nonsense'. See --help."),
        (("db", "nonsense"), "No such command 'nonsense'. See --help."),
        (("playground", "--nonsense"), "No such option: --nonsense. See --help."),
        (("playground", "--port", "many"), "Invalid value for '--port'"),
        (("playground", "--port", "70000"), "less than or equal to 65535"),
        (("playground", "--data", "no/such/folder/x.db"), ""),
        (("playground", "--data", "."), ""),
        (("export", "Rivers"), "There is no database here."),
        (("export",), "Missing argument 'TITLE'"),
        (("export", "Rivers", "--format", "pdf"), "'pdf' is not one of"),
        (("import", "no.json", "--as", "Ana"), "no.json cannot be read: No such file"),
        (("import", ".", "--as", "Ana"), "cannot be read: Is a directory"),
        (("import", "no.json"), "Missing option '--as'"),
        (("timetable", "common"), "A timetable file and at least one teacher are needed."),
        (("timetable", "common", "no.csv", "Ana"), "cannot be read"),
        (("run",), "No platform is set up"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    line = here(*arguments, cwd=tmp_path).one_line
    assert told in line
    assert not list(tmp_path.iterdir()), "nothing was made"


def test_bad_input_of_a_process_of_its_own(tmp_path: Path) -> None:
    assert "No such command" in coplan("nonsense", cwd=tmp_path).one_line


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = here("playground", "--no-browser", "--port", port, cwd=tmp_path)
    assert port in ran.one_line
    assert "in use" in ran.one_line


def commands_on(file: Path) -> list[Ran]:
    url = f"sqlite:///{file}"
    data = ("--data", file.name)
    return [
        here("playground", "--no-browser", "--port", "0", *data, cwd=file.parent),
        here("export", "Rivers", *data, cwd=file.parent),
        here("db", "upgrade", cwd=file.parent, COPLAN_DATABASE_URL=url),
    ]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data.db"
    upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    before = file.read_bytes()
    for ran in commands_on(file):
        assert "newer version of Coplan (schema 9999)" in ran.one_line
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data.db"
    file.write_text("This is a diary, and no database at all. " * 50)
    before = file.read_bytes()
    for ran in commands_on(file):
        assert "not a database" in ran.one_line
    assert file.read_bytes() == before


def test_settings_that_cannot_be_used(tmp_path: Path) -> None:
    ran = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL="mysql://secret@host/db")
    assert ran.code == 2
    assert "COPLAN_DATABASE_URL" in ran.err
    assert "secret" not in ran.err + ran.out
    assert "Traceback" not in ran.err
    assert "COPLAN_LOG" in here("run", cwd=tmp_path, COPLAN_LOG="xml").one_line


def test_the_doctor(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data.db"
    fresh = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert fresh.code == 0, fresh
    assert "Everything is well." in fresh.out
    assert "not made yet" in fresh.out
    made = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert "upgraded from schema none" in made.out
    again = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert "The database is at schema" in again.out
    assert "schema 0" in here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url).out


def test_the_doctor_counts_deliveries_and_tells_no_names(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data.db"
    assert "deliveries: none yet" in here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url).out
    here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    with open_store(url) as door:
        door.write_now(WorkspaceId("w1"), _put_notices)
        door.write_now(WorkspaceId("w1"), _give_one_up)
    ran = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    told = (
        "deliveries: 1 waiting, 1 given up, 1 person to be told; at present not reached: closed 1"
    )
    assert told in ran.out
    assert "li-wei" not in ran.out + ran.err


def _put_notices(work: Work) -> None:
    for number in range(2):
        work.outbox.put(
            Notice(
                key=f"reminder:{number}",
                kind=NoticeKind.REMINDER,
                due_at=work.now + timedelta(hours=number),
                member=MemberId("li-wei"),
            )
        )


def _give_one_up(work: Work) -> None:
    [leased] = work.everywhere.lease(work.now, work.now + timedelta(minutes=1), 9)
    assert give_up(work, leased, "closed", Cause.CLOSED)


def test_the_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "data.db").write_text("no database " * 200)
    ran = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=f"sqlite:///{tmp_path}/data.db")
    assert ran.code == 2
    assert "WRONG  database" in ran.out
    assert "1 to be mended." in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite+aiosqlite:///x.db",
        "postgresql+foo://h/d",
        "postgresql://h/d",
        "postgresqlx://h/d",
        "nonsense",
        "sqlite:",
        "postgresql+psycopg://u@[::1/db",
        "postgresql+psycopg://h:port/db",
    ],
)
def test_addresses_that_are_none(tmp_path: Path, url: str) -> None:
    for command in (("doctor",), ("db", "upgrade")):
        ran = here(*command, cwd=tmp_path, COPLAN_DATABASE_URL=url)
        assert "Traceback" not in ran.err
        assert ran.code == 2
        assert "COPLAN_DATABASE_URL" in ran.err
        assert len(ran.err.strip().splitlines()) == 1


def test_what_nobody_foresaw_is_one_line_and_leaves_a_trace(tmp_path: Path) -> None:
    url = "postgresql+psycopg://127.0.0.1:1/db?no_such_option=secret"
    ran = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    trace = Path(ran.one_line.split("Its trace is in ")[1].removesuffix("."))
    try:
        told = trace.read_text("utf-8")
    finally:
        trace.unlink()
    assert "upgrade" in told
    assert "secret" not in told
    doctor = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    assert doctor.code == 2
    assert "WRONG  database" in doctor.out
    assert "Everything" not in doctor.out
