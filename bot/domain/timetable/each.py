"""Something of each of many members: a mapping that is made at next to no cost."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from bot.domain.ids import MemberId

V = TypeVar("V")


class Each(Mapping[MemberId, V]):
    """What stands in ``kinds`` for each of the members, by their place in ``numbers``.

    A slot of sixty people has sixty costs, of which somebody looks at a few: a dictionary would be
    most of the work of finding the slot.
    """

    __slots__ = ("_kinds", "_numbers", "_places")

    def __init__(self, places: Mapping[MemberId, int], numbers: bytes, kinds: Sequence[V]) -> None:
        """``places`` counts the members from 0, ``numbers`` has a place in ``kinds`` for each."""
        self._places = places
        self._numbers = numbers
        self._kinds = kinds

    def __getitem__(self, member: MemberId) -> V:
        return self._kinds[self._numbers[self._places[member]]]

    def __iter__(self) -> Iterator[MemberId]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return repr(dict(self))
