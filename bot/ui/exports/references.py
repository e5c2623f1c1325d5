"""Ids in a plan and its log, exchanged for others: for references local to a document, and back."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.plan import AnswerKey, Plan

T = TypeVar("T")

Swap = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """What takes the place of each id; an empty text for a file that does not come along."""

    member: Swap
    item: Swap
    file: Swap


COLLECTIONS = (
    "comments",
    "decisions",
    "challenges",
    "responsibilities",
    "resources",
    "minutes",
    "sessions",
    "outside",
)
"""The kinds of items in a plan, in the order in which exports list them."""

_OF_MEMBERS = {ActKind.HANDED_OFF.value, ActKind.STEP_CLOSED.value}
"""Acts that hold a member's id before and after (undoing them does, too)."""
_MEMBER_LISTS = {"partners", "signed"}
_ITEM_LISTS = {"duties"}
"""Details of acts that hold ids, separated by commas."""
FILE = "file"
"""The detail of acts that holds the id of a file."""


def swap_plan(plan: Plan, swaps: Swaps) -> Plan:
    """Return the plan with every id of a member, an item and a file exchanged.

    The order in which ids are met first depends on the plan's content only: partners, the one who
    started it, steps, answers, then the items.
    """
    partners = tuple(_swapped(p, swaps) for p in plan.partners)
    started_by = MemberId(swaps.member(plan.started_by))
    steps = tuple(_swapped(s, swaps) for s in plan.steps)
    answers = {_swapped(key, swaps): _swapped(answer, swaps) for key, answer in in_order(plan)}
    items: dict[str, Any] = {
        name: tuple(_swapped(thing, swaps) for thing in getattr(plan, name)) for name in COLLECTIONS
    }
    items["outside"] = tuple(
        dataclasses.replace(work, file=swaps.file(work.file)) if work.file else work
        for work in items["outside"]
    )
    return dataclasses.replace(
        plan, partners=partners, started_by=started_by, steps=steps, answers=answers, **items
    )


def in_order(plan: Plan) -> list[tuple[AnswerKey, Any]]:
    """Return the plan's answers in the order of its template, then of its partners."""
    fields = [(s.key, f.key) for s in plan.template.steps for f in s.fields]
    place = {where: n for n, where in enumerate(fields)}
    people = {member: n for n, member in enumerate(dict.fromkeys(p.member for p in plan.partners))}

    def rank(pair: tuple[AnswerKey, Any]) -> tuple[int, int, str]:
        key = pair[0]
        who = people.get(key.respondent, len(people)) if key.respondent else -1
        return place.get((key.step, key.field), len(place)), who, key.respondent or ""

    return sorted(plan.answers.items(), key=rank)


def swap_entry(entry: Entry, swaps: Swaps) -> Entry:
    """Return the entry with every id in its act exchanged, also those inside texts."""
    act = _swapped(swap_texts(entry.act, swaps), swaps)
    return dataclasses.replace(entry, act=act)


def swap_texts(act: Act, swaps: Swaps) -> Act:
    """Return the act with the ids exchanged that its texts and details hold."""
    swapped = {key: _swap_detail(key, text, swaps) for key, text in act.detail.items()}
    detail = {key: text for key, text in swapped.items() if text or key != FILE}
    if holds_members(act):
        before = swaps.member(act.before) if act.before else ""
        after = swaps.member(act.after) if act.after else ""
        return dataclasses.replace(act, before=before, after=after, detail=detail)
    return dataclasses.replace(act, detail=detail)


def holds_members(act: Act) -> bool:
    """Tell whether the act's texts are ids of members."""
    kind = act.detail.get("kind") if act.kind is ActKind.UNDONE else act.kind.value
    return kind in _OF_MEMBERS


def _swap_detail(key: str, text: str, swaps: Swaps) -> str:
    if key in _MEMBER_LISTS:
        return ",".join(swaps.member(part) for part in text.split(",") if part)
    if key in _ITEM_LISTS:
        return ",".join(swaps.item(part) for part in text.split(",") if part)
    if key == FILE:
        return swaps.file(text)
    return text


def _swapped(thing: T, swaps: Swaps) -> T:
    changes: dict[str, object] = {}
    for name, kind in _slots(type(thing)).items():
        value = getattr(thing, name)
        swap = swaps.member if kind is MemberId else swaps.item
        if isinstance(value, str):
            changes[name] = swap(value)
        elif value is not None:
            changes[name] = tuple(swap(one) for one in value)
    return dataclasses.replace(thing, **changes)  # type: ignore[type-var]


def _find_slots(of: type) -> Mapping[str, object]:
    """Return which fields of a dataclass hold ids, and of what, as its annotations say."""
    found = {}
    for name, hint in get_type_hints(of).items():
        for kind in (hint, *get_args(hint)):
            if kind in (MemberId, ItemId):
                found[name] = kind
    return found


_slots: Callable[[Any], Mapping[str, object]] = cache(_find_slots)
