"""Plans by title; where several bear one title, what tells them apart stands behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import Plan
from bot.ui.acts import name_of
from bot.ui.limits import OPTION_LABEL, shorten
from bot.ui.pages.words import day, people

NAMED = 3
NAME = 14
LEAST = 20
"""Characters of a title that are left whatever stands behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the titles: ``zone`` (IANA) is their clock, and their own name is left out.

    ``names`` are those of the plans' partners, as far as they are known.
    """

    zone: str
    names: Mapping[MemberId, str] = field(default_factory=dict)
    member: MemberId | None = None


def told_apart(
    plans: Iterable[Plan], reader: Reader, limit: int = OPTION_LABEL
) -> dict[PlanId, str]:
    """Return the plans' titles in at most ``limit`` characters, no two of them alike.

    Titles that are alike (case and blanks apart) get their partners, or when they were started,
    as exactly as it takes.
    """
    everything = tuple({plan.id: plan for plan in plans}.values())
    if len(everything) == 1:
        return dict(_labels(everything, reader, limit))
    alike: dict[str, list[Plan]] = defaultdict(list)
    for plan in everything:
        alike[_folded(shorten(plan.title, limit))].append(plan)
    labels = dict(pair for some in alike.values() for pair in _labels(some, reader, limit))
    return {plan.id: labels[plan.id] for plan in everything}


def _labels(some: Sequence[Plan], reader: Reader, limit: int) -> list[tuple[PlanId, str]]:
    if len(some) == 1:
        return [(some[0].id, shorten(some[0].title, limit))]
    labels: list[str] = []
    for tells in _TELLS if reader.names else (_date, _clock):
        labels = [_label(plan, tells(plan, reader), limit) for plan in some]
        if len({_folded(label) for label in labels}) == len(labels):
            break
    else:
        order = sorted(range(len(some)), key=lambda at: (some[at].started_at, some[at].id))
        counted = {at: number for number, at in enumerate(order, start=1)}
        labels = [
            _label(plan, f"{_clock(plan, reader)}, {counted[at]} of {len(some)}", limit)
            for at, plan in enumerate(some)
        ]
    return [(plan.id, label) for plan, label in zip(some, labels, strict=True)]


def _label(plan: Plan, told: str, limit: int) -> str:
    behind = f" ({shorten(told, limit - LEAST - 3)})"
    return shorten(plan.title, limit - len(behind)) + behind


def _partners(plan: Plan, reader: Reader) -> str:
    others = [m for m in plan.members if m != reader.member]
    named = (shorten(name_of(reader.names, m), NAME) for m in others)
    return f"with {people(named, NAMED)}" if others else "alone"


def _date(plan: Plan, reader: Reader) -> str:
    return f"since {day(plan.started_at.astimezone(ZoneInfo(reader.zone)).date())}"


def _clock(plan: Plan, reader: Reader) -> str:
    return f"{_date(plan, reader)}, {plan.started_at.astimezone(ZoneInfo(reader.zone)):%H:%M}"


def _both(plan: Plan, reader: Reader) -> str:
    return f"{_partners(plan, reader)}, {_date(plan, reader)}"


_TELLS: Sequence[Callable[[Plan, Reader], str]] = (_partners, _date, _both, _clock)


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()
