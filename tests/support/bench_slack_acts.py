"""The acts of the benchmark of Slack: a saved field, as the form that its plan's partner sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.slack import views
from adapters.slack.origins import Origin
from bot.chat.inbound import Clicked, Inbound
from bot.domain.ids import WorkspaceId
from bot.ui.actions import action
from bot.ui.cards import Card
from bot.ui.pages.planning.plan_card import plan_card
from bot.ui.replies import FormReply
from bot.usecases.planning.acting import view_of
from bot.usecases.ports import Work
from tests.support.bench_world import BODY, FIELD, STEP, Where, World, world
from tests.support.driving import ALONE
from tests.support.slack.world import Json
from tests.support.slack_load import Load, Submission


@dataclass(slots=True, kw_only=True)
class Acts:
    """Plans that are half done, and the modal in which their field is written."""

    there: World
    form: Json

    def chains(self, many: int, width: int, *, kept: bool) -> list[list[Submission]]:
        """Return so many saves: one chain of them for one at a time, else one for each plan.

        Those that are not ``kept`` are for somebody else: no plan of these changes.
        """
        before = dict(self.there.entries), dict(self.there.revisions)
        plans = range(len(self.there.plans))
        if width == ALONE:
            made = [[self._save(at) for at in range(many)]]
        else:
            made = [[self._save(at) for _ in range(at, many, len(plans))] for at in plans]
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

    def _save(self, at: int) -> Submission:
        """Return the next save of a plan's field; it counts on those before being done by then."""
        there = self.there
        plan, person = there.plans[at % len(there.plans)]
        route = action("field.save", plan, STEP, FIELD, str(there.revisions[plan]))
        there.entries[plan] += 1
        there.revisions[plan] = there.entries[plan]
        text = f"Act {next(there.numbers)}. {BODY}"
        return Submission(
            user=person.identity.user,
            view=self.form | {"callback_id": route.encode()},
            state={"text": {"text": {"type": "plain_text_input", "value": text}}},
        )


@asynccontextmanager
async def acts(load: Load, folder: Path, plans: int, entries: int) -> AsyncIterator[Acts]:
    """Open so many plans like one that is half done; the courier does not run."""
    address = load.address
    where = Where(
        platform="slack", workspace=WorkspaceId(f"slack:{address.team}"), channel=address.channel
    )
    async with world(folder, plans, entries=entries, where=where) as there:
        await load.people({person.identity.user: person.name for _, person in there.plans})
        yield Acts(there=there, form=await _form(there))


async def _form(there: World) -> Json:
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
    return views.modal(opened.form, Origin(channel=there.where.channel).pack(), {})
