"""Show a member's own timetable, and tap it in cell by cell."""

from dataclasses import dataclass, replace
from hashlib import sha256

from bot.domain import errors
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.fitting import gone
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable, tap
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.drafts import Draft, found, keep
from bot.usecases.timetable.free import next_free
from bot.usecases.timetable.understanding import ReadBack, look_again, understood


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTimes:
    """What the member told about their time; all None for somebody new."""

    timetable: Timetable | None
    hours: WeeklyHours | None
    calendar: SchoolCalendar | None
    free: FreePeriod | None
    zone: str
    again: bool = False
    """The timetable came from an address that is kept, so it can be read again."""

    @property
    def gone(self) -> tuple[str, ...]:
        """Return the days and periods of the timetable that the school's calendar has no more."""
        if self.timetable is None or self.calendar is None:
            return ()
        return gone(self.timetable, self.calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDay:
    """Show a day of the cycle as buttons, from a page on; both count from 0.

    ``mark`` is that of the grid whose button was clicked, empty for the first look.
    """

    mark: str = ""
    day: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TapCell:
    """Move a cell on that was used as ``was``; day and period count from 0 in the marked grid."""

    mark: str
    day: int
    period: int
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TapView:
    """One day of the tap grid; ``period`` is the one to be seen, from 0."""

    day: int
    period: int
    timetable: Timetable
    days: tuple[str, ...]
    periods: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Board:
    """What is tapped on: the days and periods of a calendar, and the draft so far."""

    draft: Draft
    days: tuple[str, ...]
    periods: tuple[str, ...]

    @property
    def mark(self) -> str:
        return sha256(repr((self.days, self.periods)).encode()).hexdigest()[:8]

    def view(self, day: int, period: int) -> TapView:
        return TapView(
            day=day,
            period=period,
            timetable=self.draft.timetable,
            days=self.days,
            periods=self.periods,
            mark=self.mark,
        )


def own_times(work: Work, actor: Actor, _: None) -> OwnTimes:
    """Return what the member told about their time."""
    return OwnTimes(
        timetable=work.times.timetables((actor.id,)).get(actor.id),
        hours=work.times.hours((actor.id,)).get(actor.id),
        calendar=work.times.calendar(actor.school),
        free=next_free(work, actor.id),
        zone=actor.member.zone,
        again=work.times.source(actor.id) is not None,
    )


def show_day(work: Work, actor: Actor, command: ShowDay) -> TapView | None:
    """Return a day of the draft, or of what is saved while there is none.

    None while nobody has said yet which days and periods the school has.
    """
    board = _board(work, actor)
    if board is None:
        return None
    if command.mark and command.mark != board.mark:
        raise errors.StaleButton
    period = command.page * TAPS_ON_PAGE
    if command.day >= len(board.days) or period > len(board.periods):
        raise errors.StaleButton
    return board.view(command.day, period)


def tap_cell(work: Work, actor: Actor, command: TapCell) -> TapView:
    """Move a cell on in the draft: free, lesson, planning, duty, absent, free.

    A second click on the same button changes nothing: the cell is no longer as it was.
    """
    board = _board(work, actor)
    if board is None or command.mark != board.mark:
        raise errors.StaleButton
    if command.day >= len(board.days) or command.period >= len(board.periods):
        raise errors.StaleButton
    draft, place = board.draft, (board.days[command.day], board.periods[command.period])
    if draft.timetable.cell(*place).use == command.was:
        tapped = tap(draft.timetable, *place)
        draft = replace(draft, people={draft.person: tapped})
        keep(work, actor, draft)
    return replace(board, draft=draft).view(command.day, command.period)


def tapped_week(work: Work, actor: Actor, _: None) -> ReadBack | None:
    """Read the tapped week back; also one that was left as it stands, or all free."""
    board = _board(work, actor)
    if board is None:
        return None
    keep(work, actor, board.draft)
    return look_again(work, actor, None)


TAPS_ON_PAGE = 20
"""Periods shown at once: four rows of five, and one row to move on, are all that a message has."""


def _board(work: Work, actor: Actor) -> _Board | None:
    draft = found(work, actor)
    back = understood(work, actor, draft) if draft is not None else None
    if back is not None and back.calendar is not None:
        return _on(back.calendar, back.draft)
    calendar = work.times.calendar(actor.school)
    if calendar is None:
        return None
    saved = work.times.timetables((actor.id,)).get(actor.id, Timetable())
    source = work.times.source(actor.id)
    return _on(calendar, Draft(days=(), periods=(), people={"": saved}, source=source))


def _on(calendar: SchoolCalendar, draft: Draft) -> _Board:
    """Return the draft on the whole grid of the calendar, without what that has no more."""
    schedules = calendar.bells.schedules.values()
    usable = {p.name for one in schedules for p in one.periods if not p.is_break}
    periods = tuple(name for name in calendar.bells.names if name in usable)
    names = {*calendar.bells.names, *draft.periods}
    kept = {
        (label, name): cell
        for (label, name), cell in draft.timetable.cells.items()
        if label in calendar.cycle and name in names
    }
    whole = replace(
        draft,
        days=calendar.cycle,
        periods=tuple(dict.fromkeys((*periods, *draft.periods))),
        people={draft.person: replace(draft.timetable, cells=kept)},
    )
    return _Board(draft=whole, days=calendar.cycle, periods=periods)
