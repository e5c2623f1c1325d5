"""Take a plan out as a file, and bring one in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.contributions.acts import Entry
from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.planning.imported import IMPORTED, id_on_record, of_file, taken_in
from bot.domain.planning.plan import Plan
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import View, store, view_of
from bot.usecases.planning.attached import AttachedFile, attached
from bot.usecases.planning.homes import is_direct, partnership_at, require_shared
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.planning.starting import Started, announce
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A plan with its whole log and its files by id; ``at`` is when it was read (UTC)."""

    view: View
    entries: tuple[Entry, ...]
    files: Mapping[str, AttachedFile]
    at: datetime


class Build(Protocol):
    """Makes a plan and its log of a checked document, under the ids given."""

    def __call__(
        self,
        *,
        members: Mapping[str, MemberId],
        files: Mapping[str, str],
        workspace: WorkspaceId,
        plan: PlanId,
        partnership: PartnershipId,
        new_id: Callable[[], str],
    ) -> tuple[Plan, tuple[Entry, ...]]:
        """Return the plan and its entries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """A checked document: ``people`` maps its references to names, ``files`` to files."""

    people: Mapping[str, str]
    files: Mapping[str, AttachedFile]
    build: Build


def export(work: Work, actor: Actor, command: ShowPlan) -> ExportView | Choice:
    """Return everything about a plan, or the choice which one."""
    found = find(work, actor, command)
    if isinstance(found, Choice):
        return found
    entries = tuple(work.log.of_plan(found.id))
    return ExportView(
        view=view_of(work, actor.member, found),
        entries=entries,
        files=attached(work, found, entries),
        at=work.now,
    )


def import_plan(work: Work, actor: Actor, command: ImportPlan) -> Started:
    """Bring a plan in with its whole log; whoever imports it is its only partner here.

    A file speaks for nobody: its people stay on record under their names, as nobody that can be
    written to (``bot.domain.planning.imported`` says what becomes of their turns), and its entries
    are marked as coming from a file. Only the importer is taken for the one person of the file who
    bears their name, if there is exactly one. Attached files are stored as uploads are; one that
    was too large for the file is left out here, too.
    """
    members = _people(work, actor, command.people)
    files = {ref: work.ids.new() for ref, file in command.files.items() if file.content is not None}
    home = partnership_at(work, actor.place, (actor.id,), actor.member.zone)
    plan, entries = command.build(
        members=members,
        files=files,
        workspace=work.workspace,
        plan=PlanId(work.ids.new()),
        partnership=home.id,
        new_id=work.ids.new,
    )
    if {p.member for p in plan.partners if p.left_at is None} - {actor.id}:
        require_shared(actor.place)
    change = taken_in(plan, by=actor.id, at=work.now)
    after = replace(change.plan, revision=0, entries=len(entries) + len(change.acts))
    work.plans.add(after)
    for ref, file in command.files.items():
        if file.content is not None:
            work.files.put(after.id, files[ref], file.name, file.content)
    work.log.append(tuple(of_file(entry) for entry in entries))
    made = store(work, replace(plan, entries=len(entries)), change, actor.source)
    announce(work, after)
    return Started(
        view=view_of(work, actor.member, after),
        entries=made,
        direct=is_direct(actor.place),
        imported=True,
        left_out=tuple(file.name for file in command.files.values() if file.content is None),
    )


def _people(work: Work, actor: Actor, people: Mapping[str, str]) -> dict[str, MemberId]:
    own = [ref for ref, name in people.items() if _fold(name) == _fold(actor.member.name)]
    return {
        ref: actor.id if own == [ref] else _on_record(work, name) for ref, name in people.items()
    }


def _on_record(work: Work, name: str) -> MemberId:
    member = id_on_record(work.ids.new())
    work.members.save(
        Member(
            workspace=work.workspace,
            id=member,
            identity=Identity(platform=IMPORTED, user=member),
            name=name,
            zone="UTC",
            zone_assumed=True,
        )
    )
    return member


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
