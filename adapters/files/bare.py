"""Tables without headings: which column is which, told by what stands in them."""

from collections.abc import Sequence

from adapters.files.headings import SHOWN, Columns, is_day, is_period, no_day
from adapters.files.separated import Row
from bot.domain.errors import InvalidInput

_BARE = ((1, ("teacher", "day", "period", "what")), (0, ("day", "period", "what")))


def bare_columns(rows: Sequence[Row]) -> Columns:
    """Return the columns of a table without headings; none unless its content leaves no doubt.

    Known are teacher, day, period and day, period, both with or without what is taught.
    InvalidInput, with its line, for the one row among many that is none.
    """
    found = max(
        (_Bare(first, roles, rows) for first, roles in _BARE),
        key=lambda one: (one.fitting, one.has_periods),
    )
    if found.fitting * 2 < len(rows) and not found.has_periods:
        return {}
    odd = next((row for row in rows if not found.fits(row)), None)
    if odd is not None:
        raise found.problem(odd)
    width = max(len(row.cells) for row in rows)
    return dict(zip(found.roles, range(width), strict=False))


_ACTIVITIES = {"day": 1, "period": 2, "what": 4, "teacher": 5}
_TAGS, _WIDTHS = 6, (8, 9)
_MOST_DAYS, _MOST_PERIODS, _TWICE = 14, 60, 2


def activity_columns(rows: Sequence[Row]) -> Columns:
    """Return the columns of FET's table of activities; none unless the rows are such.

    FET writes eight or nine columns, always in this order, with headings in its user's language or
    none: number, day, period, students, subject, teachers, tags, room, comments.
    """
    told = [row for row in rows if row.cell(0).isdecimal()]
    placed = [row for row in told if row.cell(1)]
    days = {row.cell(1) for row in placed}
    if (
        len(told) < len(rows) - 1
        or any(len(row.cells) not in _WIDTHS for row in rows)
        or any(bool(row.cell(1)) != bool(row.cell(2)) for row in told)
        or not 0 < len(days) <= _MOST_DAYS
        or len({row.cell(2) for row in placed}) > _MOST_PERIODS
        or len(placed) < _TWICE * len(days)
        or all(row.cell(_TAGS).isdecimal() for row in placed)  # Untis has its periods there
    ):
        return {}
    return _ACTIVITIES


class _Bare:
    """A table without headings, read as having those columns: how many of its rows fit."""

    def __init__(self, day: int, roles: tuple[str, ...], rows: Sequence[Row]) -> None:
        self.roles = roles
        self._day = day
        self.fitting = sum(map(self.fits, rows))
        self.has_periods = all(is_period(row.cell(day + 1)) for row in rows) and all(
            map(self._long_enough, rows)
        )

    def fits(self, row: Row) -> bool:
        """Tell whether the row is one of such a table."""
        day, period = row.cell(self._day), row.cell(self._day + 1)
        return self._long_enough(row) and is_day(day) and is_period(period)

    def problem(self, row: Row) -> InvalidInput:
        """Return what is wrong with a row that does not fit."""
        if not self._long_enough(row):
            return InvalidInput(
                what=f"Line {row.line} has {len(row.cells)} cells; "
                f"{self._day + 2} to {len(self.roles)} are expected: {', '.join(self.roles)}.",
                remedy="Complete the line and try again.",
            )
        day, period = row.cell(self._day), row.cell(self._day + 1)
        return no_day(row.line, day) if not is_day(day) else _no_period(row.line, period)

    def _long_enough(self, row: Row) -> bool:
        return self._day + 2 <= len(row.cells) <= len(self.roles)


def _no_period(line: int, said: str) -> InvalidInput:
    return InvalidInput(
        what=f"Line {line}: “{said[:SHOWN]}” is no period such as P1 or 08:00-08:45.",
        remedy="Correct it, or put the headings Day, Period, Subject in the first row.",
    )
