"""How acts are put into words, in the chat and in exports alike."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.template import Template

_INNER = str.maketrans("“”", "\u2018\u2019")
"""Quotation marks within quotation marks."""
TOGETHER = "together"
NOBODY = "somebody who left"

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

VERBS: Mapping[ActKind, str] = {
    ActKind.PLAN_STARTED: "started the plan",
    ActKind.PLAN_RENAMED: "renamed the plan",
    ActKind.PLAN_FINISHED: "finished the plan",
    ActKind.PLAN_ARCHIVED: "archived the plan",
    ActKind.PLAN_REOPENED: "reopened the plan",
    ActKind.PLAN_REPLICATED: "started the plan from an earlier one",
    ActKind.PLAN_IMPORTED: "imported the plan",
    ActKind.PLAN_MOVED: "moved the plan to a new thread",
    ActKind.PLAN_LINKED: "brought the plan to {platform}, too",
    ActKind.PLAN_UNLINKED: "took the plan away from {platform}",
    ActKind.PARTNER_LINKED: "is here from {platform}, too",
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
    ActKind.REMINDER_ADDED: "set up a reminder",
    ActKind.REMINDER_CHANGED: "changed a reminder",
    ActKind.REMINDER_STOPPED: "stopped a reminder",
    ActKind.AWAY: "noted an absence",
    ActKind.BACK: "ended an absence",
    ActKind.UNDONE: "took back: {undone}",
    ActKind.CREDITED: "credited {about} for {entry}",
    ActKind.ANNOTATED: "added a note to {entry}",
    ActKind.DISPUTED: "disputed {entry}",
}


OF_PLATFORMS = frozenset({ActKind.PLAN_LINKED, ActKind.PLAN_UNLINKED, ActKind.PARTNER_LINKED})
"""The acts whose text is a platform."""
PLATFORMS = {"discord": "Discord", "playground": "the playground", "slack": "Slack"}


def platform_name(platform: str) -> str:
    """Return what people call a platform."""
    return PLATFORMS.get(platform, platform)


def name_of(names: Mapping[MemberId, str], member: MemberId | None) -> str:
    """Return the member's name as it is now; nobody in particular is "together"."""
    return names.get(member, NOBODY) if member else TOGETHER


def did(
    act: Act,
    template: Template,
    names: Mapping[MemberId, str],
    spoken_of: Act | None = None,
) -> str:
    """Return what somebody did, without who: "wrote “Objectives”".

    ``spoken_of`` is the act that a remark is about, where it is at hand.
    """
    step = template.step(act.step)
    field = step.field(act.field) if step else None
    step_title, field_label = step.title if step else act.step, field.label if field else act.field
    about, where = name_of(names, act.member_about), field_label or step_title
    facts = {
        "about": about,
        "owner": about,
        "step": step_title,
        "field": field_label,
        "where": where,
        "minutes": act.detail.get("minutes", ""),
        "platform": platform_name(act.after or act.before),
        "outside": _outside(act),
        "undone": _undone(act, template, names),
        "entry": f"an entry on “{where}”" if where else "an entry",
    }
    if spoken_of is not None:
        words = f"{name_of(names, spoken_of.by)} {did(spoken_of, template, names)}"
        facts["entry"] = f"“{words.translate(_INNER)}”"
    late = " (after the due date)" if "late" in act.detail else ""
    return VERBS[act.kind].format_map(facts) + late


def _outside(act: Act) -> str:
    kind, band = act.detail.get("kind", ""), act.detail.get("band", "")
    return ", ".join(filter(None, (OUTSIDE_KINDS.get(kind, ""), BANDS.get(band, ""))))


def _undone(act: Act, template: Template, names: Mapping[MemberId, str]) -> str:
    kind = act.detail.get("kind", "")
    if act.kind is not ActKind.UNDONE or kind not in set(ActKind):
        return ""
    # Only what an undo keeps of the act: its kind, its place and whom it was about.
    before = replace(act, kind=ActKind(kind), detail={})
    return did(before, template, names)
