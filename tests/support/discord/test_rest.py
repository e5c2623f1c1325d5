"""What Discord refuses, the fake refuses; what may go wrong with a request, does on demand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import POST
from tests.support.discord.world import V2, Interaction, Kind
from tests.support.faults import BANNED, BROKEN_AFTER, LIMITED, LOST_AFTER, Fault
from tests.support.shared_data import described, needs_descriptions

Json = dict[str, Any]
Ask = Callable[..., Awaitable[tuple[int, Json]]]
TEXT = {"type": 10, "content": "Hello"}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        yield made


@pytest.fixture
async def ask(fake: FakeDiscord) -> AsyncIterator[Ask]:
    """Return what sends a request and returns the status and the JSON."""
    headers = {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def asking(method: str, path: str, body: object = None) -> tuple[int, Json]:
            given = {"json": body} if body is not None else {}
            async with session.request(method, fake.api_url + path, **given) as answer:
                is_json = answer.content_type == "application/json"
                return answer.status, await answer.json() if is_json else dict(answer.headers)

        yield asking


def here(fake: FakeDiscord) -> str:
    return f"/channels/{fake.channel('planning').id}"


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "Hello"}, 0),
        ({"content": "x" * 2000}, 0),
        ({"content": "x" * 2001}, 50035),
        ({"content": " \n"}, 50006),
        ({}, 50006),
        described({"content": 5}, 50035),
        ({"content": "Hello", "flags": 64}, 50035),
        described({"content": "Hello", "nonce": "x" * 26}, 50035),
        ({"content": "Hello", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
        ({"content": "Hello", "components": [row(BUTTON)]}, 0),
        ({"content": "Hello", "components": [row(BUTTON, BUTTON)]}, 50035),
        described({"content": "a", "components": [row(BUTTON | {"custom_id": "x" * 101})]}, 50035),
        described({"content": "Hello", "components": [row(BUTTON | {"label": "x" * 81})]}, 50035),
        ({"content": "Hello", "components": [row(BUTTON | {"label": ""})]}, 50035),
        ({"content": "Hello", "components": [row(BUTTON | {"url": "https://a.de"})]}, 50035),
        described({"content": "Hello", "components": [row()]}, 50035),
        ({"content": "Hello", "components": [TEXT]}, 50035),
        ({"flags": V2, "components": [TEXT]}, 0),
        ({"flags": V2, "components": [TEXT], "content": "Hello"}, 50035),
        ({"flags": V2, "components": [TEXT] * 40}, 0),
        ({"flags": V2, "components": [TEXT] * 41}, 50035),
        ({"flags": V2, "components": [TEXT | {"content": "x" * 2001}] * 2}, 50035),
        described({"flags": V2, "components": [{"type": 99}]}, 50035),
        ({"flags": V2, "components": []}, 50006),
        (
            {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://none.txt"}}]},
            50035,
        ),
        described({"content": "Hello", "components": [row({"type": 3, "custom_id": "a"})]}, 50035),
    ],
)  # fmt: skip
async def test_messages(fake: FakeDiscord, ask: Ask, body: Json, code: int) -> None:
    status, told = await ask("POST", f"{here(fake)}/messages", body)
    assert (status, told.get("code", 0)) == ((200, 0) if code == 0 else (400, code))
    assert len(fake.written()) == (code == 0)
    assert bool(fake.problems()) == bool(code)


async def test_a_nonce_makes_one_message_for_a_while(fake: FakeDiscord, ask: Ask) -> None:
    path, body = f"{here(fake)}/messages", {"content": "a", "nonce": "n", "enforce_nonce": True}
    first = (await ask("POST", path, body))[1]["id"]
    assert (await ask("POST", path, body))[1]["id"] == first
    assert (await ask("POST", path, body | {"nonce": "m"}))[1]["id"] != first
    assert (await ask("POST", path, body | {"enforce_nonce": False}))[1]["id"] != first
    now = fake.world.now()
    fake.world.now = lambda: now + 200
    assert (await ask("POST", path, body))[1]["id"] != first


async def test_what_went_wrong_after_the_work_was_done(fake: FakeDiscord, ask: Ask) -> None:
    path, body = f"{here(fake)}/messages", {"content": "a", "nonce": "n", "enforce_nonce": True}
    fake.faults.next(POST, BROKEN_AFTER, LOST_AFTER, LIMITED, BANNED)
    assert (await ask("POST", path, body))[0] == 502
    with pytest.raises(aiohttp.ClientError):
        await ask("POST", path, body)
    status, told = await ask("POST", path, body)
    assert (status, told["retry_after"]) == (429, 1)
    status, headers = await ask("POST", path, body)
    assert (status, "Via" in headers) == (429, False)
    assert (await ask("POST", path, body))[0] == 200
    assert len(fake.written()) == 1
    assert fake.problems() == []


async def test_rates(fake: FakeDiscord, ask: Ask) -> None:
    fake.api.limits.on = True
    path = f"{here(fake)}/messages"
    found = [(await ask("POST", path, {"content": "a"}))[0] for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert fake.api.limits.early == 1
    assert (await ask("GET", "/users/@me"))[0] == 200


@pytest.mark.parametrize(
    ("lacks", "method", "path", "body"),
    [
        (Permission.VIEW_CHANNEL, "GET", "", None),
        (Permission.SEND_MESSAGES, "POST", "/messages", {"content": "a"}),
        (Permission.CREATE_PUBLIC_THREADS, "POST", "/messages/{first}/threads", {"name": "a"}),
        (Permission.PIN_MESSAGES, "PUT", "/messages/pins/{first}", None),
        (Permission.READ_MESSAGE_HISTORY, "GET", "/messages/{first}", None),
    ],
)
async def test_permissions(
    fake: FakeDiscord, ask: Ask, lacks: Permission, method: str, path: str, body: Json | None
) -> None:
    first = (await ask("POST", f"{here(fake)}/messages", {"content": "a"}))[1]["id"]
    whole = here(fake) + path.format(first=first)
    fake.guild.allowed.discard(lacks)
    assert (await ask(method, whole, body))[0] == 403
    fake.guild.allowed.add(lacks)
    assert (await ask(method, whole, body))[0] in {200, 204}


async def test_threads(fake: FakeDiscord, ask: Ask) -> None:
    first = (await ask("POST", f"{here(fake)}/messages", {"content": "a"}))[1]["id"]
    begin = f"{here(fake)}/messages/{first}/threads"
    assert (await ask("POST", begin, {"name": "Rivers"}))[1]["id"] == first
    assert (await ask("POST", begin, {"name": "Rivers"}))[1]["code"] == 160004
    said = (await ask("POST", f"/channels/{first}/messages", {"content": "b"}))[1]["id"]
    thread = fake.world.channels[first]
    thread.archived = True
    edit = ("PATCH", f"/channels/{first}/messages/{said}", {"content": "c"})
    assert (await ask(*edit))[1]["code"] == 50083
    assert (await ask("POST", f"/channels/{first}/messages", {"content": "d"}))[0] == 200
    assert not thread.archived
    assert (await ask(*edit))[0] == 200
    thread.locked = True
    assert (await ask("POST", f"/channels/{first}/messages", {}))[1]["code"] == 160005
    fake.guild.allowed.discard(Permission.SEND_MESSAGES_IN_THREADS)
    assert (await ask("POST", f"/channels/{first}/messages", {}))[1]["code"] == 50013


@needs_descriptions
@pytest.mark.parametrize(
    "body", [{"name": "x" * 101}, {}, {"name": "Rivers", "auto_archive_duration": 61}]
)
async def test_threads_that_none_may_begin(fake: FakeDiscord, ask: Ask, body: Json) -> None:
    first = (await ask("POST", f"{here(fake)}/messages", {"content": "a"}))[1]["id"]
    assert (await ask("POST", f"{here(fake)}/messages/{first}/threads", body))[0] == 400
    assert len(fake.problems()) == 1


async def test_a_thread_folds_when_nobody_says_anything(fake: FakeDiscord, ask: Ask) -> None:
    first = (await ask("POST", f"{here(fake)}/messages", {"content": "a"}))[1]["id"]
    begin = f"{here(fake)}/messages/{first}/threads"
    await ask("POST", begin, {"name": "Rivers", "auto_archive_duration": 60})
    now = fake.world.now()
    fake.world.now = lambda: now + 3590
    assert not (await ask("GET", f"/channels/{first}"))[1]["thread_metadata"]["archived"]
    fake.world.now = lambda: now + 3700
    assert (await ask("GET", f"/channels/{first}"))[1]["thread_metadata"]["archived"]
    assert (await ask("POST", f"/channels/{first}/messages", {"content": "b"}))[0] == 200
    assert not (await ask("GET", f"/channels/{first}"))[1]["thread_metadata"]["archived"]


async def test_a_forum_takes_posts_alone(fake: FakeDiscord, ask: Ask) -> None:
    forum = fake.world.channel(fake.guild, "plans", Kind.FORUM)
    forum.tags = [{"id": "5", "name": "active", "moderated": False}]
    path = f"/channels/{forum.id}"
    assert (await ask("POST", f"{path}/messages", {"content": "a"}))[1]["code"] == 50008
    post = {"name": "Rivers", "message": {"content": "a"}, "applied_tags": ["5"]}
    assert (await ask("POST", f"{path}/threads", post))[0] == 200
    assert (await ask("POST", f"{path}/threads", post | {"applied_tags": ["6"]}))[0] == 400


async def test_direct_messages(fake: FakeDiscord, ask: Ask) -> None:
    ana = fake.user("Ana")
    made = await ask("POST", "/users/@me/channels", {"recipient_id": ana.me.id})
    path = f"/channels/{made[1]['id']}/messages"
    assert (await ask("POST", path, {"content": "a"}))[0] == 200
    ana.me.takes_messages = False
    assert (await ask("POST", path, {"content": "a"}))[1]["code"] == 50007
    ana.me.takes_messages = True
    fake.guild.members.discard(ana.me.id)
    assert (await ask("POST", path, {"content": "a"}))[1]["code"] == 50278
    assert [ana.reader.message(m) for m in ana.direct()] == [["a"]]


async def test_who_is_called(fake: FakeDiscord, ask: Ask) -> None:
    ana, ben = fake.user("Ana"), fake.user("Ben")
    body: Json = {"content": f"<@{ana.me.id}> <@{ben.me.id}> @everyone"}
    for allowed in (None, {"parse": []}, {"parse": [], "users": [ana.me.id]}):
        told = body | ({"allowed_mentions": allowed} if allowed else {})
        assert (await ask("POST", f"{here(fake)}/messages", told))[0] == 200
    every = (ana.me.id, ben.me.id, "everyone")
    assert [each.pings for each in fake.written()] == [every, (), (ana.me.id,)]
    assert len(fake.problems()) == 1


def begun(ana: DiscordUser, kind: int = 2) -> Interaction:
    made = Interaction(
        id=ana.world.id(),
        token=f"token{ana.world.id()}",
        type=kind,
        user=ana.me.id,
        channel=ana.channel.id,
        begun=ana.world.monotonic(),
    )
    ana.world.interactions[made.token] = made
    return made


async def test_answers_to_interactions(fake: FakeDiscord, ask: Ask) -> None:
    ana = fake.user("Ana")
    one = begun(ana)
    path = f"/interactions/{one.id}/{one.token}/callback"
    hook = f"/webhooks/{fake.world.app.id}/{one.token}"
    assert (await ask("PATCH", f"{hook}/messages/@original", {"content": "b"}))[1]["code"] == 10015
    assert (await ask("POST", path, {"type": 7, "data": {"content": "a"}}))[0] == 400
    assert (await ask("POST", path, {"type": 5, "data": {"flags": 64}}))[0] == 204
    assert (await ask("POST", path, {"type": 4, "data": {"content": "a"}}))[1]["code"] == 40060
    assert "already been acknowledged" in fake.problems()[-2]
    assert (await ask("POST", path, {"type": 5, "data": {"flags": 64}}))[1]["code"] == 40060
    assert len(fake.api.refused()) == 3, "the same answer again is no mistake"
    assert ana.sees("is thinking", within="Only you can see this")
    assert fake.problems()[-1].startswith("still thinking")
    edited = {"flags": V2, "components": [TEXT]}
    assert (await ask("PATCH", f"{hook}/messages/@original", edited))[0] == 200
    assert (await ask("POST", hook, {"content": "more", "flags": 64}))[0] == 200
    assert [ana.reader.message(m) for m in ana.visible()] == [["Hello"], ["more"]]
    assert fake.user("Ben").visible() == []
    late = begun(ana)
    late.begun -= 3.1
    path = f"/interactions/{late.id}/{late.token}/callback"
    assert (await ask("POST", path, {"type": 5}))[1]["code"] == 10062
    one.begun -= 901
    assert (await ask("POST", hook, {"content": "more"}))[0] == 401


LABEL = {
    "type": 18,
    "label": "What?",
    "component": {"type": 4, "custom_id": "what", "style": 1},
}


def labels(many: int) -> list[Json]:
    return [
        LABEL | {"component": {"type": 4, "custom_id": f"what{n}", "style": 1}} for n in range(many)
    ]


@pytest.mark.parametrize(
    ("modal", "good"),
    [
        ({"title": "Rivers", "custom_id": "a", "components": labels(5)}, True),
        ({"title": "Rivers", "custom_id": "a", "components": labels(6)}, False),
        ({"title": "Rivers", "custom_id": "a", "components": []}, False),
        ({"title": "Rivers", "custom_id": "a", "components": [LABEL, LABEL]}, False),
        described({"title": "x" * 46, "custom_id": "a", "components": [LABEL]}, False),
        ({"title": "Rivers", "custom_id": "a", "components": [TEXT]}, False),
        described(
            {"title": "Rivers", "custom_id": "a", "components": [LABEL | {"label": "x" * 46}]},
            False,
        ),
    ],
)
async def test_modals(fake: FakeDiscord, ask: Ask, modal: Json, *, good: bool) -> None:
    ana = fake.user("Ana")
    one = begun(ana)
    path = f"/interactions/{one.id}/{one.token}/callback"
    assert (await ask("POST", path, {"type": 9, "data": modal}))[0] == (204 if good else 400)
    assert (ana.modal is not None) == good


@pytest.mark.parametrize(
    ("command", "good"),
    [
        ({"name": "coplan", "description": "Plans"}, True),
        ({"name": "Coplan", "description": "Plans"}, False),
        ({"name": "coplan", "description": ""}, False),
        ({"name": "coplan", "description": "x" * 101}, False),
        ({"name": "Add to plan", "type": 3}, True),
        ({"name": "coplan", "description": "Plans", "options": [{"type": 3, "name": "a b",
          "description": "b"}]}, False),
        ({"name": "coplan", "description": "Plans", "options": [{"type": 3, "name": f"o{n}",
          "description": "b"} for n in range(26)]}, False),
    ],
)  # fmt: skip
async def test_commands(fake: FakeDiscord, ask: Ask, command: Json, *, good: bool) -> None:
    path = f"/applications/{fake.world.app.id}/commands"
    assert (await ask("PUT", path, [command]))[0] == (200 if good else 400)
    assert len(fake.world.app.commands) == good


async def test_events_need_leave_and_an_end(fake: FakeDiscord, ask: Ask) -> None:
    path = f"/guilds/{fake.guild.id}/scheduled-events"
    event: Json = {
        "name": "Session",
        "privacy_level": 2,
        "entity_type": 3,
        "scheduled_start_time": "2999-01-01T09:00:00+00:00",
        "scheduled_end_time": "2999-01-01T10:00:00+00:00",
        "entity_metadata": {"location": "Library"},
    }
    assert (await ask("POST", path, event))[1]["code"] == 50013
    fake.guild.allowed.add(Permission.CREATE_EVENTS)
    assert (await ask("POST", path, event | {"scheduled_end_time": None}))[0] == 400
    assert (await ask("POST", path, event | {"entity_metadata": {}}))[0] == 400
    assert (await ask("POST", path, event))[0] == 200


async def test_what_nobody_knows(fake: FakeDiscord, ask: Ask) -> None:
    assert (await ask("GET", "/channels/1"))[1]["code"] == 10003
    assert (await ask("GET", "/users/1"))[1]["code"] == 10013
    assert (await ask("GET", "/nothing"))[0] == 404
    assert (await ask("PATCH", f"{here(fake)}/messages/1", {"content": "a"}))[1]["code"] == 10008
    assert len(fake.problems()) == 4


async def test_everything_is_limited_together(fake: FakeDiscord, ask: Ask) -> None:
    fake.api.limits.on = True
    found = [await ask("GET", f"/users/{number}") for number in range(51)]
    assert [status for status, _ in found].count(429) >= 1
    assert found[-1][1]["global"]
    fake.api.limits.on = False
    fake.faults.next("GET /users/@me", Fault(answer="limited", everywhere=True, retry_after=9))
    assert (await ask("GET", "/users/@me"))[1] == {
        "message": "You are being rate limited.",
        "retry_after": 9,
        "global": True,
    }


async def test_a_page_where_the_answer_should_be(fake: FakeDiscord, ask: Ask) -> None:
    fake.faults.next(POST, Fault(answer="garbled", done=True))
    status, headers = await ask("POST", f"{here(fake)}/messages", {"content": "a"})
    assert (status, headers["Content-Type"].startswith("text/html")) == (200, True)
    assert len(fake.written()) == 1
