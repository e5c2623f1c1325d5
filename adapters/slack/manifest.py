"""The app's manifest: what Slack is told of Coplan when somebody makes its app.

Source: Slack, "App manifest reference", schema version 2.
"""

from dataclasses import dataclass
from typing import Final

from adapters.slack.scopes import Asked, names
from bot.chat.payloads import Json
from bot.ui.pages.help import VERBS

COMMAND: Final = "/coplan"
EVENTS_PATH: Final = "slack/events"
"""Where, below the public address, Slack posts everything in HTTP mode."""
REDIRECT_PATH: Final = "slack/oauth_redirect"
"""Where it sends whoever has installed the app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that is subscribed to, and the scopes of which one lets Slack send it."""

    name: str
    scopes: tuple[str, ...] = ()


EVENTS: Final = (
    Event(name="app_home_opened"),
    Event(name="app_mention", scopes=("app_mentions:read",)),
    Event(name="app_uninstalled"),
    Event(name="channel_archive", scopes=("channels:read",)),
    Event(name="channel_deleted", scopes=("channels:read",)),
    Event(name="channel_id_changed"),
    Event(name="channel_rename", scopes=("channels:read",)),
    Event(name="channel_unarchive", scopes=("channels:read",)),
    Event(name="group_archive", scopes=("groups:read",)),
    Event(name="group_deleted", scopes=("groups:read",)),
    Event(name="group_rename", scopes=("groups:read",)),
    Event(name="group_unarchive", scopes=("groups:read",)),
    Event(name="member_joined_channel", scopes=("channels:read", "groups:read")),
    Event(name="member_left_channel", scopes=("channels:read", "groups:read")),
    Event(name="message.im", scopes=("im:history",)),
    Event(name="tokens_revoked"),
    Event(name="user_change", scopes=("users:read",)),
)
"""What Slack tells the app of by itself: no talk in channels."""
FOR_MANY: Final = (Event(name="team_access_revoked"),)
"""And of what else where many workspaces, or an organisation, have installed it."""


def manifest(public_url: str = "", *, several: bool = False) -> Json:
    """Return the manifest: over HTTP at the address (https, no slash at its end), else Socket Mode.

    ``several``: each of several workspaces, or a whole organisation, installs it at the address.
    Every scope is asked for in ``bot``; those also in ``bot_optional`` may be declined.
    """
    events = [event.name for event in (*EVENTS, *(FOR_MANY if several else ()))]
    posts = {"request_url": f"{public_url}/{EVENTS_PATH}"} if public_url else {}
    returns = {"redirect_urls": [f"{public_url}/{REDIRECT_PATH}"]} if several else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Coplan",
            "description": "Plan together although you never have the same hour free.",
            "background_color": "#1d3557",
        },
        "features": _features(public_url),
        "oauth_config": {
            **returns,
            "scopes": {
                "bot": sorted(names(Asked.NEEDED, Asked.USUAL)),
                "bot_optional": sorted(names(Asked.USUAL)),
            },
        },
        "settings": {
            "event_subscriptions": {**posts, "bot_events": events},
            "interactivity": {"is_enabled": True, **posts},
            "org_deploy_enabled": several,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }


def _features(public_url: str) -> Json:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Coplan", "always_online": True},
        "shortcuts": [
            {
                "name": "Start a plan",
                "type": "global",
                "callback_id": "start.form",
                "description": "A plan with partners, from anywhere",
            },
            {
                "name": "Add to plan",
                "type": "message",
                "callback_id": "message.form",
                "description": "This message into one of your plans, as what you choose",
            },
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Walks you and your partners through planning together",
                "usage_hint": f"[{' | '.join(VERBS)}]",
                "should_escape": True,
                **({"url": f"{public_url}/{EVENTS_PATH}"} if public_url else {}),
            }
        ],
    }
