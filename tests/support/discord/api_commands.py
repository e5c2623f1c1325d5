"""The app's commands: set for all guilds or one, and checked beyond Discord's description."""

import re
from collections.abc import Iterator
from typing import Final

from tests.support.discord.refusals import BAD, Refused, invalid, unknown
from tests.support.discord.routes import Answer, Call, route
from tests.support.discord.world import Json, World

_EVERYWHERE: Final = "/applications/{application_id}/commands"
_HERE: Final = "/applications/{application_id}/guilds/{guild_id}/commands"
MOST: Final = {1: 100, 2: 15, 3: 15}
"""Commands of each type."""
TEXT: Final = 8_000
SUBCOMMAND, GROUP = 1, 2
_NAME: Final = re.compile(r"[-_'\w]{1,32}")


@route("GET", _EVERYWHERE)
@route("GET", _HERE)
def commands(call: Call) -> Answer:
    """Return the commands."""
    return list(_kept(call))


@route("PUT", _EVERYWHERE)
@route("PUT", _HERE)
def overwrite(call: Call) -> Answer:
    """Put commands in the place of all before."""
    wanted = call.body["commands"]
    wrong = [p for n, each in enumerate(wanted) for p in problems(each, str(n))]
    for kind, most in MOST.items():
        if sum(each.get("type", 1) == kind for each in wanted) > most:
            raise Refused(BAD, 30032, f"Maximum number of application commands reached ({most})")
    names = [(each.get("type", 1), each["name"]) for each in wanted]
    if len(set(names)) < len(names):
        wrong.append("name: Application command names must be unique")
    if wrong:
        raise invalid(wrong)
    before = {(each["type"], each["name"]): each["id"] for each in _kept(call)}
    made = [_made(call, each, before) for each in wanted]
    kept = _kept(call)
    kept.clear()
    kept += made
    return list(made)


@route("POST", _EVERYWHERE)
@route("POST", _HERE)
def add(call: Call) -> Answer:
    """Add a command, or put it in the place of that of its name."""
    wrong = list(problems(call.body, ""))
    if wrong:
        raise invalid(wrong)
    kept = _kept(call)
    before = {(each["type"], each["name"]): each["id"] for each in kept}
    made = _made(call, call.body, before)
    kept[:] = [each for each in kept if each["id"] != made["id"]]
    kept.append(made)
    return made


@route("DELETE", f"{_EVERYWHERE}/{{command_id}}")
@route("DELETE", f"{_HERE}/{{command_id}}")
def remove(call: Call) -> Answer:
    """Take a command away."""
    kept = _kept(call)
    found = [each for each in kept if each["id"] == call.path["command_id"]]
    if not found:
        raise unknown("Application Command")
    kept.remove(found[0])
    return None


def _kept(call: Call) -> list[Json]:
    if call.path["application_id"] != call.world.app.id:
        raise unknown("Application")
    return call.guild.commands if "guild_id" in call.path else call.world.app.commands


def _made(call: Call, wanted: Json, before: dict[tuple[int, str], str]) -> Json:
    kind = wanted.get("type") or 1
    number = before.get((kind, wanted["name"])) or call.world.id()
    made: Json = {
        "id": number,
        "application_id": call.world.app.id,
        "version": call.world.id(),
        "default_member_permissions": None,
        "type": kind,
        "nsfw": False,
        "description": "",
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        **wanted,
    }
    made["type"] = kind
    if "guild_id" in call.path:
        made["guild_id"] = call.path["guild_id"]
    return made


def problems(command: Json, at: str) -> Iterator[str]:
    """Yield what is wrong with a command."""
    kind = command.get("type") or 1
    if kind == 1:
        yield from _named(command, at)
        yield from _options(command, at)
        if _length(command) > TEXT:
            yield f"{at}: Command exceeds maximum size of {TEXT}"
    elif command.get("description") or command.get("options"):
        yield f"{at}/description: Context menu commands cannot have description or options"


def _named(each: Json, at: str) -> Iterator[str]:
    name = each["name"]
    if not _NAME.fullmatch(name) or name != name.lower():
        yield f"{at}/name: Command name is invalid: {name}"
    if not 1 <= len(each.get("description") or "") <= 100:
        yield f"{at}/description: Must be between 1 and 100 in length."


def _options(command: Json, at: str) -> Iterator[str]:
    options = command.get("options") or []
    if len(options) > 25:
        yield f"{at}/options: Must be 25 or fewer in length."
    names = [each["name"] for each in options]
    if len(set(names)) < len(names):
        yield f"{at}/options: Option names must be unique"
    kinds = {each["type"] in {SUBCOMMAND, GROUP} for each in options}
    if len(kinds) > 1:
        yield f"{at}/options: Sub-commands and options cannot be mixed"
    required = [bool(each.get("required")) for each in options]
    if required != sorted(required, reverse=True):
        yield f"{at}/options: Required options must be placed before non-required options"
    for n, each in enumerate(options):
        here = f"{at}/options/{n}"
        yield from _named(each, here)
        yield from _options(each, here)
        if each.get("autocomplete") and each.get("choices"):
            yield f"{here}/choices: cannot be there with autocomplete"


def _length(each: Json) -> int:
    """Return how much text there is: names, descriptions and choices, in the longest language."""
    own = len(each["name"]) + len(each.get("description") or "")
    own += sum(len(str(c["name"])) + len(str(c["value"])) for c in each.get("choices") or ())
    return own + sum(_length(option) for option in each.get("options") or ())


def known(world: World, guild: str, name: str, kind: int = 1) -> Json | None:
    """Return the command of a name that somebody in a guild can use."""
    here = world.guilds[guild].commands if guild else []
    for each in [*here, *world.app.commands]:
        if each["name"] == name and each["type"] == kind:
            return each
    return None
