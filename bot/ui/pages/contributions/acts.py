"""How acts are put into words."""

from collections.abc import Mapping

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.challenges import BY_KEY
from bot.ui.pages.words import name_of
from bot.usecases.planning.acting import View

OUTSIDE_KINDS = {
    "talk": "Talk",
    "call": "Call",
    "meeting": "Meeting",
    "materials": "Made materials",
    "teaching": "Taught together",
    "reading": "Reading",
}
BANDS = {
    "0-5": "0–5 min",
    "6-15": "6–15 min",
    "16-30": "16–30 min",
    "31-60": "31–60 min",
    "61+": "over 1 h",
}

_VERBS: Mapping[ActKind, str] = {
    ActKind.PLAN_STARTED: "started the plan",
    ActKind.PLAN_RENAMED: "renamed the plan",
    ActKind.PLAN_FINISHED: "finished the plan",
    ActKind.PLAN_ARCHIVED: "archived the plan",
    ActKind.PLAN_REOPENED: "reopened the plan",
    ActKind.PLAN_REPLICATED: "started the plan from an earlier one",
    ActKind.PLAN_IMPORTED: "imported the plan",
    ActKind.PARTNER_ADDED: "added {about}",
    ActKind.PARTNER_REMOVED: "removed {about}",
    ActKind.PARTNER_LEFT: "left the plan",
    ActKind.ROLE_TAKEN: "took a role",
    ActKind.ANSWER_SAVED: "wrote “{field}”",
    ActKind.ANSWER_ASIDE: "wrote “{field}” at the same time as somebody else (kept beside)",
    ActKind.HANDED_OFF: "handed “{step}” to {about}",
    ActKind.SIGNED_OFF: "signed off “{step}”",
    ActKind.STEP_REOPENED: "reopened “{step}”",
    ActKind.STEP_CLOSED: "closed “{step}” again",
    ActKind.DUE_MOVED: "moved the date of “{step}”",
    ActKind.COMMENTED: "commented on “{where}”",
    ActKind.DECIDED: "wrote down a decision",
    ActKind.CHALLENGE_RAISED: "named a challenge",
    ActKind.REMEDY_TRIED: "tried a remedy",
    ActKind.CHALLENGE_CLOSED: "closed a challenge",
    ActKind.RESPONSIBILITY_ADDED: "added a responsibility ({owner})",
    ActKind.RESPONSIBILITY_DONE: "finished a responsibility",
    ActKind.RESOURCE_ADDED: "added a resource",
    ActKind.MINUTES_ADDED: "recorded {minutes} minutes of a session",
    ActKind.SESSION_PROPOSED: "proposed a session",
    ActKind.SESSION_ACCEPTED: "accepted a session",
    ActKind.SESSION_DECLINED: "declined a session",
    ActKind.OUTSIDE_LOGGED: "logged outside work with {about}: {outside}",
    ActKind.OUTSIDE_CONFIRMED: "confirmed outside work of {about}",
    ActKind.UNDONE: "took back: {undone}",
    ActKind.CREDITED: "credited {about} for an entry",
    ActKind.ANNOTATED: "added a note to an entry",
    ActKind.DISPUTED: "disputed an entry",
}


def did(view: View, act: Act) -> str:
    """Return what somebody did, without who: "wrote “Objectives”"."""
    return _VERBS[act.kind].format_map(_facts(view, act))


def who_did(view: View, act: Act) -> str:
    """Return who did what: "Ben wrote “Objectives”"."""
    return f"{name_of(view.names, act.by)} {did(view, act)}"


def _facts(view: View, act: Act) -> dict[str, str]:
    step = view.plan.template.step(act.step)
    field = step.field(act.field) if step else None
    step_title, field_label = step.title if step else act.step, field.label if field else act.field
    detail = act.detail
    outside = (OUTSIDE_KINDS.get(detail.get("kind", ""), ""), BANDS.get(detail.get("band", ""), ""))
    return {
        "about": name_of(view.names, act.member_about),
        "owner": name_of(view.names, act.member_about),
        "step": step_title,
        "field": field_label or "",
        "where": field_label or step_title,
        "minutes": detail.get("minutes", ""),
        "outside": ", ".join(filter(None, outside)),
        "undone": _undone(view, act),
    }


def _undone(view: View, act: Act) -> str:
    kind = act.detail.get("kind")
    if act.kind is not ActKind.UNDONE or kind is None:
        return ""
    return did(view, _as_kind(act, ActKind(kind)))


def _as_kind(act: Act, kind: ActKind) -> Act:
    return Act(
        kind=kind,
        by=act.by,
        at=act.at,
        step=act.step,
        field=act.field,
        member_about=act.member_about,
    )


def readable(view: View, act: Act, value: str) -> str:
    """Return ``before`` or ``after`` as people read it: ids become names, keys become words."""
    if act.kind is ActKind.HANDED_OFF:
        return name_of(view.names, MemberId(value)) if value else ""
    if act.kind is ActKind.CHALLENGE_RAISED and value in BY_KEY:
        return BY_KEY[value].title
    return value
