"""Putting a reminder off: until an instant, or until another partner has acted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contributions.acts import OF_ABSENCES, Act, concerns
from bot.domain.ids import MemberId, PlanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """A thing that its member wants to hear of again once, at ``until`` (UTC) or soon after.

    ``key`` is that of ``nudging.Owed``. ``until`` None: not before another partner has acted in
    ``step`` of the plan, anywhere in the plan where ``step`` is empty.
    """

    key: str
    plan: PlanId
    step: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A member waits for another partner before they go on with the snooze's thing."""

    member: MemberId
    snooze: Snooze


def released(hold: Hold, members: tuple[MemberId, ...], acts: Iterable[Act]) -> bool:
    """Tell whether the hold ends with these acts in its plan, whose partners are ``members``.

    Another partner has acted where it waits; or there is no other partner any more.
    """
    if not set(members) - {hold.member}:
        return True
    return any(_counts(hold, act) for act in acts)


def _counts(hold: Hold, act: Act) -> bool:
    if act.by == hold.member or concerns(act) in OF_ABSENCES:
        return False
    return not hold.snooze.step or act.step == hold.snooze.step
