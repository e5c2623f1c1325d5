"""``coplan slack manifest``, run as people run it."""

from pathlib import Path

import pytest
import yaml

from adapters.slack.manifest import manifest
from bot.cli.checks import check_all
from tests.cli.running import here
from tests.support.slack_house import KEY

URL = "https://coplan.example.org"
TOKEN = "xapp-1-A-1-a"  # noqa: S105 - none of anybody's


@pytest.mark.parametrize(
    ("arguments", "settings", "url", "several"),
    [
        ((), {}, "", False),
        ((), {"COPLAN_PUBLIC_URL": URL}, URL, False),
        ((), {"COPLAN_PUBLIC_URL": URL, "COPLAN_SLACK_APP_TOKEN": TOKEN}, "", False),
        ((), {"COPLAN_PUBLIC_URL": URL, "COPLAN_SLACK_CLIENT_ID": "1.2"}, URL, True),
        (("--url", f"{URL}/"), {"COPLAN_SLACK_APP_TOKEN": TOKEN}, URL, False),
        (("--url", URL, "--several"), {}, URL, True),
        (("--socket",), {"COPLAN_PUBLIC_URL": URL, "COPLAN_SLACK_CLIENT_ID": "1.2"}, "", False),
    ],
)
def test_the_manifest_is_yaml_for_the_mode_that_is_set_or_asked_for(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], url: str, several: bool
) -> None:
    ran = here("slack", "manifest", *arguments, cwd=tmp_path, **settings)
    assert (ran.code, ran.err) == (0, "")
    assert yaml.safe_load(ran.out) == manifest(url, several=several)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--url", "http://coplan.example.org"), "begins with https://"),
        (("--url", "coplan.example.org"), "begins with https://"),
        (("--url", "https://"), "begins with https://"),
        (("--url", "https://[x"), "begins with https://"),
        (("--url", f"{URL}/?a=1"), "begins with https://"),
        (("--url", URL, "--socket"), "--socket is for Socket Mode"),
        (("--several",), "at an address of its own"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in here("slack", "manifest", *arguments, cwd=tmp_path).one_line


def test_the_doctor_misses_the_bot_token_where_something_else_of_slack_s_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPLAN_SLACK_APP_TOKEN", TOKEN)
    assert check_all() == 1
    assert "WRONG  Slack: COPLAN_SLACK_BOT_TOKEN is not set" in capsys.readouterr().out


def test_the_client_id_is_missed_where_the_secret_beside_it_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "COPLAN_SLACK_CLIENT_SECRET": "a",
        "COPLAN_SLACK_SIGNING_SECRET": "b",
        "COPLAN_PUBLIC_URL": URL,
        "COPLAN_SECRET_KEYS": KEY,
    }
    told = "COPLAN_SLACK_CLIENT_ID is not set, so nobody can install Coplan."
    assert told in here("run", cwd=tmp_path, **given).one_line
    monkeypatch.chdir(tmp_path)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert check_all() == 1
    assert f"WRONG  Slack: {told}" in capsys.readouterr().out
