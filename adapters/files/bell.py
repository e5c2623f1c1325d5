"""Bell-schedule text in a file: bell schedules, the default week and special days."""

from adapters.files.decoding import decode
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.bell_lines import parse_bell_lines


def read_bell_text(data: bytes) -> BellBook:
    """Read a file of bell-schedule text: see ``parse_bell_lines``."""
    return parse_bell_lines(decode(data))
