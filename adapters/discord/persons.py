"""Somebody as Discord tells of them: Discord tells nobody's time zone."""

from adapters.discord.origins import identity
from bot.chat.payloads import Json, ident
from bot.domain.members import Person
from bot.domain.planning.texts import blank


def person_of(user: Json, member: Json) -> Person:
    """Return somebody by the name that the server knows them by, which may be none.

    Raises ``Unreadable`` for a user without an id.
    """
    return Person(identity=identity(ident(user, "id")), name=name_of(user, member))


def present(user: Json, member: Json) -> Person | None:
    """Return somebody as ``person_of`` does; None for an app, which is nobody to the core."""
    return None if user.get("bot") is True else person_of(user, member)


def name_of(user: Json, member: Json) -> str:
    """Return the name that is shown: the server's own for them, the person's, the account's.

    One of which nobody sees anything, as people call themselves for fun, would name nobody.
    """
    shown = (member.get("nick"), user.get("global_name"), user.get("username"))
    return next((name.strip() for name in shown if isinstance(name, str) and not blank(name)), "")
