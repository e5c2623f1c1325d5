"""How values lie in JSON documents: instants as microseconds, dates and wall times as ISO text."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# Made once: json.dumps makes an encoder a call as soon as a setting is given. Unescaped, as the
# database's text is Unicode anyway.
_encode: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False
).encode


def written(document: object) -> str:
    """Return the document as compact JSON."""
    return _encode(document)


def read(body: str) -> Any:  # noqa: ANN401 - the mappings know the shapes of what they wrote
    """Return the document that ``written`` wrote."""
    return json.loads(body)


def micros(at: datetime) -> int:
    """Return the microseconds since 1970 (UTC); a naive datetime is a TypeError."""
    return (at - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """Return the instant of those microseconds, in UTC."""
    return _EPOCH + timedelta(0, 0, number)


def maybe_micros(at: datetime | None) -> int | None:
    """Return the microseconds, or None for None."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def maybe_instant(number: int | None) -> datetime | None:
    """Return the instant, or None for None."""
    return None if number is None else _EPOCH + timedelta(0, 0, number)


def maybe_iso(value: date | time | None) -> str | None:
    """Return the ISO text of a date or wall time, or None for None."""
    return None if value is None else value.isoformat()


def maybe_date(iso: str | None) -> date | None:
    """Return the date, or None for None."""
    return None if iso is None else date.fromisoformat(iso)


def maybe_time(iso: str | None) -> time | None:
    """Return the wall time, or None for None."""
    return None if iso is None else time.fromisoformat(iso)
