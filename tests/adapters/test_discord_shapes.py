"""Interactions of other shapes than the fake's own: Discord need not tell all that it may."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from adapters.discord.checking import check
from adapters.discord.hearing import Hearing
from adapters.discord.interactions import EPHEMERAL, ticket
from adapters.discord.people import People
from bot.chat.inbound import Inbound, What
from bot.chat.router import Handler
from bot.ui.replies import Reply
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.routes import Answer
from tests.support.discord.web import POST
from tests.support.discord_house import running, settings
from tests.support.faults import Fault, slow

Json = dict[str, Any]
NEEDED = {
    *("id", "application_id", "type", "data", "guild_id", "channel_id", "member", "user"),
    *("token", "version", "message"),
}
"""What Discord's description of an interaction calls required, and what these tests are about."""


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.user("Ana")
        made.user("Ben")
        yield made


def telling(fake: FakeDiscord, change: Callable[[Json], Json]) -> None:
    """Let the gateway tell of interactions in another way."""
    emit = fake.world.emit

    def told(event: str, data: Json, guild: str) -> None:
        emit(event, change(data) if event == "INTERACTION_CREATE" else data, guild)

    fake.world.emit = told


def bare(interaction: Json) -> Json:
    """Return it with what is required alone; what may be null is null."""
    return {key: value for key, value in interaction.items() if key in NEEDED} | {
        "entitlements": []
    }


def partial_channel(interaction: Json) -> Json:
    """Return it with a thread that does not tell the channel around it."""
    return {**interaction, "channel": {**interaction["channel"], "parent_id": None}, "new": [{}]}


APPLICATION = "GET /oauth2/applications/@me"
UNTOLD = {"bot_public", "bot_require_code_grant", "bot"}
"""What Discord's description of an app does not promise, and its library asks for."""


def terse(name: str, told: Answer) -> Answer:
    """Return an answer that tells of the app what is promised, and nothing of what was done."""
    if name == APPLICATION and isinstance(told, dict):
        return {key: value for key, value in told.items() if key not in UNTOLD}
    edits = name.startswith(("PATCH ", "PUT ")) and "commands" not in name
    return None if edits else told


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_a_story_with_whoever_answers_otherwise_than_discord(
    fake: FakeDiscord, tmp_path: Path, media_type: str
) -> None:
    fake.api.shaped, fake.api.media_type = terse, media_type
    less = media_type.startswith("A")
    if less:
        for name in (APPLICATION, "GET /gateway/bot", "GET /users/@me/guilds"):
            fake.faults.every(name, 1, Fault(answer="status", status=404))
    assert ("is logged in" if less else "is in 1 server") in await check(settings(fake))
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.command('/coplan start "Rivers" @Ben')
        await run.settle()
        assert ana.sees("Started “Rivers”")
        assert fake.channel("Rivers").is_thread
        await ana.clicks("My next steps")
        await run.settle()
        await ana.clicks("What shall we plan?")
        ana.filling.fill("What shall we plan?", "A week at the river")
        await ana.submits()
        await run.settle()
        assert ana.sees("Saved.")
        await ana.command("/coplan export")
        await run.settle()
        assert ana.sees("Markdown to read")


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ({"guild_id": "1", "content": "<@7> next"}, True),
        ({"guild_id": "1", "content": "<@77> next"}, False),
        ({"guild_id": "1", "content": "<@7> next", "mentions": []}, False),
        ({"guild_id": "1", "content": "next", "mentions": [{"id": "7"}]}, True),
        ({"guild_id": "1"}, False),
        ({"content": "next"}, True),
    ],
)
def test_a_message_calls_the_bot_in_its_words_where_nobody_tells_whom_it_calls(
    message: Json, *, meant: bool
) -> None:
    nobody: Any = None
    hearing = Hearing(api=nobody, desks=nobody, homes=nobody, bot="7")
    assert hearing.is_meant(message) == meant


@pytest.mark.parametrize("told", [[], {"id": None}])
async def test_what_is_shown_nobody_says_where_is_in_doubt(
    fake: FakeDiscord, tmp_path: Path, told: Answer
) -> None:
    opened = "POST /users/@me/channels"
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        fake.api.shaped = lambda name, known: told if name in {POST, opened} else known
        with structlog.testing.capture_logs() as logs:
            await ana.command('/coplan start "Rivers"')
            await run.settle()
            await ana.mentions("next")
            await run.settle()
    assert [entry for entry in logs if entry["log_level"] in {"error", "critical"}] == []
    assert [made.name for made in fake.api.made if "None" in made.path.values()] == []


@pytest.mark.parametrize("change", [bare, partial_channel])
async def test_a_thread_is_known_although_the_interaction_does_not_tell_of_it(
    fake: FakeDiscord, tmp_path: Path, change: Callable[[Json], Json]
) -> None:
    ana = fake.user("Ana")
    async with running(fake, tmp_path / "coplan.db") as run:
        for title in ("Rivers", "Bridges"):
            await ana.command(f'/coplan start "{title}" @Ben')
        await run.settle()
    telling(fake, change)
    async with running(fake, tmp_path / "coplan.db") as run:
        for title in ("Rivers", "Bridges"):
            ana.goes(fake.channel(title))
            await ana.command("/coplan plan")
            assert ana.sees("Only you can see this", within="0 of 9 steps"), "no choice of plans"
        await run.settle()
    assert fake.problems() == []


async def test_what_discord_does_not_tell_in_time_is_done_without(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    fake.faults.when("GET /channels/{channel_id}", lambda _: slow(5))
    telling(fake, bare)
    async with running(fake, tmp_path / "coplan.db") as run:
        answer = await fake.user("Ana").command("/coplan next")
        assert answer.acknowledged
        await run.settle()


@pytest.mark.parametrize(
    "change",
    [
        lambda told: {**told, "data": {**told["data"], "name": "another"}},
        lambda told: {**told, "data": None},
        lambda told: {k: v for k, v in told.items() if k not in {"channel", "channel_id"}},
    ],
    ids=["another command", "nothing", "nowhere"],
)
async def test_who_does_something_that_cannot_be_read_is_told_so(
    fake: FakeDiscord, tmp_path: Path, change: Callable[[Json], Json]
) -> None:
    ana = fake.user("Ana")
    telling(fake, change)
    async with running(fake, tmp_path / "coplan.db") as run:
        assert (await ana.command("/coplan next")).acknowledged
        await run.settle()
        assert ana.sees("Use /coplan help")
    assert fake.problems() == []


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (2, "start plans in a text channel"),
        (13, "start plans in a text channel"),
        (12, "start plans in a channel, where they get one that everybody there can read"),
    ],
)
async def test_where_discord_opens_no_threads_it_is_said_what_to_do(
    fake: FakeDiscord, tmp_path: Path, kind: int, says: str
) -> None:
    """In the chats of voice channels and stages, and in private threads.

    What begins in one of those is not for the channel around it.
    """
    ana, around = fake.user("Ana"), fake.world.channel(fake.guild, "open to all")
    parent = {"type": kind, "parent_id": around.id}
    telling(fake, lambda told: {**told, "channel": {**told["channel"], **parent}})
    refused = Fault(answer="error", error="50024", status=400)
    fake.faults.every("POST /channels/{channel_id}/messages/{message_id}/threads", 1, refused)
    async with running(fake, tmp_path / "coplan.db") as run:
        await ana.command('/coplan start "Rivers" @Ben')
        await run.settle()
        assert ana.sees(says)
    assert [each for each in fake.written() if each.channel in {ana.channel.id, around.id}] == []


class Broken(Handler):
    """A house in which something goes wrong that nobody thought of."""

    async def handle(self, inbound: Inbound) -> Reply:
        del inbound
        raise ZeroDivisionError

    def changes(self, what: What) -> bool:
        del what
        return True

    def opens_form(self, what: What) -> bool:
        del what
        return False


async def test_who_runs_into_a_fault_gets_the_reference_that_is_in_the_log(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    ana, emit = fake.user("Ana"), fake.world.emit
    async with running(fake, tmp_path / "coplan.db") as run:
        app = run.discord.app(Broken(), run.house.tally)
        fake.world.emit = lambda _, data, __: app.came("INTERACTION_CREATE", data)
        with structlog.testing.capture_logs() as logs:
            assert (await ana.command("/coplan next")).acknowledged
            fake.world.emit = emit
            await run.settle()
        told = [entry["reference"] for entry in logs if entry["event"] == "discord_act_failed"]
        assert ana.sees(f"the reference {told[0]}.")


def interaction(**more: object) -> Json:
    return {"id": "1", "application_id": "2", "type": 3, "token": "abc", **more}


@pytest.mark.parametrize(
    ("payload", "hidden"),
    [
        (interaction(guild_id="3"), {False: EPHEMERAL, True: 0}),
        (interaction(guild_id="3", context=0, channel=None), {False: EPHEMERAL, True: 0}),
        (interaction(), {False: 0, True: 0}),
        (interaction(guild_id=None, context=1, channel={"type": 1}), {False: 0, True: 0}),
        (interaction(context=2), {False: EPHEMERAL, True: EPHEMERAL}),
        (interaction(channel={"type": 3}), {False: EPHEMERAL, True: EPHEMERAL}),
    ],
)
def test_nobody_else_reads_an_answer(payload: Json, hidden: dict[bool, int]) -> None:
    """A conversation of several people belongs to no server either: there all is hidden."""
    to = ticket(payload)
    assert {public: to.flags(public=public) for public in (False, True)} == hidden


async def test_somebody_has_left_where_discord_says_so_and_not_where_nobody_may_look(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    ana, stranger, elsewhere = fake.user("Ana").me.id, fake.world.id(), fake.world.id()
    async with running(fake, tmp_path / "coplan.db") as run:
        api = run.discord.outside.api
        here = await People(api, fake.guild.id).present([ana, stranger], {})
        assert [person.name for person in here] == ["Ana"]
        there = await People(api, elsewhere).present([ana], {ana: "Ana of there"})
        assert [person.name for person in there] == ["Ana of there"]
