"""Slots: how many are at work at once. Whoever takes long gives theirs to the next."""

import asyncio


class Slots:
    """So many at once; after ``seconds`` somebody slow does not count any more."""

    def __init__(self, many: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(many)
        self._seconds = seconds
        self._until: dict[_Slot, float] = {}
        """Until when each slot is held, by the loop's clock; the first is over first."""
        self._timer: asyncio.TimerHandle | None = None

    def one(self) -> "_Slot":
        """Return what waits for a slot, in the order of asking, and holds it in an ``async with``.

        One timer looks after all of them: most are given back long before they are slow.
        """
        return _Slot(self)

    async def take(self, slot: "_Slot") -> None:
        """Wait for a slot."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        self._until[slot] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(self._until[slot], self._look)

    def give_back(self, slot: "_Slot") -> None:
        """Let the next one have the slot, unless they have it already."""
        if self._until.pop(slot, None) is not None:
            self._free.release()

    def _look(self) -> None:
        """Give back the slots of whoever is slow, and look again when the next one may be."""
        loop, self._timer = asyncio.get_running_loop(), None
        for slot, until in list(self._until.items()):
            if until > loop.time():
                self._timer = loop.call_at(until, self._look)
                break
            self.give_back(slot)


class _Slot:
    """One of the slots, while a block runs."""

    __slots__ = ("_slots",)

    def __init__(self, slots: Slots) -> None:
        self._slots = slots

    async def __aenter__(self) -> None:
        await self._slots.take(self)

    async def __aexit__(self, *_: object) -> None:
        self._slots.give_back(self)
