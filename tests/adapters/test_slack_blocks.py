"""Cards in Slack: what Block Kit takes, with every word in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from adapters.slack.blocks import BLOCKS, TEXT, body, message
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
    called,
)
from bot.ui.limits import BLOCKS as CARD_BLOCKS
from bot.ui.limits import CARD_TEXT
from bot.ui.spans import Mention, Spans, Strong, plain
from tests.support import shown
from tests.support.slack import schema
from tests.support.slack.validation import blocks_problems

ANA, BEN = MemberId("ana"), MemberId("ben")
USERS = {ANA: "U0ANA", BEN: "U0BEN"}


def card(*blocks: Block, **more: Any) -> Card:  # noqa: ANN401 - any of a card's parts
    return Card(**({"title": "A title", "summary": "A summary."} | more), blocks=blocks)


def words(block: Block) -> Iterator[str]:
    """Yield the words that somebody typed into the block."""
    match block:
        case Text(spans) | Note(spans):
            yield from _typed_spans(spans)
        case Quote(text):
            yield text
        case Bullets(items):
            for item in items:
                yield from _typed_spans(item)
        case Table(head, rows):
            yield from (cell for row in (head, *rows) for cell in row)
        case Picture(alt=alt):
            yield alt
        case _:
            return


def _typed_spans(spans: Spans) -> Iterator[str]:
    yield from (plain((span,)) for span in spans if isinstance(span, str | Strong | Mention))


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield every text of Slack's JSON in its order."""
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            yield unescaped(text) if value.get("type") == "mrkdwn" else text
        for each in value.values():
            yield from texts(each)


def unescaped(text: str) -> str:
    for entity, sign in ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"):
        text = text.replace(entity, sign)
    return text


def typed(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the texts of Slack's JSON in which it looks for markup."""
    if isinstance(value, list):
        for each in value:
            yield from typed(each)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for each in value.values():
            yield from typed(each)


@pytest.fixture(autouse=True)
def _described() -> None:
    if not schema.definitions():
        pytest.skip("The data folder is missing: ../shared/data/platform")


@given(shown.cards())
def test_slack_takes_every_card(given_card: Card) -> None:
    made = message(given_card, USERS)
    assert blocks_problems(made.blocks) == []
    assert 0 < len(made.text) <= TEXT
    assert made.files == given_card.files
    assert len(made.pictures) == sum(isinstance(b, Picture) for b in given_card.blocks)
    assert blocks_problems(list(body(given_card, USERS, tables=False)), "home") == []


@given(shown.cards())
def test_whatever_people_typed_nobody_is_called_who_should_not_be(given_card: Card) -> None:
    made = message(given_card, {})
    marked = [text for text in typed(made.blocks) if "<@" in text or "<#" in text]
    assert marked == []
    others = [text for text in typed(made.blocks) if text.count("<!") > text.count("<!date^")]
    assert others == []
    assert not {"<", ">"} & set(made.text)


def test_a_whole_card() -> None:
    made = message(
        card(
            Text((Strong("Step 2"), ": it is for ", Mention(ANA, "Ana", ping=True))),
            Note(("Seen by you & Ana.",)),
            Quote("*my* own\n> words"),
            Bullets((("one",), (Strong("two"),))),
            Divider(),
            Buttons(
                (Button("Open", action("open", "1"), Style.PRIMARY), Button("No", action("n")))
            ),
            Buttons((Button("Remove", action("rm"), Style.DANGER),)),
            Select(action("pick"), "Choose", (Option("a", "A"), Option("b", "B"))),
            title="Water\nshed",
            summary="Step 2 is Ana's <3",
        ),
        USERS,
    )

    def plain_text(text: str) -> dict[str, Any]:
        return {"type": "plain_text", "text": text, "emoji": True}

    def mrkdwn(text: str) -> dict[str, Any]:
        return {"type": "mrkdwn", "text": text, "verbatim": True}

    def button(label: str, act: str, **more: str) -> dict[str, Any]:
        return {"type": "button", "text": plain_text(label), "action_id": act, **more}

    quoted = {
        "type": "rich_text_quote",
        "elements": [{"type": "text", "text": "*my* own\n> words"}],
    }
    options = [
        {"text": plain_text("A"), "value": "a"},
        {"text": plain_text("B"), "value": "b"},
    ]
    menu = {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": plain_text("Choose"),
        "options": options,
    }
    assert made.text == "Step 2 is Ana's &lt;3"
    assert made.blocks == [
        {"type": "header", "text": plain_text("Water shed")},
        {"type": "section", "text": mrkdwn("*Step 2*: it is for <@U0ANA>")},
        {"type": "context", "elements": [mrkdwn("Seen by you &amp; Ana.")]},
        {"type": "rich_text", "elements": [quoted]},
        {"type": "section", "text": mrkdwn("•  one\n•  *two*")},
        {"type": "divider"},
        {
            "type": "actions",
            "elements": [button("Open", "open|1", style="primary"), button("No", "n")],
        },
        {"type": "actions", "elements": [button("Remove", "rm", style="danger")]},
        {"type": "actions", "elements": [menu]},
    ]


@pytest.mark.parametrize("filling", ["&", "<", "ab ", "a\n", "x" * 50 + " ", "👩🏽\u200d🏫 "])
@pytest.mark.parametrize("parts", [1, 2, CARD_BLOCKS])
def test_the_fullest_card_fits_and_is_whole(filling: str, parts: int) -> None:
    each = (filling * CARD_TEXT)[: min(2900, CARD_TEXT // parts)]
    full = card(*[Text((each,)) for _ in range(parts)])
    made = message(full, {})
    assert blocks_problems(made.blocks) == []
    assert len(made.blocks) <= BLOCKS
    told = unescaped("".join(typed(made.blocks)))
    assert "".join(told.split()) == "".join((each * parts).split())


@pytest.mark.parametrize("sign", ["*", "_", "~", "`", "> ", ":smile: "])
def test_signs_that_mrkdwn_reads_as_markup_are_shown_as_typed(sign: str) -> None:
    text = f"{sign}words{sign.strip()} <@U1>"
    made = message(card(Text((text, Mention(BEN, "Ben", ping=True))), Bullets(((text,),))), USERS)
    assert list(typed(made.blocks)) == []
    paragraph, point = made.blocks[1]["elements"][0], made.blocks[2]["elements"][0]["elements"][0]
    own = {"type": "text", "text": text}
    assert paragraph["elements"] == [own, {"type": "user", "user_id": "U0BEN"}]
    assert point["elements"] == [own]


def test_one_table_is_slacks_own_and_the_next_is_drawn() -> None:
    table = Table(("", "A <&>"), (("P1", "Maths"), ("Period 2", "")))
    first, second = message(card(table, table), {}).blocks[1:]
    texts = [[cell["text"] for cell in row] for row in first["rows"]]
    assert texts == [[" ", "A <&>"], ["P1", "Maths"], ["Period 2", " "]]
    drawing = second["elements"][0]["elements"][0]["text"]
    assert drawing.split("\n") == ["          A <&>", "P1        Maths", "Period 2"]
    assert [b["type"] for b in body(card(table), {}, tables=False)] == ["header", "rich_text"]


def test_pictures_are_shown_once_they_are_uploaded_and_told_in_words_until_then() -> None:
    pictures = card(Picture(shown.PNG, "A week."), Divider(), Picture(shown.PNG, "Its work."))
    assert len(message(pictures, {}).pictures) == 2
    words_only = message(pictures, {}).blocks[1]
    assert words_only["elements"][0]["text"] == "A week."
    first, _, second = message(pictures, {}, ["F1", ""]).blocks[1:]
    assert first == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A week."}
    assert second["type"] == "context"


def test_files_go_beside_the_card() -> None:
    file = File("plan.csv", "text/csv", b"a,b")
    assert message(card(files=(file,)), {}).files == (file,)


def test_only_members_who_are_to_be_called_are_looked_up() -> None:
    asked = card(
        Text((Mention(ANA, "Ana", ping=True), Mention(BEN, "Ben"))),
        Bullets(((Mention(ANA, "Ana", ping=True),),)),
    )
    assert called(asked) == (ANA,)


def test_a_long_summary_is_cut_and_an_empty_one_is_the_title() -> None:
    long = message(card(summary="&" * 5000), {}).text
    assert len(long) <= TEXT
    assert long.removesuffix("…").replace("&amp;", "") == ""
    assert message(card(summary=" "), {}).text == "A title"


@given(shown.cards())
def test_no_word_is_lost(given_card: Card) -> None:
    seen = "".join("".join(texts(message(given_card, {}).blocks)).split())
    for block in given_card.blocks:
        assert all("".join(text.split()) in seen for text in words(block))
