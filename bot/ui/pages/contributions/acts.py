"""Acts in words, as one viewer reads them."""

from bot.domain.contributions.acts import Act
from bot.domain.ids import MemberId
from bot.ui import acts
from bot.ui.acts import OF_PLATFORMS, name_of, platform_name
from bot.ui.exports.references import holds_members
from bot.usecases.planning.acting import View


def did(view: View, act: Act, spoken_of: Act | None = None) -> str:
    """Return what somebody did, without who: "wrote “Objectives”".

    ``spoken_of`` is the act that a remark is about, where it is at hand.
    """
    return acts.did(act, view.plan.template, view.names, spoken_of)


def who_did(view: View, act: Act, spoken_of: Act | None = None) -> str:
    """Return who did what: "Ben wrote “Objectives”"."""
    return f"{name_of(view.names, act.by)} {did(view, act, spoken_of)}"


def readable(view: View, act: Act, value: str) -> str:
    """Return ``before`` or ``after`` as people read it: ids become names, platforms theirs."""
    if act.kind in OF_PLATFORMS:
        return platform_name(value)
    if not holds_members(act):
        return value
    return name_of(view.names, MemberId(value)) if value else ""
