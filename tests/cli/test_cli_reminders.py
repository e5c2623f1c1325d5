"""``coplan reminders explain``: for a member, for a plan, and what cannot be told."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from adapters.playground import rows, tables
from bot.domain.ids import PlanId, RecurringId
from bot.domain.reminders.recurrence import Recurrence, Weekly
from bot.domain.reminders.recurring import RecurringReminder
from bot.usecases.ports import Work
from bot.usecases.reminders.occurring import schedule
from storage.migrate import upgrade
from tests.cli.running import Ran, coplan, here
from tests.support.fake_clock import FakeClock
from tests.support.reminder_store import opened, settle_in
from tests.support.teaching_team import MAYA, ROSA, TEAM, UNIT, plan

FUTURE = datetime.now(UTC).date() + timedelta(days=40)  # noqa: TID251 - the command's own clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a database in which Rosa owes something in two plans of one title."""
    upgrade(f"sqlite:///{tmp_path}/coplan.db")
    with opened(tmp_path, FakeClock(datetime.now(UTC)), fresh=False) as store:  # noqa: TID251
        store.write(settle_in)
        store.start(plan({"goals": FUTURE, "talks": None}))
        store.write(lambda work: remind(work, store.clock.now()))
        for number in range(2):
            one = plan({"maps": FUTURE}, id=PlanId(f"twin{number}"), title="Rivers", turn=MAYA)
            store.start(one, card=False)
    (tmp_path / "notes.txt").write_text("no database at all, but some words\n" * 50)
    return tmp_path


def remind(work: Work, now: datetime) -> None:
    """Let the partners have a reminder of their own."""
    rule = Recurrence(pattern=Weekly(weekdays=(6,)), at=time(18), zone="Europe/London")
    one = RecurringReminder(
        workspace=work.workspace,
        id=RecurringId("sundays"),
        partnership=TEAM,
        plan=UNIT,
        by=ROSA,
        text="Post your notes",
        rule=rule,
        created_at=now,
    )
    work.recurring.add(one)
    schedule(work, one)


def explain(folder: Path, *arguments: str) -> Ran:
    return here("reminders", "explain", *arguments, cwd=folder)


def test_a_member_by_name_whatever_the_case(folder: Path) -> None:
    ran = explain(folder, "rosa")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("Rosa (zone America/New_York); now it is ")
    assert lines[1].startswith("  Next message: ")
    assert re.search(r" \d{4}, \d\d:\d\d \(America/New_York\), directly, in ", lines[1])
    assert "It will say: This comes next for you: Watershed inquiry · Goals" in ran.out
    assert "Watershed inquiry · Talks" in ran.out
    assert "silent: it has no date" in ran.out
    assert "Rivers · Maps: waits for Maya" in ran.out
    assert "Own reminder “Post your notes”, every Sunday at 18:00: Sun " in ran.out


def test_a_plan_by_title_or_id_tells_of_all_its_partners(folder: Path) -> None:
    ran = explain(folder, "Watershed inquiry")
    assert ran.code == 0
    assert [line.split(" (")[0] for line in ran.out.splitlines() if line[0] != " "] == [
        "Maya",
        "Ben",
        "Rosa",
    ]
    things = [line for line in ran.out.splitlines() if line.startswith("    Rivers ·")]
    assert things == [], "of this plan alone; one message tells of all plans, though"
    twin = explain(folder, "twin1")
    assert twin.code == 0
    assert "Rivers · Maps" in twin.out


def test_one_document(folder: Path) -> None:
    ran = explain(folder, "Watershed inquiry", "--json")
    document = json.loads(ran.out)
    rosa = next(one for one in document["members"] if one["id"] == ROSA)
    assert rosa["next_message"]["at"] == rosa["alarm"]["at"]
    assert datetime.fromisoformat(rosa["next_message"]["at"]).tzinfo is not None
    assert [one["silent"] for one in rosa["things"]] == [None, "no_date"]
    assert [one["text"] for one in rosa["recurring"]] == ["Post your notes"]
    assert rosa["next_message"]["things"] == [{"plan": "Watershed inquiry", "thing": "Goals"}]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Rivers",), "“Rivers” may be “Rivers” (plan twin0"),
        (("nobody",), "Nothing is called “nobody”. Known are Ben (member ben); Maya"),
        (("Rosa", "--data", "none.db"), "There is no database of Coplan in "),
        (("Rosa", "--data", "notes.txt"), ""),
        (("Rosa", "--data", "a.db", "--database", "sqlite:///b.db"), "Give one of the two."),
        ((), "Missing argument 'PLAN|MEMBER'"),
    ],
)
def test_what_is_not_one_thing_is_one_line(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    there = set(folder.iterdir())
    assert told in explain(folder, *arguments).one_line
    assert set(folder.iterdir()) == there, "it makes no database"


def test_a_name_and_a_title_that_are_the_same_are_told_apart(folder: Path) -> None:
    with opened(folder, FakeClock(datetime.now(UTC)), fresh=False) as store:  # noqa: TID251
        store.start(plan({"maps": FUTURE}, id=PlanId("like-her"), title="Rosa"), card=False)
    line = explain(folder, "Rosa").one_line
    assert "Rosa (member rosa)" in line
    assert "“Rosa” (plan like-her" in line
    assert explain(folder, "like-her").code == 0


def test_an_empty_database_says_so(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/coplan.db")
    assert "There are no reminders in this database yet." in explain(tmp_path, "Ana").one_line


def test_it_changes_nothing_and_lives_by_the_playgrounds_clock(folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder}/coplan.db")
    with engine.connect() as connection:
        tables.metadata.create_all(connection)
        rows.set_fact(connection, "offset", str(timedelta(days=30) // timedelta(microseconds=1)))
        connection.commit()

    def everything() -> list[list[tuple[object, ...]]]:
        with engine.connect() as connection:
            names = ("reminders", "outbox", "nudges", "plans", "absences")
            found = (connection.execute(text(f"SELECT * FROM {name}")) for name in names)  # noqa: S608
            return [[tuple(row) for row in each] for each in found]

    before = everything()
    ran = coplan("reminders", "explain", "Rosa", cwd=folder)  # a process of its own
    assert ran.code == 0
    assert everything() == before
    engine.dispose()
    moved = FUTURE - timedelta(days=10)
    assert any(
        f"now it is {day:%a} {day.day} {day:%b}" in ran.out
        for day in (moved - timedelta(days=1), moved, moved + timedelta(days=1))
    )
