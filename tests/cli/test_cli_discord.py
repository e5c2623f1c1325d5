"""``coplan discord`` and ``doctor`` with Discord, as people run them."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord.checking import DiscordUnreachable, logged_in
from adapters.discord.permissions import PERMISSIONS, number
from tests.cli.platforms import BesideDiscord
from tests.cli.running import Ran, here
from tests.support import discord_house
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.faults import Fault, slow


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


def settings(fake: FakeDiscord) -> dict[str, str]:
    return dict(BesideDiscord(fake).settings)


async def ran(*arguments: str, cwd: Path, **wanted: str) -> Ran:
    """Run a command beside the fake."""
    return await asyncio.to_thread(partial(here, *arguments, cwd=cwd, **wanted))


async def test_the_invite_asks_for_no_more_than_is_used_and_says_why(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    told = await ran("discord", "invite", cwd=tmp_path, **settings(fake))
    assert (told.code, told.err) == (0, "")
    link, *reasons = told.out.splitlines()
    asked = parse_qs(urlsplit(link).query)
    assert asked == {
        "client_id": [fake.world.app.id],
        "scope": ["bot applications.commands"],
        "permissions": [str(number())],
    }
    assert [line.strip() for line in reasons] == [
        f"{each.name} ({each.asked}): {each.why}" for each in PERMISSIONS
    ]
    dangerous = {3, 4, 5, 13, 17, 28, 33}  # administrator, managing, everyone
    assert not any(number() >> bit & 1 for bit in dangerous)


async def test_the_invite_of_a_known_app_needs_no_token(tmp_path: Path) -> None:
    told = await ran("discord", "invite", "--app", "123456789012345678", cwd=tmp_path)
    assert told.code == 0
    assert "client_id=123456789012345678" in told.out.splitlines()[0]
    for odd in ("Coplan", "12 34", "１２", "-1"):  # noqa: RUF001 - digits of another script
        refused = await ran("discord", "invite", f"--app={odd}", cwd=tmp_path)
        assert "The id of an app is a number" in refused.one_line


@pytest.mark.parametrize("command", ["invite", "sync"])
async def test_what_is_missing_or_wrong_is_said_in_one_line(
    fake: FakeDiscord, tmp_path: Path, command: str
) -> None:
    told = await ran("discord", command, cwd=tmp_path)
    assert "COPLAN_DISCORD_TOKEN is not set" in told.one_line
    wrong = settings(fake) | {"COPLAN_DISCORD_TOKEN": "a.b.c"}
    refused = await ran("discord", command, cwd=tmp_path, **wrong)
    assert "Discord does not take COPLAN_DISCORD_TOKEN" in refused.one_line
    assert "a.b.c" not in refused.err
    away = settings(fake) | {"COPLAN_DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    unreached = await ran("discord", command, cwd=tmp_path, **away)
    assert "Discord cannot be reached" in unreached.one_line


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(answer="garbled"), "another answer than Discord's"),
        (Fault(answer="status", status=404), "the answer is 404"),
    ],
    ids=["page", "nothing there"],
)
async def test_who_names_an_address_that_is_not_discord_s_api_reads_that(
    fake: FakeDiscord, tmp_path: Path, fault: Fault, says: str
) -> None:
    fake.faults.when("GET /users/@me", lambda _: fault)
    for command in (("discord", "invite"), ("doctor",)):
        told = await ran(*command, cwd=tmp_path, **settings(fake))
        words = told.one_line if command[0] == "discord" else line(told)
        assert f"Discord cannot be reached: {says}. Look at the network and at " in words
        assert "COPLAN_DISCORD_API_URL" in words


async def test_commands_are_told_when_they_have_changed_and_only_then(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    first = await ran("discord", "sync", cwd=tmp_path, **settings(fake))
    again = await ran("discord", "sync", cwd=tmp_path, **settings(fake))
    assert (first.out, again.out) == (
        "The commands are up to date now.\n",
        "The commands were up to date.\n",
    )
    puts = [name for name in fake.api.counts.elements() if name.startswith("PUT /applications")]
    assert len(puts) == 1


def line(told: Ran) -> str:
    """Return what the doctor says of Discord."""
    return next(each for each in told.out.splitlines() if re.search(r"\bDiscord\b", each))


async def test_the_doctor_says_whether_discord_is_well(fake: FakeDiscord, tmp_path: Path) -> None:
    doctor = partial(ran, "doctor", cwd=tmp_path)
    assert line(await doctor()).startswith("  ok     Discord: not set up")
    told = line(await doctor(**settings(fake)))
    assert re.fullmatch(r"  ok     Discord: \S.* is in 1 server", told)
    wrong = line(await doctor(**settings(fake) | {"COPLAN_DISCORD_TOKEN": "a.b.c"}))
    assert wrong.startswith("  WRONG  Discord: Discord does not take COPLAN_DISCORD_TOKEN")
    away = settings(fake) | {"COPLAN_DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    assert "cannot be reached: nobody takes the connection" in line(await doctor(**away))


async def test_the_doctor_looks_whether_events_can_come(fake: FakeDiscord, tmp_path: Path) -> None:
    for wrong in ("ws://127.0.0.1:9/gateway/", fake.api_url.replace("http", "ws")):
        told = line(
            await ran(
                "doctor", cwd=tmp_path, **settings(fake) | {"COPLAN_DISCORD_GATEWAY_URL": wrong}
            )
        )
        assert told.startswith("  WRONG  Discord: Discord's gateway")
        assert "COPLAN_DISCORD_GATEWAY_URL" in told
    before = fake.world.starts_left
    assert "  ok  " in line(await ran("doctor", cwd=tmp_path, **settings(fake)))
    assert fake.world.starts_left == before, "no session was begun"


async def test_the_doctor_names_what_a_server_does_not_allow(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    fake.guild.allowed = fake.guild.allowed - {Permission.CREATE_PUBLIC_THREADS}
    told = line(await ran("doctor", cwd=tmp_path, **settings(fake)))
    assert told.startswith("  WRONG  Discord: in school Coplan lacks Create Public Threads")
    assert f"permissions={number()}" in told, "and how to allow it"


async def test_the_doctor_says_how_the_bot_comes_into_a_server(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    fake.guild.gone = True
    told = line(await ran("doctor", cwd=tmp_path, **settings(fake)))
    assert "is in no server yet" in told
    assert f"client_id={fake.world.app.id}" in told


async def test_nobody_waits_for_ever_where_discord_does_not_answer(
    fake: FakeDiscord,
) -> None:
    fake.faults.next("GET /users/@me", slow(0.5))
    with pytest.raises(DiscordUnreachable, match="cannot be reached"):
        async with logged_in(discord_house.settings(fake), within=0.05):
            pass


async def test_the_doctor_asks_for_as_many_shards_as_discord_does(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    fake.world.shards = 3
    told = line(await ran("doctor", cwd=tmp_path, **settings(fake)))
    assert "WRONG" in told
    assert "COPLAN_DISCORD_SHARDS=auto" in told
    auto = settings(fake) | {"COPLAN_DISCORD_SHARDS": "auto"}
    assert "  ok  " in line(await ran("doctor", cwd=tmp_path, **auto))
