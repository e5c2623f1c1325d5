"""When partners moved a date to a later one, told from the plans before and after each act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.support.simulated.history import State

Place = tuple[str, str]
"""A plan, and a step in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    was: date | None
    now: date | None
    later_at: int | None
    """When the date was last moved to a later one, before this move."""


@dataclass(slots=True)
class Moves:
    later_at: dict[Place, int] = field(default_factory=dict)
    _made: dict[Place, list[Move]] = field(default_factory=dict)

    def see(self, before: State | None, event: State) -> None:
        """Compare the dates; what takes a move back is no move of its own."""
        for plan in event.plans.values():
            old = before.plans.get(plan.id) if before else None
            for step in old.steps if old else ():
                new = plan.step(step.key)
                if new is None or new.due == step.due:
                    continue
                place = str(plan.id), step.key
                if "Undo(" in event.why:
                    self._undone(place, step.due, new.due)
                else:
                    self._moved(place, step.due, new.due, int(event.at))

    def _moved(self, place: Place, was: date | None, now: date | None, at: int) -> None:
        move = Move(was=was, now=now, later_at=self.later_at.get(place))
        self._made.setdefault(place, []).append(move)
        if was is not None and now is not None and now > was:
            self.later_at[place] = at

    def _undone(self, place: Place, was: date | None, now: date | None) -> None:
        made = self._made.get(place, [])
        move = next(one for one in reversed(made) if (one.was, one.now) == (now, was))
        made.remove(move)
        self.later_at.pop(place, None)
        if move.later_at is not None:
            self.later_at[place] = move.later_at


def of_this_date(told: Sequence[int], later_at: int | None, most: int) -> Sequence[int]:
    """Return when a thing was told, without the full rounds that an earlier date has had."""
    if later_at is None or not most:
        return told
    rounds = len([at for at in told if at <= later_at]) // most
    return told[rounds * most :]
