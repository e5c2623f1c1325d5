"""Files both ways: what people send is fetched from Slack, what a card brings is uploaded."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import NO_ANSWER, code_of, session_of, trusted
from adapters.web.fetching import fetched, require_small
from bot.chat.arrivals import SentFile
from bot.chat.inbound import Upload
from bot.domain.errors import InvalidInput
from bot.ui.cards import File, Picture
from bot.ui.limits import ALT_TEXT, shorten

LONGEST: Final = 5.0
"""Seconds that files may take on their way to Slack: a message is not held up by them."""
_HOSTS: Final = frozenset({"files.slack.com", "files.slack-gov.com"})
_PROCESSING: Final = 3.0
"""Seconds that Slack may take before a picture can stand in a message."""
_LOOK: Final = 0.25
_GARBLED: Final = (LookupError, TypeError, ValueError)
"""What comes of an answer that does not say where a file goes, or what it is called."""

MISSING: Final = "If you see no file here, Slack did not take it: ask for it again in a while."
MAY_NOT_SEND: Final = (
    "Coplan may not send files in this workspace. Whoever looks after the workspace's apps can"
    " allow it: the scope files:write."
)
_READS: Final = "files:read"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of one workspace. The token goes to Slack's own hosts only; it has ``scopes``."""

    client: AsyncWebClient
    scopes: frozenset[str]

    async def fetch(self, sent: SentFile) -> Upload:
        """Return a file that somebody sent; ``InvalidInput`` when it cannot be had."""
        require_small(sent)
        if _READS not in self.scopes:  # else Slack may hand out a page to sign in
            raise InvalidInput(
                what="Coplan may not read files in this workspace.",
                remedy="Whoever looks after the workspace's apps can allow it: the scope"
                " files:read.",
            )
        try:
            url = sent.url or await self._address(sent.id)
            return Upload(name=sent.name or "file", content=await self._read(url))
        except NO_ANSWER as error:
            _log.warning("slack_file_not_read", reason=type(error).__name__)
            raise InvalidInput(
                what="Slack did not hand out the file.", remedy="Upload it once more."
            ) from error

    async def _address(self, file: str) -> str:
        told = (await self.client.files_info(file=file)).get("file")
        facts = told if isinstance(told, dict) else {}
        return str(facts.get("url_private_download") or facts.get("url_private") or "")

    async def _read(self, url: str) -> bytes:
        if not trusted(self.client, url, _HOSTS):
            raise InvalidInput(
                what="That file lies outside of Slack.", remedy="Upload the file itself."
            )
        headers = {"Authorization": f"Bearer {self.client.token}"}
        return await fetched(session_of(self.client), url, headers)

    async def upload(self, pictures: Sequence[Picture]) -> list[str]:
        """Return Slack's id of each picture, to be shown in a message; empty where it failed."""
        if not pictures:  # most cards show none
            return []
        return list(await asyncio.gather(*(self._uploaded(each) for each in pictures)))

    async def _uploaded(self, picture: Picture) -> str:
        alt = shorten(picture.alt, ALT_TEXT)
        try:
            async with asyncio.timeout(LONGEST):
                answer = await self.client.files_upload_v2(
                    filename="picture.png", title=alt, content=picture.png, alt_txt=alt
                )
                file = str(answer["files"][0]["id"])
                return file if await self._processed(file) else ""
        except (*NO_ANSWER, *_GARBLED) as error:
            _log.warning("slack_picture_not_shown", reason=type(error).__name__)
            return ""

    async def _processed(self, file: str) -> bool:
        """Wait until Slack knows what the file is; before, no message may show it."""
        for _ in range(int(_PROCESSING / _LOOK)):
            told = (await self.client.files_info(file=file)).get("file")
            if isinstance(told, dict) and told.get("mimetype"):
                return True
            await asyncio.sleep(_LOOK)
        return False

    async def share(self, files: Sequence[File], channel: str, thread: str = "") -> str:
        """Show the files below a message, which stands whatever becomes of them.

        Return what is to be said where it is not certain that Slack shows them; else nothing.
        """
        if not files:
            return ""
        wanted = [
            {"filename": each.name, "title": each.name, "content": each.content} for each in files
        ]
        try:
            async with asyncio.timeout(LONGEST):
                await self.client.files_upload_v2(
                    channel=channel, thread_ts=thread or None, file_uploads=wanted
                )
        except (*NO_ANSWER, *_GARBLED) as error:
            _log.warning("slack_file_not_shown", reason=type(error).__name__, count=len(files))
            unallowed = isinstance(error, SlackApiError) and code_of(error) == "missing_scope"
            return MAY_NOT_SEND if unallowed else MISSING
        return ""
