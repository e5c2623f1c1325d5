"""Words of exports: what kinds of acts, challenges and outside work are called."""

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.plan import PlanState
from bot.ui.exports.exported import Exported
from bot.ui.exports.references import holds_members

STATES = {
    PlanState.ACTIVE: "under way",
    PlanState.FINISHED: "finished",
    PlanState.ARCHIVED: "archived",
}

_ACTS = {
    "plan_started": "started the plan",
    "plan_renamed": "renamed the plan",
    "plan_finished": "finished the plan",
    "plan_archived": "archived the plan",
    "plan_reopened": "reopened the plan",
    "plan_replicated": "started the plan from an earlier one",
    "plan_imported": "imported the plan",
    "partner_added": "added a partner",
    "partner_removed": "removed a partner",
    "partner_left": "left the plan",
    "role_taken": "took a role",
    "answer_saved": "saved an answer",
    "answer_aside": "wrote an answer that was kept aside",
    "handed_off": "handed the step on",
    "signed_off": "agreed",
    "step_reopened": "reopened the step",
    "step_closed": "closed the step",
    "due_moved": "moved the due date",
    "commented": "commented",
    "decided": "added a decision",
    "challenge_raised": "raised a challenge",
    "remedy_tried": "tried a remedy",
    "challenge_closed": "closed a challenge",
    "responsibility_added": "added a responsibility",
    "responsibility_done": "marked a responsibility as done",
    "resource_added": "added a resource",
    "minutes_added": "added minutes",
    "session_proposed": "proposed a session",
    "session_accepted": "accepted a session",
    "session_declined": "declined a session",
    "outside_logged": "logged outside work",
    "outside_confirmed": "confirmed outside work",
    "undone": "took something back",
    "credited": "credited somebody",
    "annotated": "added a note to an entry",
    "disputed": "disputed an entry",
}

_WORK = {
    "talk": "Talk",
    "call": "Call",
    "meeting": "Meeting",
    "materials": "Making materials",
    "teaching": "Teaching",
    "reading": "Reading",
}


def act_words(kind: ActKind) -> str:
    """Return what somebody did, as a verb with its object."""
    return _ACTS.get(kind.value, kind.value.replace("_", " "))


def challenge_words(kind: str) -> str:
    """Return what a kind of challenge is called."""
    known = BY_KEY.get(kind)
    return known.title if known else kind


def work_words(kind: str) -> str:
    """Return what a kind of outside work is called."""
    return _WORK.get(kind, kind)


def band_words(band: str) -> str:
    """Return a band of minutes in words: "6–15 minutes"."""
    return band.replace("-", "–") + " minutes"


def what(exported: Exported, act: Act) -> str:
    """Return what an act was, where it was, and whom or which entry it concerns."""
    parts = [act_words(act.kind), place(exported, act.step, act.field)]
    if act.member_about is not None and act.member_about != act.by:
        parts.append(f"about {exported.name(act.member_about)}")
    if act.entry is not None:
        parts.append(f"entry {act.entry}")
    if "late" in act.detail:
        parts.append("after the due date")
    return " · ".join(part for part in parts if part)


def place(exported: Exported, step: str, field: str) -> str:
    """Return the titles of a step and a field: "Assess › What did the checks show?"."""  # noqa: RUF002
    found = exported.plan.template.step(step)
    if found is None:
        return step
    asked = found.field(field)
    return f"{found.title} › {asked.label}" if asked else found.title  # noqa: RUF001 - a path


def before_after(exported: Exported, act: Act) -> tuple[str, str]:
    """Return an act's texts before and after; members by name."""
    if not holds_members(act):
        return act.before, act.after
    before, after = (exported.name(m) if m else "" for m in (act.before, act.after))
    return before, after
