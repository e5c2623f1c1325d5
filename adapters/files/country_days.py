"""Public holidays of a country, as the ``holidays`` library knows them: a suggestion, never more.

Schools close on other days besides, and not on all of these.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache

from bot.domain.errors import InvalidInput

_NEAR = 3
_SHOWN = 12


def country_days(country: str, region: str, years: Sequence[int]) -> Mapping[date, str]:
    """Return the public holidays of a country, and of a region of it, by date, in English.

    ``country`` is a code ("DE", "USA") or an English name; ``region`` a code of the library's, or
    empty. InvalidInput for what it does not know.
    """
    import holidays  # noqa: PLC0415 - a tenth of a second, for those who ask for it

    code = _code(country)
    known = holidays.list_supported_countries()[code]
    wanted = {name.casefold(): name for name in known}
    if region and region.casefold() not in wanted:
        some = ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
        raise InvalidInput(
            what=f"No region “{region[:40]}” is known of {code}.",
            remedy=f"Known are: {some}." if known else "Leave the region empty.",
        )
    subdivision = wanted.get(region.casefold()) if region else None
    found = holidays.country_holidays(code, subdiv=subdivision, years=years, language="en_US")
    return dict(sorted(found.items()))


def _code(country: str) -> str:
    """Return the two letters of a country."""
    wanted = " ".join(country.replace("_", " ").split()).casefold()
    known = _countries()
    if wanted not in known:
        near = get_close_matches(wanted, known, n=_NEAR)
        raise InvalidInput(
            what=f"No country “{country[:40]}” is known.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "Write its code, such as DE.",
        )
    return known[wanted]


@cache
def _countries() -> Mapping[str, str]:
    """Return the code of every country by its codes and its name, in small letters."""
    from holidays import registry  # noqa: PLC0415 - see above

    return {
        word.casefold(): codes[0]
        for name, (_, *codes) in registry.COUNTRIES.items()
        for word in (name.replace("_", " "), *codes)
    }
