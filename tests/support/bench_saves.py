"""The acts of the benchmarks of platforms: a saved field, as the form that a partner sends."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from bot.chat.inbound import Clicked, Inbound
from bot.domain.ids import MemberId, WorkspaceId
from bot.ui.actions import action
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.pages.planning.plan_card import plan_card
from bot.ui.replies import FormReply
from bot.usecases.planning.acting import view_of
from bot.usecases.ports import Work
from tests.support.bench_world import BODY, FIELD, STEP, Where, World, world
from tests.support.driving import ALONE
from tests.support.load import A, Load, S

Sending = Callable[[str, str, str], S]
"""Makes what a platform sends, of the user, the form's action, and the text that was written."""


@dataclass(slots=True, kw_only=True)
class Saves(Generic[S]):
    """Plans that are half done, and the form in which their field is written.

    ``stranger``: who sends what no plan is to keep; the partners themselves if it is empty.
    """

    there: World
    sending: Sending[S]
    stranger: str = ""

    def chains(self, many: int, width: int, *, kept: bool) -> list[list[S]]:
        """Return so many saves: one chain of them for one at a time, else one for each plan.

        Those that are not ``kept`` are for somebody else: no plan of these changes.
        """
        before = dict(self.there.entries), dict(self.there.revisions)
        plans = range(len(self.there.plans))
        if width == ALONE:
            made = [[self._save(at, kept=kept) for at in range(many)]]
        else:
            made = [
                [self._save(at, kept=kept) for _ in range(at, many, len(plans))] for at in plans
            ]
        if not kept:
            self.there.entries, self.there.revisions = before
        return made

    def check(self) -> None:
        """Fail unless every save stands: what was refused would count as done."""
        for plan, entries in self.there.entries.items():
            stored = self.there.bot.plan(plan, self.there.where.workspace)
            assert stored.entries == entries, f"{entries - stored.entries} saves do not stand"

    def card(self) -> Card:
        """Return the card of a plan."""
        plan, person = self.there.plans[0]

        def look(work: Work) -> Card:
            viewer = work.members.by_identity(person.identity)
            found = work.plans.get(plan)
            assert viewer is not None
            assert found is not None
            return plan_card(view_of(work, viewer, found))

        return self.there.bot.read(look, self.there.where.workspace)

    def _save(self, at: int, *, kept: bool) -> S:
        """Return the next save of a plan's field; it counts on those before being done by then."""
        there = self.there
        plan, person = there.plans[at % len(there.plans)]
        route = action("field.save", plan, STEP, FIELD, str(there.revisions[plan]))
        there.entries[plan] += 1
        there.revisions[plan] = there.entries[plan]
        user = person.identity.user if kept or not self.stranger else self.stranger
        return self.sending(user, route.encode(), f"Act {next(there.numbers)}. {BODY}")


@asynccontextmanager
async def half_done(
    load: Load[A, S], where: Where, folder: Path, plans: int, entries: int
) -> AsyncIterator[World]:
    """Open so many plans like one that is half done; the courier does not run."""
    async with world(folder, plans, entries=entries, where=where) as there:
        await load.people({person.identity.user: person.name for _, person in there.plans})
        yield there


async def form_of(there: World) -> Form:
    """Return the form in which the field is written."""
    plan, person = there.plans[0]
    opened = await there.bot.router.handle(
        Inbound(
            workspace=there.where.workspace,
            person=person,
            place=there.where.place,
            what=Clicked(action=action("field.open", plan, STEP, FIELD).encode()),
        )
    )
    assert isinstance(opened, FormReply), opened
    return opened.form


class UsersOf:
    """Knows what the platform calls members, from the store."""

    def __init__(self, there: World) -> None:
        self._door = there.bot.door

    async def __call__(
        self, workspace: WorkspaceId, members: Iterable[MemberId]
    ) -> Mapping[MemberId, str]:
        """Return the platform's ids of the members."""

        def look(work: Work) -> Mapping[MemberId, str]:
            return {m.id: m.identity.user for m in work.members.get(members).values()}

        return await self._door.read(workspace, look)
