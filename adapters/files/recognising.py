"""Which format a file has, told by what stands in it; its name only helps with words.

One table of formats and their readers: a new format is one line in it.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from adapters.files.asc import read_asc
from adapters.files.decoding import decode
from adapters.files.fet import read_fet, read_fet_teachers
from adapters.files.ics.reader import is_calendar, read_calendar
from adapters.files.markup import root_tag
from adapters.files.separated import read_rows
from adapters.files.table import read_table
from adapters.files.untis import is_gpu001, read_gpu001
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid

_SAMPLE = 100_000


class Format(StrEnum):
    """A format of timetables, rosters or bell schedules, by the name that people know."""

    ASC = "aSc Timetables XML"
    FET = "FET"
    FET_TEACHERS = "FET teachers' timetables"
    UNTIS = "Untis GPU001"
    ICALENDAR = "iCalendar"
    TABLE = "table"


Reading = Grid

_ROOTS = {
    "timetable": Format.ASC,
    "fet": Format.FET,
    "FET": Format.FET,
    "Teachers_Timetable": Format.FET_TEACHERS,
}
_OTHER_ROOTS = {
    "students_timetable": "FET's timetables of the students: give its file …_teachers.xml",
    "activities_timetable": "FET's places without people: give its file …_teachers.xml",
    "rooms_timetable": "FET's timetables of the rooms: give its file …_teachers.xml",
    "html": "a web page, not a timetable file: export the timetable itself",
}
_READERS: Mapping[Format, Callable[[bytes], Grid]] = {
    Format.ASC: read_asc,
    Format.FET: read_fet,
    Format.FET_TEACHERS: read_fet_teachers,
    Format.UNTIS: read_gpu001,
    Format.ICALENDAR: read_calendar,
}


def format_of(data: bytes, name: str = "") -> Format:
    """Return the format of a file; InvalidInput for XML that is none and for what is no text."""
    if is_calendar(data):
        return Format.ICALENDAR
    root = root_tag(data)
    if root is not None:
        return _markup(root, name)
    text = decode(data)
    if is_gpu001(read_rows(_whole_lines(text))):
        return Format.UNTIS
    return Format.TABLE


def recognise(data: bytes, name: str = "") -> Grid:
    """Return the timetables in a file of any format; ``name`` is the file's, for the messages.

    InvalidInput, in one sentence, for everything that is no timetable.
    """
    kind = format_of(data, name)
    reader = _READERS.get(kind)
    return reader(data) if reader else read_table(data, name)


def _markup(root: str, name: str) -> Format:
    found = _ROOTS.get(root)
    if found is None:
        told = _OTHER_ROOTS.get(root.casefold(), f"XML of a kind that is not known (“{root[:40]}”)")
        raise InvalidInput(
            what=f"{f'“{name}”' if name else 'This'} is {told}.",
            remedy="Known are aSc Timetables and FET; a table as CSV does as well.",
        )
    return found


def _whole_lines(text: str) -> str:
    """Return the beginning of a text, to its last whole line."""
    if len(text) <= _SAMPLE:
        return text
    return text[: text.rfind("\n", 0, _SAMPLE) + 1] or text[:_SAMPLE]
