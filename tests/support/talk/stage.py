"""The words of the stories: people who say, click, fill and see; a clock that is moved.

A story is a coroutine that takes a ``Stage``. It runs unchanged on every driver: ``core.py`` (no
platform), ``browser.py`` (the playground in Chromium); others follow by subclassing the protocols.

    ana = await stage.person("Ana")
    await ana.says('/coplan start "Rivers" @Ben')
    await ana.opens("Rivers")
    await ana.clicks("My next steps")
    await stage.clock.to("Tue 07:30")
"""

from datetime import datetime
from typing import Final, Protocol

START: Final = datetime.fromisoformat("2026-11-16T07:00:00+01:00")
"""When every story begins: a Monday in Berlin, before school."""
ZONE: Final = "Europe/Berlin"
CHANNEL: Final = "planning"
BOT: Final = "Coplan"
REQUIRED: Final = "Please answer this one."
"""What stands below a question that was left blank; on a platform, in its own words."""
REMINDER: Final = "This comes next for you"
"""How every reminder begins; the digest is a direct message, too."""


class Actor(Protocol):
    """One person at one window, acting by what is visible there.

    What stands in the open place counts: a channel, beside it maybe a thread, or a direct
    conversation. ``in_`` narrows to the newest message that also shows that text.
    """

    name: str

    async def opens(self, place: str) -> None:
        """Go to a channel ("planning"), a plan's thread (its title) or the bot ("Coplan")."""
        ...

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        """Type into the channel (or the open thread) and send, maybe with files."""
        ...

    async def clicks(self, label: str, in_: str | None = None) -> None:
        """Use the newest button of that label, and wait for its answer."""
        ...

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        """Use one and the same button, and once more while it is still there."""
        ...

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        """Choose from the newest menu of that placeholder."""
        ...

    async def picks(self, text: str) -> None:
        """Use “Add to plan” on the newest message that shows the text."""
        ...

    async def fills(self, **answers: str) -> None:
        """Answer questions of the open form by their visible labels; the others stay as they are.

        A date is ISO 8601, an option is its label, a person their name.
        """
        ...

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        """Choose a file for a question of the open form."""
        ...

    async def submits(self) -> None:
        """Send the open form, and wait for its answer."""
        ...

    async def sees_form(self, title: str) -> None:
        """Expect a form of that title to be open."""
        ...

    async def form_closes(self) -> None:
        """Expect no form to be open: what was sent was taken, or refused with a page."""
        ...

    async def answer_in_form(self, label: str) -> str:
        """Return what stands in a text input of the open form."""
        ...

    async def dismisses_form(self) -> None:
        """Close the open form without sending it."""
        ...

    async def sees(self, text: str, in_: str | None = None) -> None:
        """Expect the text somewhere in the open place or form, case apart."""
        ...

    async def sees_not(self, text: str) -> None:
        """Expect the text nowhere there, when everything under way has arrived."""
        ...

    async def sees_direct(self, text: str) -> None:
        """Expect the text in the direct conversation with the bot."""
        ...

    async def counts_direct(self, text: str = "") -> int:
        """Return how many messages there (by the bot or oneself) show the text."""
        ...

    async def counts(self, text: str) -> int:
        """Return how many messages of the open place show the text."""
        ...

    async def downloads(self, ending: str) -> bytes:
        """Return the newest file whose name ends so."""
        ...


class StageClock(Protocol):
    """The clock of the playground: moved forward, everything due on the way happens."""

    async def to(self, when: datetime | str) -> None:
        """Move to an instant (aware), to "Tue 07:30", or "next free period of Rosa".

        A weekday and time mean the next such wall time in ``ZONE``.
        """
        ...

    async def now(self) -> datetime:
        """Return the present instant (UTC)."""
        ...


class Stage(Protocol):
    """Where a story is played; ``name`` is the driver's."""

    name: str
    clock: StageClock

    async def person(self, name: str, zone: str = ZONE) -> Actor:
        """Return the person of that name, who comes in if they are new."""
        ...

    async def closes_messages(self, name: str) -> None:
        """Let that person take no direct messages of the bot's from now on."""
        ...

    async def opens_messages(self) -> None:
        """Let everybody take them again."""
        ...

    async def is_down_until(self, when: str) -> None:
        """Stop the bot, and start it at that time ("Tue 07:30"): nobody was there in between."""
        ...
