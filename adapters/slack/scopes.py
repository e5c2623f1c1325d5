"""What Coplan asks to be allowed in Slack, and why: for the manifest, the install page and checks.

No scope is asked for that no feature uses. What is not granted is missed by its feature alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Asked(StrEnum):
    """When a scope is asked for."""

    NEEDED = "needed"
    """Without it something that everybody uses does not work."""
    USUAL = "usual"
    """Asked for, and may be declined: the feature behind it does without, and says so."""
    EXTRA = "extra"
    """Only where whoever runs Coplan adds it in the app's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One scope of the bot's token, and what it is for in plain words."""

    name: str
    asked: Asked
    why: str


SCOPES: Final = (
    Scope(name="app_mentions:read", asked=Asked.NEEDED, why="“@Coplan next” in channels, threads"),
    Scope(name="chat:write", asked=Asked.NEEDED, why="plans, answers and reminders are messages"),
    Scope(name="commands", asked=Asked.NEEDED, why="/coplan and the shortcuts"),
    Scope(name="im:history", asked=Asked.NEEDED, why="what is written to Coplan directly"),
    Scope(name="users:read", asked=Asked.NEEDED, why="names and time zones, who is away for good"),
    Scope(name="bookmarks:read", asked=Asked.USUAL, why="finding it when the plan is renamed"),
    Scope(name="bookmarks:write", asked=Asked.USUAL, why="a bookmark in the channel to its plan"),
    Scope(
        name="channels:read",
        asked=Asked.USUAL,
        why="hearing that it was let into a channel, or one opened again",
    ),
    Scope(name="files:read", asked=Asked.USUAL, why="timetables and templates that are uploaded"),
    Scope(name="files:write", asked=Asked.USUAL, why="exports, and pictures of progress"),
    Scope(name="groups:read", asked=Asked.USUAL, why="as channels:read, for private channels"),
    Scope(
        name="im:write",
        asked=Asked.USUAL,
        why="finding direct messages of unknown outcome, and missed ones",
    ),
    Scope(
        name="channels:history",
        asked=Asked.EXTRA,
        why="the same for messages and mentions in channels",
    ),
    Scope(name="groups:history", asked=Asked.EXTRA, why="the same in private channels"),
)
"""Every scope with its reason, the needed ones first."""


def names(*asked: Asked) -> tuple[str, ...]:
    """Return the names of the scopes that are asked for so."""
    return tuple(scope.name for scope in SCOPES if scope.asked in asked)
