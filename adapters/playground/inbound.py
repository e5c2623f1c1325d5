"""What the page posts: checked by shape, and what was typed turned into neutral words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from adapters.playground.faults import FaultKind
from adapters.playground.records import BOT, BOT_NAME, Persona
from adapters.playground.time_travel import Move
from bot.domain.errors import InvalidInput
from bot.domain.ids import MemberId
from bot.domain.members import Person
from bot.ui.spans import Mention, Spans

T = TypeVar("T")

Short = Annotated[str, StringConstraints(max_length=120)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w.-]+$")]
LONGEST_ANSWER: Final = 20_000
"""Characters of one answer in a form."""
LONGEST_WORDS: Final = 200_000
"""Characters typed in a composer."""
Answer = Annotated[str, StringConstraints(max_length=LONGEST_ANSWER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something typed in a composer."""

    kind: Literal["say"]
    id: Id
    person: Id
    channel: Short
    thread: Short = ""
    text: Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A button clicked or an option chosen; ``thread`` where it was done in a thread's pane."""

    kind: Literal["click"]
    id: Id
    person: Id
    message: Id
    thread: Short = ""
    action: Short
    choice: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """A form's answers; ``message`` is what the form was opened from."""

    kind: Literal["submit"]
    id: Id
    person: Id
    message: Id
    thread: Short = ""
    action: Short
    values: dict[Short, list[Answer]]
    people: dict[Short, list[Id]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A message picked, to do ``action`` with it; ``thread`` where it was done in a pane."""

    kind: Literal["share"]
    id: Id
    person: Id
    message: Id
    thread: Short = ""
    action: Short


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """A private message put away."""

    kind: Literal["dismiss"]
    id: Id
    person: Id
    message: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveClock:
    """A move of the clock; ``of`` is whose zone or free period is meant, else the mover's."""

    id: Id
    person: Id
    move: Move
    of: Short = ""
    at: Short = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """Somebody new; ``id`` is the act's."""

    id: Id
    name: Short
    zone: Short


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChannel:
    """A new channel; ``id`` is the act's."""

    id: Id
    name: Short


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFault:
    """Something that is to go wrong with deliveries; see ``faults.Fault``."""

    change: Literal["add"]
    id: Id
    kind: FaultKind
    where: Short = ""
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    left: Annotated[int, Field(ge=1, le=999)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFault:
    """What is to go well again: one fault by its number, or (None) everything."""

    change: Literal["end"]
    id: Id
    fault: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetLook:
    """Whether the bot may look for what it has sent."""

    change: Literal["look"]
    id: Id
    lookable: bool


FaultChange = AddFault | EndFault | LetLook
FAULTS: Final[TypeAdapter[FaultChange]] = TypeAdapter(
    Annotated[FaultChange, Field(discriminator="change")]
)
Act = Say | Click | Submit | Share | Dismiss
ACTS: Final[TypeAdapter[Act]] = TypeAdapter(Annotated[Act, Field(discriminator="kind")])
MOVES: Final = TypeAdapter(MoveClock)
PEOPLE: Final = TypeAdapter(AddPerson)
CHANNELS: Final = TypeAdapter(AddChannel)

_COMMAND: Final = re.compile(r"\s*/coplan(?!\w)\s*", re.IGNORECASE)
_CALL: Final = re.compile(rf"\s*@{BOT_NAME}(?!\w)[:,]?\s*", re.IGNORECASE)


def read(shape: TypeAdapter[T], text: str | bytes) -> T:
    """Return what was posted; ``InvalidInput`` with one sentence when it has another shape."""
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        first = faults[0]
        for fault in faults:
            most = fault.get("ctx", {}).get("max_length")
            if most in {LONGEST_ANSWER, LONGEST_WORDS}:
                raise _too_long(most) from error
        where = ".".join(str(part) for part in first["loc"]) or "the request"
        raise InvalidInput(
            what=f"That could not be understood: {where}: {first['msg'].lower()}.",
            remedy="Nothing was changed. Reload the page and try again.",
        ) from error


def _too_long(most: int) -> InvalidInput:
    return InvalidInput(
        what=f"That is too long: {most:,} characters is the most at once.",
        remedy="Nothing was sent, and your words are still here: shorten them, or send a file.",
    )


def slash_command(text: str) -> str | None:
    """Return the words after ``/coplan``, or None; another command is ``InvalidInput``."""
    if (found := _COMMAND.match(text)) is not None:
        return text[found.end() :].rstrip()
    if (other := re.match(r"\s*(/[a-zA-Z]\w*)(?=\s|$)", text)) is not None:
        raise InvalidInput(what=f"There is no command {other[1]} here.", remedy="Try /coplan help.")
    return None


def spoken_to_bot(text: str, *, alone: bool) -> str | None:
    """Return the words after ``@Coplan``, or None; ``alone`` with the bot, all words are for it."""
    if (found := _CALL.match(text)) is not None:
        return text[found.end() :].rstrip()
    return text.strip() if alone else None


def split_mentions(text: str, people: Sequence[Persona]) -> tuple[str | Persona, ...]:
    """Return the text with every ``@Name`` of a known person resolved, the longest name first."""
    names = sorted((each.name for each in people), key=len, reverse=True)
    known = {each.name.casefold(): each for each in people}
    if not names:
        return (text,) if text else ()
    pattern = rf"(?<![\w@])@({'|'.join(re.escape(name) for name in names)})(?!\w)"
    pieces = re.split(pattern, text, flags=re.IGNORECASE)
    # re.split alternates: text, name, text, name, …, text
    resolved = (known[piece.casefold()] if odd % 2 else piece for odd, piece in enumerate(pieces))
    return tuple(piece for piece in resolved if piece)


def parts(text: str, people: Sequence[Persona]) -> tuple[str | Person, ...]:
    """Return a command's words and people, in the order typed; texts without outer blanks."""
    pieces = (
        piece.strip() if isinstance(piece, str) else piece.person
        for piece in split_mentions(text, people)
    )
    return tuple(piece for piece in pieces if piece)


def talk_spans(text: str, people: Sequence[Persona]) -> Spans:
    """Return ordinary talk with its mentions, to be shown."""
    return tuple(
        piece if isinstance(piece, str) else Mention(MemberId(piece.id), piece.name, ping=True)
        for piece in split_mentions(text, (*people, Persona(id=BOT, name=BOT_NAME, zone="UTC")))
    )
