import pytest

from adapters.playground.inbound import (
    ACTS,
    Click,
    parts,
    read,
    slash_command,
    split_mentions,
    spoken_to_bot,
    talk_spans,
)
from adapters.playground.records import Persona
from bot.domain.errors import InvalidInput
from bot.ui.spans import plain

PEOPLE = tuple(
    Persona(id=name.casefold().replace(" ", ""), name=name, zone="UTC")
    for name in ("Ana", "Ana Maria", "Ben", "Zoë", "C++ (club)")
)


def names(text: str) -> list[str]:
    return [
        piece if isinstance(piece, str) else f"<{piece.name}>"
        for piece in split_mentions(text, PEOPLE)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Ana", ["<Ana>"]),
        ("hi @ana maria!", ["hi ", "<Ana Maria>", "!"]),
        ("@ANA @ben,", ["<Ana>", " ", "<Ben>", ","]),
        ("@Anabel and mail@ben.org", ["@Anabel and mail@ben.org"]),
        ("(@zoë) @C++ (club)", ["(", "<Zoë>", ") ", "<C++ (club)>"]),
        ("@@Ben @nobody", ["@@Ben @nobody"]),
        ("", []),
    ],
)
def test_mentions_are_people_by_their_longest_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_command_is_words_and_people() -> None:
    words = slash_command('/coplan start "Watershed inquiry" @Ben @Ana Maria')
    assert words is not None
    title, ben, ana = parts(words, PEOPLE)
    assert title == 'start "Watershed inquiry"'
    assert [getattr(each, "name", "") for each in (ben, ana)] == ["Ben", "Ana Maria"]
    assert parts("", PEOPLE) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/coplan", ""),
        ("  /Coplan next ", "next"),
        ("/coplan timetable\nMon 1\n  Tue 2", "timetable\nMon 1\n  Tue 2"),
        ("and/or", None),
        ("/ 2 = 1", None),
        ("//", None),
        ("/coplanner", "error"),
        ("/start now", "error"),
    ],
)
def test_slash_commands(text: str, words: str | None) -> None:
    if words == "error":
        with pytest.raises(InvalidInput, match="no command"):
            slash_command(text)
    else:
        assert slash_command(text) == words


def test_the_bot_hears_only_what_is_said_to_it() -> None:
    assert spoken_to_bot("@coplan: next", alone=False) == "next"
    assert spoken_to_bot("I told @Coplan so", alone=False) is None
    assert spoken_to_bot("@Coplanner", alone=False) is None
    assert spoken_to_bot(" next ", alone=True) == "next"


def test_talk_shows_its_mentions() -> None:
    spans = talk_spans("ask @Coplan, @Ben", PEOPLE)
    assert plain(spans) == "ask Coplan, Ben"
    assert len(spans) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"kind": "shout"}',
        '{"kind": "say", "id": "1", "person": "ana", "channel": "planning"}',
        '{"kind": "say", "id": "", "person": "ana", "channel": "c", "text": "x"}',
        '{"kind": "say", "id": "a b", "person": "ana", "channel": "c", "text": "x"}',
        '{"kind": "click", "id": "1", "person": "ana", "message": "m", "action": 7}',
        '{"kind": "submit", "id": "1", "person": "a", "message": "m", "action": "x", "values": 1}',
        '{"kind": "say", "id": "1", "person": "a", "channel": "c", "text": "'
        + "x" * 200_001
        + '"}',
    ],
)
def test_other_shapes_are_one_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(ACTS, text)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 250


def test_a_click_is_read() -> None:
    text = '{"kind": "click", "id": "1", "person": "ana", "message": "m", "action": "go|1"}'
    assert read(ACTS, text) == Click(kind="click", id="1", person="ana", message="m", action="go|1")


SUBMITTED = """{"kind": "submit", "id": "1", "person": "a", "message": "m", "action": "x",
  "values": {"text": ["%s"]}}"""
SAID = '{"kind": "say", "id": "1", "person": "a", "channel": "c", "text": "%s"}'


@pytest.mark.parametrize(("shape", "most"), [(SUBMITTED, 20_000), (SAID, 200_000)])
def test_what_is_too_long_is_told_in_a_sentence_of_ours(shape: str, most: int) -> None:
    read(ACTS, shape % ("x" * most))
    with pytest.raises(InvalidInput, match=f"too long: {most:,} characters") as caught:
        read(ACTS, shape % ("x" * (most + 1)))
    assert "Reload" not in str(caught.value)
    assert "still here" in caught.value.remedy
