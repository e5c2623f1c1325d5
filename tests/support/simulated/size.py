"""How much is simulated."""

from dataclasses import dataclass
from datetime import date

from bot.config import Guarantee


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is simulated, from ``first`` on; ``only``: nothing but that partnership.

    ``troubles``: how often a week service, clock or school fail; ``failures``: how often a try to
    send does, from 0 to 1.
    """

    partnerships: int
    weeks: int
    seed: str
    first: date
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE
    only: int | None = None
    troubles: float = 6.0
    failures: float = 0.06

    @property
    def numbers(self) -> range:
        return range(self.partnerships) if self.only is None else range(self.only, self.only + 1)
