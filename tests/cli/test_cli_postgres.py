import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.cli.checks import clocks
from bot.config import Settings
from bot.domain.errors import Problem
from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import Partner, Plan
from bot.main import open_store
from bot.usecases.planning.homes import partnership_at
from bot.usecases.ports import Work
from storage.told import server_time
from tests.cli.running import here
from tests.support.fake_clock import FakeClock
from tests.support.postgres import fresh_database
from tests.ui.test_exports_example import EXAMPLE


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
    assert "clock: as the database server's" in well.out
    assert list(tmp_path.iterdir()) == [], "no file is made beside it"


def test_a_clock_that_is_far_from_the_servers_is_found(url: str) -> None:
    shared, shown = Settings(_env_file=None, database_url=url), server_time(url)
    assert shown is not None
    for seconds in (-61, 61):
        with pytest.raises(Problem, match=r"6[01] s apart.*\(NTP\)"):
            clocks(shared, FakeClock(shown + timedelta(seconds=seconds)))
    assert clocks(shared, FakeClock(shown)) == "as the database server's"


def test_where_the_server_is_away_only_that_is_wrong(tmp_path: Path) -> None:
    away = "postgresql+psycopg://coplan:secret@127.0.0.1:1/coplan"
    found = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=away)
    assert found.code == 2
    assert found.out.count("WRONG") == 1
    assert "clock: not looked at" in found.out
    assert "secret" not in found.out


def test_no_command_line_tells_the_password(url: str, tmp_path: Path) -> None:
    here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=url)
    plain = make_url(url)
    given = plain.set(password=None).update_query_dict({"password": plain.password or "unasked"})
    told, real = tmp_path / "told", shutil.which("pg_dump")
    tool = tmp_path / "bin" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" > {told}\nexec {real} "$@"\n')
    tool.chmod(0o755)
    where = given.render_as_string(hide_password=False)
    path = f"{tool.parent}:{os.environ['PATH']}"
    made = here("backup", "copy", cwd=tmp_path, COPLAN_DATABASE_URL=where, PATH=path)
    assert made.code == 0
    assert "--dbname=" in told.read_text()
    assert "password" not in told.read_text()


def test_a_plan_of_any_workspace_goes_out_and_comes_in(url: str, tmp_path: Path) -> None:
    with open_store(url) as store:
        for workspace in ("north", "south"):
            store.write_now(WorkspaceId(workspace), partly(workspace))
    where = ("--database", url)
    both = here("export", "Rivers", *where, cwd=tmp_path)
    assert both.code == 2
    assert "2 plans are called “Rivers”" in both.err
    wrote = here("export", "Rivers", "--number", "2", "--format", "json", *where, cwd=tmp_path)
    (tmp_path / "rivers.json").write_text(wrote.out, "utf-8")
    several = here("import", "rivers.json", "--as", "Ana", *where, cwd=tmp_path)
    assert "Several are called “Ana”: Ana (a-north), Ana (a-south)." in several.err
    came = here("import", "rivers.json", "--as", "a-south", *where, cwd=tmp_path)
    assert came.out.startswith("Imported “Rivers”")
    with open_store(url) as store:
        for workspace, plans in (("north", 1), ("south", 2)):
            ana = MemberId(f"a-{workspace}")
            of_ana = partial(plans_of, member=ana)
            assert len(store.read_now(WorkspaceId(workspace), of_ana)) == plans


def plans_of(work: Work, member: MemberId) -> list[Plan]:
    return work.plans.of_member(member)


def partly(workspace: str) -> Callable[[Work], None]:
    """Return a unit that gives the workspace an Ana with a plan."""

    def unit(work: Work) -> None:
        ana = MemberId(f"a-{workspace}")
        identity = Identity(platform="slack", user=f"U-{workspace}")
        here = WorkspaceId(workspace)
        work.members.save(
            Member(workspace=here, id=ana, identity=identity, name="Ana", zone="Europe/Berlin")
        )
        channel = Place(platform="slack", kind=PlaceKind.CHANNEL, channel="staff")
        home = partnership_at(work, channel, (ana,), "Europe/Berlin")
        work.plans.add(
            Plan(
                id=PlanId(f"p-{workspace}"),
                workspace=here,
                partnership=home.id,
                template=EXAMPLE.plan.template,
                title="Rivers",
                started_by=ana,
                started_at=work.now,
                partners=(Partner(member=ana, joined_at=work.now),),
                steps=EXAMPLE.plan.steps,
            )
        )

    return unit


def test_a_database_that_is_not_there_is_named_without_its_address(
    url: str, tmp_path: Path
) -> None:
    lost = f"{url}_elsewhere"
    said = here("db", "upgrade", cwd=tmp_path, COPLAN_DATABASE_URL=lost).one_line
    assert "there is no database of that name" in said
    assert "cannot be reached" not in said, "it was"
    assert "elsewhere" not in said
    doctor = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=lost)
    assert doctor.code == 2
    assert "there is no database of that name" in doctor.out


@pytest.mark.parametrize(
    ("password", "told"),
    [(None, "asks for a password"), ("wrong", "refused the login")],
)
def test_whoever_is_not_let_in_is_told_that(
    url: str, password: str | None, told: str, tmp_path: Path
) -> None:
    shut_out = make_url(url)._replace(password=password).render_as_string(hide_password=False)
    said = here("doctor", cwd=tmp_path, COPLAN_DATABASE_URL=shut_out)
    assert said.code == 2
    assert told in said.out
    assert "cannot be reached" not in said.out
