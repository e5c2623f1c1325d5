"""What waits for another partner comes again once they have acted."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.contributions.acts import Entry
from bot.domain.planning.plan import Plan
from bot.domain.reminders.snoozing import released
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import remind_anew


def release(work: Work, plan: Plan, entries: Iterable[Entry]) -> None:
    """Let come again what members held until another partner acts, if these entries are that."""
    acts = [entry.act for entry in entries]
    free = [one for one in work.snoozes.held((plan.id,)) if released(one, plan.members, acts)]
    for hold in free:
        work.snoozes.put(hold.member, (replace(hold.snooze, until=work.now),))
    if free:
        remind_anew(work, {hold.member for hold in free})
