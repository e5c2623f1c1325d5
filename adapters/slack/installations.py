"""The workspaces and organisations that have installed Coplan, and the token each has given.

Tokens lie in the store sealed, each for its own place. Of an organisation's installation and a
workspace's own the later one speaks there.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from adapters.slack.keyring import Keyring, WrongKey
from adapters.slack.origins import PLATFORM
from adapters.slack.signing_in import SignedIn
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.usecases.installations import Installation
from bot.usecases.ports import Door, Work

_OURS: Final = f"{PLATFORM}:"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One installation, open: ``place`` is the workspace or organisation that installed."""

    place: WorkspaceId
    token: str
    bot: SignedIn
    at: datetime

    @property
    def organisation(self) -> bool:
        """Tell whether it is one of a whole organisation."""
        return not self.bot.team


class Installations:
    """Keeps what was installed."""

    def __init__(self, door: Door, keyring: Keyring) -> None:
        self._door = door
        self._keyring = keyring

    async def find(self, workspace: WorkspaceId) -> Installed | None:
        """Return what speaks in the workspace (or for the organisation), or None.

        ``WrongKey``, and a line in the log, where no key opens it: another process may have one.
        """
        own, organisation = await self._door.read(workspace, _standing)
        if organisation is not None:
            above = await self._door.read(organisation, lambda work: work.installations.get())
            if above is not None and (own is None or above.at >= own.at):
                return self._opened(organisation, above)
        return None if own is None else self._opened(workspace, own)

    async def save(self, installed: Installed) -> bool:
        """Keep it; False when one that was made later is there already."""
        secret = self._keyring.seal(installed.token, installed.place, installed.at)
        kept = Installation(secret=secret, facts=_packed(installed.bot), at=installed.at)
        return await self._door.write(installed.place, lambda work: work.installations.save(kept))

    async def reaches(self, organisation: WorkspaceId, workspace: WorkspaceId) -> bool:
        """Remember that the organisation's installation is used there; False: it is known."""
        known = await self._door.read(workspace, lambda work: work.installations.organisation())
        if known == organisation:
            return False
        await self._door.write(workspace, lambda work: work.installations.reached(organisation))
        return True

    async def leaves(self, workspace: WorkspaceId) -> None:
        """Remember that no organisation's installation is used in the workspace any more."""
        await self._door.write(workspace, lambda work: work.installations.reached(None))

    async def end(self, place: WorkspaceId, before: datetime) -> bool:
        """Forget the token; False when there is none, or it was given after ``before`` (UTC)."""
        return await self._door.write(place, lambda work: work.installations.drop(before))

    async def check(self) -> int:
        """Return how many there are; ``WrongKey`` when there are some and no key opens any."""
        sealed = await self._door.read(EVERYWHERE, places)
        opened = [await self._opens(place) for place in sealed]
        if sealed and not any(opened):
            raise WrongKey(what="the tokens that are stored")
        return len(sealed)

    async def usable(self) -> bool:
        """Tell whether some key opens one of the tokens, if there are any; nothing is logged."""
        sealed = await self._door.read(EVERYWHERE, places)
        for place in sealed:
            kept = await self._door.read(place, lambda work: work.installations.get())
            with suppress(WrongKey):
                if kept is not None:
                    opened(place, kept, self._keyring)
                    return True
        return not sealed

    async def _opens(self, place: WorkspaceId) -> bool:
        try:
            return await self.find(place) is not None
        except WrongKey:
            return False

    def _opened(self, place: WorkspaceId, kept: Installation) -> Installed:
        try:
            return opened(place, kept, self._keyring)
        except WrongKey:
            _log.error("slack_token_sealed", workspace=place)
            raise


def places(work: Work) -> list[WorkspaceId]:
    """Return the workspaces and organisations of Slack that have installed Coplan."""
    return [place for place in work.everywhere.installed() if place.startswith(_OURS)]


def opened(place: WorkspaceId, kept: Installation, keyring: Keyring) -> Installed:
    """Return what is stored, open; ``WrongKey`` when no key opens it."""
    token = keyring.open(kept.secret, place)
    return Installed(place=place, token=token, bot=_unpacked(kept.facts), at=kept.at)


def renew(work: Work, keyring: Keyring) -> bool:
    """Seal the workspace's token under the newest key; False when it is, or there is none.

    ``WrongKey`` when no key opens it.
    """
    kept = work.installations.get()
    if kept is None:
        return False
    renewed = keyring.renewed(kept.secret, work.workspace)
    return renewed != kept.secret and work.installations.reseal(kept.secret, renewed)


def _standing(work: Work) -> tuple[Installation | None, WorkspaceId | None]:
    return work.installations.get(), work.installations.organisation()


def _packed(bot: SignedIn) -> str:
    facts = {"team": bot.team, "enterprise": bot.enterprise, "user": bot.user, "bot": bot.bot}
    return json.dumps({**facts, "scopes": sorted(bot.scopes)})


def _unpacked(facts: str) -> SignedIn:
    told = json.loads(facts)
    return SignedIn(
        team=told["team"],
        enterprise=told["enterprise"],
        user=told["user"],
        bot=told["bot"],
        name="",
        scopes=frozenset(told["scopes"]),
    )
