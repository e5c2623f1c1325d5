"""Discord's objects as the API and the gateway write them."""

from datetime import UTC, datetime
from typing import Any

from tests.support.discord.permissions import Permission, bits
from tests.support.discord.world import (
    EPHEMERAL,
    HAS_THREAD,
    SILENT,
    THINKING,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Json,
    Kind,
    Message,
    User,
    World,
    seconds,
)

_JOINED = "2026-01-05T08:00:00.000000+00:00"
APP_PERMISSIONS = frozenset(Permission)


def at(unix: float) -> str:
    """Return a time as Discord writes it."""
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="microseconds")


def user(found: User) -> Json:
    """Return a user."""
    return {
        "id": found.id,
        "username": found.name.casefold().replace(" ", "_"),
        "discriminator": "0",
        "global_name": None if found.bot else found.name,
        "avatar": None,
        "bot": found.bot,
        "public_flags": 0,
    }


def member(world: World, guild: Guild, found: User) -> Json:
    """Return a member of a guild, with the user in it."""
    everything = bits(guild.allowed if found is world.app.bot else APP_PERMISSIONS)
    return {
        "user": user(found),
        "nick": guild.nicks.get(found.id),
        "avatar": None,
        "roles": [],
        "joined_at": _JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "permissions": everything,
    }


def channel(world: World, found: Channel) -> Json:
    """Return a channel, thread or direct conversation."""
    made: Json = {"id": found.id, "type": int(found.kind), "flags": 0, "last_message_id": None}
    if found.messages:
        made["last_message_id"] = found.messages[-1].id
    if found.is_dm:
        people = [world.users[each] for each in sorted(found.members - {world.app.bot.id})]
        return made | {"recipients": [user(each) for each in people]}
    made |= {"guild_id": found.guild, "name": found.name}
    if found.is_thread:
        return made | _thread(world, found)
    made |= {
        "position": 0,
        "permission_overwrites": _overwrites(world, found),
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
    }
    if found.kind is Kind.FORUM:
        made |= {"available_tags": found.tags, "default_reaction_emoji": None}
        made |= {"default_sort_order": None, "default_forum_layout": 0}
        made |= {"flags": int(found.tagged) << 4}
    return made


def _overwrites(world: World, found: Channel) -> list[Json]:
    made: list[Json] = []
    if found.private:
        view = bits({Permission.VIEW_CHANNEL})
        made.append({"id": found.guild, "type": 0, "allow": "0", "deny": view})
        made.append({"id": world.app.bot.id, "type": 1, "allow": view, "deny": "0"})
    if found.denied:
        deny = bits(found.denied)
        made.append({"id": world.app.bot.id, "type": 1, "allow": "0", "deny": deny})
    return made


def _thread(world: World, found: Channel) -> Json:
    return {
        "parent_id": found.parent,
        "owner_id": found.owner,
        "member_count": 1,
        "message_count": len(found.messages),
        "total_message_sent": len(found.messages),
        "rate_limit_per_user": 0,
        "applied_tags": found.applied,
        "thread_metadata": {
            "archived": found.archived,
            "archive_timestamp": at(seconds(found.id)),
            "auto_archive_duration": found.archives_after,
            "locked": found.locked,
            "create_timestamp": at(seconds(found.id)),
        },
        "member": {
            "id": found.id,
            "user_id": world.app.bot.id,
            "join_timestamp": at(seconds(found.id)),
            "flags": 1,
        },
    }


def attachment(world: World, found: Attachment, *, ephemeral: bool = False) -> Json:
    """Return a file with the address that its bytes are fetched from."""
    address = f"{world.address}/attachments/{found.id}/{found.filename}"
    made = {
        "id": found.id,
        "filename": found.filename,
        "size": len(found.content),
        "url": address,
        "proxy_url": address,
        "content_type": found.media_type,
    }
    told = {"description": found.description} if found.description else {}
    return made | told | ({"ephemeral": True} if ephemeral else {})


def message(world: World, found: Message, *, whole: bool = True) -> Json:
    """Return a message; not ``whole``: as an app sees it that may not read what people write."""
    where = world.channels[found.channel]
    flags = found.flags | (EPHEMERAL if found.only_for else 0)
    flags |= (THINKING if found.thinking else 0) | (SILENT if found.silent else 0)
    thread = world.channels.get(found.id)
    flags |= HAS_THREAD if thread else 0
    made: Json = {
        "id": found.id,
        "type": found.type,
        "channel_id": found.channel,
        "author": user(world.users[found.author]),
        "content": found.content,
        "timestamp": at(found.at),
        "edited_timestamp": at(found.edited_at) if found.edited else None,
        "tts": False,
        "mention_everyone": "everyone" in found.pings,
        "mentions": [user(world.users[each]) for each in found.pings if each in world.users],
        "mention_roles": [],
        "attachments": [attachment(world, each) for each in found.attachments],
        "embeds": found.embeds,
        "components": found.components,
        "pinned": found.pinned,
        "flags": flags,
    }
    if found.nonce is not None:
        made["nonce"] = found.nonce
    if found.reference:
        made["message_reference"] = found.reference
    if where.guild:
        made["guild_id"] = where.guild
    if thread:
        made["thread"] = channel(world, thread)
    if found.interaction:
        made["application_id"] = made["webhook_id"] = world.app.id
    hidden: dict[str, Any] = {"content": "", "attachments": [], "embeds": [], "components": []}
    return made if whole else made | hidden


def event_message(world: World, found: Message, *, whole: bool = True) -> Json:
    """Return a message as the gateway tells of it, with who wrote it as a member of the guild."""
    made = message(world, found, whole=whole)
    guild = world.guilds.get(world.channels[found.channel].guild)
    if guild is not None and found.author in guild.members:
        own = member(world, guild, world.users[found.author])
        own.pop("user")
        made["member"] = own
    return made | {"channel_type": int(world.channels[found.channel].kind)}


def guild(world: World, found: Guild) -> Json:
    """Return a guild as the gateway tells of it: its channels, its threads, and who one is."""
    here = [c for c in world.channels.values() if c.guild == found.id]
    return {
        "id": found.id,
        "name": found.name,
        "owner_id": next(iter(sorted(found.members - {world.app.bot.id})), world.app.bot.id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "application_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [everyone(found)],
        "joined_at": _JOINED,
        "large": False,
        "unavailable": False,
        "member_count": len(found.members),
        "members": [member(world, found, world.app.bot)],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "soundboard_sounds": [],
        "guild_scheduled_events": list(found.events.values()),
        "channels": [channel(world, c) for c in here if not c.is_thread],
        "threads": [channel(world, c) for c in here if c.is_thread and not c.archived],
    }


def everyone(found: Guild) -> Json:
    return {
        "id": found.id,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0,
        "permissions": bits(found.allowed),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def interaction(world: World, begun: Interaction, data: Json) -> Json:
    """Return an interaction as the gateway tells of it."""
    where, who = world.channels[begun.channel], world.users[begun.user]
    found = world.guilds.get(where.guild)
    made: Json = {
        "id": begun.id,
        "application_id": world.app.id,
        "type": begun.type,
        "token": begun.token,
        "version": 1,
        "data": data,
        "channel_id": where.id,
        "channel": channel(world, where) | {"permissions": bits(APP_PERMISSIONS)},
        "locale": who.locale,
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
        "app_permissions": bits(world.allowed(where)),
    }
    if found is None:
        owners = {"0": "0"}
        made |= {"user": user(who), "context": 1, "authorizing_integration_owners": owners}
    else:
        made |= {
            "guild_id": found.id,
            "guild": {"id": found.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member(world, found, who),
            "context": 0,
            "authorizing_integration_owners": {"0": found.id},
        }
    if begun.source is not None:
        made["message"] = message(world, begun.source)
    return made


def unix(written: str) -> float:
    """Return the time that Discord or the app wrote."""
    return datetime.fromisoformat(written).timestamp()
