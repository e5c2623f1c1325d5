"""Read a timetable, ask what is unclear, read it back, and save it only when it is right."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.members import Member
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.calling import called_as
from bot.domain.timetable.differences import (
    Difference,
)
from bot.domain.timetable.feed_fitting import in_school
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.naming import likely_names, same_names
from bot.domain.timetable.timetable import Use, with_use
from bot.domain.timetable.weekly import WeeklyHours, parse_weekly_hours
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import is_unreachable
from bot.usecases.reminders.moving import Moves, moving
from bot.usecases.timetable.answers import (
    SchoolAnswers,
    in_week_order,
    refuse_lacking,
    with_dates,
)
from bot.usecases.timetable.changing import save_calendar
from bot.usecases.timetable.checking import check_names, refuse_odd_day
from bot.usecases.timetable.drafts import (
    Draft,
    draft_of,
    drop,
    in_dates,
    keep,
    kept,
    with_weekdays,
)
from bot.usecases.timetable.free import next_free
from bot.usecases.timetable.understanding import (
    ReadBack,
    look_again,
    made,
    read_back,
    refuse_misfit,
    settled,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimetable:
    """A table that was read from a file or paste; ``person`` is the name to look for in it.

    ``address`` is the one that it was fetched from, "" for any other.
    """

    grid: Grid
    person: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePerson:
    """Which of the people in the table the member is."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSubject:
    """A subject that is really something else, such as preparation or a meeting."""

    what: str
    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAreYou:
    """The table holds several people, none with the member's name: ``near`` come first."""

    near: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesSaved:
    """Saved; ``free`` is the next free period, None when there is none in sight.

    ``unreachable``: nor is there any other time in which a reminder could come.
    ``moves`` are the reminders that moved with it. ``placed`` False: it cannot be placed on the
    clock, so working hours are assumed.
    """

    free: FreePeriod | None
    unreachable: bool
    viewer: Member
    moves: Moves
    placed: bool = True
    changes: tuple[Difference, ...] | None = None
    """What is other than before; None where nothing of that kind was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveHours:
    """Weekly hours in words, for people without a school."""

    words: str


def read_timetable(
    work: Work, actor: Actor, command: ReadTimetable, source: Source | None = None
) -> WhoAreYou | ReadBack:
    """Keep what was read as a draft and read it back, or ask who of the people it is.

    ``source`` is where it came from: kept with the timetable when that is saved.
    """
    standing = work.times.calendar(actor.school)
    grid = called_as(in_school(command.grid, standing, actor.member.zone), standing)
    draft = replace(draft_of(grid), source=source)
    if not draft.people:
        raise errors.InvalidInput(
            what="The table has days and periods, but no lessons of anybody.",
            remedy="Paste one row for each lesson: teacher, day, period, subject.",
        )
    refuse_odd_day(grid, standing)
    draft = replace(draft, days=in_week_order(draft.days))
    check_names(draft)
    name = command.person or actor.member.name
    person = _person(draft, name)
    keep(work, actor, replace(draft, person=person or ""))
    if person is None:
        names = [n for n in draft.people if n]
        near = likely_names(name, names)
        rest = [n for n in sorted(names) if n not in near]
        return WhoAreYou(near=(*near, *rest), count=len(names))
    return settled(work, actor, replace(draft, person=person))


def choose_person(work: Work, actor: Actor, command: ChoosePerson) -> ReadBack:
    """Settle who the member is in the table."""
    draft = kept(work, actor)
    person = _person(draft, command.person)
    if person is None:
        raise errors.InvalidInput(
            what=f"The table has nobody called “{command.person}”.",
            remedy="Choose one of the names in it.",
        )
    return settled(work, actor, replace(draft, person=person))


def mark_subject(work: Work, actor: Actor, command: MarkSubject) -> ReadBack:
    """Say what a subject really is; every lesson of that name changes."""
    draft = look_again(work, actor, None).draft
    marked = with_use(draft.timetable, command.what, command.use)
    return read_back(work, actor, replace(draft, people={**draft.people, draft.person: marked}))


def name_days(work: Work, actor: Actor, first: int) -> ReadBack:
    """Say which weekday (Monday = 0) the day is that a file calls 1."""
    draft = look_again(work, actor, None).draft
    return settled(work, actor, with_weekdays(draft, first, work.times.calendar(actor.school)))


def ask_school(work: Work, actor: Actor, _: None) -> ReadBack:
    """Return the draft that the form about school is for; ``InvalidInput`` when none is needed."""
    back = look_again(work, actor, None)
    refuse_misfit(back)
    if back.standing is not None and not back.missing:
        raise errors.InvalidInput(
            what="The school's calendar has all the days and periods of your table.",
            remedy="Look at your week and save it; changes of the calendar are for everybody.",
        )
    return back


def answer_school(work: Work, actor: Actor, answers: SchoolAnswers) -> ReadBack:
    """Keep with the draft when school is; nothing of the school changes before it is saved."""
    back = look_again(work, actor, None)
    refuse_misfit(back)
    draft = replace(back.draft, answers=replace(answers, days=back.draft.days))
    calendar = made(back.standing, draft, back.today)
    if back.standing is None and calendar is not None and draft.answers is not None:
        refuse_lacking(draft.periods, set(calendar.bells.names))
        draft = replace(draft, answers=with_dates(draft.answers, calendar))
    if calendar is not None:
        draft = in_dates(draft, calendar)
    return read_back(work, actor, draft)


def save_timetable(work: Work, actor: Actor, _: None) -> TimesSaved:
    """Save the timetable that was read back, and with it what was said about the school."""
    # It is to stay as it is until what has to fit it is saved.
    work.times.hold_calendar(actor.school)
    back = look_again(work, actor, None)
    if back.calendar is None:
        refuse_misfit(back)
        raise errors.InvalidInput(
            what="Before it can be saved I need to know when its days and periods are.",
            remedy="Use the button below the week to tell me.",
        )
    draft, timetable, calendar = back.draft, back.draft.timetable, back.calendar
    drop(work, actor)

    def save() -> None:
        work.times.save_timetable(actor.id, timetable)
        work.times.keep_source(actor.id, draft.kept_source)

    if calendar == back.standing:
        moves = moving(work, (actor.id,), save)
    else:
        moves = save_calendar(work, actor, calendar, save).moves
    return TimesSaved(
        free=next_free(work, actor.id),
        unreachable=is_unreachable(work, actor.member),
        viewer=actor.member,
        moves=moves,
        placed=calendar.bells.timed,
        changes=back.changes,
    )


def save_hours(work: Work, actor: Actor, command: SaveHours) -> TimesSaved:
    """Save weekly hours given in words; ``FieldErrors`` name the words not understood."""
    try:
        hours: WeeklyHours = parse_weekly_hours(command.words)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"hours": str(problem)}) from None
    moves = moving(work, (actor.id,), lambda: work.times.save_hours(actor.id, hours))
    return TimesSaved(
        free=next_free(work, actor.id),
        unreachable=is_unreachable(work, actor.member),
        viewer=actor.member,
        moves=moves,
    )


def _person(draft: Draft, name: str) -> str | None:
    """Return the person of that name, or the only one there is; None when it is not clear."""
    if len(draft.people) == 1:
        return next(iter(draft.people))
    same = same_names(name, draft.people)
    return same[0] if len(same) == 1 else None
