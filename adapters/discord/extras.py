"""What is done beside a message that stands already: where it cannot be done it is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from bot.log import reference
from bot.runtime.ports import NotDelivered, OutcomeUnknown

AFTERWARDS: Final = 3.0
"""Seconds that extras may take once a message stands."""

_log = structlog.get_logger(__name__)


@contextmanager
def unless_in_trouble() -> Iterator[None]:
    """Let what fails within the block be left, and told in the log."""
    try:
        yield
    except (NotDelivered, OutcomeUnknown, TimeoutError) as problem:
        _log.info("discord_extra_left", reason=str(problem))
    except Exception:  # noqa: BLE001 - logged: the message was shown, nobody may doubt that
        _log.exception("discord_extra_failed", reference=reference())
