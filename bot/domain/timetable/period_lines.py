"""Periods and their clock times as people write them: names that tell times, a line a period."""

import re
from collections.abc import Collection, Sequence
from itertools import combinations, pairwise
from statistics import median_low
from typing import NamedTuple

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import BellSchedule, Period, check_name
from bot.domain.timetable.clocktimes import (
    CLOCK,
    DASH,
    DAY,
    NOON,
    as_text,
    as_time,
    between,
    times_in,
)
from bot.domain.timetable.marking import Likely, likely

_AT_END = re.compile(rf"^(?:(.*?)[\s:,;]+)??\(?{CLOCK}{DASH}{CLOCK}\)?$", re.IGNORECASE)
_AT_START = re.compile(rf"^{CLOCK}{DASH}{CLOCK}[\s:,;]+(.+)$", re.IGNORECASE)
# Minutes after midnight; a time before it that follows a later one is an afternoon ("1:05").
_EARLIEST = 7 * 60
# Start and end in minutes after midnight, the end None when a name tells only the start.
_Told = tuple[int, int | None]
_MARK = re.compile(r"\s*\((break|overlaps)\)$", re.IGNORECASE)
_BREAK, _OVERLAPS = "break", "overlaps"
_SLIGHT = 5 * 60
"""Seconds; periods that overlap by less are a slip, whatever they are."""


def periods_from_names(names: Sequence[str]) -> tuple[Period, ...]:
    """Return periods called ``names`` with the clock times the names tell, in the given order.

    Where only starts are told, a period ends when the next one starts, and the last one has the
    median length of the others. Names without times give periods without times.
    """
    spans = _over_noon([times_in(name) for name in names])
    ends = _ends(spans)
    return tuple(
        _period(name, None if span is None else (span[0], end))
        for name, span, end in zip(names, spans, ends, strict=True)
    )


def _over_noon(spans: list[_Told | None]) -> list[_Told | None]:
    """Move times that jump back to before noon into the afternoon, when all of them then rise.

    "12:10, 1:05, 2:00" is how schools with a twelve-hour clock write an afternoon. A list in no
    order (FET's files have the order of their lessons) is left as it is.
    """
    moved: list[_Told | None] = []
    before = 0
    for span in spans:
        late = span
        if span is not None and span[0] < min(before, _EARLIEST):
            end = span[1]
            late = span[0] + NOON, None if end is None else end + NOON * (end <= NOON)
        before = late[0] if late is not None else before
        moved.append(late)
    starts = [span[0] for span in moved if span is not None]
    bounded = all(span is None or (span[1] or 0) <= DAY for span in moved)
    return moved if starts == sorted(starts) and bounded else spans


def _ends(spans: Sequence[_Told | None]) -> list[int | None]:
    """Return each period's end in minutes: told, or the next start, or the median length."""
    starts = sorted({span[0] for span in spans if span is not None})
    following = dict(pairwise(starts))
    lengths = [
        (span[1] or following[span[0]]) - span[0]
        for span in spans
        if span is not None and (span[1] or span[0] in following)
    ]
    usual = median_low(lengths) if lengths else None
    return [None if span is None else _end(span, following, usual) for span in spans]


def _end(span: _Told, following: dict[int, int], usual: int | None) -> int | None:
    """Return the end of one period; None when nothing tells it."""
    start, end = span
    if end is not None:
        return end
    if start in following:
        return following[start]
    return None if usual is None else min(start + usual, DAY)


class _Line(NamedTuple):
    """A line: its period, when that is as far as it is told, and what stands in brackets."""

    name: str
    span: _Told | None
    marks: frozenset[str]


def parse_bell_schedule(
    text: str, name: str = "regular", beside: Collection[Period] = ()
) -> BellSchedule:
    """Read a bell schedule: one period a line, "P1 08:00-08:45" or "08:00-08:45 P1".

    "(break)" at the end of a line makes it a break; a line without times is a period whose times
    are not known. Blank lines are skipped. Periods may overlap where one of them is a break, as
    split lunches do, or has "(overlaps)" at the end of its line; ``beside`` are periods of the same
    day that stand already. InvalidInput when there is no line, for impossible times, for others
    that overlap, for a name that stands twice and for one that ``check_name`` refuses.
    """
    check_name(name, "bell schedule")
    lines = [_line_of(line.strip()) for line in text.splitlines() if line.strip()]
    if not lines:
        raise InvalidInput(
            what="The bell schedule is empty.",
            remedy="Write one period a line, for example: P1 08:00-08:45",
        )
    for line in lines:
        check_name(line.name, "period")
    spans = _over_noon([line.span for line in lines])
    told = tuple(
        _period(line.name, span, is_break=_BREAK in line.marks)
        for line, span in zip(lines, spans, strict=True)
    )
    schedule = BellSchedule(name=name, periods=told)
    names = {period.name for period in told}
    others = tuple(period for period in beside if period.name not in names)
    whole = BellSchedule(name=name, periods=(*others, *told)) if others else schedule
    _refuse_slips(whole, names, {line.name for line in lines if _OVERLAPS in line.marks})
    return schedule


def _line_of(line: str) -> _Line:
    marks = set()
    while found := _MARK.search(line):
        marks.add(found[1].casefold())
        line = line[: found.start()]
    if found := _AT_END.match(line):
        name, groups = found[1], found.groups()[1:]
    elif found := _AT_START.match(line):
        name, groups = found[7], found.groups()[:6]
    else:
        return _Line(line, None, frozenset(marks))
    span = between(groups[:3], groups[3:])
    return _Line((name or "").strip() or line, span, frozenset(marks))


def _refuse_slips(schedule: BellSchedule, told: set[str], meant: set[str]) -> None:
    """Raise InvalidInput, naming both, for periods that overlap by a slip as it seems.

    ``told`` are those that are looked at, ``meant`` those of which somebody said that they do.
    """
    for group in schedule.at_once():
        for one, other in combinations(group, 2):
            shared = min(one.seconds[1], other.seconds[1]) - other.seconds[0]
            known = one.name not in told and other.name not in told
            if shared <= 0 or known or {one.name, other.name} & meant:
                continue
            if shared < _SLIGHT or not (_split(group) or {p.name for p in group} & meant):
                raise InvalidInput(
                    what=f"The periods “{one.name}” and “{other.name}” overlap.",
                    remedy="Correct the clock times of one of them. Where both really run at that "
                    f"time, write “({_OVERLAPS})” behind one: {_line(other)} ({_OVERLAPS})",
                )


def _split(group: Collection[Period]) -> bool:
    """Tell whether periods run at the same time because some have a break while others do not."""
    return any(period.is_break or likely(period.name) is Likely.BREAK for period in group)


def _period(name: str, span: _Told | None, *, is_break: bool = False) -> Period:
    """Return a period; one without a start and an end after it has no times."""
    if span is None or span[1] is None or span[1] <= span[0]:
        return Period(name=name, is_break=is_break)
    return Period(name=name, start=as_time(span[0]), end=as_time(span[1]), is_break=is_break)


def render_bell_schedule(schedule: BellSchedule) -> str:
    """Return ``schedule`` in the form that ``parse_bell_schedule`` reads."""
    meant = {period.name for period in schedule.periods if _to_be_told(period, schedule)}
    return "\n".join(
        f"{_line(period)} ({_OVERLAPS})" if period.name in meant else _line(period)
        for period in schedule.periods
    )


def _to_be_told(period: Period, schedule: BellSchedule) -> bool:
    """Tell whether it has to be said of a period that it overlaps one before it."""
    for group in schedule.at_once():
        for other in group[: group.index(period)] if period in group else ():
            shared = min(other.seconds[1], period.seconds[1]) - period.seconds[0]
            if shared > 0 and (shared < _SLIGHT or not _split(group)):
                return True
    return False


def _line(period: Period) -> str:
    """Return one period as a line."""
    times = ""
    if period.timed:
        start, end = period.seconds
        times = f" {as_text(start // 60)}-{as_text(end // 60)}"
    return f"{period.name}{times}{f' ({_BREAK})' if period.is_break else ''}"
