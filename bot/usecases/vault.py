"""What keeps secrets of members: sealed before they are stored."""

from datetime import datetime
from typing import Protocol


class Vault(Protocol):
    """Seals texts, each for one use only."""

    def seal(self, text: str, use: str, at: datetime) -> str:
        """Return the text sealed for that use."""
        ...

    def open(self, sealed: str, use: str) -> str:
        """Return the text; ``InvalidInput`` when no key opens it, or it is of another use."""
        ...

    def renewed(self, sealed: str, use: str) -> str:
        """Return it sealed under the newest key, itself if it is; ``InvalidInput`` as ``open``."""
        ...
