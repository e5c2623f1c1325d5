"""Time zones as people name them: "Europe/Berlin", "berlin", "New York", "UTC"."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import zone_names, zone_of

_CALLED: Final = re.compile(
    r"(?:my\s+)?(?:time\s?)?zone(?:\s*[:=]\s*|\s+)(?:is\s+|to\s+)?", re.IGNORECASE
)
_SHOWN: Final = 40
_UNCLEAR: Final = {
    short: place
    for place, shorts in (
        ("America/New_York", "et est edt"),
        ("America/Chicago", "ct cst cdt"),
        ("America/Denver", "mt mst mdt"),
        ("America/Los_Angeles", "pt pst pdt"),
        ("Europe/London", "bst"),
        ("Europe/Berlin", "cest mez mesz"),
        ("Asia/Kolkata", "ist"),
    )
    for short in shorts.split()
}
"""Short names that are half of a year's time, or several places'; and a place that may be meant."""


def zone_meant(text: str) -> ZoneInfo:
    """Return the zone of that name, or of that city; ``InvalidInput`` for none, or several.

    Names of an offset without a place ("EST", "GMT+1") are none: a place has its summer time.
    """
    told = _CALLED.sub("", text.strip(), count=1).rstrip(" .,!")
    near = _UNCLEAR.get(told.casefold())
    if near is None and told in zone_names():
        return zone_of(told)
    found = () if near else _named().get(_folded(told), ())
    if len(found) == 1:
        return zone_of(found[0])
    alike = (
        get_close_matches(_folded(told), _named(), n=1, cutoff=0.8)
        if told.isalpha() or "/" in told
        else []
    )
    meant = near or (found or (_named()[alike[0]] if alike else ("Europe/London",)))[0]
    raise InvalidInput(
        what=f"There is no time zone called “{told[:_SHOWN]}”.",
        remedy=f"Write it as region and city, for example {meant}.",
    )


def names_a_zone(text: str) -> bool:
    """Tell whether a text is the name of a zone, or of its city."""
    try:
        zone_meant(text)
    except InvalidInput:
        return False
    return True


def speaks_of_zone(text: str) -> bool:
    """Tell whether a text says of something that it is a time zone, be it one or not."""
    told = text.strip()
    found = _CALLED.match(told)
    return found is not None and found.end() < len(told)


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """Return the zones by their names, and by their cities', in small letters.

    "Etc/GMT+1" is an hour behind, and not for people; "America/Argentina/San_Juan" is not the San
    Juan that most think of. Of a city's old names and new ones the
    shortest one counts.
    """
    named: dict[str, set[str]] = {}
    for zone in zone_names():
        region, _, city = zone.rpartition("/")
        if region.startswith("Etc"):
            continue
        named.setdefault(_folded(zone), set()).add(zone)
        if region and "/" not in region:
            named.setdefault(_folded(city), set()).add(zone)
    return {name: _shortest(zones) for name, zones in named.items()}


def _shortest(zones: set[str]) -> tuple[str, ...]:
    """Return the zones, or the shortest name of one where all lie in its region."""
    first, *rest = sorted(zones, key=lambda zone: (len(zone), zone))
    region = first.split("/")[0]
    same = all(zone.startswith(f"{region}/") for zone in rest)
    return (first,) if same else (first, *rest)
