"""Claiming members' reminders: what each claim comes to is found out first, then all is written.

One statement a table serves everybody whose reminder is claimed in the unit of work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from bot.domain.ids import MemberId
from bot.domain.reminders.marks import latest, mark
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.nudging import Verdict, decide
from bot.domain.reminders.returning import catch_up_at, returned_from
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.domain.timetable.absences import Absences, in_order
from bot.domain.timetable.availability import Availability
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.planning import Agenda, agenda, sooner

A_MOMENT = timedelta(minutes=1)
_SILENCE = Verdict(say=(), next_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What claiming a member's reminder comes to: it is next due at ``next_at`` (UTC).

    A message speaks of the ``verdict``, tells of the absences the member is ``back`` from, and
    takes up what ``earlier`` ones, which may still be unsent, speak about: their keys in the
    outbox, by the thing's key. ``over`` are the keys of what is no longer put off.
    """

    row: Reminder
    member: MemberId
    next_at: datetime | None
    verdict: Verdict = _SILENCE
    back: Absences = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    over: Collection[str] = ()

    @property
    def speaks(self) -> bool:
        """Tell whether there is anything to be said."""
        return bool(self.verdict.say or self.verdict.again or self.back)


def claim_members(work: Work, due: Sequence[Reminder]) -> int:
    """Claim the reminders, which are due and held by this unit; return how many it moved on.

    Raises ``errors.Conflict`` when one of them does not stand any more as it was held.
    """
    people = availabilities(work, (MemberId(row.subject) for row in due))
    claims = [_claimed(work, row, people.get(MemberId(row.subject))) for row in due]
    work.reminders.advance_all([(one.row, one.next_at) for one in claims])
    _keep(work, _put(work, claims))
    return len(claims)


def _claimed(work: Work, row: Reminder, availability: Availability | None) -> _Claim:
    member = MemberId(row.subject)
    if availability is None:
        return _Claim(row=row, member=member, next_at=None)
    known, free = agenda(work, member, availability), placeable(availability)
    verdict = decide(free, known.things, known.marks, work.now, known.snoozes)
    back = returned_from(free, work.now)
    return_at = catch_up_at(_as_told(free, back, row.occurrence), work.now)
    waiting = {thing.key for thing in known.things}
    return _Claim(
        row=row,
        member=member,
        next_at=sooner(sooner(verdict.next_at, known.next_turn), return_at),
        verdict=verdict,
        back=back,
        earlier=_earlier(row, known, waiting),
        over={*known.snoozes.keys() - waiting, *(thing.key for thing in verdict.again)},
    )


def _as_told(free: Availability, back: Absences, occurrence: str) -> Availability:
    """Return when the member is free, once they have been told of what they are back from."""
    if not back:
        return free
    still_away = (one for one in free.away if one not in back)
    return replace(free, away=in_order((*still_away, *_told(back, occurrence))))


def _told(back: Absences, occurrence: str) -> Absences:
    return tuple(replace(one, told=occurrence) for one in back)


def _earlier(row: Reminder, known: Agenda, waiting: Collection[str]) -> dict[str, str]:
    """Return the notices that were the last to speak about what waits, by the thing's key."""
    told = latest(known.marks)
    return {key: _notice_key(row, of) for key, of in told.items() if key in waiting}


def _notice_key(row: Reminder, occurrence: str) -> str:
    return f"reminder:{row.id}:{occurrence}"


def _put(work: Work, claims: Sequence[_Claim]) -> list[_Claim]:
    """Put the messages into the outbox; return the claims without those that could not be put.

    For these the clock was set back to before a message of this very instant: what is to be said
    now was not in it. An occurrence of its own says it.
    """
    notices = {one.member: _notice(work, one) for one in claims if one.speaks}
    new = work.outbox.put_all(list(notices.values()))
    stale = {member for member, notice in notices.items() if notice.key not in new}
    for member in stale:
        work.reminders.plan(ReminderKind.MEMBER, member, work.now + A_MOMENT)
    return [one for one in claims if one.member not in stale]


def _notice(work: Work, claim: _Claim) -> Notice:
    return Notice(
        key=_notice_key(claim.row, claim.row.occurrence),
        kind=NoticeKind.CATCH_UP if claim.back else NoticeKind.REMINDER,
        due_at=work.now,
        member=claim.member,
    )


def _keep(work: Work, claims: Sequence[_Claim]) -> None:
    """Keep what the messages speak about, and what is told and over with them."""
    spoken = [one for one in claims if one.speaks]
    earlier = set(chain.from_iterable(one.earlier.values() for one in spoken))
    unsent = work.outbox.unsent(earlier) if earlier else frozenset()
    marks = {one.member: _marks(one, unsent, work.now) for one in spoken}
    work.reminders.count_nudges(marks, work.now)
    for one in claims:
        if one.back:
            work.absent.replace(one.member, one.back, _told(one.back, one.row.occurrence))
        if one.over:
            work.snoozes.drop(one.member, one.over)


def _marks(claim: _Claim, unsent: Collection[str], now: datetime) -> list[str]:
    """Return the marks of what a message speaks about; what comes again is not counted.

    What earlier messages speak about that are still to be sent comes again too: one message says
    all.
    """
    occurrence = claim.row.occurrence
    said = {thing.key for thing in claim.verdict.say}
    held_up = (key for key, notice in claim.earlier.items() if notice in unsent)
    again = {*held_up, *(thing.key for thing in claim.verdict.again)} - said
    return [
        *(mark(thing.key, now, occurrence) for thing in claim.verdict.say),
        *(mark(key, now, occurrence, again=True) for key in sorted(again)),
    ]
