"""For which installation a payload is, and the workspaces that are open."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import addressed
from adapters.slack.installations import Installations
from adapters.slack.keyring import Keyring
from adapters.slack.workspaces import SEALED, Workspaces
from bot.chat.payloads import Unreadable
from bot.domain.errors import Unavailable
from bot.domain.ids import MemberId, WorkspaceId
from bot.runtime.ports import NotDelivered
from storage.door import Door
from storage.work import StorageWork, make_work
from tests.adapters.test_slack_installations import NEW, NOON, OLD, OTHER, SCHOOL, TRUST, installed
from tests.storage.test_repositories import BOTH, Store, opened

ORG: dict[str, Any] = {"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}
OWN: dict[str, Any] = {"enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": False}


@pytest.mark.parametrize(
    ("payload", "workspaces", "organisation"),
    [
        ({"team_id": "T1", "enterprise_id": "E1"}, ["T1"], None),
        ({"team_id": "T1", "is_enterprise_install": "false"}, ["T1"], None),
        ({"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, ["T1"], "E1"),
        ({"team": {"id": "T1"}, "enterprise": None, "is_enterprise_install": False}, ["T1"], None),
        (
            {"team": {"id": "T1"}, "enterprise": {"id": "E1"}, "is_enterprise_install": True},
            ["T1"],
            "E1",
        ),
        ({"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True}, [], "E1"),
        (
            {
                "team": {"id": "T1"},
                "enterprise": {"id": "E1"},
                "is_enterprise_install": True,
                "view": {"app_installed_team_id": "E1"},
            },
            ["T1"],
            "E1",
        ),
        ({"team": {"id": "T9"}, "view": {"app_installed_team_id": "T1"}}, ["T1", "T9"], None),
        (
            {"team_id": "T9", "context_team_id": "T1", "authorizations": [OWN]},
            ["T1", "T9"],
            None,
        ),
        ({"team_id": "T9", "authorizations": [OWN]}, ["T1", "T9"], None),
        (
            {
                "team_id": "T9",
                "enterprise_id": "E9",
                "context_team_id": "T1",
                "context_enterprise_id": "E1",
                "authorizations": [ORG],
            },
            ["T1", "T9"],
            "E1",
        ),
        ({"type": "event_callback"}, [], None),
    ],
)
def test_whom_a_payload_is_for(
    payload: dict[str, Any], workspaces: list[str], organisation: str | None
) -> None:
    assert addressed.workspaces(payload) == tuple(f"slack:{team}" for team in workspaces)
    assert addressed.organisation(payload) == (organisation and f"slack:{organisation}")


@pytest.mark.parametrize(
    "payload",
    [
        {"team_id": 7},
        {"team_id": "T1 OR 1=1"},
        {"team": ["T1"]},
        {"authorizations": "T1"},
        {"authorizations": [{"team_id": {}}]},
    ],
)
def test_what_is_no_id_is_unreadable(payload: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        addressed.workspaces(payload)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
async def door(store: Store) -> AsyncIterator[Door[StorageWork]]:
    door: Door[StorageWork] = Door(store.writer, store.reader, make_work(store.clock, store.ids))
    door.start()
    yield door
    await door.close()


@pytest.fixture
def installations(door: Door[StorageWork]) -> Installations:
    return Installations(door, Keyring(OLD))


async def nobody(_: WorkspaceId, __: object) -> dict[MemberId, str]:
    return {}


@pytest.fixture
async def client() -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(base_url="https://slack.example/api/", session=session)


async def test_each_speaks_with_its_own_token(
    installations: Installations, client: AsyncWebClient
) -> None:
    workspaces = Workspaces(installations, client, nobody)
    with pytest.raises(NotDelivered, match="not_installed") as refusal:
        await workspaces.within(SCHOOL)
    assert refusal.value.throughout
    assert not refusal.value.permanent, "it may be installed again"
    for place, token in ((SCHOOL, "xoxb-1"), (OTHER, "xoxb-2")):
        await installations.save(installed(place, token))
    for place, token in ((SCHOOL, "xoxb-1"), (OTHER, "xoxb-2")):
        found = await workspaces.find(place)
        assert found is not None
        assert (found.client.token, found.signed_in.workspace) == (token, place)
        assert found.client.default_params == {}
        assert await workspaces.within(place) is found.messenger


async def test_an_organisations_token_says_which_workspace_is_meant(
    installations: Installations, client: AsyncWebClient
) -> None:
    workspaces = Workspaces(installations, client, nobody)
    await installations.save(installed(TRUST, "xoxb-org"))
    await installations.reaches(TRUST, SCHOOL)
    found = await workspaces.find(SCHOOL)
    assert found is not None
    assert found.client.default_params == {"team_id": "T1"}
    assert (found.signed_in.workspace, found.signed_in.enterprise) == (SCHOOL, "E1")
    above = await workspaces.find(TRUST)
    assert above is not None
    assert above.client.default_params == {}
    assert above.signed_in.workspace == TRUST
    assert await workspaces.find(OTHER) is None


async def test_what_another_process_does_is_seen_soon(
    installations: Installations, client: AsyncWebClient
) -> None:
    here, there, soon = (
        Workspaces(installations, client, nobody, fresh=fresh) for fresh in (3600.0, 3600.0, 0.0)
    )
    await installations.save(installed())
    first, known = await here.find(SCHOOL), await soon.find(SCHOOL)
    assert first is not None
    assert known is not None
    assert await here.find(SCHOOL) is first
    assert await soon.find(SCHOOL) is known, "nothing has changed: whom it knows it goes on knowing"
    later = replace(installed(), token="xoxb-later", at=NOON + timedelta(hours=1))  # noqa: S106
    await installations.save(later)
    there.forget(SCHOOL)
    assert await here.find(SCHOOL) is first
    second = await soon.find(SCHOOL)
    assert second is not None
    assert second.client.token == "xoxb-later"  # noqa: S105 - a test's
    await installations.end(SCHOOL, later.at)
    here.forget(SCHOOL)
    assert await here.find(SCHOOL) is None, "what happens here is seen at once"


async def test_no_more_than_some_are_open(
    installations: Installations, client: AsyncWebClient
) -> None:
    workspaces = Workspaces(installations, client, nobody, most=2)
    places = [WorkspaceId(f"slack:T{n}") for n in range(5)]
    for place in places:
        await installations.save(installed(place))
    found = [await workspaces.find(place) for place in places]
    assert await workspaces.find(places[-1]) is found[-1]
    again = await workspaces.find(places[0])
    assert again is not None
    assert again is not found[0]


async def test_while_the_store_cannot_be_asked_it_is_as_it_was(
    door: Door[StorageWork], installations: Installations, client: AsyncWebClient
) -> None:
    await installations.save(installed())
    workspaces = Workspaces(installations, client, nobody, fresh=0.0)
    first = await workspaces.find(SCHOOL)
    await door.close()
    assert first is not None
    assert await workspaces.find(SCHOOL) is first
    with pytest.raises(Unavailable):
        await workspaces.find(OTHER)


async def test_nobody_waits_long_because_one_process_lacks_the_key(
    door: Door[StorageWork], installations: Installations, client: AsyncWebClient
) -> None:
    await installations.save(installed())
    workspaces = Workspaces(Installations(door, Keyring(NEW)), client, nobody)
    with pytest.raises(NotDelivered) as refusal:
        await workspaces.within(SCHOOL)
    assert refusal.value.retry_after == SEALED
