from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.playground.records import place_of
from bot.domain.members import Identity
from bot.domain.places import MessageRef, PlaceKind
from bot.runtime.ports import NotDelivered, NotLookable
from tests.support.echo import Playing, everything, plan_card, playing

PLANNING = place_of("planning")
CARD = plan_card("Watershed", 0)


@pytest.fixture
async def play(tmp_path: Path) -> AsyncIterator[Playing]:
    async with playing(tmp_path / "p.db") as made:
        yield made


async def test_a_thread_starts_with_its_card_which_is_edited_in_place(play: Playing) -> None:
    ref = await play.messenger.open_thread(PLANNING, "Watershed", CARD, "k1")
    assert ref.place.kind is PlaceKind.THREAD
    assert (ref.place.channel, ref.place.thread) == ("planning", ref.message)
    reply = await play.messenger.post(ref.place, CARD, "k2")
    assert reply.place == ref.place
    await play.messenger.edit(ref, plan_card("Watershed", 3), "k3")
    await play.messenger.edit(ref, plan_card("Watershed", 3), "k3")
    (root, below), _ = await play.store.visible("rosa")
    assert (root.title, root.thread, root.edited) == ("Watershed", "", True)
    assert root.body["summary"] == "Watershed: 3 of 9 steps"
    assert below.thread == root.id
    assert root.place == below.place == ref.place


async def test_what_was_shown_is_found_by_its_key(play: Playing) -> None:
    find, at = play.messenger.find, play.clock.now()
    ben = Identity(platform="playground", user="ben")
    assert await find(PLANNING, "key", at) is None
    post = await play.messenger.post(PLANNING, CARD, "key")
    direct = await play.messenger.direct(ben, CARD, "key")
    thread = await play.messenger.open_thread(PLANNING, "T", CARD, "thread")
    reply = await play.messenger.post(thread.place, CARD, "key")
    assert await find(PLANNING, "key", at) == post
    assert await find(ben, "key", at) == direct
    assert await find(PLANNING, "thread", at) == thread
    assert await find(thread.place, "key", at) == reply
    for other in ("ke", "key#", "k%y", "KEY"):
        assert await find(PLANNING, other, at) is None
    # Nobody but the bot keeps it from showing a thing twice: the playground takes what comes.
    assert await play.messenger.post(PLANNING, everything(), "key") != post
    assert await find(PLANNING, "key", at) == post
    await play.store.deliveries.let_look(lookable=False)
    with pytest.raises(NotLookable):
        await find(PLANNING, "key", at)


async def test_a_direct_message_is_seen_by_one(play: Playing) -> None:
    to = Identity(platform="playground", user="ben")
    ref = await play.messenger.direct(to, CARD, "key")
    assert (ref.place.kind, ref.place.channel) == (PlaceKind.DIRECT, "dm.ben")
    assert await play.messenger.post(ref.place, CARD, "key 2") != ref
    assert (await play.store.visible("ana"))[0] == ()
    assert len((await play.store.visible("ben"))[0]) == 2


async def test_unknown_places_and_people_are_hopeless(play: Playing) -> None:
    messenger = play.messenger
    for place in (place_of("nowhere"), place_of("planning", "nothread"), place_of("dm.nobody")):
        with pytest.raises(NotDelivered) as caught:
            await messenger.post(place, CARD, "k")
        assert caught.value.permanent
    for to in (
        Identity(platform="playground", user="nobody"),
        Identity(platform="slack", user="ana"),
    ):
        with pytest.raises(NotDelivered) as caught:
            await messenger.direct(to, CARD, "k")
        assert caught.value.permanent
    with pytest.raises(NotDelivered) as caught:
        await messenger.edit(MessageRef(place=PLANNING, message="none"), CARD, "k")
    assert caught.value.permanent
    assert (await play.store.visible("ana"))[0] == ()


async def test_every_block_is_rendered(play: Playing) -> None:
    ref = await play.messenger.post(PLANNING, everything(), "k")
    message = await play.store.message(ref.message)
    assert message is not None
    kinds = [block["t"] for block in message.body["blocks"]]
    assert kinds == [
        "text",
        "text",
        "note",
        "quote",
        "bullets",
        "divider",
        "table",
        "picture",
        "select",
        "buttons",
    ]
    spans = message.body["blocks"][0]["spans"]
    assert [span["t"] for span in spans if isinstance(span, dict)] == [
        "strong",
        "mention",
        "link",
        "time",
    ]
    assert "script (javascript:alert(1))" in spans
