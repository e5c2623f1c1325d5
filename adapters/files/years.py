"""A school's year from a file: our own calendar format, bell-schedule text, or iCalendar."""

from adapters.files.decoding import decode
from adapters.files.ics.reader import is_calendar
from adapters.files.recognising import read
from adapters.files.school_year import read_year_file
from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.bell_lines import is_bell_lines, parse_bell_lines
from bot.domain.timetable.year_days import YearDays
from bot.domain.timetable.year_file import YearFile


def read_year(data: bytes, name: str) -> YearFile | BellBook | YearDays:
    """Return what a file tells about a school's year; InvalidInput says what is wrong with it."""
    if is_calendar(data):
        return _days(data, name)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"*"):
        return read_year_file(data, name)
    text = decode(data)
    if not is_bell_lines(text):
        return read_year_file(data, name)
    book = parse_bell_lines(text)
    if not book.schedules:
        raise InvalidInput(
            what=f"“{name}” says which days are of which kind, but not their bell schedules.",
            remedy="Put the schedules above it, in one file or one paste.",
        )
    return book


def _days(data: bytes, name: str) -> YearDays:
    found = read(data, name)
    if isinstance(found, YearDays):
        return found
    raise InvalidInput(
        what=f"“{name}” holds lessons with clock times, not the days of a school's year.",
        remedy="Give it as a timetable, or give the school's calendar of holidays here.",
    )
