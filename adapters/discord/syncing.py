"""Telling Discord of the commands, only when it knows others."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog

from adapters.discord import commands
from adapters.discord.calls import Api
from bot.chat.payloads import Json
from bot.log import reference
from bot.runtime.ports import NotDelivered, OutcomeUnknown

FIRST: Final = 2.0
LONGEST: Final = 300.0
"""Seconds to wait before Discord is told again, when it did not take the commands."""
_PATH: Final = "/applications/{application_id}/commands"

_log = structlog.get_logger(__name__)


async def until_synced(api: Api, application: Callable[[], str]) -> None:
    """Let Discord know the commands, again and again until it does: nobody could use any.

    ``application`` returns the app's id as far as it is known.
    """
    wait = FIRST
    while (pause := await _tried(api, application())) is not None:
        await asyncio.sleep(max(wait, pause))
        wait = min(wait * 2, LONGEST)


async def _tried(api: Api, application: str) -> float | None:
    """Return the seconds to wait at least before the next try; None: Discord knows them."""
    try:
        if await sync(api, application):
            _log.info("discord_commands_synced")
    except NotDelivered as refusal:
        _log.warning("discord_commands_not_synced", reason=str(refusal))
        return refusal.retry_after or 0.0
    except OutcomeUnknown as problem:
        _log.warning("discord_commands_not_synced", reason=str(problem))
        return 0.0
    except Exception:  # noqa: BLE001 - whatever answered, Discord may do so later
        _log.exception("discord_commands_not_synced", reference=reference())
        return 0.0
    return None


async def sync(api: Api, application: str) -> bool:
    """Let Discord know the commands as they are; tell whether that was news to it.

    Raises what calls raise.
    """
    wanted = commands.declared()
    if _as_wanted(wanted, await api.told(_PATH, application_id=application)):
        return False
    await api.call("PUT", _PATH, wanted, application_id=application)
    return True


def _as_wanted(wanted: Sequence[Json], known: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether those are the commands, in whatever order they are told."""
    if not isinstance(known, list):
        return False
    by_name = {_name(each): each for each in known if isinstance(each, dict)}
    return len(by_name) == len(wanted) and all(
        _same(each, by_name.get(_name(each))) for each in wanted
    )


def _name(command: Json) -> tuple[object, object]:
    return command.get("type", 1), command.get("name")


def _same(wanted: Any, known: Any) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether what is known is as wanted; what is empty or false need not be told."""
    match wanted:
        case dict():
            told = known if isinstance(known, dict) else {}
            return isinstance(known, dict) and all(
                _same(value, told.get(key)) for key, value in wanted.items()
            )
        case list():
            found = known or []
            return (
                isinstance(found, list)
                and len(found) == len(wanted)
                and all(map(_same, wanted, found))
            )
        case False | None | "":
            return not known
        case _:
            return bool(wanted == known)
