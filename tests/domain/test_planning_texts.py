import pytest

from bot.domain import errors
from bot.domain.planning.texts import (
    clean,
    optional_link,
    optional_text,
    require_line,
    require_text,
    require_words,
)
from tests.support.planning_model import refusal


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Trim me \n", "Trim me"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("nul\x00 and \ud800 half", "nul and  half"),
        ("bell\x07 \x7f\x1b[31m", "bell [31m"),
        ("👩‍🏫 naïve – Ünï", "👩‍🏫 naïve – Ünï"),
    ],
)
def test_cleaned_texts_hold_only_what_stores_and_screens_can(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t\n", "\x00", "\ud800", "\u200b\u2060 \ufeff"])
def test_what_nobody_can_read_is_empty(nothing: str) -> None:
    said = refusal(lambda: require_text(nothing, key="text", name="The note"))

    assert said == (
        "The note is empty: write a few words. Nothing was saved. Put it right and try again."
    )
    assert not optional_text(nothing.strip("\u200b\u2060 \ufeff"), key="text", name="The note")


def test_long_texts_are_refused_with_both_lengths() -> None:
    said = refusal(lambda: require_text("å" * 10_000, key="text", name="The note", limit=3000))

    assert said.startswith("The note has 10,000 characters; at most 3,000 fit. Shorten it.")
    assert require_text("å" * 3000, key="text", name="The note", limit=3000) == "å" * 3000
    with pytest.raises(errors.FieldErrors) as caught:
        optional_text("x" * 1001, key="why", name="The note")
    assert caught.value.errors == {
        "why": "The note has 1,001 characters; at most 1,000 fit. Shorten it."
    }


def test_lines_are_one_line() -> None:
    assert (
        require_line(" A\n  title\t here ", key="t", name="The title", limit=20) == "A title here"
    )


def test_words_are_counted() -> None:
    require_words("one two three", key="text", limit=3)
    require_words("any number of words", key="text", limit=None)

    said = refusal(lambda: require_words("one two three four", key="text", limit=3))

    assert said.startswith("4 words; at most 3 fit. Shorten it.")


@pytest.mark.parametrize(
    "link", ["", "https://e.org/a?b=c#d", "HTTP://E.ORG", "https://пример.рф/я"]
)
def test_links_are_web_addresses(link: str) -> None:
    assert optional_link(f" {link} ", key="link") == link


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "e.org", "https://", "e.org/a b", "ftp://a", "ftp://a|b"]
)
def test_other_links_are_refused(link: str) -> None:
    said = refusal(lambda: optional_link(link, key="link"))

    assert said.startswith("Not a web address: it should begin with https://")


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://a.org/x<y", "cannot hold the sign <: leave it out, or write %3C for it."),
        ('https://a.org/"x"', 'cannot hold the sign ": leave it out, or write %22 for it.'),
        ("https://a|b", "cannot hold the sign |: leave it out, or write %7C for it."),
        ("https://a b", "cannot hold a blank: leave it out, or write %20 for it."),
    ],
)
def test_a_sign_that_no_address_may_hold_is_named(link: str, says: str) -> None:
    assert says in refusal(lambda: optional_link(link, key="link"))


def test_what_turns_the_words_around_it_is_taken_out() -> None:
    assert clean("a\u202eb\u202cc\u2066d\u2069e") == "abcde"
    said = refusal(lambda: require_text("\u202e\u2069", key="text", name="The text"))
    assert said.startswith("The text is empty")
