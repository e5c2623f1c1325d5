"""The bot comes (back) to a channel: what could not be shown there is shown now."""

from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.usecases import settings
from bot.usecases.actors import Actor
from bot.usecases.ports import Work


def come_to(work: Work, actor: Actor, _: None) -> settings.State:
    """Bring the cards of the channel's plans up to date; a plan without its thread gets one."""
    for home in work.partnerships.at(actor.place):
        for plan in work.plans.of_partnership(home.id):
            if plan.state is PlanState.ARCHIVED:
                continue
            if work.plans.card(plan.id) is None:
                key, kind = f"thread:{plan.id}:{work.ids.new()}", NoticeKind.PLAN_THREAD
            else:
                key, kind = f"card:{plan.id}", NoticeKind.PLAN_CARD
            work.outbox.put(Notice(key=key, kind=kind, due_at=work.now, plan=plan.id))
    return settings.state(work, actor, None)
