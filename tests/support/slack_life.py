"""A process that is Coplan in the fake Slack."""

from dataclasses import dataclass

from pydantic import SecretStr

from bot.config import Settings
from bot.platforms import slack_house
from storage.holding import hold
from tests.support.living import Life, listening, lived


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackLife(Life):
    """One process, with what it needs to connect."""

    token: str
    app_token: str
    base_url: str


def live(life: SlackLife) -> None:
    """Be that process."""
    lived(_live(life))


async def _live(life: SlackLife) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it
        slack_bot_token=SecretStr(life.token),
        slack_app_token=SecretStr(life.app_token),
        slack_api_url=life.base_url,
        delivery=life.guarantee,
    )
    with hold(life.url) as held:
        async with slack_house(held, settings, clock=life.flow) as (house, slack):
            app = slack.app(life.handler(house), house.tally)
            await listening(house, slack.listen(app, lambda _: None))
