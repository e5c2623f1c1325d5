"""Looking ahead for ``coplan reminders explain``: whom it means, and what comes for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer

from bot.cli.database import existing
from bot.cli.progress import at_work
from bot.domain.errors import InvalidInput
from bot.domain.ids import EVERYWHERE, MemberId, PlanId, WorkspaceId
from bot.domain.members import Member
from bot.domain.planning.plan import Plan
from bot.main import open_store
from bot.ui.exports.explained_json import explained_json
from bot.ui.pages.reminders.explained import explained_lines
from bot.usecases.ports import Work
from bot.usecases.reminders.explaining import Explained, explain
from storage.door import Door
from storage.work import StorageWork

LISTED = 12
"""Candidates named in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """What a word may mean: a member, or a plan with its members."""

    workspace: WorkspaceId
    member: Member | None = None
    plan: Plan | None = None

    @property
    def name(self) -> str:
        """Return how it is called."""
        return self.plan.title if self.plan else self.member.name if self.member else ""

    @property
    def id(self) -> str:
        """Return its id."""
        return self.plan.id if self.plan else self.member.id if self.member else ""

    def __str__(self) -> str:
        """Return it as a candidate: "“Rivers” (plan 01j…, started 2026-11-16)"."""
        if self.plan is not None:
            return f"“{self.name}” (plan {self.id}, started {self.plan.started_at:%Y-%m-%d})"
        return f"{self.name} (member {self.id})"


class _Seen(Exception):  # noqa: N818 - the way out of a unit of work that is to be rolled back
    def __init__(self, found: Explained) -> None:
        super().__init__()
        self.found = found


def look_ahead(name: str, *, as_json: bool, database: str | None, data: Path | None) -> None:
    """Print what will come for the member or the plan's partners that the name means."""
    with at_work("Looking ahead…"), open_store(existing(database, data)) as store:
        found = _explained(store, _the_one(name, list(_candidates(store))))
    if as_json:
        typer.echo(explained_json(found))
        return
    for one in found:
        for line in explained_lines(one):
            typer.echo(line)


def _candidates(store: Door[StorageWork]) -> Iterator[_Meant]:
    """Yield every member and plan of every workspace that has reminders."""
    for workspace in store.read_now(EVERYWHERE, lambda work: work.everywhere.workspaces()):
        yield from store.read_now(workspace, _of_workspace)


def _of_workspace(work: Work) -> list[_Meant]:
    members = work.members.all()
    plans = {p.id: p for m in members for p in work.plans.of_member(m.id, archived=True)}
    return [
        *(_Meant(workspace=work.workspace, member=member) for member in members),
        *(_Meant(workspace=work.workspace, plan=plan) for plan in plans.values()),
    ]


def _the_one(name: str, known: list[_Meant]) -> _Meant:
    """Return what the word means; ``InvalidInput`` names the candidates unless it is one."""
    wanted = " ".join(name.split()).casefold()
    found = [one for one in known if wanted in {one.id.casefold(), one.name.casefold()}]
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidInput(
            what=f"“{name}” may be {_listed(found)}.", remedy="Give the id of the one you mean."
        )
    if not known:
        raise InvalidInput(
            what="There are no reminders in this database yet.", remedy="Start a plan first."
        )
    raise InvalidInput(what=f"Nothing is called “{name}”.", remedy=f"Known are {_listed(known)}.")


def _listed(known: Iterable[_Meant]) -> str:
    names = [str(one) for one in known]
    rest = [f"{len(names) - LISTED} more"] if len(names) > LISTED else []
    return "; ".join((*names[:LISTED], *rest))


def _explained(store: Door[StorageWork], meant: _Meant) -> tuple[Explained, ...]:
    """Return what comes for the member, or for each partner of the plan; it changes nothing."""
    if meant.plan is not None:
        plan = meant.plan
        return tuple(_looked(store, meant.workspace, one, plan.id) for one in plan.members)
    return (_looked(store, meant.workspace, MemberId(meant.id), None),)


def _looked(
    store: Door[StorageWork], workspace: WorkspaceId, member: MemberId, only: PlanId | None
) -> Explained:
    """Explain one member's reminders in a unit of work that leaves nothing behind."""

    def look(work: Work) -> NoReturn:
        raise _Seen(explain(work, work.members.get((member,))[member], only))

    try:
        store.write_now(workspace, look)
    except _Seen as seen:
        return seen.found
