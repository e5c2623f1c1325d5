"""Telling Discord of the commands, only when it knows others."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.discord import commands
from adapters.discord.calls import Api
from bot.chat.payloads import Json

_PATH: Final = "/applications/{application_id}/commands"


async def sync(api: Api, application: str) -> bool:
    """Let Discord know the commands as they are; tell whether that was news to it.

    Raises what calls raise.
    """
    wanted = commands.declared()
    known = await api.call("GET", _PATH, application_id=application)
    if _as_wanted(wanted, known):
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
