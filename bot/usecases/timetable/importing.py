"""Read a timetable, ask what is unclear, read it back, and save it only when it is right."""

from dataclasses import dataclass, replace
from datetime import date

from bot.domain import errors
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.grid import Grid, fold_name, near_names
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Use, with_use
from bot.domain.timetable.weekly import WeeklyHours, parse_weekly_hours
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan
from bot.usecases.timetable.drafts import Draft, draft_of, drop, keep, kept
from bot.usecases.timetable.free import next_free
from bot.usecases.timetable.school import (
    SchoolAnswers,
    in_week_order,
    make_calendar,
    save_calendar,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimetable:
    """A table that was read from a file or paste; ``person`` is the name to look for in it."""

    grid: Grid
    person: str = ""


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
class ReadBack:
    """The week as it was understood. ``calendar`` None: nobody said yet when its days are."""

    draft: Draft
    calendar: SchoolCalendar | None
    today: date
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesSaved:
    """Saved; ``free`` is the next free period, None when there is none in sight."""

    free: FreePeriod | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveHours:
    """Weekly hours in words, for people without a school."""

    words: str


def read_timetable(work: Work, actor: Actor, command: ReadTimetable) -> WhoAreYou | ReadBack:
    """Keep what was read as a draft and read it back, or ask who of the people it is."""
    draft = draft_of(command.grid)
    if not draft.people:
        raise errors.InvalidInput(
            what="The table has days and periods, but no lessons of anybody.",
            remedy="Paste one row for each lesson: teacher, day, period, subject.",
        )
    draft = replace(draft, days=in_week_order(draft.days))
    name = command.person or actor.member.name
    person = _person(draft, name)
    keep(work, actor, replace(draft, person=person or ""))
    if person is None:
        names = [n for n in draft.people if n]
        near = near_names(name, names)
        rest = [n for n in sorted(names) if n not in near]
        return WhoAreYou(near=(*near, *rest), count=len(names))
    return _read_back(work, actor, replace(draft, person=person))


def choose_person(work: Work, actor: Actor, command: ChoosePerson) -> ReadBack:
    """Settle who the member is in the table."""
    draft = kept(work, actor)
    person = _person(draft, command.person)
    if person is None:
        raise errors.InvalidInput(
            what=f"The table has nobody called “{command.person}”.",
            remedy="Choose one of the names in it.",
        )
    return _read_back(work, actor, replace(draft, person=person))


def mark_subject(work: Work, actor: Actor, command: MarkSubject) -> ReadBack:
    """Say what a subject really is; every lesson of that name changes."""
    draft = kept(work, actor)
    marked = with_use(draft.timetable, command.what, command.use)
    return _read_back(work, actor, replace(draft, people={**draft.people, draft.person: marked}))


def look_again(work: Work, actor: Actor, _: None) -> ReadBack:
    """Return the draft as it stands."""
    draft = kept(work, actor)
    if draft.person not in draft.people:
        raise errors.InvalidInput(
            what="It is not settled yet who you are in that table.",
            remedy="Paste it again and choose your name.",
        )
    return _understood(work, actor, draft)


def answer_school(work: Work, actor: Actor, answers: SchoolAnswers) -> ReadBack:
    """Make the school's calendar for the draft and store it; the timetable still waits."""
    draft = kept(work, actor)
    calendar = make_calendar(replace(answers, days=draft.days), today(work, actor.member))
    lacking = set(draft.periods) - _period_names(calendar)
    if lacking:
        raise errors.FieldErrors(
            {"bells": f"Give a line for each period of the table: {', '.join(sorted(lacking))}."}
        )
    save_calendar(work, calendar)
    return _understood(work, actor, draft)


def save_timetable(work: Work, actor: Actor, _: None) -> TimesSaved:
    """Save the timetable that was read back."""
    back = look_again(work, actor, None)
    if back.calendar is None:
        raise errors.InvalidInput(
            what="Before it can be saved I need to know when its days are.",
            remedy="Use “Say when school is” below the week.",
        )
    work.times.save_timetable(actor.id, back.draft.timetable)
    drop(work, actor)
    replan(work, (actor.id,))
    return TimesSaved(free=next_free(work, actor.id), zone=actor.member.zone)


def save_hours(work: Work, actor: Actor, command: SaveHours) -> TimesSaved:
    """Save weekly hours given in words; ``FieldErrors`` name the words not understood."""
    try:
        hours: WeeklyHours = parse_weekly_hours(command.words)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"hours": str(problem)}) from None
    work.times.save_hours(actor.id, hours)
    replan(work, (actor.id,))
    return TimesSaved(free=next_free(work, actor.id), zone=actor.member.zone)


def fits(calendar: SchoolCalendar, draft: Draft) -> bool:
    """Tell whether the draft's days and periods are those of the school's calendar."""
    return set(draft.days) <= set(calendar.cycle) and set(draft.periods) <= _period_names(calendar)


def _period_names(calendar: SchoolCalendar) -> set[str]:
    return {p.name for bells in calendar.bells.schedules.values() for p in bells.periods}


def _person(draft: Draft, name: str) -> str | None:
    """Return the person of that name, or the only one there is; None when it is not clear."""
    if len(draft.people) == 1:
        return next(iter(draft.people))
    wanted = fold_name(name).casefold()
    same = [person for person in draft.people if fold_name(person).casefold() == wanted]
    return same[0] if len(same) == 1 else None


def _read_back(work: Work, actor: Actor, draft: Draft) -> ReadBack:
    keep(work, actor, draft)
    return _understood(work, actor, draft)


def _understood(work: Work, actor: Actor, draft: Draft) -> ReadBack:
    calendar = work.times.calendar()
    return ReadBack(
        draft=draft,
        calendar=calendar if calendar is not None and fits(calendar, draft) else None,
        today=today(work, actor.member),
        zone=calendar.zone if calendar else actor.member.zone,
    )
