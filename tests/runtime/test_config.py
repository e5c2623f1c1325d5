from pathlib import Path

import pytest

from bot import config
from bot.config import BadSettings, Guarantee


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "DELIVERY", "LOG", "LOG_LEVEL"):
        monkeypatch.delenv(f"COPLAN_{name}", raising=False)


def test_everything_has_a_default() -> None:
    settings = config.load()
    assert settings.database_url == "sqlite:///coplan.db"
    assert settings.delivery is Guarantee.AT_MOST_ONCE
    assert (settings.log, settings.log_level) == ("text", "INFO")


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("COPLAN_LOG=json\nCOPLAN_DELIVERY=at_least_once\n")
    monkeypatch.setenv("COPLAN_LOG", "text")
    monkeypatch.setenv("COPLAN_LOG_LEVEL", "debug")
    settings = config.load()
    assert settings.delivery is Guarantee.AT_LEAST_ONCE
    assert (settings.log, settings.log_level) == ("text", "DEBUG")


def test_what_is_wrong_is_one_line_without_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPLAN_DELIVERY", "sometimes-secret")
    monkeypatch.setenv("COPLAN_DATABASE_URL", "mysql://user:password@host/db")
    with pytest.raises(BadSettings) as caught:
        config.load()
    message = str(caught.value)
    assert "COPLAN_DELIVERY" in message
    assert "COPLAN_DATABASE_URL" in message
    assert "\n" not in message
    assert "password" not in message
    assert "sometimes-secret" not in message


def test_the_example_names_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    for name in config.Settings.model_fields:
        assert f"COPLAN_{name.upper()}=" in example


def test_a_wrong_setting_is_told_in_our_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPLAN_SLACK_BOT_TOKEN", "nonsense")
    with pytest.raises(BadSettings, match="COPLAN_SLACK_BOT_TOKEN: begins with xoxb-") as told:
        config.load()
    assert "nonsense" not in str(told.value)


@pytest.mark.parametrize("given", ["xoxb-…", "xoxb-1 and COPLAN_SLACK_APP_TOKEN=xapp-1"])
def test_a_token_that_is_not_whole_or_not_alone_is_told(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("COPLAN_SLACK_BOT_TOKEN", given)
    with pytest.raises(BadSettings, match="Permissions”, whole and alone on its line") as told:
        config.load()
    assert given not in str(told.value)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("", "https://discord.com/api/v10"),
        ("https://discord.com/api", "https://discord.com/api/v10"),
        ("https://discord.com/api/", "https://discord.com/api/v10"),
        ("https://discord.com/api/v10/", "https://discord.com/api/v10"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("http://proxy:8080/api/v11", "http://proxy:8080/api/v11"),
    ],
)
def test_discord_s_address_is_taken_with_or_without_its_version(
    monkeypatch: pytest.MonkeyPatch, given: str, taken: str
) -> None:
    monkeypatch.setenv("COPLAN_DISCORD_API_URL", given)
    monkeypatch.setenv("COPLAN_DISCORD_GATEWAY_URL", "")
    settings = config.load()
    assert settings.discord_api_url == taken
    assert settings.discord_gateway_url == "wss://gateway.discord.gg"
