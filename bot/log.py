"""Logging: one object a line, without secrets, and without a word or name of any member.

Only fields on the allow-list are written; what else a caller or a library passes is dropped. Texts
that look like a secret are blacked out wherever they stand.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final, Literal

import structlog

FIELDS: Final = frozenset(
    {
        "event", "level", "timestamp", "logger", "exception",
        "reference", "workspace", "plan", "reminder", "notice", "partnership", "entry", "kind",
        "platform", "route", "action", "outcome", "reason", "cause", "attempts", "due", "due_at",
        "seconds", "count", "units", "state", "crew", "version", "url", "port", "path", "status",
        "schema", "delivery", "before", "now", "planned", "moved", "failed",
    }
)  # fmt: skip
"""What may be in a log line. Ids are opaque; ``reason`` and ``cause`` are codes, not texts."""

LIBRARIES: Final = (
    "aiohttp",
    "apscheduler",
    "alembic",
    "sqlalchemy",
    "asyncio",
    "slack_bolt",
    "slack_sdk",
    "discord",
)
"""They log what they are given, at DEBUG whole messages: clamped to warnings."""

_SECRETS: Final = re.compile(
    r"xox[a-z]*[.-][\w.-]+"
    r"|xapp-[\w-]+"
    r"|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}"
    r"|/(?:interactions|webhooks)/[0-9]+/[^\s\"']+"
    r"|Bearer\s+[^\s\"',]+"
    r"|https://hooks\.slack(?:-gov)?\.com/[^\s\"']+"
    r"|wss?://[^\s\"']+"
    r"|response_url[\"']?\s*[:=]\s*[\"']?[^\s\"',}]+",
    re.IGNORECASE,
)
DEPTH: Final = 8
"""Frames of each traceback that are kept, the innermost first."""
_ALPHABET: Final = "0123456789ABCDEF"

Event = MutableMapping[str, Any]


def reference() -> str:
    """Return a short id ("7F3A9C") that stands in the log and on the page a member sees."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


def redact(text: str) -> str:
    """Return ``text`` with everything that looks like a secret blacked out."""
    return _SECRETS.sub("[secret]", text)


def configure(style: Literal["text", "json"] = "text", level: str = "INFO") -> None:
    """Send all logging, the libraries' too, to standard error in one form."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_texts,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                allow,
                _renderer(style),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def without_texts(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its types and places, and cut what is logged to its first line.

    The message of an exception may hold anything: what a member wrote, the parameters of a query.
    """
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["exception"] = " < ".join(_places(error))
    event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def _places(error: BaseException | None) -> Iterator[str]:
    """Yield the types of an exception and its causes, each with where it came from."""
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-DEPTH:]
        places = (f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
        yield f"{type(error).__name__} ({', '.join(places)})"
        error = error.__cause__ or error.__context__


def allow(_logger: object, _method: str, event: Event) -> Mapping[str, Any]:
    """Keep the fields on the allow-list, and black out secrets in their texts."""
    return {
        key: redact(value) if isinstance(value, str) else value
        for key, value in event.items()
        if key in FIELDS
    }


def _renderer(style: Literal["text", "json"]) -> structlog.typing.Processor:
    if style == "json":
        return structlog.processors.JSONRenderer(default=str)
    return structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], bool_as_flag=False
    )
