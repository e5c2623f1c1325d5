"""What Slack sends to an app when somebody does something."""

from tests.support.slack.api_chat import shown
from tests.support.slack.api_files import shown_file
from tests.support.slack.api_views import shown_view
from tests.support.slack.world import Channel, File, Json, Message, Team, User, View, World


def event(world: World, team: Team, inner: Json) -> Json:
    """Return an event as the Events API wraps it."""
    return {
        "token": world.app.verification,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": _enterprise(team),
        "api_app_id": world.app.id,
        "event": {"event_ts": inner.get("ts") or world.ts(), **inner},
        "type": "event_callback",
        "event_id": world.id("Ev0"),
        "event_time": int(world.now()),
        "authorizations": [
            {
                "enterprise_id": _enterprise(team),
                "team_id": None if team.enterprise else team.id,
                "user_id": team.bot.id,
                "is_bot": True,
                "is_enterprise_install": team.enterprise is not None,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-fake",
    }


def said(world: World, team: Team, channel: Channel, message: Message, *, kind: str) -> Json:
    """Return what is told of a message: ``kind`` is "app_mention" or "message"."""
    body: Json = {
        "client_msg_id": world.id("msg-"),
        "type": kind,
        "text": message.text,
        "user": message.user,
        "ts": message.ts,
        "team": team.id,
        "channel": channel.id,
        "blocks": [
            {
                "type": "rich_text",
                "block_id": world.id("b"),
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": message.text or " "}],
                    }
                ],
            }
        ],
    }
    if message.thread:
        root = channel.find(message.thread)
        body |= {"thread_ts": message.thread, "parent_user_id": root.user if root else ""}
    if message.files:
        body["files"] = [shown_file(world, team, file) for file in message.files]
    if kind == "message":
        body["channel_type"] = "im" if channel.is_im else "channel"
        if message.files:
            body["subtype"] = "file_share"
    return event(world, team, body)


def command(world: World, team: Team, user: User, channel: Channel, text: str) -> Json:
    """Return a slash command."""
    name, _, words = text.partition(" ")
    return {
        "token": world.app.verification,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.name.casefold(),
        "command": name,
        "text": words.strip(),
        "api_app_id": world.app.id,
        "is_enterprise_install": "true" if team.enterprise else "false",
        "enterprise_id": _enterprise(team),
        "response_url": world.answer_url(team, user.id, channel.id),
        "trigger_id": world.trigger(team, user.id),
    }


def _interaction(world: World, team: Team, user: User, kind: str, *, view: bool = False) -> Json:
    """Return what all interactions have: with an organisation's ``view`` Slack names no team."""
    return {
        "type": kind,
        "token": world.app.verification,
        "api_app_id": world.app.id,
        "team": None if view and team.enterprise else {"id": team.id, "domain": team.domain},
        "enterprise": (
            {"id": team.enterprise.id, "name": team.enterprise.name} if team.enterprise else None
        ),
        "is_enterprise_install": team.enterprise is not None,
        "user": {
            "id": user.id,
            "username": user.name.casefold(),
            "name": user.name.casefold(),
            "team_id": team.id,
        },
        "trigger_id": world.trigger(team, user.id),
    }


def action_in_message(
    world: World, team: Team, user: User, channel: Channel, message: Message, action: Json
) -> Json:
    """Return a click in a message; of an ephemeral one Slack does not send the message."""
    ephemeral = bool(message.only_for)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    thread = message.thread or (_root_of_thread(channel, message) and message.ts)
    if thread:
        container["thread_ts"] = thread
    body = _interaction(world, team, user, "block_actions") | {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": {}},
        "response_url": world.answer_url(team, user.id, channel.id, original=message),
        "actions": [{**action, "action_ts": world.ts()}],
    }
    if not ephemeral:
        body["message"] = _whole(world, team, channel, message)
    return body


def action_in_view(
    world: World, team: Team, user: User, view: View, state: Json, action: Json
) -> Json:
    """Return a click in a modal or the Home tab."""
    told = shown_view(world, team, view) | {"state": {"values": state}}
    return _interaction(world, team, user, "block_actions", view=True) | {
        "container": {"type": "view", "view_id": view.id},
        "view": told,
        "actions": [{**action, "action_ts": world.ts()}],
    }


def submission(world: World, team: Team, user: User, view: View, state: Json) -> Json:
    """Return a modal that is sent."""
    told = shown_view(world, team, view) | {"state": {"values": state}}
    body = _interaction(world, team, user, "view_submission", view=True)
    return body | {"view": told, "response_urls": []}


def closed(world: World, team: Team, user: User, view: View, state: Json, *, cleared: bool) -> Json:
    """Return a modal that was closed without being sent."""
    told = shown_view(world, team, view) | {"state": {"values": state}}
    body = _interaction(world, team, user, "view_closed", view=True) | {
        "view": told,
        "is_cleared": cleared,
    }
    del body["trigger_id"]
    return body


def global_shortcut(world: World, team: Team, user: User, callback: str) -> Json:
    """Return a shortcut used from anywhere: there is no place and no address to answer at."""
    found = _interaction(world, team, user, "shortcut")
    return found | {"callback_id": callback, "action_ts": world.ts()}


def message_shortcut(
    world: World, team: Team, user: User, channel: Channel, message: Message, callback: str
) -> Json:
    """Return a shortcut used on a message."""
    return _interaction(world, team, user, "message_action") | {
        "callback_id": callback,
        "action_ts": world.ts(),
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": _whole(world, team, channel, message),
        "response_url": world.answer_url(team, user.id, channel.id),
    }


def home_opened(world: World, team: Team, user: User, tab: str) -> Json:
    """Return that somebody looks at the app's own tabs."""
    inner: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": world.open_im(team, user.id).id,
        "tab": tab,
    }
    view = team.homes.get(user.id)
    if view is not None and tab == "home":
        inner["view"] = shown_view(world, team, view)
    return event(world, team, inner)


def _enterprise(team: Team) -> str | None:
    return team.enterprise.id if team.enterprise else None


def file_of(world: World, team: Team, file: File) -> Json:
    """Return a file as it stands in an answered file input."""
    return shown_file(world, team, file)


def _root_of_thread(channel: Channel, message: Message) -> bool:
    return any(each.thread == message.ts for each in channel.messages)


def _whole(world: World, team: Team, channel: Channel, message: Message) -> Json:
    body = {**shown(message), "team": team.id}
    if message.user == team.bot.id:
        body |= {"bot_id": "B" + team.bot.id[1:], "app_id": world.app.id}
    if _root_of_thread(channel, message):
        body["thread_ts"] = message.ts
    if message.files:
        body["files"] = [shown_file(world, team, file) for file in message.files]
    return body
