"""Bring a plan to another platform, and be the same member there: by a code that is used once.

Whoever has the code speaks for the member who asked for it, so it is short-lived, kept by its hash
alone, and the plan's partners are told what became of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member, Person
from bot.domain.places import Place, PlaceKind
from bot.domain.planning import linking as rules
from bot.domain.planning.plan import Plan
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.linking import LETTERS, VALID, LinkCode, hash_of, written
from bot.usecases.planning import threads
from bot.usecases.planning.acting import Acted, View, acted, view_of
from bot.usecases.planning.homes import is_direct
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.ports import Work

NAMED: Final = 3
TITLE: Final = 40
"""Plans that are named to whoever has several, and characters of their titles."""
ASIDE: Final = "aside"
"""The platform of members whose person has become another member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMade:
    """A fresh code for the plan, good until an instant (UTC).

    ``joined`` are the other platforms on which its member is known.
    """

    view: View
    code: str
    until: datetime
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCode:
    """Use a code (by its hash): be its member as ``who``, and bring its plan to ``place``.

    ``via`` is the workspace in which that is said.
    """

    hashed: str
    who: Identity
    place: Place
    via: WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """Take a plan away from a platform."""

    plan: PlanId
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Acted):
    """What a code did: ``platform`` is where it was used, ``placed``: the plan came there.

    ``stands``: it has its place there. Neither: the code was used where no plan can stand.
    """

    platform: str
    placed: bool
    stands: bool


def make_code(
    work: Work, actor: Actor, command: ShowPlan, *, alone: bool = False
) -> CodeMade | Choice:
    """Return a new code of the actor's for the plan that is meant; older ones end.

    ``InvalidInput`` where Coplan is on one platform ``alone``, and nothing is to be taken back.
    """
    found = find(work, actor, command)
    if isinstance(found, Choice):
        return found
    if alone and not found.linked and not work.members.joined(actor.id):
        raise errors.InvalidInput(
            what="There is no other platform here to bring a plan to.",
            remedy="Whoever runs Coplan can start it for Slack and Discord together.",
        )
    letters = work.ids.new()[-LETTERS:]
    until = work.now + VALID
    code = LinkCode(hash=hash_of(letters), member=actor.id, plan=found.id, until=until)
    work.codes.put(code, work.now)
    return CodeMade(
        view=view_of(work, actor.member, found),
        code=written(letters),
        until=until,
        joined=tuple(dict.fromkeys(one.platform for one in work.members.joined(actor.id))),
    )


def claim(work: Work, person: Person, command: UseCode) -> None:
    """Let the person be the code's member from now on; ``InvalidInput`` where that cannot be.

    To be done before anybody is recognised: they may not be made a member of their own.
    """
    code = _standing(work, command.hashed)
    known = work.members.by_identity(person.identity)
    if known is not None and known.id == code.member:
        return
    _first_on(work, code.member, person.identity.platform)
    if known is not None:
        _step_aside(work, known, code.member)
    work.members.join(code.member, person.identity)


def _first_on(work: Work, becomes: MemberId, platform: str) -> None:
    """Raise ``InvalidInput`` for a member who is known on that platform by another account."""
    member = work.members.get((becomes,))[becomes]
    where = platform.title()
    if member.identity.platform == platform:
        raise errors.InvalidInput(
            what=f"That code is {member.name}'s of {where}: it is for another platform.",
            remedy="Say it over there; it is still good.",
        )
    if any(one.platform == platform for one in work.members.joined(becomes)):
        raise errors.InvalidInput(
            what=f"{member.name} is known on {where} already, by another account.",
            remedy=f"To use this one instead, say “link” as {member.name}, choose “Forget me on"
            f" {where}”, and use a new code here.",
        )


def _step_aside(work: Work, known: Member, becomes: MemberId) -> None:
    """Let a member go who only ever looked in: whoever that was ``becomes`` another one.

    The address of their calendar goes: nobody could forget it any more. ``InvalidInput`` for one
    who has plans: two people's work is not made one person's.
    """
    other = work.members.get((becomes,))[becomes].name
    if elsewhere := work.members.joined(known.id):
        raise errors.InvalidInput(
            what=f"In that team you are {known.name}, who is known on two platforms already.",
            remedy=f"To be {other} instead, say “link” as {known.name}, choose “Forget me on"
            f" {elsewhere[0].platform.title()}”, and use a new code of {other}'s here.",
        )
    if plans := work.plans.of_member(known.id, archived=True):
        titles = ", ".join(f"“{plan.title[:TITLE]}”" for plan in plans[:NAMED])
        more = f" and {len(plans) - NAMED} more" if len(plans) > NAMED else ""
        raise errors.InvalidInput(
            what=f"In that team you are {known.name}, with plans: {titles}{more}. Two members with"
            " plans cannot become one.",
            remedy=f"To be {other} instead, open each of them, use “More…” to add {other} as a"
            f" partner, then “Leave”; open it again first if it is finished or archived. Then use"
            f" a new code of {other}'s here. What {known.name} wrote stays on record.",
        )
    nobody = Identity(platform=ASIDE, user=known.id)
    work.members.save(replace(known, identity=nobody, reachable=False))
    work.times.keep_source(known.id, None)


def use_code(work: Work, actor: Actor, command: UseCode) -> Linked:
    """Bring the code's plan to the place, and tell its partners; the code is used up."""
    code = _standing(work, command.hashed)
    work.codes.drop(code.hash)
    if work.installations.get() is None and work.installations.organisation() is None:
        work.installations.reached(command.via)  # by what is written to people over there
    plan, place = plan_for(work, actor.id, code.plan), command.place
    if not _may_stand(work, plan, place):
        return _known(work, actor, plan, command)
    work.plans.link(plan.id, place)
    told = rules.known_on if place.platform in plan.linked else rules.link
    change = told(plan, by=actor.id, platform=place.platform, at=work.now)
    done = acted(work, actor, plan, change)
    threads.ask(work, plan.id, place.platform)
    view, entries, platform = done.view, done.entries, place.platform
    return Linked(view=view, entries=entries, platform=platform, placed=True, stands=True)


def _known(work: Work, actor: Actor, plan: Plan, command: UseCode) -> Linked:
    """Tell the partners that the code was used: whoever asked for it hears of it, too.

    ``InvalidInput`` for whoever says it where they are that member anyway: the code stays good.
    """
    platform = command.place.platform
    if command.who == actor.member.identity:
        raise errors.InvalidInput(
            what="That code is for another platform: here it changes nothing.",
            remedy="Say it over there; it is still good.",
        )
    change = rules.known_on(plan, by=actor.id, platform=platform, at=work.now)
    done = acted(work, actor, plan, change)
    stands = _stands(work, plan, platform)
    view, entries = done.view, done.entries
    return Linked(view=view, entries=entries, platform=platform, placed=False, stands=stands)


def unlink(work: Work, actor: Actor, command: Unlink) -> Acted:
    """Take the plan away from the platform; what stands there is not kept up any more."""
    plan = plan_for(work, actor.id, command.plan)
    change = rules.unlink(plan, by=actor.id, platform=command.platform, at=work.now)
    work.plans.unlink(plan.id, command.platform)
    return acted(work, actor, plan, change)


def forget(work: Work, actor: Actor, platform: str) -> str:
    """Let whoever used the member's code on that platform be them no longer; return its name.

    ``InvalidInput`` where nobody is.
    """
    if not work.members.part(actor.id, platform):
        raise errors.InvalidInput(
            what="You are nobody else there.", remedy="Say “link” to see where you are known."
        )
    if actor.member.preferences.platform == platform:
        own = replace(actor.member.preferences, platform="")
        work.members.save(replace(actor.member, preferences=own))
    return platform


def _standing(work: Work, hashed: str) -> LinkCode:
    code = work.codes.get(hashed)
    if code is None or code.until < work.now:
        raise no_such_code()
    return code


def no_such_code() -> errors.InvalidInput:
    """Return the problem of a code that is none, was used, or is too old."""
    return errors.InvalidInput(
        what="That code is not known, or it was used already, or it is older than 15 minutes.",
        remedy="Say “link” where the plan is, and use the new code here.",
    )


def _may_stand(work: Work, plan: Plan, place: Place) -> bool:
    """Tell whether the plan may get a thread there: one on each platform."""
    return not is_direct(place) and not _stands(work, plan, place.platform)


def _stands(work: Work, plan: Plan, platform: str) -> bool:
    """Tell whether the plan has its place on that platform.

    Where no thread could be opened beside its home, another channel may take its place.
    """
    home = work.partnerships.get(plan.partnership)
    if home is not None and home.place.platform == platform:
        return True
    return platform in plan.linked and work.plans.card(plan.id, platform) is not None


def free_place(work: Work, place: Place) -> Place:
    """Return the place, or the channel around it where it is the thread of another plan."""
    if place.kind is not PlaceKind.THREAD or work.plans.at(place) is None:
        return place
    return replace(place, kind=PlaceKind.CHANNEL, thread="")
