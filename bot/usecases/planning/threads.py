"""The thread of a plan: asked for when it starts, and again when it turns out to have none."""

from bot.domain.ids import PlanId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.usecases.ports import Work


def ask(work: Work, plan: PlanId, on: str = "") -> bool:
    """Have the thread of the plan opened; False: it has one. ``on``: on that platform, beside home.

    However often it is asked for, it is opened once: it has one notice, so what an earlier try may
    have shown is looked for under the same key. One that was given up is tried again, one that
    waits for its next try is tried now.
    """
    if work.plans.card(plan, on) is not None:
        return False
    place = work.plans.place_on(plan, on) if on else None
    beside = f"@{on}:{place.channel}" if place else ""  # linked anew elsewhere, it is another one
    work.outbox.put(
        Notice(
            key=f"thread:{plan}{beside}",
            kind=NoticeKind.PLAN_THREAD,
            due_at=work.now,
            plan=plan,
            on=on,
        )
    )
    return True
