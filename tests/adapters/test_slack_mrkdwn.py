"""What people type is shown to the letter: it never pings, links or breaks out of its text."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import cut, escape, misread, mrkdwn, pieces
from bot.domain.ids import MemberId
from bot.ui.spans import Link, LocalTime, Mention, Span, Strong
from tests.support.hostile import NASTY

ANA = MemberId("ana")
AT = datetime(2026, 11, 3, 7, 30, tzinfo=UTC)
USERS = {ANA: "U0ANA"}
ENTITY = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
PINGS = (
    "<!channel> <!here|here> <!everyone> <!subteam^S1|@team>",
    "<@U0BEN> <@U0BEN|ben> <#C1|general> @channel @here @everyone",
    "&lt;!channel&gt; &amp;lt;@U1&amp;gt; &",
    "<https://evil.example|your bank> <mailto:a@b.example>",
    "<!date^0^{date}|now> > < <",
)
texts = st.one_of(st.text(max_size=80), st.sampled_from((*PINGS, *NASTY)))
spans = st.lists(
    st.one_of(
        texts,
        st.builds(Strong, texts),
        st.builds(Mention, st.sampled_from([ANA, MemberId("ben")]), texts, st.booleans()),
        st.builds(Link, texts, st.one_of(texts, texts.map(lambda end: f"https://x.example/{end}"))),
        st.builds(
            LocalTime,
            st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware below
                lambda at: at.replace(tzinfo=UTC)
            ),
            st.sampled_from(["Europe/Berlin", "Asia/Kathmandu"]),
            st.sampled_from(["date", "time", "datetime"]),
        ),
    ),
    max_size=8,
).map(tuple)


def own(text: str) -> list[str]:
    """Return what stands between angle brackets: the entities that Slack acts on."""
    return re.findall(r"<([^<>]*)>", text)


def shown(text: str) -> str:
    """Return escaped text as Slack shows it."""
    for entity, sign in ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"):
        text = text.replace(entity, sign)
    return text


@given(texts)
def test_typed_text_is_shown_to_the_letter_and_holds_no_entity(text: str) -> None:
    escaped = mrkdwn((text,), USERS)
    assert shown(escaped) == text
    assert own(escaped) == []
    assert not set("<>") & set(escaped)


@pytest.mark.parametrize("text", PINGS)
def test_nobody_is_called_by_pasted_text_wherever_it_stands(text: str) -> None:
    for span in (text, Strong(text), Mention(ANA, text), Mention(MemberId("x"), text, ping=True)):
        assert own(mrkdwn((span,), USERS)) == []


@given(spans)
def test_every_entity_is_one_of_ours(given_spans: tuple[Span, ...]) -> None:
    found = own(mrkdwn(given_spans, USERS))
    pings = [s for s in given_spans if isinstance(s, Mention) and s.ping and s.member == ANA]
    times = [span for span in given_spans if isinstance(span, LocalTime)]
    assert found.count("@U0ANA") == len(pings)
    dates = [each for each in found if each.startswith("!")]
    assert len(dates) == len(times)
    assert all(re.fullmatch(r"!date\^-?\d+\^[^|^]+\|[^|^]+", each) for each in dates)
    rest = [each for each in found if each not in dates and each != "@U0ANA"]
    assert all(re.match(r"https?://[^\s|<>]+(\||$)", each) for each in rest), rest


@given(spans, st.integers(min_value=1000, max_value=3000), st.integers(min_value=1, max_value=9))
def test_pieces_fit_lose_nothing_but_blanks_and_part_no_entity(
    given_spans: tuple[Span, ...], limit: int, times: int
) -> None:
    whole = mrkdwn(given_spans, USERS) * times
    parted = list(pieces(whole, limit))
    assert all(0 < len(piece) <= limit and piece.strip() for piece in parted)
    assert "".join("".join(parted).split()) == "".join(whole.split())
    assert sum(len(ENTITY.findall(piece)) for piece in parted) == len(ENTITY.findall(whole))


@given(st.lists(texts).map("".join), st.integers(min_value=8, max_value=200))
def test_a_cut_text_fits_and_ends_outside_an_entity(text: str, limit: int) -> None:
    whole = escape(text)
    short = cut(whole, limit)
    assert len(short) <= limit
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))
    assert shown(short).count("&") <= text.count("&")
    assert text.startswith(shown(short.removesuffix("…")))


def test_a_long_text_is_parted_at_lines_then_between_words_and_a_word_where_it_must() -> None:
    lines = "\n".join(["word " * 30] * 10)
    assert all(piece.endswith("word") for piece in pieces(lines, 400))
    assert [len(piece) for piece in pieces("x" * 25, 10)] == [10, 10, 5]
    assert list(pieces("a" * 7 + " bcd", 10)) == ["a" * 7, "bcd"]
    date = f"<!date^{int(AT.timestamp())}^{{date_short_pretty}} at {{time}}|Tue 3 Nov, 08:30>"
    assert list(pieces(f"until {date}", len(date))) == ["until", date]


def test_times_people_and_links_are_slacks_own() -> None:
    given_spans = (
        "Due ",
        LocalTime(AT, "Europe/Berlin"),
        " by ",
        Mention(ANA, "Ana", ping=True),
        " or ",
        Mention(ANA, "Ana <3"),
        ": ",
        Link("the plan", "https://x.example/?a=1&b=<2>"),
    )
    assert mrkdwn(given_spans, USERS) == (
        f"Due <!date^{int(AT.timestamp())}^{{date_short_pretty}} at {{time}}|Tue 3 Nov, 08:30>"
        " by <@U0ANA> or Ana &lt;3: <https://x.example/?a=1&amp;b=%3C2%3E|the plan>"
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://a b", "https://[", "data:x", "", "//x"]
)
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    assert own(mrkdwn((Link("label", url),), USERS)) == []


def test_words_stand_out_in_asterisks() -> None:
    assert mrkdwn((Strong("Step 1"), ": who"), {}) == "*Step 1*: who"
    assert not misread((Strong("Step 1"), ": who ", Strong("& <why>")))


@pytest.mark.parametrize(
    "given_spans",
    [
        ("*bold* words",),
        ("_italic_",),
        ("snake_case",),
        ("~gone~",),
        ("`code`",),
        ("> quoted",),
        ("a line\n  > quoted",),
        (":smile:",),
        (Strong("a*b"),),
        (Strong(" a"),),
        (Strong("a\nb"),),
        (Strong(""),),
        ("x", Strong("y")),
        (Strong("y"), "x"),
        (Mention(ANA, "*Ana*"),),
    ],
)
def test_signs_that_slack_would_read_as_markup_are_found(given_spans: tuple[Span, ...]) -> None:
    assert misread(given_spans)


@pytest.mark.parametrize("text", ["Period 2 at 10:30", "2 > 1", "a: b", "https://x.example/a"])
def test_ordinary_words_are_no_markup(text: str) -> None:
    assert not misread((text, Link("a_b", "https://x.example/a_b")))
