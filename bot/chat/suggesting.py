"""What somebody may mean while they are still typing: plans, fields, templates, time zones."""

from enum import StrEnum
from functools import cache
from typing import assert_never
from zoneinfo import available_timezones

from bot.domain.ids import PlanId
from bot.domain.members import Identity
from bot.domain.planning.plan import Plan
from bot.ui.cards import Option
from bot.ui.limits import OPTION_VALUE, OPTIONS, shorten
from bot.ui.pages.titles import Reader, told_apart
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
            found = _plans(work, identity, typed)
        case Wanted.FIELD:
            found = _fields(work, identity, plan)
        case Wanted.TEMPLATE:
            found = [Option(one.key, one.title) for one in templates(work).values()]
        case Wanted.ZONE:
            found = [Option(name, name.replace("_", " ")) for name in _zones()]
        case _:
            assert_never(wanted)
    fitting = found if wanted is Wanted.PLAN else _fitting(found, typed)
    return tuple(fitting)[:OPTIONS]


def _fitting(found: list[Option], typed: str) -> list[Option]:
    """Return those with the letters in them, the ones that begin so first."""
    letters = _fold(typed)
    fits = [
        Option(one.value, shorten(one.label, SHOWN))
        for one in found
        if letters in _fold(one.label) and len(one.value) <= OPTION_VALUE
    ]
    return sorted(fits, key=lambda one: not _fold(one.label).startswith(letters))


def _plans(work: Work, identity: Identity, typed: str) -> list[Option]:
    """Return the plans with the letters in their titles, no two of them called alike."""
    letters = _fold(typed)
    fits = [plan for plan in _own(work, identity) if letters in _fold(plan.title)]
    fits.sort(key=lambda plan: not _fold(plan.title).startswith(letters))
    shown = _titles(work, identity, fits[:OPTIONS])
    return [Option(plan, title) for plan, title in shown.items()]


def _titles(work: Work, identity: Identity, plans: list[Plan]) -> dict[PlanId, str]:
    member = work.members.by_identity(identity)
    if member is None:
        return {}
    partners = work.members.get({one for plan in plans for one in plan.members})
    names = {one: found.name for one, found in partners.items()}
    return told_apart(plans, Reader(zone=member.zone, names=names, member=member.id), SHOWN)


def _fields(work: Work, identity: Identity, meant: str) -> list[Option]:
    plans = _own(work, identity)
    wanted = [p for p in plans if p.id == meant] or [
        p for p in plans if _fold(meant) in _fold(p.title)
    ]
    alone = len(wanted) == 1
    titles = {} if alone else _titles(work, identity, wanted)
    return [
        Option(
            f"{plan.id}|{step.key}|{field.key}",
            field.label if alone else f"{field.label} ({titles[plan.id]})",
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
