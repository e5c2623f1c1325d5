"""Settings from the environment and ``.env``; ``.env.example`` lists them with their meaning."""

import re
from enum import StrEnum
from importlib.util import find_spec
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "COPLAN_"
_SQLITE = {"sqlite", "sqlite+pysqlite"}
_POSTGRES = "postgresql+psycopg"
_SHARDS = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_DISCORD_API = "https://discord.com/api/v10"
_DISCORD_GATEWAY = "wss://gateway.discord.gg"
_VERSION = re.compile(r"/v[0-9]{1,3}\Z", re.ASCII)
_ADDRESS = "begins with sqlite:/// and a path, or with postgresql+psycopg://"


class Guarantee(StrEnum):
    """What to do when nobody can tell whether a message was shown, nor look for it."""

    AT_MOST_ONCE = "at_most_once"
    AT_LEAST_ONCE = "at_least_once"


class BadSettings(Exception):  # noqa: N818 - read by whoever runs Coplan
    """The settings cannot be used; the message is one line that names them."""


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    database_url: str = "sqlite:///coplan.db"
    """A SQLAlchemy URL: SQLite in a file, or PostgreSQL (postgresql+psycopg://…)."""
    delivery: Guarantee = Guarantee.AT_MOST_ONCE
    log: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    slack_bot_token: SecretStr | None = None
    """xoxb-…: Slack is started when this is set."""
    slack_app_token: SecretStr | None = None
    """xapp-…: receive over Socket Mode; without it over HTTP, at ``public_url``."""
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str = ""
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api"
    """The base of the Web API: another one for a proxy or for Slack's government cloud."""
    discord_token: SecretStr | None = None
    """The bot's token: Discord is started when this is set."""
    discord_api_url: str = _DISCORD_API
    """The base of the REST API, with or without its version: another one for a proxy."""
    discord_gateway_url: str = _DISCORD_GATEWAY
    """Where the gateway is: another one for a proxy."""
    discord_shards: str = ""
    """How often to connect: empty for once, a number, or "auto" for as often as Discord asks."""
    secret_keys: SecretStr | None = None
    """What tokens are stored under: Fernet keys, the newest first, with commas between."""
    public_url: str = ""
    """Where Slack reaches this server, for example https://coplan.example.org."""
    http_port: int = Field(default=8080, ge=0, le=65535)
    """Where it listens for that, and answers /healthz and /metrics."""
    http_host: str = "127.0.0.1"
    """The address it listens at: this machine's own, for a proxy on it, unless set."""
    metrics_token: SecretStr | None = None
    """Who sends it along gets /metrics from another machine, too."""

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _begins(value, "xoxb-", "the bot token of “OAuth & Permissions”")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _begins(value, "xapp-", "the app-level token of “Basic Information”")

    @field_validator("discord_token")
    @classmethod
    def _discord_token(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value().strip().removeprefix("Bot ") if value is not None else ""
        if token and (not token.isascii() or len(token.split()) > 1):
            raise ValueError("is not the token of the page “Bot” of the app")
        return SecretStr(token) if token else None

    @field_validator("discord_api_url")
    @classmethod
    def _version(cls, value: str) -> str:
        """Return the address with the version that Coplan speaks, unless it names one."""
        address = _base(value) or _DISCORD_API
        if _VERSION.search(address):
            return address
        return f"{address}/v10" if urlsplit(address).path else f"{address}/api/v10"

    @field_validator("discord_gateway_url")
    @classmethod
    def _gateway(cls, value: str) -> str:
        if value and not value.startswith(("wss://", "ws://")):
            raise ValueError("begins with wss://")
        return value or _DISCORD_GATEWAY

    @field_validator("discord_shards", mode="before")
    @classmethod
    def _shards(cls, value: object) -> str:
        told = str(value).strip().casefold()
        if told in {"", "auto"} or _SHARDS.fullmatch(told):
            return told
        raise ValueError("is a number, or “auto”")

    @field_validator("slack_signing_secret", "slack_client_secret", "secret_keys", "metrics_token")
    @classmethod
    def _blank_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @field_validator("slack_api_url", "public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return _base(value)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            address = make_url(value)
        except (ArgumentError, ValueError):
            raise ValueError(_ADDRESS) from None
        if address.drivername in _SQLITE:
            if address.database in {None, "", ":memory:"}:
                raise ValueError("names no file; for example sqlite:///coplan.db")
        elif address.drivername != _POSTGRES:
            raise ValueError(_ADDRESS)
        elif find_spec("psycopg") is None:
            raise ValueError("needs the driver of PostgreSQL: pip install 'coplan[postgres]'")
        return value


def _base(value: str) -> str:
    """Return the address without a slash at its end; ValueError for what is none."""
    if value and not value.startswith(("https://", "http://")):
        raise ValueError("begins with https://")
    return value.rstrip("/")


def _begins(value: SecretStr | None, start: str, what: str) -> SecretStr | None:
    """Return the token, None for a blank one; ValueError for one of another kind."""
    token = value.get_secret_value().strip() if value is not None else ""
    if token and not token.startswith(start):
        raise ValueError(f"begins with {start}: it is {what}")
    if not token.isascii() or len(token.split()) > 1:
        raise ValueError(f"is not {what}, whole and alone on its line")
    return SecretStr(token) if token else None


def load(**given: str) -> Settings:
    """Return the settings, those ``given`` on the command line going before all others.

    ``BadSettings`` names what is wrong without repeating any value.
    """
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        problems = (
            f"{PREFIX}{'.'.join(str(part) for part in one['loc']).upper()}:"
            f" {one['msg'].removeprefix('Value error, ')}"  # pydantic's word for our own sentence
            for one in error.errors(include_input=False, include_url=False)
        )
        raise BadSettings("Please correct the settings. " + "; ".join(problems)) from None
