import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.guard import TOKEN
from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted
from bot.domain.members import Person
from bot.domain.places import PlaceKind
from bot.runtime.in_flight import DOUBLE
from tests.support.echo import AT, Playing, playing

Client = TestClient[web.Request, web.Application]


class Page:
    """What the page does, without a browser."""

    def __init__(self, client: Client, play: Playing) -> None:
        self.client = client
        self.play = play
        self.count = 0

    async def post(self, path: str, body: object) -> ClientResponse:
        headers = {"X-Coplan-Playground": self.play.app[TOKEN]}
        return await self.client.post(path, json=body, headers=headers)

    async def act(self, person: str, kind: str, **rest: object) -> dict[str, Any]:
        self.count += 1
        body = {"kind": kind, "id": f"act-{self.count}", "person": person} | rest
        response = await self.post("/api/act", body)
        found: dict[str, Any] = await response.json()
        return found | {"status": response.status}

    async def says(
        self, person: str, text: str, channel: str = "planning", thread: str = ""
    ) -> dict[str, Any]:
        return await self.act(person, "say", channel=channel, thread=thread, text=text)

    async def sees(self, person: str) -> list[dict[str, Any]]:
        response = await self.client.get("/api/state", params={"as": person})
        found: list[dict[str, Any]] = (await response.json())["messages"]
        return found


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db") as made:
        yield made


@pytest.fixture
async def page(play: Playing) -> AsyncIterator[Page]:
    async with TestClient(TestServer(play.app)) as client:
        yield Page(client, play)


async def test_talk_is_seen_by_all_and_never_given_to_the_bot(page: Page) -> None:
    assert (await page.says("ana", "Who told @Coplan and @ben?"))["reply"] == "said"
    for person in ("ana", "ben", "rosa"):
        (message,) = await page.sees(person)
        assert message["body"]["spans"][1] == {
            "t": "mention",
            "member": "coplan",
            "name": "Coplan",
            "ping": True,
        }
    assert page.play.handler.heard == []


async def test_a_command_and_its_answer_are_seen_by_one(page: Page) -> None:
    answer = await page.says("ana", "/coplan next @Ben please")
    assert answer["reply"] == "card"
    command, card = await page.sees("ana")
    assert (command["kind"], card["kind"], card["private"]) == ("command", "card", True)
    assert await page.sees("ben") == []
    (inbound,) = page.play.handler.heard
    assert isinstance(inbound.what, Said)
    before, ben, after = inbound.what.parts
    assert (before, after) == ("next", "please")
    assert isinstance(ben, Person)
    assert (ben.name, ben.zone, ben.identity.user) == ("Ben", "Europe/Berlin", "ben")
    assert (inbound.key, inbound.message) == ("ana:act-1", command["id"])
    assert inbound.place.kind is PlaceKind.CHANNEL


async def test_alone_with_the_bot_no_slash_is_needed(page: Page) -> None:
    await page.says("ana", "next", channel="dm.ana")
    said, card = await page.sees("ana")
    assert (said["kind"], said["private"], card["private"]) == ("talk", False, False)
    assert page.play.handler.heard[0].place.kind is PlaceKind.DIRECT
    assert await page.sees("ben") == []


async def test_nobody_talks_where_they_are_not(page: Page) -> None:
    for channel, thread in (
        ("dm.ben", ""),
        ("dm.ben.rosa", ""),
        ("dm.ana.nobody", ""),
        ("dm.ben.ana", ""),
        ("nowhere", ""),
        ("planning", "nothread"),
    ):
        answer = await page.says("ana", "hello", channel=channel, thread=thread)
        assert answer["status"] == 400
    card = (await page.says("ben", "/coplan next"))["message"]
    assert (await page.says("ana", "hello", thread=card))["status"] == 400
    await page.act("ben", "dismiss", message=card)
    await page.act("ben", "dismiss", message=(await page.sees("ben"))[0]["id"])
    assert (await page.says("nobody", "hello"))["status"] == 400
    assert (await page.says("ana", "   "))["status"] == 400
    assert (await page.says("ana", "/unknown x"))["status"] == 400
    for person in ("ana", "ben", "rosa"):
        assert not [each for each in await page.sees(person) if each["kind"] != "gone"]


async def test_an_act_sent_twice_takes_effect_once(page: Page) -> None:
    body = {
        "kind": "say",
        "id": "once",
        "person": "ana",
        "channel": "planning",
        "text": "/coplan next",
    }
    first = await (await page.post("/api/act", body)).json()
    assert await (await page.post("/api/act", body)).json() == first
    assert len(page.play.handler.heard) == 1
    assert len(await page.sees("ana")) == 2


async def test_a_double_click_is_one(page: Page) -> None:
    """The page sends two clicks, each with an id of its own; sent again, they are the same two."""
    message = (await page.says("ana", "/coplan show"))["message"]

    def click(number: int, person: str = "ana", action: str = "replace") -> dict[str, str]:
        told = {"message": message, "action": action, "person": person}
        return {"kind": "click", "id": f"click-{number}"} | told

    first, second = await asyncio.gather(
        *(page.post("/api/act", click(number)) for number in (1, 2))
    )
    assert (await first.json())["reply"] == "card"
    assert await second.json() == {"reply": "double"}
    await page.post("/api/act", click(3, action="look"))
    for number in (1, 2):
        await page.post("/api/act", click(number))  # the network lost the answers
    assert [inbound.key for inbound in clicks(page)] == ["ana:click-1", "ana:click-3"]
    await page.post("/api/act", click(4))
    await asyncio.sleep(DOUBLE)
    await page.post("/api/act", click(5))
    move = {"id": "move", "person": "ana", "move": "hour"}
    assert (await page.post("/api/clock", move)).status == 200
    await page.post("/api/act", click(6))
    assert len(clicks(page)) == 5, "each time something was between, or a second"


async def test_what_only_reads_is_read_each_time(page: Page) -> None:
    message = (await page.says("ana", "/coplan show"))["message"]
    for _ in range(2):
        answer = await page.act("ana", "click", message=message, action="look")
        assert answer["reply"] == "card"
    assert len(clicks(page)) == 2


def clicks(page: Page) -> list[Inbound]:
    return [each for each in page.play.handler.heard if isinstance(each.what, Clicked)]


async def test_a_private_card_is_replaced_and_dismissed_by_its_reader_only(page: Page) -> None:
    await page.says("ana", "/coplan show")
    _, card = await page.sees("ana")
    stranger = await page.act("ben", "click", message=card["id"], action="replace")
    assert stranger["status"] == 400
    await page.act("ana", "click", message=card["id"], action="replace")
    command, replaced = await page.sees("ana")
    assert (replaced["id"], replaced["body"]["title"]) == (card["id"], "Replaced")
    await page.act("ben", "dismiss", message=card["id"])
    assert (await page.sees("ana"))[1]["kind"] == "card"
    await page.act("ana", "dismiss", message=card["id"])
    assert [each["kind"] for each in await page.sees("ana")] == ["command", "gone"]
    assert command["kind"] == "command"


async def test_a_public_card_is_never_replaced_by_a_private_reply(page: Page) -> None:
    await page.says("ana", "/coplan public")
    (card,) = await page.sees("ben")
    await page.act("ben", "click", message=card["id"], action="replace")
    assert [each["body"]["title"] for each in await page.sees("rosa")] == ["Every kind of block"]
    assert (await page.sees("ben"))[1]["private"]


async def test_the_plan_card_belongs_to_its_thread(page: Page) -> None:
    await page.says("ana", '/coplan start "Watershed"')
    root = next(each for each in await page.sees("ben") if each["title"])
    await page.act("ben", "click", message=root["id"], action="done", thread=root["id"])
    inbound = page.play.handler.heard[-1]
    assert isinstance(inbound.what, Clicked)
    assert inbound.place.kind is PlaceKind.THREAD
    assert inbound.place.thread == inbound.message == root["id"]
    edited = next(each for each in await page.sees("rosa") if each["title"])
    assert edited["body"]["summary"].endswith("1 of 9 steps")
    assert (await page.sees("ben"))[-1]["thread"] == root["id"]
    await page.act("ben", "click", message=root["id"], action="when")
    assert (await page.sees("ben"))[-1]["thread"] == ""


async def test_a_form_is_opened_checked_and_answered(page: Page) -> None:
    opened = await page.says("ana", "/coplan form")
    assert opened["reply"] == "form"
    assert [each["t"] for each in opened["form"]["inputs"]] == [
        "text",
        "select",
        "checks",
        "members",
        "date",
    ]
    answers = {"name": ["wrong"], "partners": ["ben", "rosa"]}
    submit: dict[str, Any] = {
        "message": opened["message"],
        "action": opened["form"]["action"],
        "values": answers,
        "people": {"partners": ["ben", "nobody", "rosa"]},
    }
    wrong = await page.act("ana", "submit", **submit)
    assert wrong["errors"] == {"name": "That is not a title.", "day": "Too late."}
    answers["name"] = ["Rivers"]
    assert (await page.act("ana", "submit", **submit))["reply"] == "card"
    what = page.play.handler.heard[-1].what
    assert isinstance(what, Submitted)
    assert what.action == "answer|1"
    assert [each.name for each in what.people["partners"]] == ["Ben", "Rosa"]


async def send(page: Page, act: dict[str, Any], *files: tuple[str, str, bytes]) -> dict[str, Any]:
    form = FormData(quote_fields=False)  # as browsers write names
    form.add_field("act", json.dumps(act))
    for key, name, content in files:
        form.add_field(key, content, filename=name)
    headers = {"X-Coplan-Playground": page.play.app[TOKEN]}
    response = await page.client.post("/api/act", data=form, headers=headers)
    assert response.status == 200
    found: dict[str, Any] = await response.json()
    return found


async def test_files_go_with_commands_and_forms(page: Page) -> None:
    say = {"kind": "say", "person": "ana", "channel": "planning", "id": "a", "text": "/coplan x"}
    await send(page, say, ("file:", "../../etc/ä.ics", b"BEGIN"), ("file:", "b.txt", b""))
    what = page.play.handler.heard[-1].what
    assert isinstance(what, Said)
    assert [(each.name, each.content) for each in what.files] == [
        ("ä.ics", b"BEGIN"),
        ("b.txt", b""),
    ]
    opened = await page.says("ana", "/coplan upload")
    submit = {
        "kind": "submit",
        "person": "ana",
        "id": "b",
        "message": opened["message"],
        "action": "upload",
        "values": {"file": ["week.csv"], "paste": []},
    }
    await send(page, submit, ("file:file", "week.csv", b"Mon,Tue"))
    what = page.play.handler.heard[-1].what
    assert isinstance(what, Submitted)
    assert what.files["file"][0].content == b"Mon,Tue"


async def test_a_message_is_picked_by_whoever_sees_it(page: Page) -> None:
    say = {"kind": "say", "person": "ben", "channel": "planning", "id": "a", "text": "Look, @Ana!"}
    root = (await send(page, say, ("file:", "map.pdf", b"%PDF")))["message"]
    reply = (await page.says("rosa", "Yes", thread=root))["message"]
    private = (await page.says("ben", "Psst @Ana", channel="dm.ana.ben"))["message"]
    home = str(page.client.make_url("/"))

    opened = await page.act("ana", "share", message=root, action="message.form")
    assert (opened["reply"], opened["message"]) == ("form", root)
    inbound = page.play.handler.heard[-1]
    ben = inbound.what.author if isinstance(inbound.what, Shared) else None
    assert (ben.name, ben.identity.user) == ("Ben", "ben") if ben else False
    link = f"{home}#planning/{root}"
    assert inbound.what == Shared(
        action="message.form", text="Look, @Ana!", author=ben, link=link, files=("map.pdf",)
    )
    assert (inbound.person.name, inbound.message) == ("Ana", root)
    assert inbound.place.kind is PlaceKind.CHANNEL

    await page.act("ana", "share", message=reply, action="message.form", thread=root)
    inbound = page.play.handler.heard[-1]
    assert (inbound.place.kind, inbound.place.thread) == (PlaceKind.THREAD, root)
    assert isinstance(inbound.what, Shared)
    assert inbound.what.link == link, "the thread that it is in"

    await page.act("ana", "share", message=private, action="message.form")
    inbound = page.play.handler.heard[-1]
    assert isinstance(inbound.what, Shared)
    assert (inbound.what.text, inbound.what.link) == ("Psst @Ana", f"{home}#dm.ana.ben")


async def test_what_cannot_be_picked(page: Page) -> None:
    private = (await page.says("ben", "Psst @Ana", channel="dm.ana.ben"))["message"]
    await page.says("ben", "/coplan public")
    card = (await page.sees("ana"))[-1]["id"]
    heard = len(page.play.handler.heard)
    for person, message, why in (
        ("rosa", private, "no longer here"),
        ("ana", "nothing", "no longer here"),
        ("ana", card, "Only what people wrote"),
    ):
        found = await page.act(person, "share", message=message, action="message.form")
        assert found["status"] == 400
        assert why in found["error"]
    assert len(page.play.handler.heard) == heard


async def test_files_are_for_those_who_see_their_message(page: Page) -> None:
    await page.says("ana", "/coplan show")
    _, card = await page.sees("ana")
    download = card["body"]["files"][0]["url"]
    picture = next(b["src"] for b in card["body"]["blocks"] if b["t"] == "picture")
    response = await page.client.get(download, params={"as": "ana"})
    assert response.status == 200
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    shown = await page.client.get(picture, params={"as": "ana"})
    assert shown.content_type == "image/png"
    assert (await shown.read()).startswith(b"\x89PNG")
    for url in (download, picture):
        for person in ("ben", "", "nobody"):
            assert (await page.client.get(url, params={"as": person})).status == 404
    assert (await page.client.get("/files/guess/x.png", params={"as": "ana"})).status == 404


async def test_people_and_channels_are_added(page: Page) -> None:
    lee = {"id": "1", "name": "Lee", "zone": "Asia/Seoul"}
    assert (await (await page.post("/api/people", lee)).json())["id"] == "lee"
    assert (await (await page.post("/api/people", lee)).json())["id"] == "lee"
    assert (await page.post("/api/people", lee | {"id": "2"})).status == 400
    assert (await page.post("/api/channels", {"id": "3", "name": "Year 7"})).status == 200
    state = await (await page.client.get("/api/state", params={"as": "lee"})).json()
    assert state["me"] == "lee"
    assert [each["name"] for each in state["channels"]] == ["planning", "library", "year-7"]


async def test_the_clock_is_moved(page: Page) -> None:
    response = await page.post("/api/clock", {"id": "m1", "person": "ana", "move": "free"})
    assert response.status == 200
    assert (await response.json())["now"] == 1795501800000
    day = {"id": "m0", "person": "ana", "move": "day"}
    first = await (await page.post("/api/clock", day)).json()
    assert await (await page.post("/api/clock", day)).json() == first  # sent again by the network
    assert page.play.clock.now() == AT + timedelta(days=1)
    back = {"id": "m2", "person": "ana", "move": "date", "at": "2026-11-01T08:00"}
    response = await page.post("/api/clock", back)
    assert response.status == 400
    assert "forward" in (await response.json())["error"]
    assert (
        await page.post("/api/clock", {"id": "m3", "person": "ana", "move": "back"})
    ).status == 400


async def events(page: Page, person: str, since: int) -> dict[str, Any]:
    params = {"as": person, "since": str(since), "once": ""}
    text = await (await page.client.get("/api/events", params=params)).text()
    found = {}
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found[lines["event"]] = json.loads(lines["data"])
    return found


async def test_a_stream_goes_on_where_it_broke_off(page: Page) -> None:
    await page.says("ana", "one")
    first = await events(page, "ben", 0)
    assert set(first) == {"world", "messages", "clock", "deliveries", "enough"}
    await page.says("ana", "two")
    await page.says("ana", "/coplan next")
    second = await events(page, "ben", first["messages"]["since"])
    assert [each["body"]["spans"] for each in second["messages"]["messages"]] == [["two"]]
    third = await events(page, "ben", second["messages"]["since"])
    assert "messages" not in third
    assert (await page.client.get("/api/events", params={"as": "nobody"})).status == 404
