"""What a change of a member's absences entails: the plans' logs, reminders, and the way back."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from typing import Any

from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.undo import undo
from bot.domain.reminders.marks import heard
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.nudging import occasions
from bot.domain.reminders.recurrence import at_wall_time
from bot.domain.timetable.absences import Absence, Absences
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, acted
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.planning import agenda, remind_anew

_DRAFT = "away"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The last change of a member's absences; ``entries`` are its entries in the plans' logs."""

    mark: str
    before: Absences
    after: Absences
    entries: tuple[tuple[PlanId, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done: how many reminders come at another time, and what became of the plans.

    ``mark`` names the change, to take it back.
    """

    moved: int
    mark: str = ""
    plans: tuple[Acted, ...] = ()


def absences_of(work: Work, member: MemberId) -> Absences:
    """Return the member's absences, past ones too."""
    return work.absent.of((member,)).get(member, ())


def active_plans(work: Work, member: MemberId) -> list[Plan]:
    """Return the member's plans that are being worked on."""
    return [plan for plan in work.plans.of_member(member) if plan.state is PlanState.ACTIVE]


def change_absences(
    work: Work, actor: Actor, after: Absences, note: Callable[[Plan], Change]
) -> Done:
    """Store the member's absences, log it by ``note`` in each plan of theirs, and plan anew."""
    before = absences_of(work, actor.id)
    moved = _store(work, actor, before, after)
    plans = tuple(acted(work, actor, plan, note(plan)) for plan in active_plans(work, actor.id))
    kept = Kept(
        mark=work.ids.new(),
        before=before,
        after=after,
        entries=tuple((e.plan, e.number) for one in plans for e in one.entries),
    )
    work.drafts.put(actor.id, _DRAFT, _dumped(kept))
    return Done(moved=moved, mark=kept.mark, plans=plans)


def last_change(work: Work, member: MemberId) -> Kept | None:
    """Return the change that can be taken back; None when there is none, or not any more."""
    content = work.drafts.get(member, _DRAFT)
    kept = _loaded(content) if content else None
    return kept if kept is not None and kept.after == absences_of(work, member) else None


def take_back(work: Work, actor: Actor, kept: Kept) -> Done:
    """Let the absences be as they were before the change, and log that where it was logged."""
    moved = _store(work, actor, kept.after, kept.before)
    work.drafts.drop(actor.id, _DRAFT)
    plans = {plan.id: plan for plan in active_plans(work, actor.id)}
    undone = []
    for which, number in kept.entries:
        plan, entry = plans.get(which), work.log.entry(which, number)
        if plan is not None and entry is not None:
            change = undo(plan, entry, by=actor.id, at=work.now)
            undone.append(acted(work, actor, plan, change))
    return Done(moved=moved, plans=tuple(undone))


def _store(work: Work, actor: Actor, before: Absences, after: Absences) -> int:
    """Store the absences, and plan the reminders of all they concern; return how many moved."""
    was = _occasions(work, actor)
    work.absent.replace(actor.id, before, after)
    stand_ins = {one.stand_in for one in (*before, *after) if one.passes and one.stand_in}
    remind_anew(work, (actor.id, *sorted(stand_ins)))
    for absence in set(after) - set(before):
        _show_in_time(work, actor, absence)
    becomes = _occasions(work, actor)
    return sum(becomes.get(thing) != at for thing, at in was.items())


def _occasions(work: Work, actor: Actor) -> dict[str, object]:
    """Return when the member is to be reminded of each thing, as it stands now."""
    free = placeable(availabilities(work, (actor.id,))[actor.id])
    known = agenda(work, actor.id, free)
    found = occasions(free, known.things, heard(known.marks), work.now, known.snoozes)
    return {thing.key: period.start if period else None for thing, period in found.items()}


def _show_in_time(work: Work, actor: Actor, absence: Absence) -> None:
    """Have the plans' cards edited when the absence begins and when it is over."""
    for day in (absence.first, absence.last + _DAY):
        at = at_wall_time(day, time(), actor.member.zone)
        for plan in active_plans(work, actor.id) if at > work.now else ():
            key = f"card:{plan.id}:{actor.id}:{day}"
            kind = NoticeKind.PLAN_CARD
            work.outbox.put(Notice(key=key, kind=kind, due_at=at, plan=plan.id))


def _dumped(kept: Kept) -> bytes:
    document = {
        "mark": kept.mark,
        "before": [asdict(one) for one in kept.before],
        "after": [asdict(one) for one in kept.after],
        "entries": kept.entries,
    }
    return json.dumps(document, default=date.isoformat).encode()


def _loaded(content: bytes) -> Kept:
    document = json.loads(content)
    return Kept(
        mark=document["mark"],
        before=_absences(document["before"]),
        after=_absences(document["after"]),
        entries=tuple((PlanId(plan), number) for plan, number in document["entries"]),
    )


def _absences(documents: Iterable[dict[str, Any]]) -> Absences:
    days = ("first", "last")
    return tuple(
        Absence(**{**one, **{key: date.fromisoformat(one[key]) for key in days}})
        for one in documents
    )
