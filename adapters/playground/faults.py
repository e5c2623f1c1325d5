"""What the messenger can be told to do wrong, so that people and tests see what happens then."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from adapters.playground.records import Channel, Persona, participants
from bot.domain.errors import InvalidInput

MOST_FAULTS: Final = 20
LONGEST_SLOW: Final = 60
LONGEST_LIMIT: Final = 3600


class FaultKind(StrEnum):
    """How a delivery goes wrong; the values are stored."""

    CLOSED = "closed"
    """Refused for good: the person takes no direct messages."""
    GONE = "gone"
    """Refused for good: the channel is gone."""
    BUSY = "busy"
    """Refused for now."""
    LIMITED = "limited"
    """Refused for ``seconds``, in this channel or to this person; whoever comes earlier, too."""
    LOST_BEFORE = "lost_before"
    """No answer, and it was not shown."""
    LOST_AFTER = "lost_after"
    """No answer, and yet it was shown."""
    SLOW = "slow"
    """Shown and answered after ``seconds`` of real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    ``where`` is ``@person`` (direct messages to them), ``#channel`` (with its threads) or empty
    (everywhere). ``left`` is for how many more messages; None: until told otherwise.
    """

    number: int = 0
    kind: FaultKind
    where: str = ""
    seconds: int = 0
    left: int | None = None

    def applies(self, channel: str) -> bool:
        """Tell whether it hits what goes to the channel or direct conversation."""
        people = participants(channel)
        if (self.kind is FaultKind.CLOSED and not people) or (
            self.kind is FaultKind.GONE and people
        ):
            return False
        return not self.where or self.where == bucket(channel)


def bucket(channel: str) -> str:
    """Return what a channel or direct conversation is called in ``Fault.where``."""
    people = participants(channel)
    return f"@{people[0]}" if people else f"#{channel}"


def check(fault: Fault, people: tuple[Persona, ...], channels: tuple[Channel, ...]) -> None:
    """Raise ``InvalidInput`` for a fault that cannot be."""
    known = {"", *(f"@{each.id}" for each in people), *(f"#{each.id}" for each in channels)}
    if fault.where not in known:
        raise _refused("There is no such person or channel here.")
    if fault.kind is FaultKind.CLOSED and fault.where.startswith("#"):
        raise _refused("Direct messages are closed by a person, not by a channel.")
    if fault.kind is FaultKind.GONE and fault.where.startswith("@"):
        raise _refused("A channel can be gone, not a person.")
    longest = {FaultKind.SLOW: LONGEST_SLOW, FaultKind.LIMITED: LONGEST_LIMIT}.get(fault.kind)
    if longest is not None and not 1 <= fault.seconds <= longest:
        raise _refused(f"That takes 1 to {longest:,} seconds.")


def _refused(what: str) -> InvalidInput:
    return InvalidInput(what=what, remedy="Choose another. Nothing was changed.")
