"""For which installation a payload is: workspaces share channels, organisations have many."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.slack.origins import PLATFORM
from bot.chat.payloads import Json, ident, objects
from bot.domain.ids import WorkspaceId

_TEAMS: Final = (
    ("view", "app_installed_team_id"),
    ("context_team_id",),
    ("team_id",),
    ("team", "id"),
)
_HOMES: Final = (
    ("view", "team_id"),
    ("event", "view", "team_id"),
    ("user", "team_id"),
    ("event", "team"),
)
_ENTERPRISES: Final = (
    ("enterprise_id",),
    ("enterprise", "id"),
    ("context_enterprise_id",),
)


def workspaces(payload: Json) -> tuple[WorkspaceId, ...]:
    """Return the workspaces that the payload may be for, the likeliest first.

    In a channel that workspaces share, Slack names more than one: the one with an installation is
    meant. Raises ``Unreadable`` for ids of another shape than Slack's.
    """
    told = [ident(payload, *path, missing="") for path in _TEAMS]
    told[2:2] = [ident(each, "team_id", missing="") for each in _authorizations(payload)]
    above = {"", *_enterprises(payload)}  # Slack has them in the place of workspaces now and then
    return tuple(dict.fromkeys(place(team) for team in told if team not in above))


def organisation(payload: Json) -> WorkspaceId | None:
    """Return the organisation whose installation the payload is for, None for a workspace's own.

    Raises ``Unreadable`` as ``workspaces`` does.
    """
    if not any(_flagged(each) for each in (payload, *_authorizations(payload))):
        return None
    return next((place(enterprise) for enterprise in _enterprises(payload) if enterprise), None)


def homes(payload: Json) -> tuple[WorkspaceId, ...]:
    """Return where it was probably done, for an organisation whose payload names no workspace.

    In views, shortcuts and direct messages Slack leaves it out; it says whose view it is, and where
    the one who acts is at home, which may be in another organisation.
    """
    told = [ident(payload, *path, missing="") for path in _HOMES]
    above = {"", *_enterprises(payload)}
    return tuple(dict.fromkeys(place(team) for team in told if team not in above))


def place(number: str) -> WorkspaceId:
    """Return what the core calls the workspace or organisation of that id."""
    return WorkspaceId(f"{PLATFORM}:{number}")


def number(place: WorkspaceId) -> str:
    """Return Slack's own id of a workspace or organisation."""
    return place.removeprefix(f"{PLATFORM}:")


def _enterprises(payload: Json) -> list[str]:
    """Return the ids of organisations in the payload, that of the installation first."""
    installed = [each for each in _authorizations(payload) if _flagged(each)]
    told = [ident(each, "enterprise_id", missing="") for each in installed]
    return told + [ident(payload, *path, missing="") for path in _ENTERPRISES]


def _authorizations(payload: Json) -> list[Json]:
    return objects(payload, "authorizations")


def _flagged(told: Mapping[str, Any]) -> bool:
    return told.get("is_enterprise_install") in (True, "true")
