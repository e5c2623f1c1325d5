"""Discord's payloads as neutral parts; what has another shape is refused, not guessed at."""

import copy
import random  # noqa: TID251 - seeded
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import reading
from adapters.discord.origins import Origin, identity, place
from adapters.discord.persons import name_of
from adapters.discord.reading import Read
from adapters.discord.talk import words
from bot.chat.arrivals import Filled, Pointed, SentFile, Spoken
from bot.chat.inbound import Clicked, Said, Shared, Submitted, Upload
from bot.chat.payloads import Unreadable
from bot.chat.talk import Called
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.domain.places import Place, PlaceKind
from tests.support.hostile import NASTY

Json = dict[str, Any]
BOT, ANA, BEN, APP = "10", "11", "12", "13"
GUILD, CHANNEL, THREAD, MESSAGE = "100", "200", "300", "400"


def user(number: str, name: str, **more: Any) -> Json:  # noqa: ANN401 - any JSON
    return {"id": number, "username": name.casefold(), "global_name": name, **more}


def person(number: str, name: str) -> Person:
    return Person(identity=identity(number), name=name)


MEMBER: Json = {"user": user(ANA, "Ana"), "nick": None, "roles": []}
RESOLVED: Json = {
    "users": {BEN: user(BEN, "Ben"), APP: user(APP, "Clock", bot=True)},
    "members": {BEN: {"nick": " Benno "}},
}
CLICK: Json = {
    "id": "1",
    "type": 3,
    "token": "t",
    "guild_id": GUILD,
    "channel_id": CHANNEL,
    "channel": {"id": CHANNEL, "type": 0, "name": "planning"},
    "member": MEMBER,
    "message": {"id": MESSAGE, "flags": 64},
    "data": {"custom_id": "field.open|p|s|f", "component_type": 2},
}
MENU: Json = CLICK | {
    "data": {"custom_id": "pick|1", "component_type": 3, "values": ["a b|c"]},
    "channel_id": THREAD,
    "channel": {"id": THREAD, "type": 11, "parent_id": CHANNEL, "name": "Rivers"},
}
FORM: Json = CLICK | {
    "type": 5,
    "data": {
        "custom_id": "start.save",
        "components": [
            {"type": 18, "component": {"type": 4, "custom_id": "title", "value": "Rivers"}},
            {"type": 18, "component": {"type": 5, "custom_id": "who", "values": [BEN, APP]}},
            {"type": 18, "component": {"type": 19, "custom_id": "file", "values": ["7"]}},
        ],
        "resolved": RESOLVED
        | {"attachments": {"7": {"id": "7", "filename": "a.csv", "size": 3, "url": "https://x"}}},
    },
}
POINTED: Json = CLICK | {
    "type": 2,
    "message": None,
    "data": {
        "name": "Add to plan",
        "type": 3,
        "target_id": MESSAGE,
        "resolved": {
            "messages": {
                MESSAGE: {
                    "id": MESSAGE,
                    "content": f"Ask <@{BEN}> in <#{CHANNEL}>",
                    "author": user(BEN, "Ben"),
                    "mentions": [user(BEN, "Ben")],
                    "attachments": [{"id": "7", "filename": "map.png", "size": 3, "url": "u"}],
                }
            }
        },
    },
}
TALK: Json = {
    "id": MESSAGE,
    "type": 0,
    "guild_id": GUILD,
    "channel_id": CHANNEL,
    "author": user(ANA, "Ana"),
    "member": {"nick": "Ana K"},
    "content": f"<@{BOT}> start Rivers <@!{BEN}>",
    "mentions": [
        user(BOT, "Coplan", bot=True),
        user(BEN, "Ben", member={"nick": "Benno"}),
    ],
    "attachments": [{"id": "7", "filename": "a.csv", "size": 3, "url": "https://x"}],
}


def changed(payload: Json, *path: str, to: object) -> Json:
    """Return the payload with another value there."""
    whole = copy.deepcopy(payload)
    place_of = whole
    for key in path[:-1]:
        place_of = place_of[key]
    place_of[path[-1]] = to
    return whole


def direct(payload: Json) -> Json:
    """Return the payload as it comes in direct messages."""
    alone = {key: value for key, value in payload.items() if key not in {"guild_id", "member"}}
    return alone | {"user": MEMBER["user"], "channel": {"id": "500", "type": 1}}


@pytest.mark.parametrize("unseen", ["", " ", "\u3164", "\u200b\u2060", "\uffa0 "])
def test_a_name_of_which_nobody_sees_anything_names_nobody(unseen: str) -> None:
    account = user(ANA, "Ana")
    assert name_of(account, {"nick": unseen}) == "Ana"
    assert name_of({**account, "global_name": unseen}, {"nick": unseen}) == "ana"
    assert name_of({**account, "global_name": f"{unseen}Ann\u200b"}, {}).endswith("Ann\u200b")


def test_a_click() -> None:
    read = reading.clicked(CLICK)
    assert read == Read(
        workspace=WorkspaceId("discord:100"),
        user=ANA,
        person=person(ANA, "Ana"),
        origin=Origin(guild=GUILD, channel=CHANNEL, message=MESSAGE),
        key="interaction:1",
        what=Clicked(action="field.open|p|s|f"),
        told={},
    )
    inbound = reading.inbound(read, {}, {})
    assert (inbound.workspace, inbound.key, inbound.message) == (
        "discord:100",
        "interaction:1",
        "400",
    )
    assert inbound.place == Place(platform="discord", kind=PlaceKind.CHANNEL, channel=CHANNEL)


def test_a_choice_in_a_thread() -> None:
    read = reading.clicked(MENU)
    assert read.what == Clicked(action="pick|1", choice="a b|c")
    assert read.origin == Origin(guild=GUILD, channel=CHANNEL, thread=THREAD, message=MESSAGE)
    assert place(read.origin, ANA) == Place(
        platform="discord", kind=PlaceKind.THREAD, channel=CHANNEL, thread=THREAD
    )


def test_direct_messages_belong_to_no_server_and_are_with_the_one_who_acts() -> None:
    read = reading.clicked(direct(CLICK))
    assert (read.workspace, read.user, read.person.name) == (None, ANA, "Ana")
    assert place(read.origin, read.user) == Place(
        platform="discord", kind=PlaceKind.DIRECT, channel=ANA
    )
    assert reading.inbound(read, {}, {}).workspace == ""


def test_a_form() -> None:
    read = reading.submitted(FORM)
    assert isinstance(read.what, Filled)
    assert read.told == {BEN: person(BEN, "Benno"), APP: None}
    ben, upload = person(BEN, "Benno"), Upload(name="a.csv", content=b"a")
    assert reading.inbound(read, {BEN: ben}, {"7": upload}).what == Submitted(
        action="start.save",
        values={"title": ("Rivers",), "who": (BEN, APP), "file": ()},
        people={"who": (ben,)},
        files={"file": (upload,)},
    )


def test_a_command() -> None:
    said = Spoken(words=("next",))
    read = reading.command(CLICK | {"message": None}, said)
    assert (read.what, read.origin.message) == (said, "")
    assert reading.actor(CLICK) == reading.actor(direct(CLICK)) == ANA


def test_a_message_pointed_at() -> None:
    read = reading.context_menu(POINTED)
    assert read.what == Pointed(
        action="message.form",
        words=("Ask ", Called(BEN, "Ben"), " in #planning"),
        author=BEN,
        link=f"https://discord.com/channels/{GUILD}/{CHANNEL}/{MESSAGE}",
        files=("map.png",),
    )
    assert read.origin.message == MESSAGE
    shared = reading.inbound(read, {BEN: person(BEN, "Ben")}, {}).what
    assert isinstance(shared, Shared)
    assert (shared.text, shared.author) == ("Ask @Ben in #planning", person(BEN, "Ben"))
    alone = reading.context_menu(direct(POINTED) | {"channel_id": "500"})
    assert isinstance(alone.what, Pointed)
    assert alone.what.link == f"https://discord.com/channels/@me/500/{MESSAGE}"
    threaded = POINTED | {"channel": MENU["channel"], "channel_id": THREAD}
    below = reading.context_menu(threaded).what
    assert isinstance(below, Pointed)
    assert below.link == f"https://discord.com/channels/{GUILD}/{THREAD}/{MESSAGE}"


@pytest.mark.parametrize(
    ("key", "value"), [("author", user(APP, "Clock", bot=True)), ("webhook_id", "9")]
)
def test_what_no_person_wrote_has_no_author(key: str, value: object) -> None:
    read = reading.context_menu(
        changed(POINTED, "data", "resolved", "messages", MESSAGE, key, to=value)
    )
    assert isinstance(read.what, Pointed)
    assert read.what.author == ""


def test_a_message_that_forwards_another_means_that_one() -> None:
    """Whose author nobody is told; the one who forwards it wrote none of its words."""
    forwarded = {
        "content": "Rivers with <@12>",
        "mentions": [user(BEN, "Ben")],
        "attachments": [{"id": "8", "filename": "lake.png"}],
    }
    message = {
        "id": MESSAGE,
        "content": "",
        "author": user(ANA, "Ana"),
        "message_snapshots": [{"message": forwarded}],
    }
    read = reading.context_menu(
        changed(POINTED, "data", "resolved", "messages", MESSAGE, to=message)
    )
    assert isinstance(read.what, Pointed)
    assert read.what.words == ("Rivers with ", Called(BEN, "Ben"))
    assert (read.what.files, read.what.author) == (("lake.png",), "")


def test_what_is_said_to_the_bot() -> None:
    read = reading.said(TALK, BOT, {})
    assert read is not None
    file = SentFile(id="7", name="a.csv", url="https://x", size=3)
    assert read.what == Spoken(words=("start Rivers ", Called(BEN, "Benno")), files=(file,))
    assert (read.key, read.person) == ("message:400", person(ANA, "Ana K"))
    assert read.told == {
        BOT: None,
        BEN: person(BEN, "Benno"),
        ANA: person(ANA, "Ana K"),
    }
    assert read.origin == Origin(guild=GUILD, channel=CHANNEL, message=MESSAGE)
    assert reading.inbound(read, {}, {}).what == Said(parts=("start Rivers @Benno",))
    threaded = reading.said(TALK | {"channel_id": THREAD}, BOT, {THREAD: CHANNEL})
    assert threaded is not None
    assert threaded.origin == Origin(guild=GUILD, channel=CHANNEL, thread=THREAD, message=MESSAGE)


def test_in_direct_messages_everything_is_meant_for_the_bot() -> None:
    alone = {key: value for key, value in TALK.items() if key not in {"guild_id", "member"}}
    read = reading.said(alone | {"content": "next", "mentions": []}, BOT, {})
    assert read is not None
    assert (read.what, read.workspace) == (
        Spoken(words=("next",), files=read.what.files if isinstance(read.what, Spoken) else ()),
        None,
    )


@pytest.mark.parametrize(
    "more",
    [
        {"author": user(APP, "Clock", bot=True)},
        {"author": user(BOT, "Coplan", bot=True)},
        {"webhook_id": "9"},
        {"type": 7},
        {"content": "start without a call"},
        {"content": "a reply that pings", "type": 19},
    ],
)
def test_what_no_person_says_to_the_bot_is_passed_over(more: Json) -> None:
    assert reading.said(TALK | more, BOT, {}) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("plain", ("plain",)),
        ("  <@12>  ", (Called("12", "Ben"),)),
        ("a <@!12> b", ("a ", Called("12", "Ben"), " b")),
        ("<@99>", (Called("99"),)),
        ("<@&5> <#200> <#6>", ("@role #planning #channel",)),
        ("<:book:5> <a:wave:6>", (":book: :wave:",)),
        ("<t:1793691000:R>", ("Tue 3 Nov 2026, 07:30 UTC",)),
        ("<t:999999999999>", ("<t:999999999999>",)),
        ("</coplan next:5>", ("/coplan next",)),
        ("<https://x.example/a>", ("https://x.example/a",)),
        ("<@x> <> <12> **b** \\*", ("<@x> <> <12> **b** \\*",)),
        ("", ()),
    ],
)
def test_words(typed: str, read: tuple[str | Called, ...]) -> None:
    assert words(typed, {"12": "Ben"}, {"200": "planning"}) == read


@given(st.one_of(st.text(), st.sampled_from(NASTY)))
def test_words_without_entities_are_as_typed(text: str) -> None:
    typed = text.replace("<", "(")
    assert "".join(map(str, words(typed, {}, {}))) == typed.strip()


READERS = (
    (reading.clicked, CLICK),
    (reading.clicked, MENU),
    (reading.submitted, FORM),
    (reading.context_menu, POINTED),
    (lambda payload: reading.command(payload, Spoken(words=("next",))), CLICK),
    (lambda payload: reading.said(payload, BOT, {}), TALK),
    (reading.actor, CLICK),
)
ODD = (None, 5, True, "", "x", "<@1>", [], [1], {}, {"id": []}, [[{}]], "9" * 400, {"a": "\ud800"})


def _spoilt(payload: Json, rng: random.Random) -> Json:
    """Return the payload with one value in it taken away or put in another's place."""
    whole = copy.deepcopy(payload)
    at: Any = whole
    while True:
        key = rng.choice(sorted(at) if isinstance(at, dict) else range(len(at)))
        if isinstance(at[key], dict | list) and at[key] and rng.random() < 0.8:
            at = at[key]
            continue
        if isinstance(at, dict) and rng.random() < 0.3:
            del at[key]
        else:
            at[key] = rng.choice(ODD)
        return whole


@pytest.mark.parametrize("which", range(len(READERS)))
def test_a_payload_of_another_shape_is_refused_or_read_and_breaks_nothing(which: int) -> None:
    reader, payload = READERS[which]
    rng = random.Random(which)
    refused = 0
    for _ in range(600):
        try:
            read = reader(_spoilt(payload, rng))
        except Unreadable:
            refused += 1
        else:
            if isinstance(read, Read):
                people = {each: found for each, found in read.told.items() if found is not None}
                reading.inbound(read, people, {})
    assert refused > 10


@pytest.mark.parametrize(
    "payload",
    [
        changed(CLICK, "data", "custom_id", to=None),
        changed(CLICK, "member", "user", to=None),
        changed(CLICK, "guild_id", to=5),
        changed(CLICK, "id", to="x y"),
        changed(MENU, "data", "values", to=[1]),
    ],
)
def test_a_click_of_another_shape_is_refused(payload: Json) -> None:
    with pytest.raises(Unreadable):
        reading.clicked(payload)
