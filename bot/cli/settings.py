"""The settings, for a command: what is wrong with them is said like any other bad input."""

from bot import config
from bot.domain.errors import InvalidInput


def settings_in_force(database_url: str | None = None) -> config.Settings:
    """Return the settings; ``InvalidInput`` with one line that names what is wrong with them.

    ``database_url`` was given on the command line: it goes before the one that is set.
    """
    given = {} if database_url is None else {"database_url": database_url}
    try:
        return config.load(**given)
    except config.BadSettings as problem:
        raise InvalidInput(what=str(problem), remedy="") from None
