"""A message on which somebody uses a shortcut: its words, author, address and files."""

import pytest

from adapters.slack import reading
from bot.chat.inbound import Shared
from bot.chat.payloads import Unreadable
from bot.domain.places import Place, PlaceKind
from tests.adapters.test_slack_reading import ANA, BEN, ON_MESSAGE, THERE, Json, changed


def test_a_message_is_picked_with_its_author_address_and_files() -> None:
    read = reading.shortcut(ON_MESSAGE)
    inbound = reading.inbound(read, THERE, {"U0ANA": ANA, "U0BEN": BEN}, {})
    assert inbound.what == Shared(
        action="message.form",
        text="Let us meet, @somebody & @channel: https://a.example",
        author=BEN,
        link="https://school.slack.com/archives/C0A/p1793691000000100",
        files=("times.csv",),
    )
    assert (inbound.person, inbound.message) == (ANA, "1793691000.000100")
    assert inbound.place == Place(platform="slack", kind=PlaceKind.CHANNEL, channel="C0A")


def test_a_message_in_a_thread_is_picked() -> None:
    read = reading.shortcut(changed(ON_MESSAGE, message__thread_ts="1793690000.000100"))
    inbound = reading.inbound(read, THERE, {"U0ANA": ANA}, {})
    assert (inbound.place.kind, inbound.place.thread) == (PlaceKind.THREAD, "1793690000.000100")
    assert isinstance(inbound.what, Shared)
    query = "?thread_ts=1793690000.000100&cid=C0A"
    assert inbound.what.link.endswith(f"/p1793691000000100{query}")
    assert inbound.what.author is None, "an app, or somebody who has left"


@pytest.mark.parametrize(
    ("more", "link"),
    [
        ({"team": None, "context_team_id": "T0A"}, ""),
        ({"team": {"id": "T0A"}}, ""),
        ({"response_url": None}, "https://school.slack.com/archives/C0A/p1793691000000100"),
        (
            {"response_url": "https://hooks.slack-gov.com/x"},
            "https://school.slack-gov.com/archives/C0A/p1793691000000100",
        ),
    ],
)
def test_the_address_of_a_message(more: Json, link: str) -> None:
    payload = {**ON_MESSAGE, **more}
    inbound = reading.inbound(reading.shortcut(payload), THERE, {"U0ANA": ANA}, {})
    assert isinstance(inbound.what, Shared)
    assert inbound.what.link == link


def test_half_an_address_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        reading.shortcut({**ON_MESSAGE, "response_url": "http://["})


SHARED: Json = {
    "fallback": "[Thursday] Cy: We meet at 8 &amp; 9",
    "author_id": "U0BEN",
    "text": "We meet at 8 &amp; 9",
    "is_share": True,
}
POLL: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Who  comes?"}},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "Ben"}, {"text": "<@U0BEN>"}]},
    {"type": "divider"},
    {"type": "actions", "elements": [{"type": "button", "text": {"text": "Vote"}}]},
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_list", "elements": [{"elements": [{"type": "text", "text": "8"}]}]}
        ],
    },
]


@pytest.mark.parametrize(
    ("message", "told", "author"),
    [
        ({"attachments": [SHARED]}, "We meet at 8 & 9", BEN),
        ({"attachments": [{**SHARED, "author_id": "U0CY"}]}, "We meet at 8 & 9", None),
        ({"attachments": [{"title": "Map", "text": None}], "text": " "}, "Map", None),
        ({"attachments": [{"fallback": "A picture"}]}, "A picture", None),
        ({"attachments": [{"blocks": POLL[:1]}]}, "Who comes?", None),
        ({"blocks": POLL}, "Who comes?\nBen @Ben\n8", BEN),
        ({"attachments": [SHARED], "text": "See below"}, "See below", BEN),
        ({}, "", BEN),
    ],
)
def test_words_that_stand_elsewhere_than_in_the_text(
    message: Json, told: str, author: object
) -> None:
    payload = {**ON_MESSAGE, "message": {"ts": "1.2", "user": "U0BEN", "text": "", **message}}
    people = {"U0ANA": ANA, "U0BEN": BEN}
    inbound = reading.inbound(reading.shortcut(payload), THERE, people, {})
    assert isinstance(inbound.what, Shared)
    assert (inbound.what.text, inbound.what.author) == (told, author)


@pytest.mark.parametrize("odd", [{"blocks": "x"}, {"attachments": [3]}])
def test_what_is_no_list_of_blocks_is_unreadable(odd: Json) -> None:
    with pytest.raises(Unreadable):
        reading.shortcut({**ON_MESSAGE, "message": {"ts": "1.2", "user": "U0BEN", **odd}})
