"""Who gets the weekly digest, where and when: asked at the moment it is sent.

Each partner gets their own, in a direct message that begins with their own part. The thread gets
one for those who cannot be written to yet, or would rather read there.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.members import Member, Nudges
from bot.domain.reminders.free_times import free_now, next_free
from bot.domain.reminders.notices import Notice
from bot.domain.timetable.availability import Availability
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.digesting import DigestView, digest_view
from bot.usecases.reminders.places import place_on
from bot.usecases.reminders.reading import NotNow, is_away, wants_direct, written_to

GRACE = timedelta(minutes=60)
"""A digest that is later than this does not come at once, but when its readers are free."""


def addressed(work: Work, notice: Notice, planned: datetime) -> DigestView | NotNow | None:
    """Return the digest for the one it is addressed to, or for the thread.

    ``planned`` (UTC) is when its slot was, whatever the slot is now. None when it has nothing to
    say to them; ``NotNow`` when it is late and they are not free.
    """
    if notice.partnership is None:
        return None
    view = digest_view(work, notice.partnership, notice.member)
    if view is None or (view.slot.silent and not view.news and not view.missed):
        return None
    if notice.on:
        place = place_on(work, view.plans, notice.on)
        if place is None:
            return None
        view = replace(view, place=place)
    reader = _reader(work, view, notice)
    if reader is None or work.now - planned <= GRACE:
        return view if reader else None
    if free_now(reader, work.now) is None:
        period = next_free(reader, work.now)
        return NotNow(at=period.start, why="late, and not free now") if period else None
    return replace(view, planned=planned)


def _reader(work: Work, view: DigestView, notice: Notice) -> Availability | None:
    """Return when the one it is for may be disturbed, the thread's in working hours; or None."""
    member = notice.member
    if member is None:
        readers = (one for one in view.members if notice.on in {"", written_to(work, one).platform})
        wanted = any(map(_reads_thread, readers))
        return Availability(zone=view.slot.zone) if wanted else None
    availability = availabilities(work, (member,)).get(member)
    if view.viewer is None or availability is None:
        return None
    wanted = _is_for(view.viewer, availability, work.now)
    return placeable(availability) if wanted else None


def _is_for(member: Member, availability: Availability, now: datetime) -> bool:
    return (
        wants_direct(member)
        and member.preferences.nudges is not Nudges.OFF
        and not is_away(availability, now)
    )


def _reads_thread(member: Member) -> bool:
    """Tell whether somebody reads the digest in the thread, if anywhere."""
    return not wants_direct(member) and member.preferences.nudges is not Nudges.OFF
