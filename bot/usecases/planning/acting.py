"""The one path of every act on a plan: load, ask the rule, save, log, tell the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Member
from bot.domain.planning.memo import inherit
from bot.domain.planning.plan import Change, Plan, PlanState, Session
from bot.domain.planning.sessions import agreed
from bot.domain.planning.standing_in import next_on, waiting_on
from bot.domain.planning.turns import Waiting
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.timetable.absences import Away
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor, today
from bot.usecases.planning.homes import is_direct, rehomed
from bot.usecases.ports import Work
from bot.usecases.reminders.absences import away_today
from bot.usecases.reminders.holding import release
from bot.usecases.reminders.planning import replan_after

NEWS = frozenset(
    {
        ActKind.PLAN_RENAMED,
        ActKind.PLAN_FINISHED,
        ActKind.PLAN_ARCHIVED,
        ActKind.PLAN_REOPENED,
        ActKind.PLAN_MOVED,
        ActKind.PLAN_LINKED,
        ActKind.PLAN_UNLINKED,
        ActKind.PARTNER_LINKED,
        ActKind.PARTNER_ADDED,
        ActKind.PARTNER_REMOVED,
        ActKind.PARTNER_LEFT,
        ActKind.HANDED_OFF,
        ActKind.STEP_REOPENED,
        ActKind.COMMENTED,
        ActKind.SESSION_ACCEPTED,
        ActKind.SESSION_DECLINED,
        ActKind.REMINDER_ADDED,
        ActKind.REMINDER_CHANGED,
        ActKind.REMINDER_STOPPED,
        ActKind.AWAY,
        ActKind.BACK,
        ActKind.UNDONE,
        ActKind.CREDITED,
        ActKind.DISPUTED,
    }
)
"""What the others are told in the plan's thread; everything else they see on its card."""

WITH_MESSAGE = frozenset(
    {
        ActKind.SESSION_PROPOSED,
        ActKind.SESSION_ACCEPTED,
        ActKind.SESSION_DECLINED,
        ActKind.OUTSIDE_LOGGED,
        ActKind.OUTSIDE_CONFIRMED,
    }
)
"""Acts on items that have a message of their own in the thread, edited in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A plan as one of its partners sees it now (UTC). ``today`` is the viewer's date.

    ``in_channel``: its card and its news stand where everybody in a channel can read them.
    ``away`` are the partners who are away today.
    """

    plan: Plan
    viewer: Member
    names: Mapping[MemberId, str]
    today: date
    now: datetime
    in_channel: bool
    away: Away = field(default_factory=dict)

    def waiting(self, member: MemberId) -> tuple[Waiting, ...]:
        """Return what waits on a partner, with what passes to them, most urgent first."""
        return waiting_on(self.plan, member, self.away, self.now)

    def next_of(self, member: MemberId) -> Waiting | None:
        """Return the one next action of a partner, or None when nothing waits on them."""
        return next_on(self.plan, member, self.away, self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What an act made: the plan afterwards, and the entries it left in the log (maybe none)."""

    view: View
    entries: tuple[Entry, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan afterwards."""
        return self.view.plan


Rule = Callable[[Plan], Change]


def act(work: Work, actor: Actor, plan: PlanId, rule: Rule) -> Acted:
    """Apply the rule to the plan as the actor may, store what it made, and tell the others."""
    before = plan_for(work, actor.id, plan)
    return acted(work, actor, before, rule(before))


def acted(work: Work, actor: Actor, before: Plan, change: Change) -> Acted:
    """Store a change of a plan that is loaded already."""
    entries = store(work, before, change, actor.source)
    after = change.plan
    if entries:
        moved = rehomed(work, actor.member, before, after)
        after = work.plans.save(moved, logged=len(entries))
        inherit(after, before)
        _tell(work, after, entries)
        _tell_of_sessions(work, before, after, entries)
        replan_after(work, before, after)
        release(work, after, entries)
    return Acted(view=view_of(work, actor.member, after), entries=entries)


def store(work: Work, before: Plan, change: Change, source: Source) -> tuple[Entry, ...]:
    """Append the change's acts to the plan's log and return them as entries."""
    entries = tuple(
        Entry(plan=before.id, number=number, act=made, source=source)
        for number, made in enumerate(change.acts, start=before.entries + 1)
    )
    if entries:
        work.log.append(entries)
    return entries


def view_of(work: Work, viewer: Member, plan: Plan) -> View:
    """Return the plan as the viewer sees it, with the names of all who ever were partners."""
    members = work.members.get(p.member for p in plan.partners)
    return View(
        plan=plan,
        viewer=viewer,
        names={member: found.name for member, found in members.items()},
        today=today(work, viewer),
        now=work.now,
        in_channel=_in_channel(work, plan),
        away=away_today(work, [found for m in plan.members if (found := members.get(m))]),
    )


def _in_channel(work: Work, plan: Plan) -> bool:
    """Tell whether the plan's thread is in a channel, here or on another platform."""
    if len(plan.members) > 1 or plan.linked:  # neither is ever so in a direct conversation
        return True
    card = work.plans.card(plan.id)
    return card is None or not is_direct(card.place)


def _tell(work: Work, plan: Plan, entries: tuple[Entry, ...]) -> None:
    _put(work, plan, NoticeKind.PLAN_CARD, f"card:{plan.id}")
    # Who added somebody else's words and credited them is told of with the words, once.
    told_with = {entry.act.entry for entry in entries if entry.act.kind is ActKind.CREDITED}
    for entry in entries:
        if item_touched(entry.act):
            _put(work, plan, NoticeKind.ITEM, f"item:{plan.id}:{entry.act.item}", entry)
        if entry.act.kind in NEWS and entry.number not in told_with:
            _put(work, plan, NoticeKind.NEWS, f"news:{plan.id}:{entry.number}", entry)


def _tell_of_sessions(work: Work, before: Plan, after: Plan, entries: tuple[Entry, ...]) -> None:
    """Show the sessions ahead anew, where an act on something else changed how they stand."""
    told = {entry.act.item for entry in entries if item_touched(entry.act)}
    changed = [
        (session.id, on)
        for session in after.sessions
        if session.start > work.now and session.id not in told
        for on in ("", *dict.fromkeys((*before.linked, *after.linked)))
        if _stands(before, session, on) != _stands(after, session, on)
    ]
    if not changed:
        return
    log = work.log.of_plan(after.id)
    last = {entry.act.item: entry for entry in log if item_touched(entry.act)}
    for item, on in changed:
        if item in last:  # not so where the plan came from a file that had not all of its log
            _put_on(work, after, on, NoticeKind.ITEM, f"item:{after.id}:{item}", last[item])


def _stands(plan: Plan, session: Session, on: str) -> tuple[object, ...]:
    """Return what a session's message on that platform ("": the home's) says of the plan."""
    there = not on or on in plan.linked
    return plan.title, agreed(plan, session), plan.state is PlanState.ARCHIVED, there


def item_touched(act: Act) -> bool:
    """Tell whether the act, or its undoing, changes an item that has a message of its own."""
    kind = act.detail.get("kind") if act.kind is ActKind.UNDONE else act.kind
    return act.item is not None and kind in WITH_MESSAGE


def _put(work: Work, plan: Plan, kind: NoticeKind, key: str, entry: Entry | None = None) -> None:
    """Tell it in the plan's thread, and in each that it has on another platform."""
    for on in ("", *plan.linked):
        _put_on(work, plan, on, kind, key, entry)


def _put_on(
    work: Work, plan: Plan, on: str, kind: NoticeKind, key: str, entry: Entry | None
) -> None:
    """Tell it in the plan's thread on that platform, "" for its home's."""
    notice = Notice(
        key=f"{key}@{on}" if on else key,
        kind=kind,
        due_at=work.now,
        plan=plan.id,
        entry=entry.number if entry is not None else None,
        on=on,
    )
    work.outbox.put(notice)
