"""A plan's life: start, rename, move, finish, archive, reopen, replicate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning.plan import Change, Partner, Plan, PlanState, StepState
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.rights import require_partner, require_writable
from bot.domain.planning.template import Template
from bot.domain.planning.texts import TITLE_LENGTH, require_line

TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a new plan is made of; ``partners`` begin with the one who starts it."""

    workspace: WorkspaceId
    id: PlanId
    partnership: PartnershipId
    title: str
    template: Template
    partners: Sequence[MemberId]
    dues: Mapping[str, date]
    at: datetime
    origin: PlanId | None = None


def due_dates(
    template: Template, start: date, add_school_days: Callable[[date, int], date], week: int
) -> dict[str, date]:
    """Return each step's due date by the template's pace; steps that run throughout have none.

    ``week`` is the number of school days in a school week; ``add_school_days`` counts them.
    """
    dues, weeks = {}, 0
    for step in template.steps:
        if not step.throughout:
            weeks += step.weeks
            dues[step.key] = add_school_days(start, max(1, weeks * week))
    return dues


def start(plan: Start) -> Change:
    """Make a plan with a snapshot of its template; turns go round, the starter has the first."""
    title = require_line(plan.title, key=TITLE, name="The title", limit=TITLE_LENGTH)
    members = list(dict.fromkeys(plan.partners))
    steps = tuple(
        StepState(key=step.key, due=plan.dues.get(step.key), turn=members[i % len(members)])
        for i, step in enumerate(plan.template.steps)
    )
    made = Plan(
        workspace=plan.workspace,
        id=plan.id,
        partnership=plan.partnership,
        title=title,
        template=plan.template,
        started_by=members[0],
        started_at=plan.at,
        partners=tuple(Partner(member=m, joined_at=plan.at) for m in members),
        steps=steps,
        origin=plan.origin,
    )
    kind = ActKind.PLAN_REPLICATED if plan.origin else ActKind.PLAN_STARTED
    act = Act(
        kind=kind,
        by=members[0],
        at=plan.at,
        after=title,
        detail={"template": plan.template.key, "partners": ",".join(members)},
    )
    return Change(plan=made, acts=(act,))


def rename(plan: Plan, *, by: MemberId, title: str, at: datetime) -> Change:
    """Give the plan another title."""
    require_writable(plan, by)
    cleaned = require_line(title, key=TITLE, name="The title", limit=TITLE_LENGTH)
    if cleaned == plan.title:
        return Change(plan=plan, acts=())
    act = Act(kind=ActKind.PLAN_RENAMED, by=by, at=at, before=plan.title, after=cleaned)
    return Change(plan=replace(plan, title=cleaned), acts=(act,))


def move(plan: Plan, *, by: MemberId, at: datetime) -> Change:
    """Let the plan go on in another thread, whatever state it is in; nothing in it changes."""
    require_partner(plan, by)
    return Change(plan=plan, acts=(Act(kind=ActKind.PLAN_MOVED, by=by, at=at),))


def open_steps(plan: Plan) -> tuple[str, ...]:
    """Return the keys of the steps that are not done."""
    return tuple(s.key for s in plan.steps if status(plan, s.key) is not StepStatus.DONE)


def finish(plan: Plan, *, by: MemberId, at: datetime) -> Change:
    """Finish the plan, even with open steps (``open_steps`` says which: ask before)."""
    require_writable(plan, by)
    return _into(plan, PlanState.FINISHED, ActKind.PLAN_FINISHED, by, at)


def archive(plan: Plan, *, by: MemberId, at: datetime) -> Change:
    """Put the plan away: nothing in it changes, nobody is reminded of it."""
    require_partner(plan, by)
    return _into(plan, PlanState.ARCHIVED, ActKind.PLAN_ARCHIVED, by, at)


def reopen(plan: Plan, *, by: MemberId, at: datetime) -> Change:
    """Take a finished or archived plan up again."""
    require_partner(plan, by)
    return _into(plan, PlanState.ACTIVE, ActKind.PLAN_REOPENED, by, at)


def _into(plan: Plan, state: PlanState, kind: ActKind, by: MemberId, at: datetime) -> Change:
    if plan.state is state:
        return Change(plan=plan, acts=())
    act = Act(kind=kind, by=by, at=at, before=plan.state.value, after=state.value)
    return Change(plan=replace(plan, state=state), acts=(act,))
