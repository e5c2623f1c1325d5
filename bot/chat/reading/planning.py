"""Readers of planning: from an inbound to a command. Pure; bad input raises a known problem."""

import re
from datetime import UTC, datetime

from bot.chat.arguments import arg, choice, number, people, quoted, typed, value, words
from bot.chat.inbound import Inbound
from bot.chat.wishes import wish
from bot.domain import errors
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.timetable.clocktimes import as_time
from bot.domain.timetable.typed_times import read_end, read_length, read_time
from bot.ui.pages.planning.forms import TOGETHER
from bot.usecases.linking import hash_of
from bot.usecases.planning.adding import (
    AddComment,
    AddDecision,
    AddMinutes,
    AddResource,
    AddResponsibility,
    ItemCommand,
    RaiseChallenge,
    TryKnownRemedy,
    TryRemedy,
)
from bot.usecases.planning.answering import Choose, OpenField, SaveField
from bot.usecases.planning.linking import Unlink, UseCode
from bot.usecases.planning.living import Finish, PlanCommand, Rename, Undo
from bot.usecases.planning.meeting import AnswerSession, ProposeAt, ProposeSession, ShowSession
from bot.usecases.planning.partnering import AddPartners, RemovePartner, TakeRole
from bot.usecases.planning.reading import MoreNext, PlanAnd, ShowPlan
from bot.usecases.planning.starting import StartPlan
from bot.usecases.planning.stepping import HandOff, MoveDue, SignOff, StepCommand

_AROUND_TEMPLATE = re.compile(
    r"[(\[,]?\s*(?:(?:with|using|use|as|from)\s+)?(?:the\s+)?(?:template:?\s+)?(.*?)"
    r"(?:\s+template)?[)\]]?(?:(?:^|[,\s]+)(?:please|thanks))?[.!]*",
    re.IGNORECASE,
)
LATEST = 4_102_444_800
"""Seconds since 1970 of the year 2100: later instants are no sessions."""


def plan_id(inbound: Inbound) -> PlanId:
    """Return the plan of a button, or the one chosen in a menu."""
    return PlanId(arg(inbound, 0, choice(inbound)) or arg(inbound, 0))


def nothing(_: Inbound) -> None:
    """Return nothing: the actor alone says what is meant."""


def start_plan(inbound: Inbound) -> StartPlan:
    """Read `start "Watershed inquiry" @Ben @Rosa [template]`."""
    said = wish(inbound)
    return StartPlan(
        title=said.title,
        partners=said.people,
        template="" if said.loose else _template(said.rest),
        strangers=said.strangers,
        loose_end=said.rest if said.loose else None,
    )


def _template(rest: str) -> str:
    """Return the name of a template without the words around it: "using the handy-5 template"."""
    found = _AROUND_TEMPLATE.fullmatch(rest)
    return found[1] if found else rest


def start_saved(inbound: Inbound) -> StartPlan:
    """Read the form that starts a plan."""
    return StartPlan(
        title=value(inbound, "title"),
        partners=people(inbound, "partners"),
        template=value(inbound, "template"),
    )


def show_plan(inbound: Inbound) -> ShowPlan:
    """Read which plan is meant: a button's, or one named in words, or the one of this thread."""
    named = arg(inbound, 0, choice(inbound))
    return ShowPlan(plan=PlanId(named) if named else None, title=quoted(words(inbound))[0])


def use_code(inbound: Inbound) -> UseCode:
    """Read `link K7QF2-M9PXA`: a code that was made on another platform."""
    return UseCode(
        hashed=hash_of(words(inbound)),
        who=inbound.person.identity,
        place=inbound.place,
        via=inbound.workspace,
    )


def platform(inbound: Inbound) -> str:
    """Read the platform that a button names."""
    return arg(inbound, 0)


def unlink(inbound: Inbound) -> Unlink:
    """Read the button that takes a plan away from a platform."""
    return Unlink(plan=PlanId(arg(inbound, 0)), platform=arg(inbound, 1))


def plan_and(inbound: Inbound) -> PlanAnd:
    """Read a button of a plan with one or two words more."""
    rest = tuple(filter(None, (arg(inbound, 1), arg(inbound, 2, ""))))
    return PlanAnd(plan=PlanId(arg(inbound, 0)), words=rest)


def plan_and_maybe(inbound: Inbound) -> PlanAnd:
    """Read a button of a plan with maybe one word more, or a choice in its menu."""
    return PlanAnd(plan=PlanId(arg(inbound, 0)), words=(arg(inbound, 1, choice(inbound)),))


def more_next(inbound: Inbound) -> MoreNext:
    """Read the button that pages on in what waits: in one plan or (empty) all, how many on."""
    one = arg(inbound, 0, "")
    return MoreNext(skip=number(inbound, 1), plan=PlanId(one) if one else None)


def sign_off(inbound: Inbound) -> SignOff:
    """Read the button that signs a step off; those of older messages know no wording."""
    shown = step_command(inbound)
    return SignOff(plan=shown.plan, step=shown.step, wording=arg(inbound, 2, ""))


def plan_command(inbound: Inbound) -> PlanCommand:
    """Read a button of a whole plan."""
    return PlanCommand(plan=plan_id(inbound))


def open_field(inbound: Inbound) -> OpenField:
    """Read a field's button."""
    return OpenField(plan=PlanId(arg(inbound, 0)), step=arg(inbound, 1), field=arg(inbound, 2))


def save_field(inbound: Inbound) -> SaveField:
    """Read a field's form."""
    return SaveField(
        plan=PlanId(arg(inbound, 0)),
        step=arg(inbound, 1),
        field=arg(inbound, 2),
        text=value(inbound, "text"),
        base=number(inbound, 3),
    )


def choose_text(inbound: Inbound) -> Choose:
    """Read the choice between two texts."""
    return Choose(
        plan=PlanId(arg(inbound, 0)),
        aside=number(inbound, 1),
        base=number(inbound, 2),
        keep=arg(inbound, 3),
    )


def step_command(inbound: Inbound) -> StepCommand:
    """Read a step's button, or the step chosen in the card's menu."""
    return StepCommand(plan=PlanId(arg(inbound, 0)), step=arg(inbound, 1, choice(inbound)))


def hand_off(inbound: Inbound) -> HandOff:
    """Read to whom a step is handed."""
    return HandOff(plan=PlanId(arg(inbound, 0)), step=arg(inbound, 1), to=MemberId(choice(inbound)))


def move_due(inbound: Inbound) -> MoveDue:
    """Read the form of a due date."""
    return MoveDue(plan=PlanId(arg(inbound, 0)), step=arg(inbound, 1), due=value(inbound, "due"))


def role(inbound: Inbound) -> TakeRole:
    """Read a role's button."""
    return TakeRole(plan=PlanId(arg(inbound, 0)), role=arg(inbound, 1))


def add_partners(inbound: Inbound) -> AddPartners:
    """Read the form that adds partners."""
    return AddPartners(plan=PlanId(arg(inbound, 0)), people=people(inbound, "partners"))


def remove_partner(inbound: Inbound) -> RemovePartner:
    """Read the menu that removes a partner; without a choice it is leaving."""
    return RemovePartner(plan=PlanId(arg(inbound, 0)), member=MemberId(choice(inbound)))


def rename(inbound: Inbound) -> Rename:
    """Read the form of another title."""
    return Rename(plan=PlanId(arg(inbound, 0)), title=value(inbound, "title"))


def finish(inbound: Inbound) -> Finish:
    """Read the button that finishes a plan, maybe anyway."""
    return Finish(plan=PlanId(arg(inbound, 0)), anyway=arg(inbound, 1, "") == "anyway")


def undo(inbound: Inbound) -> Undo:
    """Read an undo button."""
    return Undo(plan=PlanId(arg(inbound, 0)), entry=number(inbound, 1))


def comment(inbound: Inbound) -> AddComment:
    """Read the form of a comment."""
    return AddComment(
        plan=PlanId(arg(inbound, 0)),
        step=arg(inbound, 1),
        field=value(inbound, "field"),
        text=value(inbound, "text"),
    )


def decision(inbound: Inbound) -> AddDecision:
    """Read the form of a decision."""
    return AddDecision(plan=PlanId(arg(inbound, 0)), text=value(inbound, "text"))


def challenge(inbound: Inbound) -> RaiseChallenge:
    """Read the form of a challenge."""
    return RaiseChallenge(
        plan=PlanId(arg(inbound, 0)), kind=value(inbound, "kind"), text=value(inbound, "text")
    )


def known_remedy(inbound: Inbound) -> TryKnownRemedy:
    """Read the menu of known remedies: which challenge, and the remedy's place in its list."""
    picked = choice(inbound)
    if not (picked.isascii() and picked.isdigit() and len(picked) < 4):  # noqa: PLR2004 - a place
        raise errors.StaleButton
    return TryKnownRemedy(
        plan=PlanId(arg(inbound, 0)), challenge=ItemId(arg(inbound, 1)), remedy=int(picked)
    )


def own_remedy(inbound: Inbound) -> TryRemedy:
    """Read the form of a remedy of one's own."""
    return TryRemedy(
        plan=PlanId(arg(inbound, 0)),
        challenge=ItemId(arg(inbound, 1)),
        remedy=value(inbound, "text"),
    )


def item_command(inbound: Inbound) -> ItemCommand:
    """Read the button of an item, or the item chosen in a menu."""
    item = arg(inbound, 1, choice(inbound) or None)
    return ItemCommand(plan=PlanId(arg(inbound, 0)), item=ItemId(item))


def duty(inbound: Inbound) -> AddResponsibility:
    """Read the form of a responsibility."""
    owner = value(inbound, "owner")
    return AddResponsibility(
        plan=PlanId(arg(inbound, 0)),
        text=value(inbound, "text"),
        owner=None if owner == TOGETHER else MemberId(owner),
        due=value(inbound, "due"),
    )


def resource(inbound: Inbound) -> AddResource:
    """Read the form of a resource."""
    return AddResource(
        plan=PlanId(arg(inbound, 0)), title=value(inbound, "title"), link=value(inbound, "link")
    )


def minutes(inbound: Inbound) -> AddMinutes:
    """Read the form of minutes; ``FieldErrors`` when the length is none."""
    length = typed("minutes", lambda: read_length(value(inbound, "minutes")))
    session = arg(inbound, 1, "")
    return AddMinutes(
        plan=PlanId(arg(inbound, 0)),
        minutes=length,
        text=value(inbound, "text"),
        session=ItemId(session) if session else None,
    )


def propose(inbound: Inbound) -> ProposeSession:
    """Read the form that proposes a session."""
    return ProposeSession(
        plan=PlanId(arg(inbound, 0)),
        start=datetime.fromtimestamp(_epoch(inbound, 1), UTC),
        end=datetime.fromtimestamp(_epoch(inbound, 2), UTC),
        purpose=value(inbound, "purpose"),
        medium=value(inbound, "medium"),
    )


def propose_at(inbound: Inbound) -> ProposeAt:
    """Read the form that proposes a session at a time of one's own."""
    first, last = value(inbound, "start"), value(inbound, "until")
    start = typed("start", lambda: read_time(first, last))
    end = typed("until", lambda: read_end(first, last))
    return ProposeAt(
        plan=PlanId(arg(inbound, 0)),
        day=value(inbound, "day"),
        start=as_time(start),
        end=as_time(end),
        purpose=value(inbound, "purpose"),
        medium=value(inbound, "medium"),
    )


def show_session(inbound: Inbound) -> ShowSession:
    """Read a session's button."""
    return ShowSession(plan=PlanId(arg(inbound, 0)), session=ItemId(arg(inbound, 1)))


def accept(inbound: Inbound) -> AnswerSession:
    """Read that somebody can come."""
    shown = show_session(inbound)
    return AnswerSession(plan=shown.plan, session=shown.session, accept=True)


def decline(inbound: Inbound) -> AnswerSession:
    """Read that somebody cannot come."""
    shown = show_session(inbound)
    return AnswerSession(plan=shown.plan, session=shown.session, accept=False)


def _epoch(inbound: Inbound, at: int) -> int:
    seconds = number(inbound, at)
    if seconds > LATEST:
        raise errors.StaleButton
    return seconds
