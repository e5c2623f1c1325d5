"""What somebody gives as their timetable: a file, pasted text, or the address of a calendar."""

from adapters.files.ics.reader import is_calendar
from adapters.files.recognising import recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import LONGEST_ADDRESS, calendar_address
from bot.domain.timetable.grid import Grid


def read_source(data: bytes, name: str = "") -> Grid:
    """Return the timetables in ``data``, or at the address that it is; see ``recognise``.

    InvalidInput, in one sentence, for what is none, and for what cannot be fetched.
    """
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
