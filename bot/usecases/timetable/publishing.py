"""Calendars that go out: what is in them, and the links under which they can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import errors
from bot.domain.ids import MemberId, PartnershipId
from bot.domain.members import Member
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.timetable.published import Feed, FeedId
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import View, view_of
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable

SLOTS_AHEAD = timedelta(days=14)
"""How far ahead a partnership's calendar shows its common slots."""
SLOTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a calendar shows ``viewer`` at ``now`` (UTC): of a ``home``, or of all their plans.

    ``views`` are active plans and such as ended; ``homes`` are the partnerships they are of.
    ``slots`` are times that all of the partnership have free, best first.
    """

    viewer: Member
    now: datetime
    home: Partnership | None
    views: tuple[View, ...]
    homes: tuple[Partnership, ...]
    names: Mapping[MemberId, str]
    slots: tuple[CommonSlot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A calendar as it is now, and its link's entry if it has one."""

    feed: Feed | None
    agenda: Agenda


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFeeds:
    """All calendars the member may have: their own first, then one for each partnership."""

    viewer: Member
    calendars: tuple[Published, ...]


def own_feeds(work: Work, actor: Actor, _: None) -> OwnFeeds:
    """Return the calendars of the member, and which of them have links."""
    known = {feed.partnership: feed for feed in work.feeds.of(actor.id)}
    homes = [home for home in _homes(work, actor.id) if len(home.members) > 1]
    return OwnFeeds(
        viewer=actor.member,
        calendars=tuple(
            Published(
                feed=known.get(home.id if home else None),
                agenda=_agenda(work, actor.member, home, slots=False),
            )
            for home in (None, *homes)
        ),
    )


def open_feed(work: Work, actor: Actor, home: PartnershipId | None) -> OwnFeeds:
    """Give a calendar a link; one that there was leads nowhere from now on."""
    if home is not None:
        _home_of(work, actor.id, home)
    for feed in work.feeds.of(actor.id):
        if feed.partnership == home:
            work.feeds.drop(feed.id)
    made = Feed(id=FeedId(work.ids.new()), member=actor.id, partnership=home, at=work.now)
    work.feeds.add(made)
    return own_feeds(work, actor, None)


def close_feed(work: Work, actor: Actor, which: FeedId) -> OwnFeeds:
    """Revoke a link of the member's."""
    feed = work.feeds.get(which)
    if feed is not None and feed.member == actor.id:
        work.feeds.drop(which)
    return own_feeds(work, actor, None)


def agenda_of(work: Work, actor: Actor, home: PartnershipId | None) -> Agenda:
    """Return a calendar of the member's as it is now, to be saved as a file."""
    return _agenda(work, actor.member, None if home is None else _home_of(work, actor.id, home))


def read_feed(work: Work, which: FeedId) -> Agenda | None:
    """Return the calendar of a link.

    None when it was revoked, or its member is not in the chat or the partnership any more.
    """
    feed = work.feeds.get(which)
    viewer = work.members.get((feed.member,)).get(feed.member) if feed else None
    if feed is None or viewer is None or work.undelivered.left(viewer.id):
        return None
    if feed.partnership is None:
        return _agenda(work, viewer, None)
    home = next((one for one in _homes(work, viewer.id) if one.id == feed.partnership), None)
    return None if home is None else _agenda(work, viewer, home)


def _homes(work: Work, member: MemberId) -> list[Partnership]:
    return sorted(work.partnerships.of_member(member), key=lambda home: home.id)


def _home_of(work: Work, member: MemberId, wanted: PartnershipId) -> Partnership:
    """Return the partnership; ``StaleButton`` for one that the member is not in (any more)."""
    found = next((home for home in _homes(work, member) if home.id == wanted), None)
    if found is None:
        raise errors.StaleButton
    return found


def _agenda(work: Work, viewer: Member, home: Partnership | None, *, slots: bool = True) -> Agenda:
    plans = [
        plan
        for plan in work.plans.of_member(viewer.id)
        if home is None or plan.partnership == home.id
    ]
    homes = _homes(work, viewer.id) if home is None else [home]
    running = {plan.partnership for plan in plans if plan.state is PlanState.ACTIVE}
    people = dict.fromkeys(member for one in homes for member in one.members)
    known = work.members.get(people)
    return Agenda(
        viewer=viewer,
        now=work.now,
        home=home,
        views=tuple(view_of(work, viewer, plan) for plan in plans),
        homes=tuple(one for one in homes if one.id in running),
        names={member: one.name for member, one in known.items()},
        slots=_slots(work, home, plans) if slots and home is not None else (),
    )


def _slots(work: Work, home: Partnership, plans: list[Plan]) -> tuple[CommonSlot, ...]:
    """Return the best common slots of a partnership that plans something."""
    if not any(plan.state is PlanState.ACTIVE for plan in plans) or len(home.members) == 1:
        return ()
    told = availabilities(work, home.members)
    people = {member: placeable(one) for member, one in told.items()}
    return tuple(common_slots(people, work.now, work.now + SLOTS_AHEAD)[:SLOTS])
