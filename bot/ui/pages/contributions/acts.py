"""Acts in words, as one viewer reads them."""

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.challenges import BY_KEY
from bot.ui import acts
from bot.ui.acts import name_of
from bot.usecases.planning.acting import View


def did(view: View, act: Act) -> str:
    """Return what somebody did, without who: "wrote “Objectives”"."""
    return acts.did(act, view.plan.template, view.names)


def who_did(view: View, act: Act) -> str:
    """Return who did what: "Ben wrote “Objectives”"."""
    return f"{name_of(view.names, act.by)} {did(view, act)}"


def readable(view: View, act: Act, value: str) -> str:
    """Return ``before`` or ``after`` as people read it: ids become names, keys become words."""
    if act.kind is ActKind.HANDED_OFF:
        return name_of(view.names, MemberId(value)) if value else ""
    if act.kind is ActKind.CHALLENGE_RAISED and value in BY_KEY:
        return BY_KEY[value].title
    return value
