"""Which format a file has, told by what stands in it; its name only helps with words.

One table of formats and their readers: a new format is one line in it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from adapters.files.asc import read_asc
from adapters.files.bell import read_bell_text
from adapters.files.decoding import decode
from adapters.files.fet import read_fet, read_fet_teachers
from adapters.files.ics.reader import is_calendar, read_feeds
from adapters.files.markup import root_tag
from adapters.files.oneroster import is_oneroster, read_oneroster
from adapters.files.separated import Row, read_rows
from adapters.files.table import read_table
from adapters.files.untis import is_gpu001, read_gpu001
from adapters.files.workbook import is_workbook, read_workbook
from adapters.files.xhstt import read_xhstt
from bot.domain.errors import InvalidInput
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.bell_lines import is_bell_lines
from bot.domain.timetable.feed_weeks import week_of_feeds
from bot.domain.timetable.grid import Grid
from bot.domain.timetable.roster import Roster
from bot.domain.timetable.year_days import YearDays

_SAMPLE = 100_000


class Format(StrEnum):
    """A format of timetables, rosters or bell schedules, by the name that people know."""

    ASC = "aSc Timetables XML"
    FET = "FET"
    FET_TEACHERS = "FET teachers' timetables"
    UNTIS = "Untis GPU001"
    XHSTT = "XHSTT"
    BELL = "bell-schedule text"
    ONEROSTER = "OneRoster"
    ICALENDAR = "iCalendar"
    WORKBOOK = "Excel workbook"
    TABLE = "table"


Reading = Grid | BellBook | Roster | YearDays
"""What a file may say: timetables, when the bells ring, who is in which class, days of the year."""

_ROOTS = {
    "timetable": Format.ASC,
    "fet": Format.FET,
    "FET": Format.FET,
    "Teachers_Timetable": Format.FET_TEACHERS,
    "HighSchoolTimetableArchive": Format.XHSTT,
}
_OTHER_ROOTS = {
    "students_timetable": "FET's timetables of the students: give its file …_teachers.xml",
    "activities_timetable": "FET's places without people: give its file …_teachers.xml",
    "rooms_timetable": "FET's timetables of the rooms: give its file …_teachers.xml",
    "html": "a web page, whatever its name: open it in a spreadsheet program and save it as .xlsx, "
    "or copy the table there and paste it",
}


def _calendar(data: bytes) -> Grid | YearDays:
    """Return the week that an iCalendar file shows, or its days where it has no clock times."""
    feeds = read_feeds(data)
    if any(feed.busy for feed in feeds):
        return week_of_feeds(feeds)
    return YearDays(
        days=tuple(sorted(day for feed in feeds for day in feed.days)),
        notes=tuple(remark for feed in feeds for remark in feed.remarks),
    )


_READERS: Mapping[Format, Callable[[bytes], Reading]] = {
    Format.ASC: read_asc,
    Format.FET: read_fet,
    Format.FET_TEACHERS: read_fet_teachers,
    Format.UNTIS: read_gpu001,
    Format.XHSTT: read_xhstt,
    Format.BELL: read_bell_text,
    Format.ONEROSTER: read_oneroster,
    Format.ICALENDAR: _calendar,
    Format.WORKBOOK: read_workbook,
}


def format_of(data: bytes, name: str = "") -> Format:
    """Return the format of a file; InvalidInput for XML that is none and for what is no text."""
    if is_calendar(data):
        return Format.ICALENDAR
    if is_workbook(data):
        return Format.WORKBOOK
    root = root_tag(data)
    if root is not None:
        return _markup(root, name)
    text = decode(data)
    if is_bell_lines(text):
        return Format.BELL
    rows = _first_rows(text)
    if is_oneroster(rows):
        return Format.ONEROSTER
    return Format.UNTIS if is_gpu001(rows) else Format.TABLE


def read(data: bytes, name: str = "") -> Reading:
    """Return what a file of any format says; ``name`` is the file's, for the messages.

    InvalidInput, in one sentence, for everything that is none of them.
    """
    reader = _READERS.get(format_of(data, name))
    return reader(data) if reader else read_table(data, name)


def recognise(data: bytes, name: str = "") -> Grid:
    """Return the timetables in a file of any format; ``name`` is the file's, for the messages.

    InvalidInput, in one sentence, for everything that is no timetable.
    """
    match read(data, name):
        case Grid() as grid:
            return grid
        case BellBook():
            raise InvalidInput(
                what="The file says when the bells ring, but not who teaches when.",
                remedy="Give it for the school's calendar, and a timetable here.",
            )
        case YearDays():
            raise InvalidInput(
                what="The calendar has only whole days and no lessons with clock times.",
                remedy="Export the calendar that your lessons are in.",
            )
        case Roster():
            raise InvalidInput(
                what="OneRoster says who is in which class, but it has no day pattern: not on "
                "which days and when a class is taught.",
                remedy="Export the timetable from the timetable program as well.",
            )


def _markup(root: str, name: str) -> Format:
    found = _ROOTS.get(root)
    if found is None:
        told = _OTHER_ROOTS.get(root.casefold(), f"XML of a kind that is not known (“{root[:40]}”)")
        raise InvalidInput(
            what=f"{f'“{name}”' if name else 'This'} is {told}.",
            remedy="Known are aSc Timetables, FET and XHSTT; a table as CSV does as well.",
        )
    return found


def _first_rows(text: str) -> Sequence[Row]:
    """Return the first rows of a text as a table; none where they cannot be read as one."""
    end = max(text.rfind(sign, 0, _SAMPLE) for sign in "\r\n") + 1  # old Macs write "\r" alone
    sample = text[:end] if len(text) > _SAMPLE else text
    try:
        return read_rows(sample)
    except InvalidInput:  # the reader of the whole file says what is wrong, and in which line
        return ()
