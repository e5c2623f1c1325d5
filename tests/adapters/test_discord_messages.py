"""Cards in Discord: what Components V2 take, with every word in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from adapters.discord.messages import CALLED, COMPONENTS, FILES, SHOWN, V2, Message, message
from bot.domain.ids import MemberId
from bot.ui.actions import action
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    File,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
)
from bot.ui.limits import BLOCKS as CARD_BLOCKS
from bot.ui.limits import BUTTONS_IN_ROW, CARD_TEXT, ROWS
from bot.ui.spans import LocalTime, Mention, Strong, plain
from tests.support import shown
from tests.support.discord import components, described
from tests.support.discord.parsing import kinds
from tests.support.discord.parsing import shown as read

ANA, BEN = MemberId("ana"), MemberId("ben")
USERS = {ANA: "100000000000000001", BEN: "100000000000000002"}


def card(*blocks: Block, **more: Any) -> Card:  # noqa: ANN401 - any of a card's parts
    return Card(**({"title": "A title", "summary": "A summary."} | more), blocks=blocks)


def texts(made: Message) -> list[str]:
    """Return the texts of a message as they are written."""
    return [each["content"] for each in made.body["components"] if each["type"] == 10]


def told(made: Message) -> str:
    """Return everything that people read in a message, without blanks."""
    return "".join("".join(read(text) for text in texts(made)).split()).replace("\u200b", "")


def problems(made: Message) -> list[str]:
    """Return what Discord would refuse in a message."""
    names = [file.name for file in made.files]
    numbered = [{"id": str(at), "filename": name} for at, name in enumerate(names)]
    body = {**made.body, "attachments": numbered}
    return [*described.message_problems(body), *components.message_problems(body, names)]


def counted(made: Message) -> int:
    return sum(1 for _ in components.walk(made.body["components"]))


def words(block: Block) -> Iterator[str]:
    """Yield the words that somebody typed into the block."""
    match block:
        case Text(spans) | Note(spans):
            yield from (plain((s,)) for s in spans if isinstance(s, str | Strong | Mention))
        case Bullets(items):
            for item in items:
                yield from words(Text(item))
        case Quote(text):
            yield text
        case Table(head, rows):
            yield from (cell for row in (head, *rows) for cell in row)
        case _:
            return


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")


@given(shown.cards())
def test_discord_takes_every_card(given_card: Card) -> None:
    made = message(given_card, USERS)
    body = made.body
    assert problems(made) == []
    assert body["flags"] == V2
    assert 0 < counted(made) <= COMPONENTS
    assert sum(map(len, texts(made))) <= SHOWN
    assert all(text.strip() for text in texts(made))
    names = [file.name for file in made.files]
    assert len(set(names)) == len(names) <= FILES
    assert all(name.isascii() and name.replace("-", "").count(".") == 1 for name in names)


@given(shown.cards())
def test_whatever_people_typed_nobody_is_called_who_should_not_be(given_card: Card) -> None:
    made = message(given_card, {})
    assert made.body["allowed_mentions"] == {"parse": [], "users": []}
    acting = {kind for text in texts(made) for kind in kinds(text)}
    assert acting <= {"bold", "heading", "small", "list", "quotation", "code", "link", "time"}


@given(shown.cards())
def test_no_word_is_lost(given_card: Card) -> None:
    made = message(given_card, {})
    seen = told(made)
    if (file := next((f for f in made.files if f.name.endswith(".txt")), None)) is not None:
        seen += squeezed(file.content.decode())
    for block in given_card.blocks:
        assert all(squeezed(text) in seen for text in words(block))


def test_a_whole_card() -> None:
    made = message(
        card(
            Text((Strong("Step 2"), ": it is for ", Mention(ANA, "Ana", ping=True))),
            Note(("Seen by you & Ana.\n# twice",)),
            Quote("*my* own\n> words"),
            Bullets((("one\nand more",), (Strong("two"),), (" ",))),
            Divider(),
            Buttons(
                (Button("Open", action("open", "1"), Style.PRIMARY), Button("No", action("n")))
            ),
            Buttons((Button("Remove", action("rm"), Style.DANGER),)),
            Select(action("pick"), "Choose", (Option("a", "A"), Option("b", "B"))),
            title="Water\nshed #1",
        ),
        USERS,
    )

    def text(content: str) -> dict[str, Any]:
        return {"type": 10, "content": content}

    def button(label: str, act: str, style: int) -> dict[str, Any]:
        return {"type": 2, "style": style, "label": label, "custom_id": act}

    menu = {
        "type": 3,
        "custom_id": "pick",
        "placeholder": "Choose",
        "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
    }
    assert made.body == {
        "flags": V2,
        "allowed_mentions": {"parse": [], "users": [USERS[ANA]]},
        "components": [
            text("## Water shed \\#1"),
            text(f"**Step 2**: it is for <@{USERS[ANA]}>"),
            text("-# Seen by you & Ana.\n-# \\# twice"),
            text("> \\*my\\* own\n> \\> words"),
            text("- one\n  and more\n- **two**"),
            {"type": 14, "divider": True},
            {"type": 1, "components": [button("Open", "open|1", 1), button("No", "n", 2)]},
            {"type": 1, "components": [button("Remove", "rm", 4)]},
            {"type": 1, "components": [menu]},
        ],
    }


def test_a_table_is_drawn_to_the_letter() -> None:
    (_, drawn) = texts(message(card(Table(("", "*A*"), (("P1", "```"), ("Period 2", "")))), {}))
    assert drawn == "```\n          *A*\nP1        `\u200b``\nPeriod 2\n```"


def test_pictures_and_files_go_with_the_message_under_names_that_discord_keeps() -> None:
    made = message(
        card(
            Picture(shown.PNG, "A week."),
            Picture(shown.PNG, " "),
            Text(("Between",)),
            Picture(shown.PNG, "Its work."),
            files=(
                File("Übung & plan.md", "text/markdown", b"a"),
                File("Ubung_plan.md", "text/markdown", b"b"),
                File("../..", "text/plain", b"c"),
                File("計画.json", "application/json", b"d"),
            ),
        ),
        {},
    )
    assert [file.name for file in made.files] == [
        "picture.png",
        "picture-2.png",
        "picture-3.png",
        "Ubung_plan.md",
        "Ubung_plan-2.md",
        "file.txt",
        "file.json",
    ]
    assert [file.description for file in made.files] == ["A week.", "", "Its work.", *[""] * 4]
    _, first, _, second, *files = made.body["components"]
    assert first["items"] == [
        {"media": {"url": "attachment://picture.png"}, "description": "A week."},
        {"media": {"url": "attachment://picture-2.png"}},
    ]
    assert second["items"][0]["media"]["url"] == "attachment://picture-3.png"
    assert [each["file"]["url"] for each in files] == [
        f"attachment://{file.name}" for file in made.files[3:]
    ]


def test_more_files_than_a_message_holds_are_not_sent() -> None:
    files = tuple(File(f"{at}.txt", "text/plain", b"") for at in range(12))
    made = message(card(*[Picture(shown.PNG, "p")] * 12, files=files), {})
    assert len(made.files) == FILES
    assert len(message(card(files=files), {}).files) == FILES


@pytest.mark.parametrize(
    "filling", ["a", "*", "\\", "`", "ab ", "a\n", "@everyone ", "👩🏽\u200d🏫 "]
)
@pytest.mark.parametrize("parts", [1, 2, CARD_BLOCKS])
@pytest.mark.parametrize("kind", ["Text", "Quote", "Note", "Bullets"])
def test_the_fullest_card_fits_and_is_whole(filling: str, parts: int, kind: str) -> None:
    each = (filling * CARD_TEXT)[: min(2900, CARD_TEXT // parts)]
    kinds_of: dict[str, Block] = {
        "Text": Text((each,)),
        "Quote": Quote(each),
        "Note": Note((each,)),
        "Bullets": Bullets(((each,),)),
    }
    made = message(card(*[kinds_of[kind]] * parts), {})
    assert problems(made) == []
    assert sum(map(len, texts(made))) <= SHOWN
    assert counted(made) <= COMPONENTS
    whole = squeezed(made.files[0].content.decode()) if made.files else told(made)
    assert squeezed(each) in whole
    if made.files:
        assert all("…" in text or len(text) < SHOWN // parts for text in texts(made)[1:])
        assert sum(map(len, texts(made))) > SHOWN * 0.8


def test_words_that_are_cut_keep_their_calls_and_their_own_markup() -> None:
    at = LocalTime(datetime(2026, 11, 3, 7, 30, tzinfo=UTC), "Europe/Berlin")
    given_card = card(
        Text((Mention(ANA, "Ana", ping=True), ": ", at, " ", Strong("*" * 3000))),
        Quote("`" * 2900),
        Bullets(tuple((("_" * 90,)) for _ in range(30))),
        Table(("a", "b"), (("```" * 10, "x"),) * 30),
        Buttons((Button("Go", action("go")),)),
    )
    made = message(given_card, USERS)
    assert sum(map(len, texts(made))) <= SHOWN
    assert f"<@{USERS[ANA]}>" in texts(made)[1]
    assert {"bold", "time", "person"} <= set(kinds(texts(made)[1]))
    assert made.files[0].name == "A_title.txt"
    assert made.body["components"][-1]["file"] == {"url": "attachment://A_title.txt"}
    assert [each["type"] for each in made.body["components"]][-2:] == [1, 13]


def test_the_fullest_rows_leave_room_for_the_words_between_them() -> None:
    def row(at: int) -> Block:
        buttons = (Button(f"{at}{n}", action("go", f"{at}", f"{n}")) for n in range(BUTTONS_IN_ROW))
        return Buttons(tuple(buttons))

    blocks: list[Block] = []
    for at in range(ROWS):
        blocks += [
            Text((f"t{at}",)),
            Divider(),
            Note((f"n{at}",)),
            Picture(shown.PNG, "p"),
            row(at),
        ]
    blocks += [Text(("end",))]
    made = message(card(*blocks, files=(File("a.md", "text/markdown", b""),)), {})
    assert counted(made) <= COMPONENTS
    assert problems(made) == []
    rows = [each for each in made.body["components"] if each["type"] == 1]
    assert [len(each["components"]) for each in rows] == [BUTTONS_IN_ROW] * ROWS
    assert told(made) == "Atitlet0n0t1n1t2n2t3n3t4n4end"
    assert made.body["components"][-1]["type"] == 13


def test_members_are_called_by_the_ids_that_are_known_and_only_so_many() -> None:
    people = [MemberId(f"m{at}") for at in range(CALLED + 20)]
    asked = card(
        Text(tuple(Mention(each, "x", ping=True) for each in people)), Text((Mention(BEN, "B"),))
    )
    users = {each: str(5 * 10**17 + at) for at, each in enumerate(people)} | {people[0]: "odd"}
    called = message(asked, users | USERS).body["allowed_mentions"]["users"]
    assert len(called) == CALLED
    assert "odd" not in called
    assert USERS[BEN] not in called


def test_empty_menus_and_words_are_left_out() -> None:
    made = message(card(Text((" ",)), Select(action("pick"), "Choose", ()), Quote("\n")), {})
    assert [each["type"] for each in made.body["components"]] == [10]
