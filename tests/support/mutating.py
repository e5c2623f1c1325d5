"""Payloads spoilt: a part of one is missing, null, of another type, huge, or was never there."""

import copy
import random  # noqa: TID251 - seeded by the test
from collections.abc import Callable, Iterator
from typing import Any, Final

Json = dict[str, Any]
Where = tuple[str | int, ...]

HUGE: Final = 100_000
_WRONG: Final[tuple[Callable[[], Any], ...]] = (
    lambda: None,
    lambda: 0,
    lambda: -1.5,
    lambda: 10**30,
    lambda: True,
    lambda: "",
    lambda: " ",
    list,
    dict,
    lambda: [None],
    lambda: [[]] * 100,
    lambda: {"": None},
    lambda: {"id": {"id": []}},
    lambda: "x" * HUGE,
    lambda: ["x"] * 1_000,
    lambda: {str(n): n for n in range(1_000)},
    lambda: _nested(200),
    lambda: "\x00",
    lambda: "\ud800",
    lambda: "<!channel> '; DROP TABLE member; --",
    lambda: "../../etc/passwd",
)


def paths(value: Any, at: Where = ()) -> Iterator[Where]:  # noqa: ANN401 - any JSON
    """Yield where something stands in a payload."""
    parts = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        parts = enumerate(value)  # type: ignore[assignment]
    for key, each in parts:
        yield (*at, key)
        yield from paths(each, (*at, key))


def spoilt(rng: random.Random, payload: Json, where: Where | None = None) -> tuple[Json, Where]:
    """Return the payload with one part spoilt, and which: ``where``, or any."""
    made = copy.deepcopy(payload)
    path = where or rng.choice(list(paths(made)))
    parent: Any = made
    for key in path[:-1]:
        parent = parent[key]
    match rng.random():
        case luck if luck < 0.2:
            del parent[path[-1]]
        case luck if luck < 0.3 and isinstance(parent, dict) and where is None:
            parent[f"unknown_{rng.randrange(9)}"] = rng.choice(_WRONG)()
        case _:
            parent[path[-1]] = rng.choice(_WRONG)()
    return made, path


def _nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found
