"""Readers of a message that is added to a plan."""

from bot.chat.arguments import arg, value
from bot.chat.inbound import Inbound, Shared
from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.texts import clean
from bot.usecases.planning.sharing import AddShared, ShowShared


def message(inbound: Inbound) -> ShowShared:
    """Read which message is meant."""
    what = inbound.what
    if not isinstance(what, Shared):
        raise errors.StaleButton
    names = (" ".join(clean(name).split()) for name in what.files)
    return ShowShared(
        text=clean(what.text),
        author=what.author,
        link=clean(what.link),
        files=tuple(name for name in names if name),
    )


def add_message(inbound: Inbound) -> AddShared:
    """Read the form: the plan is the button's, or the one chosen; so is a comment's step."""
    plan = arg(inbound, 0, value(inbound, "plan"))
    if not plan:
        raise errors.FieldErrors({"plan": "Choose the plan."})
    kind, _, step = value(inbound, "kind").partition(":")
    author = arg(inbound, 1, "")
    return AddShared(
        plan=PlanId(plan),
        kind=kind,
        step=step,
        text=value(inbound, "text"),
        link=value(inbound, "link"),
        author=MemberId(author) if author else None,
    )
