"""Texts as spans: a ``str`` is always data, and the renderer of each platform escapes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.ids import MemberId

LocalStyle = Literal["date", "time", "datetime"]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A member by name; ``ping`` only where the message is meant to call them."""

    member: MemberId
    name: str
    ping: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link; only http and https are rendered as one."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant (aware), shown in the reader's zone; ``zone`` (IANA) serves the plain text."""

    at: datetime
    zone: str
    style: LocalStyle = "datetime"


Span = str | Strong | Mention | Link | LocalTime
Spans = tuple[Span, ...]


def local(time: LocalTime) -> str:
    """Return the instant in words, in its zone: "Tue 3 Nov, 07:30"."""
    at = time.at.astimezone(ZoneInfo(time.zone))
    date, clock = f"{at:%a} {at.day} {at:%b}", f"{at:%H:%M}"  # Windows knows no "%-d"
    return {"date": date, "time": clock, "datetime": f"{date}, {clock}"}[time.style]


def is_address(url: str) -> bool:
    """Tell whether it is an address of the web without blanks or control characters."""
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    seen = url.isprintable() and " " not in url
    return seen and found.scheme in {"http", "https"} and bool(found.netloc)


def plain(spans: Spans) -> str:
    """Return the spans as plain text."""
    return "".join([word(span) for span in spans])


def word(span: Span) -> str:
    """Return one span as plain text."""
    match span:
        case str():
            return span
        case Strong():
            return span.text
        case Mention():
            return span.name
        case Link():
            return span.label if span.label == span.url else f"{span.label} ({span.url})"
        case LocalTime():
            return local(span)
        case _:
            assert_never(span)
