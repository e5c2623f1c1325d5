"""What a table may not be, said before it is read back."""

import re
from itertools import pairwise

from bot.domain import errors
from bot.domain.planning.texts import FIELD_LENGTH
from bot.domain.timetable.bells import check_name
from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.weekdays import weekday_of
from bot.usecases.timetable.answers import check_days, suggested_bells
from bot.usecases.timetable.drafts import Draft


def refuse_odd_day(grid: Grid, standing: SchoolCalendar | None) -> None:
    """Raise ``InvalidInput`` for a few days that are none beside those that are known.

    Known are the school's days, or as long as there is no school the days of the week.
    """
    cycle = standing.cycle if standing is not None else ()
    odd = [day for day in grid.days if day not in cycle and not _like_weekday(day)]
    if not 0 < len(odd) < len(grid.days) - len(odd):
        return
    line = grid.lines.get(odd[0])
    where = f"Line {line}: “{odd[0][:40]}”" if line else f"“{odd[0][:40]}”"
    known = f"the school's cycle ({', '.join(cycle)[:100]})" if cycle else "the week"
    raise errors.InvalidInput(
        what=f"{where} is no day of {known}.",
        remedy="Correct it in the table and give it again. Nothing was saved.",
    )


def _like_weekday(day: str) -> bool:
    """Tell whether a day is called after one of the week: "Mon", "Mon A", "Friday (short)"."""
    first = re.match(r"[^\W\d_]+", day.strip())
    return weekday_of(day) is not None or (first is not None and weekday_of(first[0]) is not None)


def refuse_overlap(draft: Draft) -> None:
    """Raise ``InvalidInput``, naming both, for two of somebody's periods that are at one time."""
    told = {period: times_in(period) for period in draft.periods}
    for day in draft.days:
        timed = sorted(
            (span[0], span[1], period)
            for period in draft.periods
            if (day, period) in draft.timetable.cells
            and (span := told[period]) is not None
            and span[1] is not None
        )
        for (_, end, one), (start, _, other) in pairwise(timed):
            if start < end:
                raise errors.InvalidInput(
                    what=f"“{day} {one}” and “{day} {other}” overlap.",
                    remedy="Correct the times of one of them and give the table again. "
                    "Nothing was saved.",
                )


def check_names(draft: Draft) -> None:
    """Raise ``InvalidInput`` for days and periods that no calendar and no button can hold."""
    check_days(draft.days)
    for period in draft.periods:
        check_name(period, "period")
    if len(suggested_bells(draft.periods)) > FIELD_LENGTH:
        raise errors.InvalidInput(
            what=f"The table has {len(draft.periods)} periods: more than a bell schedule can hold.",
            remedy="Check that the headings stand over the right columns, and paste it again.",
        )
