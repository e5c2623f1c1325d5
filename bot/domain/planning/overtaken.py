"""Whether a later act stands on an earlier one, so that undoing the earlier would remove it."""

from collections.abc import Hashable, Iterable

from bot.domain.contributions.acts import OF_ABSENCES, Act, ActKind, Entry
from bot.domain.planning.plan import (
    Challenge,
    Item,
    OutsideWork,
    Plan,
    Responsibility,
    Session,
)

_LIFE = (ActKind.PLAN_FINISHED, ActKind.PLAN_ARCHIVED, ActKind.PLAN_REOPENED)
_SESSION = (ActKind.SESSION_ACCEPTED, ActKind.SESSION_DECLINED)
_GROUPS = {
    **dict.fromkeys(_LIFE, "life"),
    **dict.fromkeys(_SESSION, "session"),
    **dict.fromkeys(OF_ABSENCES, "absence"),
    ActKind.PLAN_RENAMED: "title",
    ActKind.ROLE_TAKEN: "role",
    ActKind.DUE_MOVED: "due",
    ActKind.HANDED_OFF: "turn",
    ActKind.SIGNED_OFF: "sign-off",
    ActKind.STEP_REOPENED: "step",
    ActKind.STEP_CLOSED: "step",
    ActKind.ANSWER_SAVED: "answer",
}
"""Acts that set one and the same thing anew; the plan does not keep which of them set it last."""
_OF_EACH = {ActKind.ROLE_TAKEN, ActKind.SIGNED_OFF, *_SESSION, *OF_ABSENCES}
"""Acts that every member does for themselves."""
_OF_A_RESPONDENT = {ActKind.ANSWER_SAVED}


def overtaken(entry: Entry, log: Iterable[Entry]) -> bool:
    """Tell whether an act of that kind, on the same thing, came later and has not been undone."""
    later = [one for one in log if one.number > entry.number]
    undone = {one.act.entry for one in later if one.act.kind is ActKind.UNDONE}
    about = _about(entry.act)
    if about is None:
        return False
    return any(one.number not in undone and _about(one.act) == about for one in later)


def built_on(plan: Plan, item: Item) -> bool:
    """Tell whether somebody has acted on the item since it was added."""
    match item:
        case Challenge():
            return bool(item.remedies or item.closed_at)
        case Responsibility():
            return item.done_at is not None
        case Session():
            held = any(m.session == item.id for m in plan.minutes)
            return held or bool(item.declined) or item.accepted != (item.by,)
        case OutsideWork():
            return item.confirmed_at is not None
        case _:
            return False


def _about(act: Act) -> Hashable:
    group = _GROUPS.get(act.kind)
    if group is None:
        return None
    who = act.by if act.kind in _OF_EACH else None
    whose = act.member_about if act.kind in _OF_A_RESPONDENT else None
    return group, act.step, act.field, act.item, who, whose
