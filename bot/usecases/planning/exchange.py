"""Take a plan out as a file, and bring one in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.planning.partners import add_partners
from bot.domain.planning.plan import Change, Plan
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, store, view_of
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.planning.starting import announce, partnership_of
from bot.usecases.ports import Work

IMPORTED = "import"
"""The platform of people known only by a file: a name on record, nobody to write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A plan with its whole log; ``at`` is when it was read (UTC)."""

    view: View
    entries: tuple[Entry, ...]
    at: datetime


class Build(Protocol):
    """Makes a plan and its log of a checked document, under the ids given."""

    def __call__(
        self,
        *,
        members: Mapping[str, MemberId],
        workspace: WorkspaceId,
        plan: PlanId,
        partnership: PartnershipId,
        new_id: Callable[[], str],
    ) -> tuple[Plan, tuple[Entry, ...]]:
        """Return the plan and its entries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """A checked document: ``people`` maps its references to names."""

    people: Mapping[str, str]
    build: Build


def export(work: Work, actor: Actor, command: ShowPlan) -> ExportView | Choice:
    """Return everything about a plan, or the choice which one."""
    found = find(work, actor, command)
    if isinstance(found, Choice):
        return found
    return ExportView(
        view=view_of(work, actor.member, found),
        entries=tuple(work.log.of_plan(found.id)),
        at=work.now,
    )


def import_plan(work: Work, actor: Actor, command: ImportPlan) -> Acted:
    """Bring a plan in with its whole log; whoever imports it becomes a partner.

    People are matched to members by name where exactly one bears it; the others stay on record
    under their names, as nobody that can be written to.
    """
    members = _people(work, command.people)
    partnership = partnership_of(work, actor, list(dict.fromkeys((actor.id, *members.values()))))
    plan, entries = command.build(
        members=members,
        workspace=work.workspace,
        plan=PlanId(work.ids.new()),
        partnership=partnership.id,
        new_id=work.ids.new,
    )
    change = _joined(plan, actor, work.now)
    after = replace(change.plan, revision=0, entries=len(entries) + len(change.acts))
    work.plans.add(after)
    work.log.append(entries)
    made = store(work, replace(plan, entries=len(entries)), change, actor.source)
    announce(work, after)
    return Acted(view=view_of(work, actor.member, after), entries=made)


def _people(work: Work, people: Mapping[str, str]) -> dict[str, MemberId]:
    by_name: dict[str, list[Member]] = {}
    for member in work.members.all():
        by_name.setdefault(_fold(member.name), []).append(member)
    taken: dict[str, MemberId] = {}
    for reference, name in people.items():
        same = [m for m in by_name.get(_fold(name), []) if m.id not in taken.values()]
        taken[reference] = same[0].id if len(same) == 1 else _on_record(work, name)
    return taken


def _on_record(work: Work, name: str) -> MemberId:
    member = MemberId(work.ids.new())
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


def _joined(plan: Plan, actor: Actor, at: datetime) -> Change:
    act = Act(kind=ActKind.PLAN_IMPORTED, by=actor.id, at=at, after=plan.title)
    if plan.partner(actor.id) is not None:
        return Change(plan=plan, acts=(act,))
    host = plan.members[0] if plan.members else actor.id
    joined = add_partners(plan, by=host, members=(actor.id,), at=at).plan
    return Change(plan=joined, acts=(act,))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
