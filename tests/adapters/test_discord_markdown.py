"""What people type is shown to the letter: it never pings, links or breaks out of its text."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markdown import code, escape, lines, markdown
from bot.domain.ids import MemberId
from bot.ui.spans import Link, LocalTime, Mention, Span, Spans, Strong, plain
from tests.support.discord.parsing import TEXT, kinds, pieces, shown
from tests.support.hostile import NASTY

ANA = MemberId("ana")
AT = datetime(2026, 11, 3, 7, 30, tzinfo=UTC)
USERS = {ANA: "100000000000000001"}
BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
PINGS = (
    "@everyone @here <@&5> <@5> <@!5> <#5> </coplan start:5> <id:home> <t:0:R> <:a:1> <a:b:2>",
    "\\@everyone \\\\<@5> \\",
    "[your bank](https://evil.example) <https://evil.example> https://evil.example/a_b_*c*",
    "**b** *i* _i_ __u__ ~~s~~ ||h|| `c` ``` \nd\n``` :smile: steam://run/1",
    "# h\n## h\n### h\n-# s\n- l\n* l\n+ l\n1. l\n12) l\n  - l\n> q\n>>> q",
    "a:smile:b 12:30:45 ¯\\_(ツ)_/¯ 1.\n. x\n-",
    "``` ```` ` `` `````",
)
texts = st.one_of(
    st.text(st.sampled_from("\\*_~`|<>@#[]():/-+.1 \nahere"), max_size=40),
    st.text(max_size=60),
    st.sampled_from((*PINGS, *NASTY)),
)
spans = st.lists(
    st.one_of(
        texts,
        st.builds(Strong, texts),
        st.builds(Mention, st.sampled_from([ANA, MemberId("ben")]), texts, st.booleans()),
        st.builds(Link, texts, st.one_of(texts, texts.map(lambda end: f"https://x.example/{end}"))),
        st.builds(
            LocalTime,
            st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis adds the zone itself
            st.sampled_from(["Europe/Berlin", "Asia/Kathmandu"]),
            st.sampled_from(["date", "time", "datetime"]),
        ),
    ),
    max_size=6,
).map(tuple)


def seen(text: str) -> str:
    """Return a text as it is shown: each of its lines ends with the one sign for that."""
    return BREAKS.sub("\n", text)


@given(texts)
def test_typed_text_is_shown_to_the_letter_and_means_nothing(text: str) -> None:
    written = markdown((text,), USERS)
    assert kinds(written) == []
    assert shown(written) == seen(text)


@pytest.mark.parametrize("text", PINGS)
def test_nobody_is_called_by_pasted_text_wherever_it_stands(text: str) -> None:
    for span in (text, Strong(text), Mention(ANA, text), Mention(MemberId("x"), text, ping=True)):
        written = markdown((span,), USERS)
        assert set(kinds(written)) <= {"bold"}
        assert not re.search(r"<@[!&]?\d|<#\d", written)


@given(texts, texts)
def test_words_side_by_side_do_not_become_markup_together(one: str, other: str) -> None:
    for given_spans in ((one, Mention(ANA, other)), (Mention(ANA, one), other), (one, other)):
        written = markdown(given_spans, {})
        assert kinds(written) == []
        assert shown(written) in {seen(one) + seen(other), seen(one + other)}


@given(texts)
def test_words_that_stand_out_are_bold_and_whole(text: str) -> None:
    given_spans: Spans = ("see ", Strong(text), Strong("!"), " now")
    written = markdown(given_spans, {})
    assert set(kinds(written)) <= {"bold"}
    assert shown(written) == f"see {seen(text + '!')} now"
    bold = "".join(piece.shown for piece in pieces(written) if piece.kind == "bold")
    assert "".join(bold.split()) == "".join(f"{text}!".split())


@given(spans)
def test_everything_that_acts_is_one_of_ours(given_spans: tuple[Span, ...]) -> None:
    written = markdown(given_spans, USERS)
    found = kinds(written)
    calls = [s for s in given_spans if isinstance(s, Mention) and s.ping and s.member == ANA]
    assert found.count("person") == len(calls)
    assert found.count("time") == sum(isinstance(span, LocalTime) for span in given_spans)
    assert found.count("link") <= sum(isinstance(span, Link) for span in given_spans)
    assert set(found) <= {"person", "time", "link", "bold"}
    words = [seen(plain((s,))) for s in given_spans if isinstance(s, str | Strong)]
    whole = shown(written)
    for word in words:
        assert word in whole
        whole = whole[whole.index(word) + len(word) :]


def test_times_people_and_links_are_discords_own() -> None:
    given_spans = (
        "Due ",
        LocalTime(AT, "Europe/Berlin"),
        " (",
        LocalTime(AT, "Europe/Berlin", "date"),
        ", ",
        LocalTime(AT, "Europe/Berlin", "time"),
        ") by ",
        Mention(ANA, "Ana", ping=True),
        " or ",
        Mention(ANA, "Ana <3"),
        ": ",
        Link("the *plan*", "https://x.example/?a=(1)&b=<2>"),
        " ",
        Link("https://x.example/a_b_", "https://x.example/a_b_"),
    )
    at = int(AT.timestamp())
    assert markdown(given_spans, USERS) == (
        f"Due <t:{at}:f> (<t:{at}:D>, <t:{at}:t>\\) by <@100000000000000001> or Ana \\<3: "
        r"[the \*plan\*](https://x.example/?a=%281%29&b=%3C2%3E) <https://x.example/a_b_>"
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://a b", "https://[", "data:x", "", "//x"]
)
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    assert kinds(markdown((Link("label", url),), USERS)) == []


@pytest.mark.parametrize(
    "label", ["https://bank.example", "a [ b", "a ] b", "[x](https://b.example)"]
)
def test_a_label_that_discord_does_not_take_shows_the_address(label: str) -> None:
    written = markdown((Link(label, "https://x.example"),), USERS)
    assert kinds(written) == ["link"]
    assert shown(written) == f"{label} (https://x.example)"


def test_a_user_of_another_shape_is_named_not_called() -> None:
    ana = Mention(ANA, "Ana", ping=True)
    for odd in ("", "&5", "5> @everyone <@6", "x"):
        assert markdown((ana,), {ANA: odd}) == "Ana"


@given(texts.filter(lambda text: bool(text.strip())))
def test_a_block_of_code_shows_everything_and_ends_where_it_should(text: str) -> None:
    (found,) = pieces(code(text))
    assert found.kind == "code"
    assert found.shown.replace("\u200b", "") == seen(text).strip("\n").replace("\u200b", "")


def test_a_beginning_stands_before_every_line() -> None:
    assert lines("> ", escape("a\nb\n\n- c")) == "> a\n> b\n> \n> \\- c"
    assert lines("- ", "a\nb", "  ") == "- a\n  b"


def test_plain_pieces() -> None:
    assert [piece.kind for piece in pieces("a **b** <@1>")] == [TEXT, "bold", TEXT, "person"]
