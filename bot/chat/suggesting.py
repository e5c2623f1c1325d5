"""What somebody may mean while they are still typing: plans, fields, templates, time zones."""

from enum import StrEnum
from functools import cache
from typing import assert_never
from zoneinfo import available_timezones

from bot.domain.members import Identity
from bot.domain.planning.plan import Plan
from bot.ui.cards import Option
from bot.ui.limits import OPTION_VALUE, OPTIONS, shorten
from bot.usecases.planning.starting import templates
from bot.usecases.ports import Work

SHOWN = 100
"""Characters of a suggestion."""


class Wanted(StrEnum):
    """What is to be suggested."""

    PLAN = "plan"
    """The person's plans; the value is the plan's id."""
    FIELD = "field"
    """The fields of a plan; the value is the ids of plan, step and field with bars between."""
    TEMPLATE = "template"
    ZONE = "zone"


def suggested(
    work: Work, identity: Identity, wanted: Wanted, typed: str, plan: str = ""
) -> tuple[Option, ...]:
    """Return what fits the letters typed, at most as many as a menu holds. Only reads.

    ``plan`` (an id, or part of a title) narrows fields down to one plan's.
    """
    match wanted:
        case Wanted.PLAN:
            found = _plans(work, identity)
        case Wanted.FIELD:
            found = _fields(work, identity, plan)
        case Wanted.TEMPLATE:
            found = [Option(one.key, one.title) for one in templates(work).values()]
        case Wanted.ZONE:
            found = [Option(name, name.replace("_", " ")) for name in _zones()]
        case _:
            assert_never(wanted)
    return tuple(_fitting(found, typed))[:OPTIONS]


def _fitting(found: list[Option], typed: str) -> list[Option]:
    """Return those with the letters in them, the ones that begin so first."""
    letters = _fold(typed)
    fits = [
        Option(one.value, shorten(one.label, SHOWN))
        for one in found
        if letters in _fold(one.label) and len(one.value) <= OPTION_VALUE
    ]
    return sorted(fits, key=lambda one: not _fold(one.label).startswith(letters))


def _plans(work: Work, identity: Identity) -> list[Option]:
    return [Option(plan.id, plan.title) for plan in _own(work, identity)]


def _fields(work: Work, identity: Identity, meant: str) -> list[Option]:
    plans = _own(work, identity)
    wanted = [p for p in plans if p.id == meant] or [
        p for p in plans if _fold(meant) in _fold(p.title)
    ]
    alone = len(wanted) == 1
    return [
        Option(
            f"{plan.id}|{step.key}|{field.key}",
            field.label if alone else f"{field.label} ({plan.title})",
        )
        for plan in wanted
        for step in plan.template.steps
        for field in step.fields
    ]


def _own(work: Work, identity: Identity) -> list[Plan]:
    member = work.members.by_identity(identity)
    return work.plans.of_member(member.id)[::-1] if member is not None else []


def _fold(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()


@cache
def _zones() -> tuple[str, ...]:
    """Return the zones that people live in: places by name."""
    return tuple(sorted(name for name in available_timezones() if "/" in name))
