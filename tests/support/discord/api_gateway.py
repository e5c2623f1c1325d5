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
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    shards = call.world.shards
    return {"url": _address(call), "shards": shards, "session_start_limit": limit}
