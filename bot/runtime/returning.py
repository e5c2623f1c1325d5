"""The bot comes (back) to channels, or may do more there: what was missed there is shown now.

A channel that changes its id keeps its plans; of one that was deleted their partners are told.
"""

from collections.abc import Collection
from functools import partial

from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.usecases.planning import welcoming
from bot.usecases.ports import Door, Work


async def up_to_date(
    door: Door, workspace: WorkspaceId, platform: str, channels: Collection[str], *, cards: bool
) -> None:
    """Bring the plans of those channels up to date, by the platform's ids.

    Those of the workspace, and those that live elsewhere and stand there, too. Without ``cards``
    only threads that are missing are opened.
    """

    def unit(work: Work) -> None:
        for channel in channels:
            place = Place(platform=platform, kind=PlaceKind.CHANNEL, channel=channel)
            welcoming.refresh(work, place, cards=cards)

    await door.write(workspace, unit)
    linked = await door.read(EVERYWHERE, lambda work: work.everywhere.links(platform))
    for home, plan, place in linked:
        if place.channel in channels:
            again = partial(welcoming.refresh_linked, plan=plan, platform=platform, cards=cards)
            await door.write(home, again)


async def followed(
    door: Door, workspace: WorkspaceId, platform: str, before: str, channel: str
) -> None:
    """Let what stands in a channel follow it from its id before to the one that it has now.

    Plans of the workspace, and those that live elsewhere and stand there, too.
    """
    place = Place(platform=platform, kind=PlaceKind.CHANNEL, channel=before)
    await door.write(workspace, partial(welcoming.follow, before=place, channel=channel))
    linked = await door.read(EVERYWHERE, lambda work: work.everywhere.links(platform))
    for home, plan, there in linked:
        if there.channel == before:
            move = partial(welcoming.follow_linked, plan=plan, before=there, channel=channel)
            await door.write(home, move)


async def lost(door: Door, workspace: WorkspaceId, platform: str, channel: str) -> None:
    """Tell the partners of plans that stand in that channel, by its id, that it was deleted."""
    place = Place(platform=platform, kind=PlaceKind.CHANNEL, channel=channel)
    await door.write(workspace, partial(welcoming.lost, place=place))
    linked = await door.read(EVERYWHERE, lambda work: work.everywhere.links(platform))
    for home, plan, there in linked:
        if there.channel == channel:
            await door.write(home, partial(welcoming.lost_linked, plan=plan))
