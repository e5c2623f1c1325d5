"""The app's manifest: what Slack takes, and no more rights than are used and explained."""

import re
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import COMMAND, EVENTS, manifest
from adapters.slack.scopes import SCOPES, Asked, names
from bot.chat.routes import routes

README = Path(__file__).parents[2] / "README.md"
URL = "https://coplan.example.org"


def urls(value: object) -> list[str]:
    """Return every address in the manifest."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, str) and "://" in value else []
    return [*own, *(url for each in inside for url in urls(each))]


def test_socket_mode_needs_no_address() -> None:
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert urls(made) == []


def test_over_http_everything_comes_to_one_address() -> None:
    made = manifest(URL)
    assert made["settings"]["socket_mode_enabled"] is False
    assert urls(made) == [f"{URL}/slack/events"] * 3
    assert made["features"]["slash_commands"][0]["url"] == f"{URL}/slack/events"


def test_several_workspaces_come_back_from_installing_it() -> None:
    made = manifest(URL, several=True)
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert made["settings"]["org_deploy_enabled"] is True
    assert manifest(URL)["settings"]["org_deploy_enabled"] is False


@pytest.mark.parametrize("made", [manifest(), manifest(URL), manifest(URL, several=True)])
def test_slacks_lengths_are_kept(made: dict[str, Any]) -> None:
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    for command in made["features"]["slash_commands"]:
        assert re.fullmatch(r"/\S{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    for shortcut in made["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_mentions_in_a_command_come_as_ids() -> None:
    command = manifest()["features"]["slash_commands"][0]
    assert (command["command"], command["should_escape"]) == (COMMAND, True)


def test_every_shortcut_is_an_action_of_the_bot() -> None:
    known = routes(lambda _: [])
    shortcuts = manifest()["features"]["shortcuts"]
    assert shortcuts
    assert all(each["callback_id"] in known for each in shortcuts)


def test_no_scope_is_asked_for_that_the_operator_has_to_want() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == set(names(Asked.NEEDED, Asked.USUAL))
    assert set(scopes["bot_optional"]) == set(names(Asked.USUAL)) < set(scopes["bot"])
    assert not {"channels:history", "groups:history", "users:read.email"} & set(scopes["bot"])


def test_every_event_may_be_sent_by_a_scope_that_is_asked_for() -> None:
    asked = set(manifest()["oauth_config"]["scopes"]["bot"])
    assert all(set(event.scopes) <= asked for event in EVENTS)
    assert "message.channels" not in {event.name for event in EVENTS}


def test_the_readme_gives_the_reason_for_every_scope() -> None:
    rows = re.findall(
        r"^\| `([a-z_:.]+)` \| (\w+) \| (.+) \|$", README.read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted((each.name, each.asked.value, each.why) for each in SCOPES)
