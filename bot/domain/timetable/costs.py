"""What a free period costs the one who gives it up.

The classes are those that FET (the timetabling program) prints for teachers' free periods, with
planning periods, and hours that somebody offered in words, below them.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Self


class Cost(Enum):
    """The class of a free period; compared by ``price``, cheaper is less.

    Prices go from 0 (planning period, own hours) to 6 (free day); earlier and longer cost the same.
    ``place`` counts the classes from 0.
    """

    price: int
    place: int

    PLANNING = "planning period", 0
    OWN_HOURS = "own hours", 0
    SINGLE_GAP = "single gap", 1
    BORDER_GAP = "border gap", 2
    BIG_GAP = "big gap", 3
    COME_EARLIER = "come earlier", 4
    STAY_LONGER = "stay longer", 4
    COME_MUCH_EARLIER = "come much earlier", 5
    STAY_MUCH_LONGER = "stay much longer", 5
    FREE_DAY = "free day", 6

    def __new__(cls, words: str, price: int) -> Self:
        """Return the class called ``words``."""
        made = object.__new__(cls)
        made._value_ = words
        made.price = price  # an attribute, for it is asked for thousands of times
        made.place = len(cls.__members__)
        return made

    def __lt__(self, other: "Cost") -> bool:
        return self.price < other.price

    def __le__(self, other: "Cost") -> bool:
        return self.price <= other.price

    def __gt__(self, other: "Cost") -> bool:
        return self.price > other.price

    def __ge__(self, other: "Cost") -> bool:
        return self.price >= other.price


_GAPS = (Cost.BIG_GAP, Cost.BORDER_GAP, Cost.SINGLE_GAP)


def day_costs(busy: Sequence[bool]) -> tuple[Cost | None, ...]:
    """Return the class of each period of one person's day, None where they are busy.

    ``busy`` tells, period by period in the day's order, where the person has a lesson. A break is
    an ordinary period without one.
    """
    taken = [at for at, lesson in enumerate(busy) if lesson]
    if not taken:
        return (Cost.FREE_DAY,) * len(busy)
    return tuple(
        None if lesson else _cost(busy, at, taken[0], taken[-1]) for at, lesson in enumerate(busy)
    )


def cost_at(busy: Sequence[bool], at: int) -> Cost:
    """Return the class of one period of a day as ``day_costs`` does; it has no lesson."""
    taken = [number for number, lesson in enumerate(busy) if lesson]
    return _cost(busy, at, taken[0], taken[-1]) if taken else Cost.FREE_DAY


def _cost(busy: Sequence[bool], at: int, first: int, last: int) -> Cost:
    """Return the class of the free period ``at`` of a day with lessons from first to last."""
    if at < first:
        return Cost.COME_EARLIER if at == first - 1 else Cost.COME_MUCH_EARLIER
    if at > last:
        return Cost.STAY_LONGER if at == last + 1 else Cost.STAY_MUCH_LONGER
    return _GAPS[busy[at - 1] + busy[at + 1]]
