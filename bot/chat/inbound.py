"""What comes in from a platform, in neutral words. No platform object goes further than this."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.ids import WorkspaceId
from bot.domain.members import Person
from bot.domain.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file somebody sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verb with its words: plain text and the people mentioned, in the order typed."""

    parts: tuple[str | Person, ...]
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """A button, or a choice in a menu (``choice`` is the option's value)."""

    action: str
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A form's answers by input key; every answer is a tuple of texts, empty when left blank."""

    action: str
    values: Mapping[str, tuple[str, ...]]
    people: Mapping[str, tuple[Person, ...]] = field(default_factory=dict)
    """The people chosen in a people picker, by input key (ids in ``values`` are the platform's)."""
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A message in the chat, anybody's, that somebody does ``action`` with.

    ``author`` is None where no person wrote it, or nobody who is still there. ``link`` leads to the
    message, empty where nothing does; ``files`` are the names of the files that came with it. The
    inbound's ``message`` is its id.
    """

    action: str
    text: str
    author: Person | None
    link: str = ""
    files: tuple[str, ...] = ()


What = Said | Clicked | Submitted | Shared
"""Everything a person can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing one person did.

    ``key`` is the platform's own id of the delivery: the same key never takes effect twice.
    ``message`` is the id of the message it was done on or by, for the contribution log.
    """

    workspace: WorkspaceId
    person: Person
    place: Place
    what: What
    key: str = ""
    message: str = ""
