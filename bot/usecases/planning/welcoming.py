"""The bot comes (back) to a channel: what could not be shown there is shown now.

So it is where a channel goes by another id from now on. Of one that was deleted the partners hear.
"""

from dataclasses import replace

from bot.domain.ids import PlanId
from bot.domain.places import Place
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.usecases.planning import threads
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import deleted


def refresh_linked(work: Work, plan: PlanId, platform: str, *, cards: bool = True) -> None:
    """Do the same for one plan that stands on that platform beside its home."""
    found = work.plans.get(plan)
    if found is None or found.state is PlanState.ARCHIVED or platform not in found.linked:
        return
    if not threads.ask(work, plan, platform) and cards:
        _renew(work, f"card:{plan}@{platform}", plan, platform)


def refresh(work: Work, place: Place, *, cards: bool = True) -> None:
    """Bring the cards of the plans in that channel up to date, and open threads that are missing.

    Without ``cards`` only the latter. With them the bot was let in: nobody is told any more to do
    that.
    """
    for home in work.partnerships.at(place):
        for plan in work.plans.of_partnership(home.id):
            if plan.state is PlanState.ARCHIVED:
                continue
            if cards:
                work.undelivered.mended(plan.id, None)
            if not threads.ask(work, plan.id) and cards:
                _renew(work, f"card:{plan.id}", plan.id)


def follow(work: Work, before: Place, channel: str) -> None:
    """Let what was kept of a channel be kept of the id that it goes by from now on."""
    for home in work.partnerships.at(before):
        work.partnerships.save(replace(home, place=replace(home.place, channel=channel)))
        for plan in work.plans.of_partnership(home.id):
            card = work.plans.card(plan.id)
            if card is not None and card.place.channel == before.channel:
                there = replace(card, place=replace(card.place, channel=channel))
                work.plans.set_card(plan.id, there)
    work.outbox.follow(before.platform, before.channel, channel)
    refresh(work, replace(before, channel=channel))


def follow_linked(work: Work, plan: PlanId, before: Place, channel: str) -> None:
    """Do the same for one plan that stands in that place beside its home."""
    on, card = before.platform, work.plans.card(plan, before.platform)
    there = replace(before, channel=channel)
    if card is None:
        work.plans.link(plan, there)
    else:
        work.plans.set_card(plan, replace(card, place=there), on)
    work.outbox.follow(on, before.channel, channel)
    refresh_linked(work, plan, on)


def lost(work: Work, place: Place) -> None:
    """Tell the partners of the plans in that channel that it was deleted, each once."""
    for home in work.partnerships.at(place):
        for plan in work.plans.of_partnership(home.id):
            if plan.state is PlanState.ACTIVE:
                deleted(work, plan)


def lost_linked(work: Work, plan: PlanId) -> None:
    """Do the same for one plan that stands there beside its home."""
    found = work.plans.get(plan)
    if found is not None and found.state is PlanState.ACTIVE:
        deleted(work, found)


def refresh_at(work: Work, place: Place, on: str) -> None:
    """Bring the card up to date of the plan whose thread that is; ``on`` as in a notice."""
    plan = work.plans.at(place)
    if plan is not None:
        _renew(work, f"card:{plan}@{on}" if on else f"card:{plan}", plan, on)


def _renew(work: Work, key: str, plan: PlanId, on: str = "") -> None:
    kind = NoticeKind.PLAN_CARD
    work.outbox.put(Notice(key=key, kind=kind, due_at=work.now, plan=plan, on=on))
