"""Who acts: a person of a platform becomes a member of the workspace at first sight."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.ids import MemberId
from bot.domain.members import Member, Person
from bot.domain.places import Place
from bot.domain.planning.texts import clean
from bot.domain.timetable.clocktimes import zone_of
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan

NAME_LENGTH = 40
ASSUMED_ZONE = "Europe/London"
"""The zone of people whose platform does not tell; shown as assumed until they set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The member who acts, where, and what the log keeps of that."""

    member: Member
    place: Place
    source: Source

    @property
    def id(self) -> MemberId:
        """Return the member's id."""
        return self.member.id

    @property
    def school(self) -> str:
        """Return the name of the member's school, "" for the workspace's first one."""
        return self.member.preferences.school


def known(work: Work, person: Person, *, clicked: bool) -> Member | None:
    """Return the member if nothing about them has to be stored first, else None."""
    member = work.members.by_identity(person.identity)
    return (
        member if member is not None and _seen(member, person, clicked=clicked) == member else None
    )


def recognise(work: Work, person: Person, *, clicked: bool = False) -> Member:
    """Return the member, stored anew when they are new, renamed or click for the first time."""
    member = work.members.by_identity(person.identity)
    if member is None:
        told = _told_zone(person)
        member = Member(
            workspace=work.workspace,
            id=MemberId(work.ids.new()),
            identity=person.identity,
            name=_called(person),
            zone=told or ASSUMED_ZONE,
            zone_assumed=told is None,
            reachable=clicked,
        )
        work.members.save(member)
        return member
    seen = _seen(member, person, clicked=clicked)
    if seen != member:
        work.members.save(seen)
    if seen.zone != member.zone:
        replan(work, (seen.id,))
    return seen


def recognise_all(work: Work, people: Iterable[Person]) -> list[MemberId]:
    """Return the ids of people somebody mentioned, each once, in the order mentioned."""
    return list(dict.fromkeys(recognise(work, person).id for person in people))


MOST_NAMED = 20


def require_known(work: Work, actor: Actor, strangers: Iterable[str]) -> None:
    """Raise ``InvalidInput`` when somebody was named whom nobody here is called."""
    unknown = [f"@{name[:NAME_LENGTH]}" for name in strangers]
    if not unknown:
        return
    platform = actor.member.identity.platform
    here = [m.name for m in work.members.all() if m.identity.platform == platform]
    others = [name for name in here if name != actor.member.name]
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    known = f" I know: {', '.join(others[:MOST_NAMED])}{more}." if others else ""
    raise errors.InvalidInput(
        what=f"Nobody here is called {' or '.join(unknown[:MOST_NAMED])}.",
        remedy=f"Choose people from the list that opens when you type @.{known}",
    )


def today(work: Work, member: Member) -> date:
    """Return the date it is for the member now."""
    return work.now.astimezone(ZoneInfo(member.zone)).date()


def _called(person: Person) -> str:
    """Return the name as it can stand in a line among others; whoever has none has an id."""
    shown = " ".join(clean(person.name).split())[:NAME_LENGTH].strip()
    return shown or person.identity.user[:NAME_LENGTH] or "Somebody"


def _told_zone(person: Person) -> str | None:
    """Return the zone that the platform tells; None where it tells none, or none that there is.

    What is stored is computed with ever after, so nothing unknown may get in.
    """
    if not person.zone:
        return None
    try:
        return zone_of(person.zone).key
    except errors.InvalidInput:
        return None


def _seen(member: Member, person: Person, *, clicked: bool) -> Member:
    """Return the member as the platform shows them now.

    A zone the member set by hand stays; any other gives way to the one that the platform tells now:
    they have moved. Where it tells no name, they keep the one they had.
    """
    zone, assumed = member.zone, member.zone_assumed
    own = person.identity == member.identity  # elsewhere they may call themselves otherwise
    follows = assumed or not member.preferences.own_zone
    if follows and (told := _told_zone(person)):
        zone, assumed = told, False
    name = _called(person) if own and person.name.strip() else member.name
    reachable = member.reachable or clicked
    known = member.name, member.zone, member.zone_assumed, member.reachable
    if (name, zone, assumed, reachable) == known:
        return member
    return replace(member, name=name, zone=zone, zone_assumed=assumed, reachable=reachable)
