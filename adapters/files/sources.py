"""What somebody gives as their timetable: a file, pasted text, or the address of a calendar."""

from adapters.files.ics.reader import is_calendar
from adapters.files.recognising import recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid

_LONGEST_ADDRESS = 4_000


def is_address(text: str) -> bool:
    """Tell whether a text is the address of something on the web, and nothing else."""
    text = text.strip()
    start = text[:10].casefold()
    return len(text.split()) == 1 and start.startswith(("https://", "http://", "webcal://"))


def read_source(data: bytes, name: str = "") -> Grid:
    """Return the timetables in ``data``, or at the address that it is; see ``recognise``.

    InvalidInput, in one sentence, for what is none, and for what cannot be fetched.
    """
    address = _address(data) if len(data) <= _LONGEST_ADDRESS else ""
    if not is_address(address):
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


def _address(data: bytes) -> str:
    """Return the text that may be an address; chat programs write "<address|words>"."""
    return data.decode("utf-8", "replace").strip().strip("<>").partition("|")[0]
