"""A process that is Coplan in the fake Discord."""

from dataclasses import dataclass

from pydantic import SecretStr

from bot.config import Settings
from bot.platforms import discord_house
from storage.holding import hold
from tests.support.living import Life, listening, lived


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordLife(Life):
    """One process, with what it needs to connect."""

    token: str
    api_url: str
    gateway_url: str


def live(life: DiscordLife) -> None:
    """Be that process."""
    lived(_live(life))


async def _live(life: DiscordLife) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it
        discord_token=SecretStr(life.token),
        discord_api_url=life.api_url,
        discord_gateway_url=life.gateway_url,
        delivery=life.guarantee,
    )
    with hold(life.url) as held:
        async with discord_house(held, settings, clock=life.flow) as (house, discord):
            app = discord.app(life.handler(house), house.tally)
            await listening(house, discord.listen(app, lambda _: None))
