"""``coplan run``: every platform whose token is set."""

from bot.cli.loading import loading
from bot.domain.errors import InvalidInput


def run() -> None:
    """Run Coplan on every platform whose token is set.

    This version has no platform besides the playground, so there is none to start.
    """
    with loading():
        from bot.cli.settings import settings_in_force

    settings_in_force()
    raise InvalidInput(
        what="No platform is set up: this version of Coplan runs in the playground only.",
        remedy="Start it with: coplan playground",
    )
