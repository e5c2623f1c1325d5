"""Plans and reminders that are sent into a fake whose calls go wrong, by a clock that is moved."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Protocol

from tests.support.fake_clock import FakeClock
from tests.support.faults import Args, Fault, Faults
from tests.support.talk.stage import START

PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
PLACES = ("planning", "music", "maths", "sports")
FULL = PLACES[1]
"""The channel that takes no more."""
NOTES = "post your notes"
TURNS = (0, 1, 2, 5, 10, 30, 60)
"""Minutes after which everything due is sent, each morning."""


def title(number: int) -> str:
    return f"Plan {number:03d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message that the app wanted to send; times as the fake keeps them of a call."""

    channel: str
    outcome: str
    at: float
    came: float
    answered: float


class Sending(Protocol):
    """Coplan on a platform, in four channels, for eight people."""

    post: ClassVar[str]
    """The call by which a message is sent."""
    troubles: ClassVar[Sequence[Fault]]
    """What may become of it."""
    clock: FakeClock

    @property
    @abstractmethod
    def faults(self) -> Faults: ...

    @abstractmethod
    def user(self, name: str) -> Any:  # noqa: ANN401 - each platform's own
        """Return the person of that name."""

    @abstractmethod
    async def settle(self) -> None:
        """Return when all that is due has been sent."""

    @abstractmethod
    def is_into(self, place: str, args: Args) -> bool:
        """Tell whether the call sends into that channel."""

    @abstractmethod
    def posts(self) -> list[Post]:
        """Return every message that was to be sent, in the order answered."""

    @abstractmethod
    def shown(self) -> Counter[str]:
        """Return the plans that are shown by title, in all channels."""

    @abstractmethod
    def cards(self) -> int:
        """Return how many cards stand in channels."""

    @abstractmethod
    def reminders(self) -> Counter[tuple[str, str]]:
        """Return how often the partners' reminder was shown, by thread and day."""

    @abstractmethod
    async def remind(self, number: int) -> None:
        """Let that person set a reminder at nine every day, in their plan's thread."""

    @abstractmethod
    def knows_nothing_again(self) -> None:
        """Let the platform neither show what was sent, nor know what is sent again."""

    async def start_plans(self, many: int) -> None:
        """Let everybody start plans in turn, in all channels."""
        for number in range(many):
            who = self.user(PEOPLE[number % len(PEOPLE)])
            await who.command(f'/coplan start "{title(number)}" short-form', PLACES[number % 4])

    async def until_sent(self, seconds: int) -> None:
        """Let time pass, second by second, and everything be sent that is due."""
        for _ in range(seconds):
            await self.settle()
            self.clock.move(seconds=1)
        await self.settle()

    async def until_shown(self, plans: int, within: int) -> None:
        """Let time pass until so many plans are shown, for so many seconds at most."""
        for _ in range(within):
            await self.settle()
            if self.shown().total() >= plans:
                break
            self.clock.move(seconds=1)

    async def reminding(self) -> int:
        """Let everybody start a plan with a reminder at nine every day; return how many."""
        await self.start_plans(len(PEOPLE))
        await self.settle()
        for number in range(len(PEOPLE)):
            await self.remind(number)
        await self.settle()
        self.clock.set(START.replace(hour=8))
        return len(PEOPLE)

    async def days_pass(self, days: int) -> None:
        """Let so many mornings pass, and everything happen that is due."""
        for day in range(days):
            for minute in TURNS:
                self.clock.set(START.replace(hour=9) + timedelta(days=day, minutes=minute))
                await self.settle()


def early(made: Iterable[Post], wait: float) -> int:
    """Return how many posts came after their channel had been told to wait, and too early.

    Those that were on their way when it was told do not count.
    """
    told: dict[str, Post] = {}
    found = 0
    for post in made:
        before = told.get(post.channel)
        if before is not None and (post.at > before.at or post.came > before.answered + 3):
            found += post.at < before.at + wait
        if post.outcome == "limited":
            told[post.channel] = post
    return found
