"""What somebody gives as their timetable: a file, pasted text, or the address of a calendar."""

import re

from adapters.files.ics.reader import is_calendar
from adapters.files.recognising import recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import LONGEST_ADDRESS, calendar_address
from bot.domain.timetable.grid import Grid

_FENCED = re.compile(rb"\s*```(?:[\w-]*\r?\n)?(.*?)```\s*", re.DOTALL)


def read_source(data: bytes, name: str = "") -> Grid:
    """Return the timetables in ``data``, or at the address that it is; see ``recognise``.

    InvalidInput, in one sentence, for what is none, and for what cannot be fetched.
    """
    data = _unfenced(data)
    text = data.decode("utf-8", "replace") if len(data) <= LONGEST_ADDRESS else ""
    if not (address := calendar_address(text)):
        return recognise(data, name)
    # Only for those who give an address: aiohttp takes a quarter of a second to load.
    from adapters.files.fetching import fetch  # noqa: PLC0415

    fetched = fetch(address)
    if not is_calendar(fetched):
        raise InvalidInput(
            what="What is at this address is no iCalendar file.",
            remedy="Copy the calendar's secret address in iCalendar format (.ics) from its "
            "settings.",
        )
    return recognise(fetched, "")


def _unfenced(data: bytes) -> bytes:
    """Return what stands in a block of code, as which people paste tables into a chat."""
    found = _FENCED.fullmatch(data) if data.lstrip()[:3] == b"```" else None
    return found[1] if found else data
