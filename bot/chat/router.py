"""The router: from an inbound to a reply, through one route and one unit of work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import Any, Protocol

import structlog

from bot.chat.homes import Homes, is_of_days
from bot.chat.inbound import Inbound, Said, Submitted, What
from bot.chat.ports import ThreadWorkshop, Workshop
from bot.chat.reading.planning import nothing
from bot.chat.routing import Answers, Route
from bot.chat.saying import LONGER, plainly, verb
from bot.chat.telling import telling
from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.ids import WorkspaceId
from bot.domain.members import Member
from bot.log import reference
from bot.ui.actions import Action
from bot.ui.limits import ACTION
from bot.ui.pages import elsewhere, problems
from bot.ui.pages import help as help_pages
from bot.ui.replies import Reply
from bot.usecases import settings
from bot.usecases.actors import Actor, known, recognise
from bot.usecases.planning.linking import UseCode
from bot.usecases.ports import Door, Work

log = structlog.get_logger()

_MEANT_ELSEWHERE = (errors.UnknownPlan, errors.UnknownTitle, errors.NotYours)
"""What comes of an act where it is not known what it is about: another workspace may know."""


class Handler(Protocol):
    """What adapters call with everything a person does."""

    async def handle(self, inbound: Inbound) -> Reply:
        """Return what the person gets back, after everything it did is committed.

        Never raises for anything a person can cause: known problems are pages, unknown ones are
        logged and answered with a reference.
        """
        ...

    def opens_form(self, what: What) -> bool:  # noqa: ARG002 - see Router
        """Tell whether a form answers it: a platform may have to make room for one at once."""
        return False

    def changes(self, what: What) -> bool:  # noqa: ARG002 - see Router
        """Tell whether it changes something, so that it may count although it comes late."""
        return False


class Router(Handler):
    """Finds the route, runs it through the door, and turns every outcome into a reply."""

    def __init__(
        self, door: Door, routes: Mapping[str, Route], workshop: Workshop | None = None
    ) -> None:
        self._door = door
        self._routes = routes
        self._workshop = workshop or ThreadWorkshop()
        self._homes = Homes(door)

    async def handle(self, inbound: Inbound) -> Reply:
        """Return the reply; see ``Handler``."""
        try:
            return await self._routed(inbound)
        except errors.Problem as problem:
            return problems.known(problem, form=isinstance(inbound.what, Submitted))
        except Exception:
            told = reference()
            log.exception("act_failed", reference=told)
            return problems.unknown(told)

    def opens_form(self, what: What) -> bool:
        """Tell whether a form answers it; see ``Handler``."""
        try:
            return self._route(what)[1].answers is Answers.FORM
        except errors.StaleButton:
            return False

    def changes(self, what: What) -> bool:
        """Tell whether it changes something; see ``Handler``."""
        try:
            return self._route(what)[1].changes
        except errors.StaleButton:
            return False

    async def _routed(self, inbound: Inbound) -> Reply:
        if isinstance(inbound.what, Said):
            inbound = replace(inbound, what=plainly(inbound.what))
        name, route = self._route(inbound.what)
        here = inbound.workspace
        command = route.read(inbound)
        if route.look is not None:
            command = await self._look(await self._homes.meant(inbound, name), route.look, command)
        if route.prepare is not None:
            command = await self._parsed(route.prepare, command, inbound.what)
        if isinstance(command, UseCode):
            inbound, command = await self._homes.of_code(inbound, command)
        else:
            inbound = await self._homes.meant(inbound, name)
        run = partial(self._run, route=route, command=command, here=here)
        reply = await self._found(inbound, here, run)
        if is_of_days(name):
            return elsewhere.beside(reply, await self._homes.uncounted(inbound, here))
        return reply

    async def _found(
        self, inbound: Inbound, here: WorkspaceId, run: Callable[[Inbound], Awaitable[Reply]]
    ) -> Reply:
        """Run it where it is meant, else where what it names is found."""
        try:
            return await run(inbound)
        except _MEANT_ELSEWHERE:
            for each in await self._homes.elsewhere(inbound, here):
                with suppress(*_MEANT_ELSEWHERE):
                    return await run(each)
            raise

    async def _parsed(self, prepare: Callable[[Any], Any], command: object, what: What) -> object:
        """Return it parsed; what is wrong with what a form was given stands below that input."""
        try:
            return await self._workshop.parse(prepare, command)
        except errors.InvalidInput as problem:
            if isinstance(what, Submitted) and (key := _given(what)):
                raise problems.below(problem, key) from problem
            raise

    async def _run(
        self,
        inbound: Inbound,
        route: Route,
        command: Any,  # noqa: ANN401 - the route's
        here: WorkspaceId,
    ) -> Reply:
        run = self._write if route.changes else self._read
        done = await run(inbound, route, command)
        result = done.result
        if route.join is not None:
            beside = await self._homes.beside(inbound, here)
            more = [await self._read(each, route, command) for each in beside]
            result = route.join((result, *(each.result for each in more)))
        show = partial(route.show, result)
        reply = await asyncio.to_thread(show) if route.slow else show()
        if done.waits:
            return await telling(self._door, inbound.workspace, done.member, reply)
        return reply

    def _route(self, what: What) -> tuple[str, Route]:
        """Return the route and its name."""
        if not isinstance(what, Said):
            name = Action.decode(what.action).name
            route = self._routes.get(name)
            if route is None or len(what.action) > ACTION:
                raise errors.StaleButton
            return name, route
        name = verb(what)
        if name in help_pages.VERBS or name in LONGER:
            return name, self._routes[name]
        return name, _unknown(name)

    async def _look(
        self, inbound: Inbound, look: Callable[[Work, Member | None, Any], Any], given: object
    ) -> object:
        def unit(work: Work) -> object:
            return look(work, work.members.by_identity(inbound.person.identity), given)

        return await self._door.read(inbound.workspace, unit)

    async def _write(self, inbound: Inbound, route: Route, command: Any) -> "_Done":  # noqa: ANN401 - as above
        def unit(work: Work) -> _Done:
            if not work.inbox.first(inbound.key):
                raise errors.Repeated
            if route.claim is not None:
                route.claim(work, inbound.person, command)
            member = recognise(work, inbound.person, clicked=_clicked(inbound))
            return _done(work, inbound, member, partial(_act, route, command))

        return await self._door.write(inbound.workspace, unit)

    async def _read(self, inbound: Inbound, route: Route, command: Any) -> "_Done":  # noqa: ANN401 - as above
        def unit(work: Work) -> _Done:
            member = known(work, inbound.person, clicked=_clicked(inbound))
            if member is None:
                raise _Unseen
            return _done(work, inbound, member, partial(_act, route, command))

        try:
            return await self._door.read(inbound.workspace, unit)
        except _Unseen:
            return await self._write(inbound, route, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What came of an act: the route's result, and whether the member is to be told something."""

    result: Any
    member: Member
    waits: bool


class _Unseen(Exception):  # noqa: N818 - a signal between two units of work
    """Something about the person must be stored before their wish can be read."""


def _unknown(name: str) -> Route:
    """Return the route of words that are no verb: the three that fit now."""

    def show(state: settings.State) -> Reply:
        verbs = help_pages.fitting(has_plan=state.has_plan, has_times=state.has_times)
        near = get_close_matches(name, help_pages.VERBS, n=1, cutoff=0.75)
        return help_pages.unknown_verb(name[:30], verbs, near=near[0] if near else "")

    return Route(read=nothing, run=settings.state, show=show)


def _given(form: Submitted) -> str:
    """Return the input that holds what is parsed: a file's, else the first that is filled in."""
    answered = (*form.files.items(), *form.values.items())
    return next((key for key, given in answered if any(given)), "")


def _act(route: Route, command: Any, work: Work, actor: Actor) -> Any:  # noqa: ANN401 - as above
    return route.run(work, actor, command)


def _done(work: Work, inbound: Inbound, member: Member, act: Callable[[Work, Actor], Any]) -> _Done:
    result = act(work, _actor(inbound, member))
    return _Done(result=result, member=member, waits=work.undelivered.waits(member.id))


def _actor(inbound: Inbound, member: Member) -> Actor:
    place = inbound.place
    source = Source(
        platform=place.platform,
        place=place.thread or place.channel,
        message=inbound.message,
        zone=member.zone,
    )
    return Actor(member=member, place=place, source=source)


def _clicked(inbound: Inbound) -> bool:
    return not isinstance(inbound.what, Said)
