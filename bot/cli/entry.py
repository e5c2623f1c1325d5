"""Where ``coplan`` begins: it may be interrupted from here on."""

from bot.cli.loading import loading


def main() -> None:
    """Load the command line, which takes a while on a slow disk, and run it."""
    with loading():
        from bot.cli.app import main as run
    run()
