"""Messengers that fail as the dice say, and keep what people saw in one ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random  # noqa: TID251 - seeded

from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.ports import Messenger, NotDelivered, OutcomeUnknown
from bot.ui.cards import Card
from tests.support.fake_clock import FakeClock
from tests.support.fake_messenger import Sent
from tests.support.simulated.history import Outcome, Tried
from tests.support.simulated.house import Fuse

ONCE, LOOKS, BLIND = "once", "looks", "blind"
"""Platforms: one refuses to show a key twice, in one the bot may look what it has shown."""


@dataclass(slots=True)
class Ledger:
    """What every platform was asked to show.

    ``about`` tells whom a notice's key is about (a user, or a partnership's id), None for what is
    not judged; ``tell`` gets each try that is. ``failures``: how often a try fails, from 0 to 1.
    """

    clock: FakeClock
    about: Callable[[str], str | None]
    tell: Callable[[Tried], None]
    seed: str
    failures: float
    fuse: Fuse = field(default_factory=Fuse)
    shown: dict[str, MessageRef] = field(default_factory=dict)
    count: int = 0

    def fate(self, about: str) -> tuple[Outcome, float]:
        """Return what becomes of a try now, and the seconds that a refusal names."""
        dice = Random(f"{self.seed}:{about}:{self.clock.now().isoformat()}")
        if dice.random() >= self.failures:
            return Outcome.SHOWN, 0.0
        outcome = dice.choice([Outcome.REFUSED] * 3 + [Outcome.SHOWN_UNKNOWN, Outcome.LOST_UNKNOWN])
        rated = outcome is Outcome.REFUSED and dice.random() < 0.3
        return outcome, float(dice.randrange(5, 90)) if rated else 0.0


class Ledgered(Messenger):
    """One platform."""

    def __init__(self, platform: str, ledger: Ledger) -> None:
        self._platform = platform
        self._ledger = ledger

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        assert title, (card, key)
        thread = f"t{self._next()}"
        place = Place(
            platform=self._platform, kind=PlaceKind.THREAD, channel=channel.channel, thread=thread
        )
        return MessageRef(place=place, message=thread)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        return self._try(Sent(how="post", to=place, card=card, key=key), place)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        pass

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        place = Place(platform=to.platform, kind=PlaceKind.DIRECT, channel=to.user)
        return self._try(Sent(how="direct", to=to, card=card, key=key), place)

    async def find(self, where: Place | Identity, key: str, since: datetime) -> MessageRef | None:
        if self._platform != LOOKS:
            return await super().find(where, key, since)
        return self._ledger.shown.get(key)

    def _next(self) -> int:
        self._ledger.count += 1
        return self._ledger.count

    def _try(self, sent: Sent, place: Place) -> MessageRef:
        ledger, about = self._ledger, self._ledger.about(sent.key)
        message = MessageRef(place=place, message=f"m{self._next()}")
        if about is None:
            return message
        ledger.fuse.reach("before send")
        outcome, wait = ledger.fate(about)
        if sent.key in ledger.shown and self._platform == ONCE:
            outcome = Outcome.REPEATED
        at = ledger.clock.now().timestamp()
        ledger.tell(Tried(at=at, about=about, sent=sent, outcome=outcome, wait=wait))
        if outcome.seen:
            ledger.shown[sent.key] = message
            ledger.fuse.reach("shown")
        if outcome is Outcome.REFUSED:
            raise NotDelivered("busy", retry_after=wait or None)
        if outcome.unclear:
            raise OutcomeUnknown
        return ledger.shown[sent.key]
