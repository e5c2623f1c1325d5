"""What was decoded lately: the dearest part of loading is often a repetition of the last time."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, Final, Generic, TypeVar

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.planning.plan import Plan
from bot.domain.planning.template import Template

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

TEMPLATES: Final = 256
PLANS: Final = 256
"""How many are held; a plan takes some 40 kB with its row, so all of it some 20 MB at most."""


class Recent(Generic[K, V]):
    """The ``most`` values that were held or asked for last. Shared by all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return the value, or None when it is not held (any more)."""
        with self._lock:
            value = self._held.get(key)
            if value is not None:
                self._held.move_to_end(key)
            return value

    def hold(self, key: K, value: V) -> None:
        """Hold the value, and let go of the one that was not used for longest if need be."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)


class Decoded:
    """Decoded template snapshots and plans; no identity map, and never instead of the database.

    A template is known by the hash of its document. A plan is known by its whole row, which is
    read every time: only when it is letter for letter the row that was decoded (or encoded) last,
    the value made then is used again. So nothing here can be out of date, whatever was rolled
    back, whoever else writes.
    """

    def __init__(self) -> None:
        self.templates: Recent[str, Template] = Recent(TEMPLATES)
        self._plans: Recent[tuple[WorkspaceId, PlanId], tuple[tuple[Any, ...], Plan]] = Recent(
            PLANS
        )

    def plan(self, row: tuple[Any, ...], workspace: WorkspaceId, plan: PlanId) -> Plan | None:
        """Return the plan of exactly that row, or None when it must be decoded."""
        held = self._plans.get((workspace, plan))
        return held[1] if held is not None and held[0] == row else None

    def hold_plan(self, row: tuple[Any, ...], plan: Plan) -> None:
        """Hold the plan and the whole row it was decoded from or encoded to."""
        self._plans.hold((plan.workspace, plan.id), (row, plan))
