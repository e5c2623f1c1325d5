"""Who somebody is in Slack: name and time zone, asked once and kept for a while."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import NO_ANSWER, code_of
from adapters.slack.origins import identity
from bot.domain.members import Person

FRESH: Final = 3600.0
"""Seconds for which what Slack told is taken as it is; events tell of changes before."""
AGAIN: Final = 60.0
"""Seconds before somebody is asked for again of whom Slack did not tell."""
PATIENCE: Final = 1.0
"""Seconds an act waits for a name: whoever clicked gets an answer within three."""
MOST: Final = 20_000
"""People who are remembered."""
_NOBODY: Final = "user_not_found"
SLACKBOT: Final = "USLACKBOT"
"""Slack's own bot, in every workspace; Slack does not say of it that it is one."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Slack tells of a user. ``absent``: a bot, or somebody who is not there (any more)."""

    person: Person
    absent: bool
    until: float


class People:
    """The people of one workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, Known] = {}
        self._asking: dict[str, asyncio.Task[Known]] = {}

    async def person(self, user: str, shown: str = "") -> Person:
        """Return the person; ``shown`` is what to call them while Slack does not tell."""
        return (await self._look(user, shown)).person

    async def present(self, users: Iterable[str], shown: Mapping[str, str]) -> list[Person]:
        """Return the people of these ids, without bots and those who have left."""
        asked = (user for user in users if user != SLACKBOT)
        found = await asyncio.gather(*(self._look(user, shown.get(user, "")) for user in asked))
        return [known.person for known in found if not known.absent]

    def forget(self, user: str) -> None:
        """Ask again for this user: something about them has changed."""
        self._known.pop(user, None)

    async def _look(self, user: str, shown: str) -> Known:
        known, now = self._known.get(user), _now()
        if known is not None and known.until > now:
            return known
        task = self._asking.get(user)
        if task is None:
            task = asyncio.create_task(self._ask(user, shown), name="coplan-slack-person")
            self._asking[user] = task
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        return task.result() if done else known or _unknown(user, shown, now + AGAIN)

    async def _ask(self, user: str, shown: str) -> Known:
        try:
            answer = await self._client.users_info(user=user)
            known = _known(user, shown, answer.get("user"))
        except NO_ANSWER as error:
            _log.info("slack_person_unknown", reason=type(error).__name__)
            before = self._known.get(user) or _unknown(user, shown, 0.0)
            nobody = isinstance(error, SlackApiError) and code_of(error) == _NOBODY
            known = replace(before, absent=before.absent or nobody, until=_now() + AGAIN)
        self._known.pop(user, None)
        self._known[user] = known
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return known


def _known(user: str, shown: str, told: Any) -> Known:  # noqa: ANN401 - as Slack told it
    facts = told if isinstance(told, dict) else {}
    given = facts.get("profile")
    profile = given if isinstance(given, dict) else {}
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        facts.get("real_name"),
        facts.get("name"),
    )
    name = next((each for each in names if isinstance(each, str) and each.strip()), shown)
    zone = facts.get("tz")
    person = Person(
        identity=identity(user),
        name=name,
        zone=zone if isinstance(zone, str) and zone else None,
    )
    absent = bool(facts.get("is_bot")) or bool(facts.get("deleted"))
    return Known(person=person, absent=absent, until=_now() + FRESH)


def _unknown(user: str, shown: str, until: float) -> Known:
    person = Person(identity=identity(user), name=shown)
    return Known(person=person, absent=False, until=until)


def _now() -> float:
    return asyncio.get_running_loop().time()
