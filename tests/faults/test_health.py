"""``/healthz`` tells the truth about a store that can be read, and not written."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from structlog.testing import capture_logs

from adapters.slack.keyring import Keyring, new_key
from bot.domain.ids import WorkspaceId
from bot.usecases.installations import Installation
from tests.support.fake_clock import FakeClock
from tests.support.full_disk import filled, small_disk
from tests.support.postgres import fresh_database
from tests.support.slack.fake import fake_slack
from tests.support.slack.world import World
from tests.support.slack_house import KEY, Running, running
from tests.support.talk.stage import START

WELL = (200, [])
FAILING = (503, ["database"])


async def health(run: Running) -> tuple[int, list[str]]:
    async with aiohttp.ClientSession() as session, session.get(f"{run.address}healthz") as answer:
        return answer.status, (await answer.json())["failing"]


async def test_a_full_disk(tmp_path: Path) -> None:
    clock = FakeClock(START)
    with small_disk(tmp_path / "disk", 2048) as disk:
        async with (
            fake_slack(World(now=lambda: clock.now().timestamp())) as fake,
            running(fake, disk / "coplan.db", clock=clock) as run,
        ):
            await run.settle()
            assert await health(run) == WELL
            clock.move(seconds=11)
            with filled(disk), capture_logs() as logs:
                assert await health(run) == FAILING
            assert "the disk is full" in str(logs)
            assert await health(run) == WELL


async def test_a_server_that_became_read_only() -> None:
    with fresh_database("health") as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

        def set_to(value: str) -> None:
            with admin.connect() as connection:
                name = connection.exec_driver_sql("SELECT current_database()").scalar_one()
                set_ = f"ALTER DATABASE {name} SET default_transaction_read_only = {value}"
                connection.exec_driver_sql("SET default_transaction_read_only = off")
                connection.exec_driver_sql(set_)
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

        async with fake_slack() as fake, running(fake, url) as run:
            await run.settle()
            assert await health(run) == WELL
            set_to("on")
            with capture_logs() as logs:
                assert await health(run) == FAILING
            assert "the database is read-only" in str(logs)
            set_to("off")
            assert await health(run) == WELL


async def test_a_process_whose_keys_open_nothing_any_more(tmp_path: Path) -> None:
    async with fake_slack() as fake, running(fake, tmp_path / "coplan.db", keys=KEY) as run:
        place = WorkspaceId(f"slack:{fake.team.id}")
        assert await health(run) == WELL, "nobody has installed it"
        for days, keys, then in ((0, KEY, WELL), (1, new_key(), (503, ["keys"]))):
            secret = Keyring(keys).seal("xoxb-1", place, START)
            facts = '{"team": "T1", "enterprise": "", "user": "U1", "bot": "B1", "scopes": []}'
            kept = Installation(secret=secret, facts=facts, at=START + timedelta(days=days))
            await run.house.door.write(place, lambda work, one=kept: work.installations.save(one))
            assert await health(run) == then
