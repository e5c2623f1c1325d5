"""What happens: all that the judge is given, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import MemberId, PartnershipId, PlanId
from bot.domain.planning.partnership import DigestSlot
from bot.domain.planning.plan import Plan
from bot.domain.timetable.absences import Absences
from tests.support.fake_messenger import Sent
from tests.support.simulated.free import Free


class Outcome(StrEnum):
    """What became of one try to send a message. Of some nobody but the judge knows it."""

    SHOWN = "shown"
    SHOWN_UNKNOWN = "shown, and the answer was lost"
    REPEATED = "shown before, so not again"
    REFUSED = "refused"
    LOST_UNKNOWN = "not shown, and nobody knows"

    @property
    def seen(self) -> bool:
        return self in {Outcome.SHOWN, Outcome.SHOWN_UNKNOWN}

    @property
    def unclear(self) -> bool:
        """Tell whether the product cannot know whether the message was shown."""
        return self in {Outcome.SHOWN_UNKNOWN, Outcome.LOST_UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A message was handed to the messenger at ``at`` (the product's clock).

    ``about`` is a user, or a partnership for a digest; ``wait`` the seconds that a refusal names.
    """

    at: float
    about: str
    sent: Sent
    outcome: Outcome
    wait: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock had run to ``was``; from now on it runs from ``at``, with the service ``up``."""

    was: float
    at: float
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """The service was killed at ``at``; ``begun`` were being sent, ``claimed`` were waiting.

    Both are the notices' keys with the user or partnership they are about.
    """

    at: float
    where: str
    begun: Mapping[str, str]
    claimed: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How things stand in one partnership from ``at`` on: ``why`` is what somebody just did."""

    at: float
    why: str
    plans: Mapping[PlanId, Plan]
    people: Mapping[str, Free]
    members: Mapping[str, MemberId]
    digests: Mapping[PartnershipId, DigestSlot]
    absences: Mapping[str, Absences]


Event = Tried | Clock | Killed | State


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that must not be."""

    partnership: int
    kind: str
    at: float
    who: str
    what: str
    zone: str
