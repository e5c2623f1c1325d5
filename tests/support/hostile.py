"""Hypothesis strategies: hostile texts, times, ids, and templates that the loader takes.

Cached, because Hypothesis validates every new strategy object and keeps what it learned of it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from bot.domain.ids import MemberId
from bot.domain.planning.template import By, Field, ItemKind, Need, Step, Template
from bot.domain.planning.texts import clean
from bot.templates import limits

T = TypeVar("T")

NASTY = (
    "👩🏽\u200d🏫 plans 🧪🎒",
    "שלום \u202eevil\u202c مرحبا",
    "e\u0301a\u0308 \u200b\ufeffzero\u2060width",
    "bell \x07 escape \x1b[31m delete \x7f next \x85 line\u2028separator",
    "a | b | c",
    "| --- | --- |",
    "one\ntwo\r\nthree\rfour\n\nfive",
    "    indented\n\ttabbed",
    "  blanks around  ",
    "# heading\n## another\n- item\n+ item\n* item\n1. one\n2) two\n> quote",
    "title\n===\nother\n---\n```\ncode\n~~~\nmore",
    "**bold** _it_ `code` ~~gone~~ [link](javascript:alert(1)) ![img](http://x.example/a.png)",
    "<script>alert('x')</script><img src=x onerror=alert(1)><!-- & &amp; &lt; --> </body></html>",
    "\"quotes\" 'single' \\back\\slash {{ 7 * 7 }} {% raw %} ${x} %s {what}",
    "=HYPERLINK(1)",
    "@everyone <@U123> <!channel> https://example.org/?a=1&b=<2>",
    "NO",
    "12:30",
    "null",
    "[x] www.example.org me@example.org :smile:",
    "å" * 3000,
    ("word | **x** <b>\n" * 200)[:3000],
)

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the words around it: no text that is kept holds it."""
_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@cache
def texts(longest: int = 3000, *, empty: bool = False) -> st.SearchStrategy[str]:
    """Return texts as members' texts are stored: ``clean`` leaves them as they are."""
    typed = st.one_of(st.text(_LETTERS, max_size=30), st.sampled_from(NASTY))
    stored = typed.map(lambda text: clean(clean(text)[:longest]))
    return stored if empty else stored.filter(bool)


@cache
def names() -> st.SearchStrategy[str]:
    """Return names as platforms give them: anything at all, even nothing."""
    return st.one_of(st.text(max_size=20), st.sampled_from(NASTY))


@cache
def instants() -> st.SearchStrategy[datetime]:
    """Return instants in UTC, to the microsecond."""
    return st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone itself


@cache
def dates() -> st.SearchStrategy[date]:
    return st.dates(date(2001, 1, 1), date(2098, 12, 31))


@cache
def member_ids() -> st.SearchStrategy[MemberId]:
    return any_ids("m").map(MemberId)


@cache
def any_ids(prefix: str) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=4, max_size=25).map(
        lambda text: prefix + text
    )


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


def some(
    one: st.SearchStrategy[T], most: int = 3, key: Callable[[T], object] | None = None
) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(one, max_size=most, unique_by=key).map(tuple)


# Templates --------------------------------------------------------------------------------------


@cache
def lines(longest: int, *, empty: bool = False) -> st.SearchStrategy[str]:
    """Return single-spaced lines without control characters, as a template's texts are."""
    letters = st.characters(exclude_categories=["Cs", "Cc"])
    typed = st.one_of(
        st.text(letters, max_size=longest), st.sampled_from([n[:longest] for n in NASTY])
    )
    shown = typed.map(_one_line)
    return shown if empty else shown.filter(bool)


def _one_line(text: str) -> str:
    apart = _TURNING.sub("", text)
    kept = "".join(c if c.isspace() or c.isprintable() or ord(c) > 0x9F else "" for c in apart)
    return " ".join(kept.split())


@cache
def keys(longest: int) -> st.SearchStrategy[str]:
    part = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=5)
    first = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
    return st.builds(
        lambda first, rest, more: f"{first}{rest}-{more}".rstrip("-")[:longest].rstrip("-"),
        first,
        part,
        part,
    )


@cache
def fields() -> st.SearchStrategy[Field]:
    answerer = st.one_of(
        st.tuples(st.sampled_from([By.ANYONE, By.EACH, By.TOGETHER]), st.just("")),
        st.tuples(st.just(By.ROLE), st.sampled_from(["librarian", "teacher", "co-teacher"])),
    )
    return st.builds(
        lambda who, **rest: Field(by=who[0], role=who[1], **rest),
        who=answerer,
        key=keys(11),
        label=lines(limits.LABEL),
        hint=lines(limits.HINT, empty=True),
        required=st.booleans(),
        max_words=maybe(st.integers(1, limits.WORDS)),
    )


@cache
def needs() -> st.SearchStrategy[Need]:
    return st.builds(Need, kind=st.sampled_from(list(ItemKind)), count=st.integers(1, limits.COUNT))


@cache
def steps() -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        key=keys(12),
        title=lines(limits.STEP_TITLE),
        about=lines(limits.ABOUT, empty=True),
        fields=some(fields(), key=lambda field: field.key),
        needs=some(needs(), key=lambda need: need.kind),
        signoff=st.booleans(),
        throughout=st.booleans(),
        closes_challenges=st.booleans(),
        weeks=st.integers(0, limits.WEEKS),
    ).filter(_completable)


def _completable(step: Step) -> bool:
    return bool(step.needs) or step.closes_challenges or any(f.required for f in step.fields)


@cache
def templates() -> st.SearchStrategy[Template]:
    """Return templates that the loader takes."""
    return st.builds(
        Template,
        key=keys(limits.KEY),
        title=lines(limits.TEMPLATE_TITLE),
        about=lines(limits.ABOUT, empty=True),
        steps=st.lists(steps(), min_size=1, max_size=3, unique_by=lambda s: s.key).map(tuple),
    )
