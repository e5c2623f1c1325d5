"""What a timetable that was read means: for the school as it is, and beside what is saved."""

from dataclasses import dataclass, replace
from datetime import date

from bot.domain import errors
from bot.domain.timetable.differences import (
    Difference,
    as_remembered,
    dated_differences,
    differences,
    remembered,
)
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.timetable.answers import extended, make_calendar
from bot.usecases.timetable.checking import refuse_overlap
from bot.usecases.timetable.drafts import Draft, keep, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """The week as it was understood.

    ``calendar`` is the one it will be saved with, None while that is not settled; ``standing`` is
    the school's as it is stored.
    """

    draft: Draft
    calendar: SchoolCalendar | None
    standing: SchoolCalendar | None
    today: date
    zone: str
    changes: tuple[Difference, ...] | None = None
    """What is other than in the timetable that is saved; None when there is none."""

    @property
    def misfit(self) -> bool:
        """Tell whether the school has other days than the table."""
        return self.standing is not None and not set(self.draft.days) <= set(self.standing.cycle)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the periods of the table that the school's calendar has not."""
        known = self.standing.bells.names if self.standing else ()
        return tuple(name for name in self.draft.periods if name not in known)


def understood(work: Work, actor: Actor, draft: Draft) -> ReadBack | None:
    """Return what a draft means, None while it is not settled who the member is in it."""
    return _understood(work, actor, draft) if draft.person in draft.people else None


def look_again(work: Work, actor: Actor, _: None) -> ReadBack:
    """Return the draft as it stands."""
    back = understood(work, actor, kept(work, actor))
    if back is None:
        raise errors.InvalidInput(
            what="It is not settled yet who you are in that table.",
            remedy="Paste it again and choose your name.",
        )
    return back


def settled(work: Work, actor: Actor, draft: Draft) -> ReadBack:
    """Read back the draft of a person who is known, with what they had said of its subjects."""
    old = work.times.timetables([actor.id]).get(actor.id)
    uses = remembered(old, draft.timetable) if old is not None else {}
    own = as_remembered(draft.timetable, uses)
    people = {**draft.people, draft.person: own}
    return read_back(work, actor, replace(draft, people=people, remembered=uses))


def read_back(work: Work, actor: Actor, draft: Draft) -> ReadBack:
    """Keep the draft and return what it means; ``InvalidInput`` for periods that overlap."""
    refuse_overlap(draft)
    keep(work, actor, draft)
    return _understood(work, actor, draft)


def _understood(work: Work, actor: Actor, draft: Draft) -> ReadBack:
    standing, now = work.times.calendar(actor.school), today(work, actor.member)
    try:
        calendar = made(standing, draft, now)
    except errors.Problem:  # said for another calendar than the one that stands now
        calendar = None
    known = calendar or standing
    zone = known.zone if known else actor.member.zone
    old = work.times.timetables([actor.id]).get(actor.id)
    return ReadBack(
        draft=draft,
        calendar=calendar,
        standing=standing,
        today=now,
        zone=zone,
        changes=None if old is None else _changes(old, draft, known),
    )


def _changes(
    old: Timetable, draft: Draft, calendar: SchoolCalendar | None
) -> tuple[Difference, ...]:
    """Return what is other in the draft than in a timetable that was saved, single dates last."""
    usual = differences(old, draft.timetable, draft.days, draft.periods)
    if calendar is None:
        return usual
    return (*usual, *dated_differences(old, draft.timetable, calendar.label_on))


def made(standing: SchoolCalendar | None, draft: Draft, now: date) -> SchoolCalendar | None:
    """Return the calendar that the draft is saved with, None while something is not known.

    One that stands is kept, at most with more periods; other days never replace it. A known
    problem is raised for answers that cannot be used.
    """
    if standing is None:
        return make_calendar(draft.answers, now) if draft.answers else None
    if not set(draft.days) <= set(standing.cycle):
        return None
    missing = tuple(name for name in draft.periods if name not in standing.bells.names)
    if not missing:
        return standing
    return extended(standing, draft.answers.bells, missing) if draft.answers else None


def refuse_misfit(back: ReadBack) -> None:
    """Raise ``InvalidInput`` when the school has other days than the table."""
    if back.misfit and back.standing is not None:
        theirs, yours = ", ".join(back.standing.cycle), ", ".join(back.draft.days)
        raise errors.InvalidInput(
            what=f"The school's days are {theirs}; your table has {yours}.",
            remedy="Paste it again with the school's days.",
        )
