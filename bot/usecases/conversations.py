"""Where people talk to the bot: asked after it was away, to find what was said meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.members import Identity
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import PlanState
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """The conversations of a workspace.

    ``people`` have used the bot and may write to it directly; ``channels`` are homes of plans,
    ``threads`` those of plans that go on.
    """

    people: tuple[Identity, ...]
    channels: tuple[Place, ...]
    threads: tuple[Place, ...]


def conversations(work: Work) -> Conversations:
    """Return them, each once."""
    members = work.members.all()
    homes = [home for each in members for home in work.partnerships.of_member(each.id)]
    plans = {plan.id: plan for each in members for plan in work.plans.of_member(each.id)}
    cards = [work.plans.card(plan.id) for plan in plans.values() if plan.state is PlanState.ACTIVE]
    standing = [card.place for card in cards if card is not None]
    return Conversations(
        people=tuple(each.identity for each in members if each.reachable),
        channels=_once(home.place for home in homes if home.place.kind is PlaceKind.CHANNEL),
        threads=_once(place for place in standing if place.kind is PlaceKind.THREAD),
    )


def _once(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(places))
