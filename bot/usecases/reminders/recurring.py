"""The verb `remind`: a partnership's own recurring reminders, which any of its partners may set."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import PlanId, RecurringId
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.rights import require_writable
from bot.domain.reminders import recurring
from bot.domain.reminders.recurrence import Recurrence, occurrences
from bot.domain.reminders.recurrence_reading import Wish, read_rule, read_wish
from bot.domain.reminders.recurrence_words import as_it_goes_on, in_words
from bot.domain.reminders.recurring import RecurringReminder, Reset
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import View, acted, view_of
from bot.usecases.planning.reading import Choice, ShowPlan, find_home
from bot.usecases.ports import Work
from bot.usecases.reminders.occurring import schedule

MOST: Final = 12
"""Reminders of one partnership: all of them fit into one card."""
TOLD: Final = 2
"""Occurrences that are told ahead."""
_DRAFT: Final = "remind"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTyped:
    """Set a reminder up by what was typed; by nothing: what was typed before ``plan`` was asked."""

    words: str
    plan: PlanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRecurring:
    """Set a reminder up from a plan, by a form."""

    plan: PlanId
    when: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRecurring:
    """One reminder; ``plan`` is where its button was shown."""

    plan: PlanId
    reminder: RecurringId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecurring:
    """Give a reminder that was seen in ``revision`` another time or text."""

    which: OneRecurring
    revision: int
    when: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringView:
    """A reminder as one of the partners sees it, with its next occurrences (UTC), maybe none."""

    reminder: RecurringReminder
    view: View
    next_at: tuple[datetime, ...]

    @property
    def words(self) -> str:
        """Return when it comes, for the viewer."""
        return in_words(self.reminder.rule, self.view.viewer.zone, self.view.now)

    @property
    def words_to_change(self) -> str:
        """Return the same as they stand in a form: read back, they mean the same from now on."""
        rule = as_it_goes_on(self.reminder.rule, self.view.now)
        return in_words(rule, self.view.viewer.zone, self.view.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringKept:
    """What an act on a reminder made: ``entry`` None when nothing changed."""

    shown: RecurringView
    entry: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringList:
    """The reminders of a plan's partnership; ``resting``: no plan of it is active, none comes."""

    view: View
    reminders: tuple[RecurringView, ...]
    resting: bool


def show_recurring(work: Work, actor: Actor, command: ShowPlan) -> RecurringList | Choice:
    """Return the reminders of the partnership meant, or the choice."""
    plan = find_home(work, actor, command)
    if isinstance(plan, Choice):
        return plan
    view = view_of(work, actor.member, plan)
    found = work.recurring.of_partnership(plan.partnership)
    plans = work.plans.of_partnership(plan.partnership)
    return RecurringList(
        view=view,
        reminders=tuple(_shown(one, view) for one in found),
        resting=all(one.state is not PlanState.ACTIVE for one in plans),
    )


def show_one(work: Work, actor: Actor, command: OneRecurring) -> RecurringView:
    """Return one reminder, to be changed."""
    found, plan = _load(work, actor, command)
    return _shown(found, view_of(work, actor.member, plan))


def add_typed(work: Work, actor: Actor, command: AddTyped) -> RecurringKept | Choice:
    """Set up what was typed; where several plans fit, it is kept until one of them is chosen."""
    words = command.words or _kept(work, actor)
    wish = read_wish(words, actor.member.zone, work.now)
    recurring.checked_text(wish.text)
    plan = find_home(work, actor, ShowPlan(plan=command.plan))
    if isinstance(plan, Choice):
        work.drafts.put(actor.id, _DRAFT, words.encode())
        return plan
    work.drafts.drop(actor.id, _DRAFT)
    return _add(work, actor, plan, wish)


def add_recurring(work: Work, actor: Actor, command: AddRecurring) -> RecurringKept:
    """Set up what a form says; ``FieldErrors`` for what cannot be."""
    plan = plan_for(work, actor.id, command.plan)
    rule = _rule(work, actor, command.when)
    return _add(work, actor, plan, Wish(rule=rule, text=command.text))


def change_recurring(work: Work, actor: Actor, command: ChangeRecurring) -> RecurringKept:
    """Change a reminder; ``FieldErrors`` when somebody else has changed it meanwhile."""
    found, plan = _load(work, actor, command.which)
    if found.active and found.revision != command.revision:
        shown = _shown(found, view_of(work, actor.member, plan))
        says = f"Somebody changed it meanwhile, to {shown.words}: “{found.text[:80]}”."
        raise errors.FieldErrors({"": f"{says} Close this form and open it again."})
    rule = _rule(work, actor, command.when)
    # The same words are the same rule: every n weeks keep the date they were first counted from.
    standing = _shown(found, view_of(work, actor.member, plan)).words_to_change
    if rule == read_rule(standing, actor.member.zone, work.now):
        rule = found.rule
    reset = recurring.changed(found, rule, command.text, by=actor.id, at=work.now)
    return _store(work, actor, plan, found, reset)


def stop_recurring(work: Work, actor: Actor, command: OneRecurring) -> RecurringKept:
    """Let a reminder come no more."""
    found, plan = _load(work, actor, command)
    reset = recurring.stopped(found, by=actor.id, at=work.now)
    return _store(work, actor, plan, found, reset)


def _kept(work: Work, actor: Actor) -> str:
    draft = work.drafts.get(actor.id, _DRAFT)
    if draft is None:
        raise errors.StaleButton
    return draft.decode()


def _load(work: Work, actor: Actor, command: OneRecurring) -> tuple[RecurringReminder, Plan]:
    """Return the reminder and its plan, if the actor is a partner of that; else as if none were."""
    found = work.recurring.get(command.reminder)
    if found is None:
        raise errors.UnknownItem(
            thing="reminder", title=plan_for(work, actor.id, command.plan).title
        )
    return found, plan_for(work, actor.id, found.plan)


def _rule(work: Work, actor: Actor, when: str) -> Recurrence:
    try:
        return read_rule(when, actor.member.zone, work.now)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"when": str(problem)}) from None


def _add(work: Work, actor: Actor, plan: Plan, wish: Wish) -> RecurringKept:
    require_writable(plan, actor.id)
    if len(work.recurring.of_partnership(plan.partnership)) >= MOST:
        raise errors.NotAllowed(
            what=f"You have {MOST} reminders together, and more do not fit.",
            remedy="Say “remind” and stop one of them first.",
        )
    reminder = RecurringReminder(
        workspace=work.workspace,
        id=RecurringId(work.ids.new()),
        partnership=plan.partnership,
        plan=plan.id,
        by=actor.id,
        text=recurring.checked_text(wish.text),
        rule=wish.rule,
        created_at=work.now,
    )
    work.recurring.add(reminder)
    return _told(work, actor, plan, reminder, recurring.added(reminder), None)


def _store(
    work: Work, actor: Actor, plan: Plan, before: RecurringReminder, reset: Reset
) -> RecurringKept:
    if reset.act is not None:
        work.recurring.save(reset.reminder)
    return _told(work, actor, plan, reset.reminder, reset.act, before.rule)


def _told(
    work: Work,
    actor: Actor,
    plan: Plan,
    reminder: RecurringReminder,
    act: Act | None,
    before: Recurrence | None,
) -> RecurringKept:
    """Plan the reminder, whose rule was ``before``, and log the act in the plan it belongs to."""
    if act is None:
        shown = _shown(reminder, view_of(work, actor.member, plan))
        return RecurringKept(shown=shown, entry=None)
    schedule(work, reminder, before)
    made = acted(work, actor, plan, Change(plan=plan, acts=(act,)))
    return RecurringKept(shown=_shown(reminder, made.view), entry=made.entries[-1])


def _shown(reminder: RecurringReminder, view: View) -> RecurringView:
    ahead = occurrences(reminder.rule, view.now) if reminder.active else iter(())
    return RecurringView(reminder=reminder, view=view, next_at=tuple(islice(ahead, TOLD)))


_KINDS: Final = {ActKind.REMINDER_ADDED, ActKind.REMINDER_CHANGED, ActKind.REMINDER_STOPPED}


def take_back(work: Work, actor: Actor, entry: Entry) -> None:
    """Take back what an act did to a reminder beside the plan; other acts did nothing to any.

    Raises ``ChangedSince`` when the reminder is no longer as the act left it.
    """
    if entry.act.kind not in _KINDS or entry.act.item is None:
        return
    found = work.recurring.get(RecurringId(entry.act.item))
    before = recurring.taken_back(found, entry.act) if found is not None else None
    if found is None or before is None:
        raise errors.ChangedSince
    plan_for(work, actor.id, before.plan)
    work.recurring.save(before)
    schedule(work, before, found.rule)
