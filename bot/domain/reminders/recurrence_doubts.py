"""What follows the days and the time and limits or changes them, but is not understood.

"Sundays 18:00 for six weeks post" must not come for ever with "for six weeks post" as its text.
After a colon everything is text.
"""

import re
from typing import Final

from bot.domain.errors import InvalidInput
from bot.domain.reminders.recurrence_phrases import WEEKDAY
from bot.domain.timetable.date_words import COUNT, MONTHS, UNIT
from bot.domain.timetable.zones import names_a_zone

_REGIONS: Final = frozenset(("Eastern", "Central", "Mountain", "Pacific", "Local"))
_SHOWN: Final = 40
_COLON: Final = "What to remind of goes behind a colon, as in: Sundays 18:00: post your notes."
_COLON_HERE: Final = re.compile(r"(?<!\d):|:(?!\d)")
_TIME: Final = r"(?:\d{1,2}[:.h]\d{2}|\d{1,2}\s*[ap]\.?m\b|\d{1,2}\s*uhr\b|noon\b|midnight\b)"
_MONTH: Final = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})\b"
_DAY_LIKE: Final = rf"(?:\d|next\b|this\b|tomorrow\b|{WEEKDAY}|{_MONTH})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_SECOND: Final = _pattern(
    rf"(?:and|or|&|\+|/)\s+(?:(?:on|at|every|each)\s+)*(?:the\s+)?(?:{WEEKDAY}|{_TIME})"
    rf"|(?:(?:on|every|each)\s+)*{WEEKDAY},?\s*(?:at\s+)?{_TIME}"
    rf"|(?:at\s+)?{_TIME}"
)
_LIMIT: Final = _pattern(
    rf"(?:until|till|up\s+to|starting|beginning|as\s+of|except|excluding|but\s+not|not\s+(?:in|on))\b"
    rf"|from\s+(?:the\s+)?{_DAY_LIKE}"
    rf"|(?:for\s+)?(?:the\s+)?(?:next\s+)?{COUNT}\s+(?:{UNIT}|times|terms?)\b"
    rf"|(?:in|during)\s+{_MONTH}"
    rf"|(?:in\s+|on\s+)?(?:odd|even)\s+(?:weeks|days)\b|(?:in\s+)?week\s+[ab]\b"
    rf"|(?:before|after)\s+the\s+(?:\w+\s+)?(?:holidays?|break)\b|during\s+(?:term|the)\b"
    rf"|(?:in\s+the|at)\s+(?:morning|afternoon|evening|night)s?\b"
)
_ZONE: Final = re.compile(
    r"\(?(?:(?:in\s+)?(?P<place>[A-Z][\w/]*(?:\s[A-Z]\w*)?)\s+time\b"
    r"|(?:UTC|GMT)\s*[+\u2212-]\s*\d+"
    r"|(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|US)/\w+"
    r"|(?:CES?T|EES?T|WES?T|MES?Z|BST|IST|E[SD]?T|C[SD]T|M[SD]T|P[SD]?T|A[EW][SD]T|JST)\b)"
)


def require_text(rest: str) -> None:
    """Raise ``InvalidInput`` when the words behind the days and the time say more about these."""
    said = rest.strip(" ,\n")
    found = _ZONE.match(said)
    if found is not None and (found["place"] is None or _is_zone(found["place"])):
        raise InvalidInput(
            what=f"I do not know the time zone “{found[0].strip('() ')}”.",
            remedy="Write it as region and city, as in: Sundays 18:00 Europe/London: post your "
            f"notes. {_COLON}",
        )
    if _SECOND.match(said) is not None:
        raise InvalidInput(
            what=f"“{_quoted(said)}” is one more time, and a reminder has one.",
            remedy=f"Set up a reminder for each time. {_COLON}",
        )
    if _LIMIT.match(said) is not None:
        raise InvalidInput(
            what=f"“{_quoted(said)}” is not understood.",
            remedy="When it begins and ends is said with dates: Sundays 18:00 from 10 January "
            f"until 18 June: post your notes. {_COLON}",
        )


def _is_zone(place: str) -> bool:
    """Tell whether “… time” is that of a place: “London time”, and not “Reading time”."""
    return place in _REGIONS or names_a_zone(place)


def _quoted(said: str) -> str:
    """Return what stands before the colon that begins the text, or the first words."""
    return _COLON_HERE.split(said, maxsplit=1)[0][:_SHOWN].strip()
