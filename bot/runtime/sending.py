"""One delivery to one messenger: where it goes, sending it, looking for it, and repeating it."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from bot.domain.ids import EVERYWHERE, PlanId, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place
from bot.domain.reminders.notices import Leased
from bot.runtime.ports import Messenger, Messengers, NotDelivered
from bot.ui.deliveries import Delivery, Direct, Edit, OpenThread, Post

Lane = tuple[WorkspaceId, str]
"""The workspace, and the plan, person or partnership in it."""


def target(delivery: Delivery) -> Place | Identity:
    """Return the place or the person the delivery goes to."""
    match delivery:
        case OpenThread(channel=place) | Post(place=place):
            return place
        case Edit(message=message):
            return message.place
        case Direct(identity=identity):
            return identity
        case _:
            assert_never(delivery)


def platform_of(delivery: Delivery) -> str:
    """Return the name of the platform the delivery goes to."""
    return target(delivery).platform


def bucket_of(delivery: Delivery) -> str:
    """Return the name of what a platform limits: a channel with its threads, or a person."""
    to = target(delivery)
    return f"{to.platform}/{to.channel}" if isinstance(to, Place) else f"{to.platform}/@{to.user}"


def plan_of_card(delivery: Delivery) -> PlanId | None:
    """Return the plan whose card the sent message becomes, or None."""
    match delivery:
        case OpenThread(plan=plan):
            return plan
        case Post(card_of=plan):
            return plan
        case Edit() | Direct():
            return None
        case _:
            assert_never(delivery)


def harmless_twice(delivery: Delivery) -> bool:
    """Tell whether sending it again does no harm, whatever became of the first try.

    An edit changes nothing the second time. Of two threads or cards of a plan one is left behind,
    but a plan without any could not be worked on.
    """
    return isinstance(delivery, Edit) or plan_of_card(delivery) is not None


async def send(messenger: Messenger, delivery: Delivery, key: str) -> MessageRef | None:
    """Send the delivery and return the message it became; None for an edit.

    Raises what messengers raise.
    """
    match delivery:
        case OpenThread(channel=channel, title=title, card=card):
            return await messenger.open_thread(channel, title, card, key)
        case Post(place=place, card=card):
            return await messenger.post(place, card, key)
        case Edit(message=message, card=card):
            await messenger.edit(message, card, key)
            return None
        case Direct(identity=identity, card=card):
            return await messenger.direct(identity, card, key)
        case _:
            assert_never(delivery)


async def look(
    messenger: Messenger, delivery: Delivery, key: str, since: datetime
) -> MessageRef | None:
    """Return the message that an earlier try of the delivery became, or None.

    Raises what messengers raise, ``NotLookable`` too.
    """
    return await messenger.find(target(delivery), key, since)


async def messenger_of(
    messengers: Mapping[str, Messengers], workspace: WorkspaceId, delivery: Delivery
) -> Messenger:
    """Return who takes the delivery; ``NotDelivered`` where its platform is not connected."""
    found = messengers.get(platform_of(delivery))
    if found is None:
        raise NotDelivered("platform not connected")
    return await found.within(workspace)


def lane_of(leased: Leased) -> Lane:
    """Return what goes in order with what: a plan's, a person's, or all that was left behind."""
    if leased.orphaned:
        return EVERYWHERE, ""
    of = leased.notice
    about = of.plan or of.member or of.partnership or of.key
    return leased.workspace, f"{about}@{of.on}"  # one platform does not wait for another
