"""One process for parsing, shared by all houses of a test run: starting it takes a second."""

from bot.runtime.workshop import ProcessWorkshop


class SharedWorkshop(ProcessWorkshop):
    """Stays open when a house closes; a parse that had to be killed still starts it anew."""

    def close(self) -> None:
        """Leave it to ``end``."""

    def end(self) -> None:
        super().close()
