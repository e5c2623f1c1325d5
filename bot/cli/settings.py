"""The settings, for a command: what is wrong with them is said like any other bad input."""

from bot import config
from bot.domain.errors import InvalidInput


def settings_in_force() -> config.Settings:
    """Return the settings; ``InvalidInput`` with one line that names what is wrong with them."""
    try:
        return config.load()
    except config.BadSettings as problem:
        raise InvalidInput(what=str(problem), remedy="") from None
