"""Where the gateway is."""

from tests.support.discord.routes import Answer, Call, route


def _address(call: Call) -> str:
    return f"{call.world.address.replace('http', 'ws', 1)}/gateway/"


@route("GET", "/gateway", public=True)
def gateway(call: Call) -> Answer:
    """Return its address."""
    return {"url": _address(call)}


@route("GET", "/gateway/bot")
def for_bot(call: Call) -> Answer:
    """Return its address, and how many shards Discord recommends: one for a thousand guilds."""
    world = call.world
    limit = {
        "total": world.starts_a_day,
        "remaining": world.starts_left,
        "reset_after": world.starts_come_back,
        "max_concurrency": 1,
    }
    return {"url": _address(call), "shards": world.shards, "session_start_limit": limit}
