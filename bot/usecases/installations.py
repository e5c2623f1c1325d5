"""Where Coplan is installed: what lets it speak in a workspace of a platform, sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One installation: in a workspace, or in an organisation that has many of them.

    ``secret`` is sealed by the platform's adapter: the store never sees it open. ``facts`` are the
    adapter's too, and no secret. ``at`` is when it was installed (UTC).
    """

    secret: str
    facts: str
    at: datetime


class Installations(Protocol):
    """The installation of the workspace (an organisation is one like any other here)."""

    def get(self) -> Installation | None:
        """Return it, or None."""
        ...

    def save(self, installation: Installation) -> bool:
        """Keep it in the place of an older one; False when the one there is newer."""
        ...

    def drop(self, before: datetime) -> bool:
        """Forget it; False when there is none, or it was installed after ``before`` (UTC)."""
        ...

    def reseal(self, old: str, new: str) -> bool:
        """Put the secret that was sealed anew in the old one's place; False: it changed since."""
        ...

    def organisation(self) -> WorkspaceId | None:
        """Return the organisation whose installation reaches into the workspace, or None."""
        ...

    def reached(self, organisation: WorkspaceId | None) -> None:
        """Remember that organisation; None: no organisation's installation reaches here."""
        ...
