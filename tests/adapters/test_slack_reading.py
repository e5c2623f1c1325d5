"""Slack's payloads as neutral parts, and payloads of every other shape refused."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.slack import reading
from adapters.slack.origins import Origin, identity, place, unpack
from adapters.slack.reading import Read
from bot.chat.arrivals import Filled, SentFile, Spoken
from bot.chat.inbound import Clicked, Said, Submitted, Upload
from bot.chat.payloads import Unreadable
from bot.chat.talk import Called
from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.domain.places import Place, PlaceKind

Json = dict[str, Any]

THERE = WorkspaceId("slack:T0A")
ANA = Person(identity=identity("U0ANA"), name="Ana", zone="Europe/Berlin")
BEN = Person(identity=identity("U0BEN"), name="Ben")
URL = "https://hooks.slack.com/commands/1"
FILE = {
    "id": "F0A",
    "name": "times.csv",
    "size": 12,
    "url_private": "https://files.slack.com/a",
    "url_private_download": "https://files.slack.com/a/download",
}
SENT = SentFile(id="F0A", name="times.csv", url="https://files.slack.com/a/download", size=12)

COMMAND: Json = {
    "team_id": "T0A",
    "channel_id": "C0A",
    "user_id": "U0ANA",
    "command": "/coplan",
    "text": "start Rivers <@U0BEN|ben>",
    "response_url": URL,
    "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    "is_enterprise_install": "false",
    "enterprise_id": None,
}
MENTION: Json = {
    "team_id": "T0A",
    "context_team_id": "T0A",
    "event_id": "Ev0A",
    "event": {
        "type": "app_mention",
        "user": "U0ANA",
        "text": "<@U0BOT> timetable",
        "ts": "1793691000.000100",
        "channel": "C0A",
        "thread_ts": "1793690000.000100",
        "files": [FILE],
    },
}
CLICK: Json = {
    "type": "block_actions",
    "team": {"id": "T0A", "domain": "school"},
    "enterprise": None,
    "user": {"id": "U0ANA", "team_id": "T0A"},
    "trigger_id": "1.2.a",
    "container": {
        "type": "message",
        "message_ts": "1793691000.000100",
        "channel_id": "C0A",
        "is_ephemeral": False,
        "thread_ts": "1793690000.000100",
    },
    "channel": {"id": "C0A", "name": "planning"},
    "message": {"ts": "1793691000.000100", "thread_ts": "1793690000.000100"},
    "response_url": URL,
    "actions": [{"type": "button", "action_id": "step.show|p1", "block_id": "x"}],
}
SUBMISSION: Json = {
    "type": "view_submission",
    "team": {"id": "T0A"},
    "user": {"id": "U0ANA"},
    "trigger_id": "3.4.b",
    "view": {
        "id": "V0A",
        "hash": "1793691000.abc",
        "callback_id": "field.save|p1",
        "private_metadata": Origin(channel="C0A", thread="1.1", response_url=URL).pack(),
        "app_installed_team_id": "T0A",
        "state": {
            "values": {
                "text": {"text": {"type": "plain_text_input", "value": "Goals"}},
                "who": {"who": {"type": "multi_users_select", "selected_users": ["U0BEN", "U9"]}},
                "file": {"file": {"type": "file_input", "files": [FILE]}},
            }
        },
    },
}
SHORTCUT: Json = {
    "type": "shortcut",
    "team": {"id": "T0A"},
    "user": {"id": "U0ANA"},
    "trigger_id": "5.6.c",
    "callback_id": "start.form",
}
ON_MESSAGE: Json = {
    **SHORTCUT,
    "type": "message_action",
    "channel": {"id": "C0A", "name": "planning"},
    "team": {"id": "T0A", "domain": "school"},
    "callback_id": "message.form",
    "message": {
        "ts": "1793691000.000100",
        "user": "U0BEN",
        "text": "Let us meet, <@U0CY> &amp; <!channel>: <https://a.example>",
        "files": [FILE],
    },
    "message_ts": "1793691000.000100",
    "response_url": URL,
}


def said(payload: Json) -> Read | None:
    return reading.said(payload, "U0BOT")


READERS: tuple[tuple[Json, Callable[[Json], Read | None]], ...] = (
    (COMMAND, reading.command),
    (MENTION, said),
    (CLICK, reading.clicked),
    (SUBMISSION, reading.submitted),
    (SHORTCUT, reading.shortcut),
    (ON_MESSAGE, reading.shortcut),
)


def changed(payload: Json, **more: object) -> Json:
    """Return the payload with other values; ``a__b`` is key b in the object at a."""
    made = copy.deepcopy(payload)
    for path, value in more.items():
        *way, last = path.split("__")
        inside = made
        for key in way:
            inside = inside[key]
        inside[last] = value
    return made


def test_a_command() -> None:
    read = reading.command(COMMAND)
    assert read.what == Spoken(words=("start Rivers ", Called("U0BEN", "ben")))
    assert (read.user, read.people) == ("U0ANA", ("U0ANA", "U0BEN"))
    inbound = reading.inbound(read, THERE, {"U0ANA": ANA, "U0BEN": BEN}, {})
    assert inbound.what == Said(parts=("start Rivers ", BEN))
    assert inbound.person == ANA
    assert inbound.place == Place(platform="slack", kind=PlaceKind.CHANNEL, channel="C0A")


def test_a_command_in_a_direct_conversation_is_answered_in_the_bots_own() -> None:
    read = reading.command(changed(COMMAND, channel_id="D0X"))
    own = Place(platform="slack", kind=PlaceKind.DIRECT, channel="U0ANA")
    assert place(read.origin, read.user) == own


def test_a_mention_in_a_thread_with_a_file() -> None:
    read = said(MENTION)
    assert read is not None
    assert read.what == Spoken(words=("timetable",), files=(SENT,))
    assert (read.key, read.files, read.trigger) == ("message:C0A:1793691000.000100", (SENT,), "")
    upload = Upload(name="times.csv", content=b"a,b")
    inbound = reading.inbound(read, THERE, {"U0ANA": ANA}, {"F0A": upload})
    assert inbound.what == Said(parts=("timetable",), files=(upload,))
    assert inbound.message == "1793691000.000100"
    thread = "1793690000.000100"
    assert inbound.place == Place(
        platform="slack", kind=PlaceKind.THREAD, channel="C0A", thread=thread
    )


def test_the_same_message_has_the_same_key_and_another_has_another() -> None:
    first, again = said(MENTION), said(changed(MENTION, event_id="Ev0B"))
    other = said(changed(MENTION, event__ts="1793691000.000200"))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.key == again.key != other.key


@pytest.mark.parametrize(
    "change",
    [
        {"event__subtype": "message_changed"},
        {"event__subtype": "channel_join"},
        {"event__bot_id": "B1"},
        {"event__user": "U0BOT"},
        {"event__user": None},
    ],
)
def test_what_no_person_said_just_now_is_not_read(change: dict[str, object]) -> None:
    assert said(changed(MENTION, **change)) is None


def test_a_direct_message_is_meant_for_the_bot_as_a_whole() -> None:
    direct = changed(
        MENTION,
        event__type="message",
        event__subtype="file_share",
        event__channel="D0A",
        event__thread_ts=None,
        event__text="next",
    )
    read = said(direct)
    assert read is not None
    assert read.what == Spoken(words=("next",), files=(SENT,))
    own = Place(platform="slack", kind=PlaceKind.DIRECT, channel="U0ANA")
    assert place(read.origin, read.user) == own


def test_a_click_in_a_thread() -> None:
    read = reading.clicked(CLICK)
    assert read.what == Clicked(action="step.show|p1")
    assert read.origin == Origin(
        channel="C0A",
        thread="1793690000.000100",
        message="1793691000.000100",
        response_url=URL,
    )
    assert read.trigger == "1.2.a"
    assert reading.inbound(read, THERE, {"U0ANA": ANA}, {}).what == Clicked(action="step.show|p1")


def test_a_click_on_the_root_of_a_thread_is_in_the_channel() -> None:
    root = changed(CLICK, container__thread_ts="1793691000.000100")
    assert reading.clicked(root).origin.thread == ""
    unthreaded = changed(CLICK, container__thread_ts=None, message__thread_ts=None)
    assert reading.clicked(unthreaded).origin.thread == ""


def test_a_choice_in_a_menu_of_a_private_card() -> None:
    menu = {"type": "static_select", "action_id": "step.pick", "selected_option": {"value": "s2"}}
    private = changed(CLICK, actions=[menu], container__is_ephemeral=True)
    del private["message"]
    read = reading.clicked(private)
    assert read.what == Clicked(action="step.pick", choice="s2")
    assert read.origin.ephemeral


def test_a_click_in_the_home_tab_has_no_channel() -> None:
    home = {key: value for key, value in CLICK.items() if key not in {"channel", "message"}}
    home |= {"container": {"type": "view", "view_id": "V1"}, "view": {"type": "home"}}
    del home["response_url"]
    read = reading.clicked(home)
    assert read.origin == Origin()
    own = Place(platform="slack", kind=PlaceKind.DIRECT, channel="U0ANA")
    assert place(read.origin, read.user) == own


def test_in_a_thread_of_a_direct_conversation_the_thread_is_known() -> None:
    origin = Origin(channel="D0A", thread="1.1")
    assert place(origin, "U0ANA") == Place(
        platform="slack", kind=PlaceKind.DIRECT, channel="D0A", thread="1.1"
    )


def test_a_forms_answers() -> None:
    read = reading.submitted(SUBMISSION)
    assert isinstance(read.what, Filled)
    assert read.people == ("U0ANA", "U0BEN", "U9")
    assert read.origin == Origin(channel="C0A", thread="1.1", response_url=URL)
    upload = Upload(name="times.csv", content=b"a,b")
    inbound = reading.inbound(read, THERE, {"U0ANA": ANA, "U0BEN": BEN}, {"F0A": upload})
    assert inbound.what == Submitted(
        action="field.save|p1",
        values={"text": ("Goals",), "who": ("U0BEN", "U9"), "file": ()},
        people={"who": (BEN,)},
        files={"file": (upload,)},
    )


def test_a_form_sent_twice_has_one_key_and_a_form_drawn_anew_or_elsewhere_another() -> None:
    again = changed(SUBMISSION, trigger_id="9.9.z")
    anew = changed(SUBMISSION, view__hash="1793691001.def")
    elsewhere = changed(SUBMISSION, view__private_metadata=Origin(channel="C0B").pack())
    first, *others = (reading.submitted(each) for each in (SUBMISSION, again, anew, elsewhere))
    assert [each.key == first.key for each in others] == [True, False, False]
    assert len({each.delivery for each in (first, *others)}) == 4


def test_what_is_done_is_known_again_by_its_trigger_and_what_it_says() -> None:
    again = changed(COMMAND, api_app_id="A9")
    other = changed(COMMAND, text="next")
    untold = without(COMMAND, "trigger_id")
    keys = [reading.command(each).key for each in (COMMAND, again, other, untold)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert reading.command(untold).trigger == ""
    answerless = without(CLICK, "trigger_id", "response_url")
    for click in (CLICK, answerless):
        now, later = (
            reading.clicked(changed(click, actions=[{**CLICK["actions"][0], "action_ts": ts}]))
            for ts in ("1.1", "1.2")
        )
        assert now.key != later.key
    assert keys[0] != reading.command(changed(COMMAND, response_url=f"{URL}/2")).key
    with pytest.raises(Unreadable, match="known again"):
        reading.clicked(answerless)


def without(payload: Json, *names: str) -> Json:
    return {key: told for key, told in payload.items() if key not in names}


def test_shortcuts_are_actions() -> None:
    anywhere = reading.shortcut(SHORTCUT)
    assert (anywhere.what, anywhere.origin) == (Clicked(action="start.form"), Origin())
    assert anywhere.trigger == "5.6.c"
    there = reading.shortcut(ON_MESSAGE)
    assert there.origin == Origin(channel="C0A", message="1793691000.000100", response_url=URL)
    assert (there.people, there.files) == (("U0ANA", "U0BEN", "U0CY"), ())


@pytest.mark.parametrize(
    "metadata", ["", "null", "[]", "{}", '{"ephemeral":1}', '{"channel":7,"ephemeral":true}']
)
def test_metadata_of_another_shape_is_refused(metadata: str) -> None:
    with pytest.raises(Unreadable):
        unpack(metadata)


def paths(value: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to everything in the payload."""
    if way:
        yield way
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, (*way, key))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from paths(each, (*way, at))


ODD: tuple[object, ...] = (
    *(None, True, 0, -1.5, "", "x" * 100_000, "\ud800\x00", "a b"),
    *([], [None], {}, {"id": {}}),
)


def odd_ones(payload: Json) -> Iterator[Json]:
    """Yield the payload with each of its parts missing, and put to each odd value."""
    for *way, last in paths(payload):
        made = copy.deepcopy(payload)
        inside: Any = made
        for key in way:
            inside = inside[key]
        for value in ODD:
            inside[last] = value
            yield made
        del inside[last]
        yield made


@pytest.mark.parametrize("at", range(len(READERS)))
def test_any_part_of_any_payload_may_be_odd(at: int) -> None:
    payload, read = READERS[at]
    outcomes = {"read": 0, "refused": 0, "nothing": 0}
    for odd in odd_ones(payload):
        try:
            found = read(odd)
        except Unreadable:
            outcomes["refused"] += 1
            continue
        outcomes["read" if found else "nothing"] += 1
        if found is not None:
            made = reading.inbound(found, THERE, dict.fromkeys(found.people, ANA), {})
            assert 0 < len(made.key) <= 600
    assert outcomes["refused"] > outcomes["nothing"]
    assert outcomes["read"] > 0


def test_a_refusal_tells_the_place_and_no_content() -> None:
    with pytest.raises(Unreadable, match=r"^another shape than expected: callback_id$"):
        reading.submitted(changed(SUBMISSION, view__callback_id=["a secret"]))
