"""auth.*, users.*, team.* and conversations.*: who and what there is."""

from typing import Final

from tests.support.slack.api_chat import shown
from tests.support.slack.methods import Call, Refused, method, truth
from tests.support.slack.world import Channel, Json, Message, User

READS_CHANNELS: Final = ("channels:read", "groups:read", "im:read", "mpim:read")
READS_HISTORY: Final = {"C": "channels:history", "G": "groups:history", "D": "im:history"}


@method("auth.test", tier=4)
def auth_test(call: Call) -> Json:
    """Tell who the token is."""
    team = call.team
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.domain,
        "user": "coplan",
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": "B" + team.bot.id[1:],
        "is_enterprise_install": False,
    }


@method("team.info", scopes=("team:read",))
def team_info(call: Call) -> Json:
    """Tell about the workspace."""
    return {"team": {"id": call.team.id, "name": call.team.domain, "domain": call.team.domain}}


@method("users.info", "user", scopes=("users:read",), tier=4)
def users_info(call: Call) -> Json:
    """Tell about a user."""
    return {"user": profile(call, call.user())}


@method("bots.info", "bot", scopes=("users:read",), tier=3)
def bots_info(call: Call) -> Json:
    """Tell about the bot: of which app it is."""
    return {"bot": {"id": call.args["bot"], "deleted": False, "app_id": call.world.app.id}}


@method("users.list", scopes=("users:read",), tier=2)
def users_list(call: Call) -> Json:
    """Return all users, page by page."""
    found = [profile(call, user) for user in call.team.users.values()]
    return _page(call, "members", found)


def profile(call: Call, user: User) -> Json:
    """Return a user as Slack's API shows one."""
    body: Json = {
        "id": user.id,
        "team_id": call.team.id,
        "name": user.name.casefold(),
        "real_name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_restricted": user.restricted,
        "is_ultra_restricted": False,
        "is_app_user": False,
        "updated": int(call.world.now()),
        "profile": {"real_name": user.name, "display_name": user.name, "team": call.team.id},
    }
    if not user.deleted:  # Slack says nothing of the zone of those who left
        body |= {"tz": user.zone, "tz_label": user.zone, "tz_offset": 0}
    if truth(call.args.get("include_locale")):
        body["locale"] = user.locale
    return body


@method("conversations.open", scopes=("im:write", "mpim:write"))
def conversations_open(call: Call) -> Json:
    """Open the direct conversation with one user."""
    users = str(call.args.get("users") or "")
    if call.args.get("channel"):
        return {"channel": {"id": call.channel().id}}
    if not users:
        raise Refused("users_list_not_supplied")
    found = call.team.users.get(users)
    if found is None:
        raise Refused("user_not_found")
    return {"channel": {"id": call.im(found).id}}


@method("conversations.info", "channel", scopes=READS_CHANNELS)
def conversations_info(call: Call) -> Json:
    """Tell about a channel."""
    return {"channel": described(call, call.channel())}


@method("conversations.list", scopes=READS_CHANNELS, tier=2)
def conversations_list(call: Call) -> Json:
    """Return the channels that the app may see, page by page."""
    bot = call.team.bot.id
    every = call.team.channels.values()
    mine = [c for c in every if not c.is_im and (bot in c.members or not c.private)]
    return _page(call, "channels", [described(call, channel) for channel in mine])


@method("conversations.members", "channel", scopes=READS_CHANNELS, tier=4)
def conversations_members(call: Call) -> Json:
    """Return who is in a channel, page by page."""
    return _page(call, "members", sorted(call.channel().members))


@method("conversations.history", "channel")
def conversations_history(call: Call) -> Json:
    """Return the messages of a channel without their threads, the newest first."""
    channel = _readable(call)
    return _messages(call, [m for m in channel.messages if not m.thread][::-1])


@method("conversations.replies", "channel", "ts")
def conversations_replies(call: Call) -> Json:
    """Return a thread, its root first."""
    channel = _readable(call)
    root = str(call.args["ts"])
    if channel.find(root) is None:
        raise Refused("thread_not_found")
    return _messages(call, [m for m in channel.messages if root in {m.ts, m.thread}])


@method("bookmarks.add", "channel_id", "title", "type", scopes=("bookmarks:write",), tier=2)
def bookmarks_add(call: Call) -> Json:
    """Keep a link at the top of a channel."""
    channel = call.channel(writing=True)
    if call.args["type"] != "link" or not str(call.args.get("link", "")).startswith("http"):
        raise Refused("invalid_link")
    made = {"id": call.world.id("Bk"), **{k: call.args[k] for k in ("title", "link", "type")}}
    channel.bookmarks.append(made)
    return {"bookmark": made}


@method("bookmarks.list", "channel_id", scopes=("bookmarks:read",))
def bookmarks_list(call: Call) -> Json:
    """Return the links at the top of a channel."""
    return {"bookmarks": call.channel().bookmarks}


@method("bookmarks.edit", "bookmark_id", "channel_id", scopes=("bookmarks:write",), tier=2)
def bookmarks_edit(call: Call) -> Json:
    """Let a link at the top of a channel have another title or address."""
    found = _bookmark(call)
    found |= {key: call.args[key] for key in ("title", "link") if call.args.get(key)}
    return {"bookmark": found}


@method("bookmarks.remove", "bookmark_id", "channel_id", scopes=("bookmarks:write",), tier=2)
def bookmarks_remove(call: Call) -> Json:
    """Take a link away from the top of a channel."""
    call.channel().bookmarks.remove(_bookmark(call))
    return {}


def _bookmark(call: Call) -> Json:
    wanted = str(call.args["bookmark_id"])
    found = [each for each in call.channel(writing=True).bookmarks if each["id"] == wanted]
    if not found:
        raise Refused("not_found")
    return found[0]


def described(call: Call, channel: Channel) -> Json:
    """Return a channel as Slack's API shows one."""
    inside = call.team.bot.id in channel.members
    if channel.is_im:
        other = next(iter(channel.members - {call.team.bot.id}))
        return {"id": channel.id, "is_im": True, "user": other, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": inside,
        "context_team_id": call.team.id,
    }


def _readable(call: Call) -> Channel:
    channel = call.channel()
    needed = "groups:history" if channel.private else READS_HISTORY[channel.id[0]]
    if needed not in call.team.scopes:
        raise missing_scope(call, needed)
    if call.team.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def missing_scope(call: Call, needed: str) -> Refused:
    """Return the refusal of a call that the workspace has not allowed."""
    return Refused("missing_scope", needed=needed, provided=",".join(sorted(call.team.scopes)))


def _messages(call: Call, found: list[Message]) -> Json:
    oldest = float(call.args.get("oldest") or 0)
    latest = float(call.args.get("latest") or "inf")
    seen = [m for m in found if oldest < float(m.ts) < latest and not m.only_for]
    whole = call.world.tells_metadata and truth(call.args.get("include_all_metadata"))
    told = [
        shown(m) | ({"metadata": m.metadata} if whole and m.metadata is not None else {})
        for m in seen
    ]
    return _page(call, "messages", told)


def _page(call: Call, key: str, found: list[Json] | list[str]) -> Json:
    begin = int(str(call.args.get("cursor") or "0").removeprefix("at"))
    end = begin + int(call.args.get("limit") or 100)
    cursor = f"at{end}" if end < len(found) else ""
    return {
        key: found[begin:end],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }
