"""The page's control of deliveries: what it may tell, what is kept, and what it is shown."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.guard import TOKEN
from adapters.playground.records import place_of
from bot.domain.members import Identity
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from tests.support.echo import Playing, plan_card, playing

ANA, BEN = (Identity(platform="playground", user=user) for user in ("ana", "ben"))
PLANNING, LIBRARY = place_of("planning"), place_of("library")
CARD = plan_card("Watershed", 0)
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db") as made:
        yield made


@pytest.fixture
async def client(play: Playing) -> AsyncIterator[Client]:
    async with TestClient(TestServer(play.app)) as made:
        yield made


async def tells(client: Client, play: Playing, number: int = 1, **change: object) -> dict[str, Any]:
    """Post a change, as the page does; return the answer with its status."""
    headers = {"X-Coplan-Playground": play.app[TOKEN]}
    body = {"id": f"change-{number}", **change}
    response = await client.post("/api/deliveries", json=body, headers=headers)
    found: dict[str, Any] = await response.json()
    return found | {"status": response.status}


async def shown(client: Client) -> dict[str, Any]:
    state = await (await client.get("/api/state", params={"as": "ana"})).json()
    found: dict[str, Any] = state["deliveries"]
    return found


async def test_closed_messages_of_one_person_hit_nobody_else(client: Client, play: Playing) -> None:
    told = await tells(client, play, change="add", kind="closed", where="@ben", left=None)
    assert told["faults"] == [
        {"number": 1, "kind": "closed", "where": "@ben", "seconds": 0, "left": None}
    ]
    for _ in range(2):
        with pytest.raises(NotDelivered) as caught:
            await play.messenger.direct(BEN, CARD, "k1")
        assert (caught.value.permanent, caught.value.cause) == (True, Cause.CLOSED)
    await play.messenger.direct(ANA, CARD, "k2")
    await play.messenger.post(PLANNING, CARD, "k3")
    last = (await shown(client))["last"]
    assert [(one["where"], one["outcome"], one["attempts"]) for one in last] == [
        ("#planning", "shown", 1),
        ("@ana", "shown", 1),
        ("@ben", "closed", 2),
    ]
    assert last[2]["title"] == "Watershed"
    assert await play.messenger.find(BEN, "k1", play.clock.now()) is None
    assert (await tells(client, play, 2, change="end", fault=1))["faults"] == []
    await play.messenger.direct(BEN, CARD, "k1")
    at_last = (await shown(client))["last"][2]
    assert (at_last["outcome"], at_last["attempts"]) == ("shown", 3)


async def test_a_channel_that_is_gone_takes_its_threads_with_it(
    client: Client, play: Playing
) -> None:
    thread = await play.messenger.open_thread(PLANNING, "Rivers", CARD, "k0")
    await tells(client, play, change="add", kind="gone", where="#planning")
    for place in (PLANNING, thread.place):
        with pytest.raises(NotDelivered) as caught:
            await play.messenger.post(place, CARD, "k1")
        assert caught.value.cause is Cause.GONE
    with pytest.raises(NotDelivered):
        await play.messenger.edit(thread, CARD, "k2")
    await play.messenger.post(LIBRARY, CARD, "k3")
    await play.messenger.direct(BEN, CARD, "k4")


async def test_so_many_messages_and_then_all_is_well(client: Client, play: Playing) -> None:
    await tells(client, play, change="add", kind="busy", left=2)
    for left in (1, None):
        with pytest.raises(NotDelivered) as caught:
            await play.messenger.post(PLANNING, CARD, "k1")
        assert (caught.value.permanent, caught.value.retry_after) == (False, None)
        faults = (await shown(client))["faults"]
        assert [one["left"] for one in faults] == ([left] if left else [])
    await play.messenger.post(PLANNING, CARD, "k1")


async def test_whoever_comes_before_a_limit_is_over_is_told_so(
    client: Client, play: Playing
) -> None:
    await tells(client, play, change="add", kind="limited", where="#planning", seconds=30, left=1)
    with pytest.raises(NotDelivered) as caught:
        await play.messenger.post(PLANNING, CARD, "k1")
    assert caught.value.retry_after == 30
    play.clock.set(play.clock.now().replace(second=29))
    with pytest.raises(NotDelivered) as caught:
        await play.messenger.post(PLANNING, CARD, "k2")
    assert caught.value.retry_after == 1
    await play.messenger.post(LIBRARY, CARD, "k3")
    play.clock.set(play.clock.now().replace(second=30))
    await play.messenger.post(PLANNING, CARD, "k1")
    outcomes = {one["outcome"] for one in (await shown(client))["last"]}
    assert outcomes == {"shown", "early"}


@pytest.mark.parametrize(("kind", "copies"), [("lost_before", 0), ("lost_after", 1)])
async def test_a_lost_answer(client: Client, play: Playing, kind: str, copies: int) -> None:
    await tells(client, play, change="add", kind=kind, left=1)
    with pytest.raises(OutcomeUnknown):
        await play.messenger.post(PLANNING, CARD, "k1")
    assert len((await play.store.visible("ana"))[0]) == copies
    found = await play.messenger.find(PLANNING, "k1", play.clock.now())
    assert (found is not None) == bool(copies)
    assert (await shown(client))["last"][0]["outcome"] == ("found" if copies else kind)


async def test_it_stays_told_over_a_reload_and_a_restart(tmp_path: Path) -> None:
    async with playing(tmp_path / "p.db") as first, TestClient(TestServer(first.app)) as client:
        await tells(client, first, change="add", kind="slow", where="@ana", seconds=5, left=7)
        told = await tells(client, first, 2, change="look", lookable=False)
        assert await shown(client) == {k: v for k, v in told.items() if k != "status"}
    async with playing(tmp_path / "p.db") as again, TestClient(TestServer(again.app)) as client:
        found = await shown(client)
        assert (found["lookable"], found["faults"]) == (
            False,
            [{"number": 1, "kind": "slow", "where": "@ana", "seconds": 5, "left": 7}],
        )
        assert (await tells(client, again, change="end"))["faults"] == []


async def test_a_playground_of_before_has_its_deliveries_too(tmp_path: Path) -> None:
    async with playing(tmp_path / "p.db") as first:
        await first.messenger.post(PLANNING, CARD, "k1")
        for table in ("playground_faults", "playground_deliveries"):
            await first.store._database.write(  # noqa: SLF001 - as a version of before left it
                lambda c, table=table: c.exec_driver_sql(f"DROP TABLE {table}")
            )
    async with playing(tmp_path / "p.db") as again:
        await again.messenger.post(PLANNING, CARD, "k2")
        assert len((await again.store.visible("ana"))[0]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"change": "add", "kind": "closed", "where": "#planning"},
        {"change": "add", "kind": "gone", "where": "@ana"},
        {"change": "add", "kind": "busy", "where": "@nobody"},
        {"change": "add", "kind": "busy", "where": "planning"},
        {"change": "add", "kind": "slow", "seconds": 61},
        {"change": "add", "kind": "slow"},
        {"change": "add", "kind": "limited", "seconds": 3601},
        {"change": "add", "kind": "limited", "seconds": -1},
        {"change": "add", "kind": "busy", "left": 0},
        {"change": "add", "kind": "busy", "left": 1000},
        {"change": "add", "kind": "explode"},
        {"change": "end", "fault": "all"},
        {"change": "look"},
        {"change": "nothing"},
        {},
    ],
)
async def test_what_cannot_be_changes_nothing(
    client: Client, play: Playing, change: dict[str, object]
) -> None:
    refused = await tells(client, play, **change)
    assert refused["status"] == 400
    assert "Nothing was changed." in refused["error"]
    assert (await shown(client))["faults"] == []
    assert play.store.deliveries.lookable


async def test_only_the_page_itself_may_tell(client: Client, play: Playing) -> None:
    body = {"id": "1", "change": "add", "kind": "busy"}
    for headers in (
        {},
        {"X-Coplan-Playground": "guess"},
        {"X-Coplan-Playground": play.app[TOKEN], "Origin": "http://evil.example"},
    ):
        response = await client.post("/api/deliveries", json=body, headers=headers)
        assert response.status == 403
    form = {"X-Coplan-Playground": play.app[TOKEN]}
    assert (await client.post("/api/deliveries", data="x", headers=form)).status == 400
    assert (await client.get("/api/deliveries")).status == 405
    assert play.store.deliveries.faults == ()


async def test_enough_is_enough(client: Client, play: Playing) -> None:
    for number in range(20):
        assert (await tells(client, play, number, change="add", kind="busy"))["status"] == 200
    refused = await tells(client, play, 21, change="add", kind="busy")
    assert (refused["status"], refused["error"]) == (
        400,
        "20 things go wrong already. End one of them first.",
    )
    assert (await tells(client, play, 22, change="end"))["faults"] == []
