"""Answers of the Web API that tell as little as Slack promises, or more than is known of."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.support.faults import Fault
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.response_urls import NAME
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Json
from tests.support.slack_house import Running, running

Shape = Callable[[str, Json], Json]

PROMISED: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": ("url", "team", "user", "team_id", "user_id"),
    "users.info": ("user",),
    "chat.postMessage": ("channel", "ts", "message"),
    "chat.postEphemeral": ("message_ts",),
    "chat.update": ("channel", "ts", "text", "message"),
    "chat.getPermalink": ("channel", "permalink"),
    "bookmarks.list": ("bookmarks",),
    "conversations.open": ("channel",),
    "files.getUploadURLExternal": ("upload_url", "file_id"),
    "files.completeUploadExternal": ("files",),
    "files.info": ("file",),
    "apps.connections.open": ("url",),
}
"""What an answer always has beside ``ok``. Source: Slack's published description of its API."""
SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": ("team_id", "user_id"),
    "chat.postMessage": ("ts",),
    "apps.connections.open": ("url",),
}
"""Without what nothing can be done."""


def terse(method: str, body: Json) -> Json:
    """Return what is promised of an answer, and of a person no more than who they are."""
    if not body.get("ok"):
        return {"ok": False, "error": body["error"]}
    told = {key: body[key] for key in PROMISED.get(method, ()) if key in body}
    if method == "users.info":
        told["user"] = {key: body["user"][key] for key in ("id", "name")}
    return {"ok": True, **told}


def mute(method: str, body: Json) -> Json:
    """Return that it went well, and nothing else where one can do without."""
    if not body.get("ok"):
        return body
    told = {key: body[key] for key in SAID.get(method, ()) if key in body}
    return {"ok": True, **told}


def lavish(_: str, body: Json) -> Json:
    """Return more than is known of, and a warning with it."""
    more = {"x_new": {"a": [1]}, "warning": "superfluous_charset", "cache_ts": 1793690000}
    told = {"warnings": ["superfluous_charset"], "messages": ["[WARN] x"], "next_cursor": ""}
    return {**more, **body, "response_metadata": told | body.get("response_metadata", {})}


@pytest.fixture(params=[terse, lavish, mute])
async def fake(request: pytest.FixtureRequest) -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.api.shaped, made.api.tells_scopes = request.param, request.param is lavish
        made.user("Ana")
        made.user("Ben")
        yield made


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


async def test_a_story(run: Running, fake: FakeSlack) -> None:
    ana, ben = fake.user("Ana"), fake.user("Ben")
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    (card,) = (message for message in ana.channel.messages if message.metadata)
    assert ana.sees("Started “Rivers” with")
    ana.goes("planning", card.ts)
    await ana.clicks("My next steps")
    await run.settle()
    await answer(run, ana, "What shall we plan?", "Rivers in our town")
    assert card.edited
    ben.goes_to_app()
    await ben.opens_home()
    await run.settle()
    assert fake.team.homes[ben.me.id]
    await ben.says("next")
    await run.settle()
    await answer(run, ben, "What do you know well that helps here?", "Maps")
    await ana.command("/coplan export")
    await run.settle()
    assert ana.sees("Markdown to read")
    assert fake.api.shaped is mute or any(
        file.name.endswith(".json") for m in ana.direct() for file in m.files
    )


async def test_what_is_shown_nobody_says_where_is_in_doubt(tmp_path: Path) -> None:
    async with fake_slack() as fake, running(fake, tmp_path / "coplan.db") as run:
        ana = fake.user("Ana")
        fake.api.shaped = lambda _, body: {"ok": True} if body.get("ok") else body
        await ana.command('/coplan start "Rivers"')
        await run.settle()
        await ana.mentions("next")
        await run.settle()
        assert ana.sees("What shall we plan?")
        assert len([message for message in ana.channel.messages if message.metadata]) == 1
        assert all("None" not in map(str, made.args.values()) for made in fake.api.made)


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (Fault(answer="status", status=204, done=True), True),
        (Fault(answer="status", status=202, done=True), True),
        (Fault(answer="error", error="expired_url"), False),
        (Fault(answer="status", status=302), False),
    ],
)
async def test_an_answer_is_shown_once_whatever_is_said_of_it(
    run: Running, fake: FakeSlack, fault: Fault, *, taken: bool
) -> None:
    ana = fake.user("Ana")
    fake.faults.next(NAME, fault)
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    alone = [m for m in ana.visible() if m.only_for and "Started “Rivers”" in m.text]
    assert len(alone) == 1
    assert fake.api.counts["chat.postEphemeral"] == (not taken)


async def answer(run: Running, who: SlackUser, question: str, words: str) -> None:
    """Answer a question in its form, and see nothing but the form and that it is saved."""
    before = len(who.visible())
    await who.clicks(question)
    await run.settle()
    assert len(who.visible()) == before, "the form is open: nothing leads to it once more"
    who.filling.fill(question, words)
    await who.submits()
    await run.settle()
    assert who.sees("Saved.")
