"""Words of exports: what kinds of acts, challenges and outside work are called."""

from bot.domain.contributions.acts import Act
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.plan import PlanState
from bot.ui.acts import BANDS, OF_PLATFORMS, OUTSIDE_KINDS, did, platform_name
from bot.ui.exports.exported import Exported
from bot.ui.exports.references import holds_members

STATES = {
    PlanState.ACTIVE: "under way",
    PlanState.FINISHED: "finished",
    PlanState.ARCHIVED: "archived",
}


def challenge_words(kind: str) -> str:
    """Return what a kind of challenge is called."""
    known = BY_KEY.get(kind)
    return known.title if known else kind


def work_words(kind: str) -> str:
    """Return what a kind of outside work is called."""
    return OUTSIDE_KINDS.get(kind, kind)


def band_words(band: str) -> str:
    """Return a band of minutes in words: "6–15 min"."""
    return BANDS.get(band, band)


def what(exported: Exported, act: Act) -> str:
    """Return what an act was, where it was, and whom or which entry it concerns."""
    names = {member: exported.name(member) for member in exported.names}
    parts = [did(act, exported.plan.template, names)]
    if act.entry is not None:
        parts.append(f"entry {act.entry}")
    return " · ".join(part for part in parts if part)


def place(exported: Exported, step: str, field: str) -> str:
    """Return the titles of a step and a field: "Assess › What did the checks show?"."""  # noqa: RUF002
    found = exported.plan.template.step(step)
    if found is None:
        return step
    asked = found.field(field)
    return f"{found.title} › {asked.label}" if asked else found.title  # noqa: RUF001 - a path


def before_after(exported: Exported, act: Act) -> tuple[str, str]:
    """Return an act's texts before and after; members and platforms by name."""
    if act.kind in OF_PLATFORMS:
        return platform_name(act.before), platform_name(act.after)
    if not holds_members(act):
        return act.before, act.after
    before, after = (exported.name(m) if m else "" for m in (act.before, act.after))
    return before, after
