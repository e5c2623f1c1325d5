"""In which workspace something is meant, where that is not the one in which it was done.

A plan may stand on two platforms, and a person be a member on both. What is done where the plan
does not live is meant for its home: its buttons say which plan, its thread is known, and for words
without any plan it counts where the person has plans.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from bot.chat.inbound import Clicked, Inbound, Said
from bot.domain.ids import EVERYWHERE, PlanId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import PlaceKind
from bot.domain.planning.plan import Plan, PlanState
from bot.ui.actions import Action
from bot.usecases.planning.linking import UseCode, free_place, no_such_code
from bot.usecases.ports import Door, Work

_OF_THE_PLACE = frozenset(
    {
        "help",
        "import.form",
        "import.save",
        "place.back",
        "start",
        "start.form",
        "start.save",
        "template.form",
        "template.save",
    }
)
"""Routes that are about the place where they are used, whatever plans somebody has elsewhere."""
_OF_DAYS = frozenset({"away", "noschool", "school", "settings", "timetable", "tt"})
"""How routes begin that are about somebody's days: they count for all plans of a workspace."""
_OF_A_PERSON = _OF_DAYS | {"later"}
"""How routes begin whose arguments name no plan."""
_FORGET = "link.forget"
"""The one beside them whose argument is no plan's."""


class Homes:
    """Finds workspaces."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def meant(self, inbound: Inbound, route: str) -> Inbound:
        """Return the inbound for the workspace it is meant for."""
        if not _open(inbound, route):
            return inbound
        place, who = inbound.place, inbound.person.identity

        def look(work: Work) -> tuple[WorkspaceId | None, list[WorkspaceId]]:
            around = work.everywhere.around(place) if place.kind is PlaceKind.THREAD else None
            wanted = around is None and route not in _OF_THE_PLACE
            return around, work.everywhere.homes(who) if wanted else []

        around, homes = await self._door.read(EVERYWHERE, look)
        if around is not None:
            # Whoever is no partner there acts where they are: they are nobody over there.
            partner = await self._has(around, lambda w: _linked(w, _plans(w, who), inbound))
            return replace(inbound, workspace=around) if partner else inbound
        others = [home for home in homes if home != inbound.workspace]
        if not others or await self._has(inbound.workspace, lambda w: _plans(w, who)):
            return inbound
        for home in others:
            if await self._has(home, lambda work: _linked(work, _plans(work, who), inbound)):
                return replace(inbound, workspace=home)
        return inbound

    async def elsewhere(self, inbound: Inbound, here: WorkspaceId) -> list[Inbound]:
        """Return the inbound for other workspaces where what it names may be.

        A button names a plan by its id, or a reminder; words name a plan by its title. That is
        ``here``, where it was done, and where the two are linked: workspaces of one platform never
        meet.
        """
        return await self._others(inbound, here, _plan(inbound))

    async def beside(self, inbound: Inbound, here: WorkspaceId) -> list[Inbound]:
        """Return the inbound for all those workspaces, where it names no plan."""
        return [] if _plan(inbound) else await self._others(inbound, here, None)

    async def uncounted(self, inbound: Inbound, here: WorkspaceId) -> list[str]:
        """Return the titles of the person's running plans in other workspaces.

        Those are where the two are linked, and where the same person is another member.
        """
        who = inbound.person.identity
        found = [(each.workspace, who) for each in await self._others(inbound, here, None)]
        for one in await self._door.read(inbound.workspace, lambda work: _also(work, who)):
            homes = await self._door.read(EVERYWHERE, partial(_homes, who=one))
            found += [(home, one) for home in homes if home != inbound.workspace]
        told = [await self._door.read(home, partial(_titles, who=one)) for home, one in found]
        return list(dict.fromkeys(title for each in told for title in each))

    async def _others(
        self, inbound: Inbound, here: WorkspaceId, plan: PlanId | None
    ) -> list[Inbound]:
        who = inbound.person.identity
        homes = await self._door.read(EVERYWHERE, lambda work: work.everywhere.homes(who))

        def look(work: Work) -> bool:
            own = _plans(work, who, archived=True)
            return _linked(work, [one for one in own if plan in {None, one.id}], inbound)

        others = [home for home in homes if home != inbound.workspace]
        return [
            replace(inbound, workspace=each)
            for each in others
            if each == here or await self._has(each, look)
        ]

    async def of_code(self, inbound: Inbound, command: UseCode) -> tuple[Inbound, UseCode]:
        """Return the inbound for the workspace of the code, and where its plan may stand here.

        ``InvalidInput`` for a code that nobody knows.
        """
        hashed = command.hashed
        home = await self._door.read(EVERYWHERE, lambda work: work.everywhere.of_code(hashed))
        if home is None:
            raise no_such_code()
        place = await self._door.read(
            inbound.workspace, lambda work: free_place(work, command.place)
        )
        free = replace(command, place=place)
        return replace(inbound, workspace=home, place=place), free

    async def _has(self, workspace: WorkspaceId, look: Callable[[Work], object]) -> bool:
        return bool(await self._door.read(workspace, look))


def _plans(work: Work, who: Identity, *, archived: bool = False) -> list[Plan]:
    """Return the plans of that person there."""
    member = work.members.by_identity(who)
    return [] if member is None else work.plans.of_member(member.id, archived=archived)


def _homes(work: Work, *, who: Identity) -> list[WorkspaceId]:
    return work.everywhere.homes(who)


def _titles(work: Work, *, who: Identity) -> list[str]:
    return [plan.title for plan in _plans(work, who) if plan.state is PlanState.ACTIVE]


def _also(work: Work, who: Identity) -> list[Identity]:
    """Return who the person is on other platforms."""
    member = work.members.by_identity(who)
    known = [] if member is None else [member.identity, *work.members.joined(member.id)]
    return [one for one in known if one.platform != who.platform]


def _linked(work: Work, plans: Iterable[Plan], inbound: Inbound) -> bool:
    """Tell whether any of the person's plans has to do with the platform that was used.

    It stands there, too; or the person is the same member as on another platform.
    """
    platform = inbound.place.platform
    member = work.members.by_identity(inbound.person.identity)
    joined = member is not None and member.identity != inbound.person.identity
    return any(joined or platform in plan.linked for plan in plans)


def is_of_days(route: str) -> bool:
    """Tell whether the route is about somebody's days, whatever they plan in the workspace."""
    return route.partition(".")[0] in _OF_DAYS


def _open(inbound: Inbound, route: str) -> bool:
    """Tell whether nothing in it names a plan: words, and buttons of somebody's days."""
    return route == _FORGET or isinstance(inbound.what, Said) or _plan(inbound) is None


def _plan(inbound: Inbound) -> PlanId | None:
    """Return what may be a plan's id in it: the first argument of its action, or the choice."""
    if isinstance(inbound.what, Said):
        return None
    told = Action.decode(inbound.what.action)
    if told.name.partition(".")[0] in _OF_A_PERSON:
        return None
    args = told.args
    choice = inbound.what.choice if isinstance(inbound.what, Clicked) else ""
    named = next((one for one in (*args[:1], choice) if one), "")
    return PlanId(named) if named else None
