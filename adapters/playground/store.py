"""The playground as a platform of its own: its people, channels, messages and clock."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, inspect

from adapters.playground import rows
from adapters.playground.database import Database
from adapters.playground.deliveries import Deliveries
from adapters.playground.feed import Feed
from adapters.playground.records import (
    BOT,
    BOT_NAME,
    Attachment,
    Channel,
    Draft,
    Json,
    Kind,
    Message,
    Persona,
)
from adapters.playground.tables import LAYOUT, facts, metadata
from bot.domain.errors import InvalidInput
from bot.domain.ids import Ids

DEFAULT_PEOPLE: Final = ("Ana", "Ben", "Maya", "Rosa")
DEFAULT_CHANNELS: Final = ("planning", "library")
_NEWEST: Final = 3000
"""Messages that a window gets at most; older ones stay in the file."""
_NAME: Final = 40


class PlaygroundStore:
    """Keeps everything in ``path``; the same file may hold the core's tables.

    Every method raises ``errors.Unavailable`` when the file cannot be read or written.
    """

    def __init__(self, path: Path, *, ids: Ids) -> None:
        self._database = Database(path)
        self._ids = ids
        self.feed = Feed()
        self.deliveries = Deliveries(self._database, self.feed)
        self.world = 0
        """Grows whenever people or channels change."""

    async def open(self, zone: str = "Europe/Berlin", *, defaults: bool = True) -> None:
        """Make the tables where there are none; with ``defaults`` also people and channels.

        ``zone`` is where the default people live. Raises ``InvalidInput`` for a file with another
        layout; it is left as it is.
        """
        await self._database.write(partial(_prepare, birth=self._ids.new()))
        await self.deliveries.open()
        if defaults and not await self.people():
            for name in DEFAULT_PEOPLE:
                await self.add_person(name, zone)
        if defaults and not await self.channels():
            for name in DEFAULT_CHANNELS:
                await self.add_channel(name)

    async def close(self) -> None:
        """End the windows' streams and close the file."""
        self.feed.close()
        await self._database.close()

    async def birth(self) -> str:
        """Return the id of this playground: another one after ``--fresh``."""
        return await self._database.read(lambda c: rows.fact(c, "birth")) or ""

    async def link_key(self) -> str:
        """Return what this playground signs links with; made when it is first wanted."""
        made = f"{self._ids.new()}{self._ids.new()}{self._ids.new()}"

        def get(connection: Connection) -> str:
            known = rows.fact(connection, "link_key")
            if known is None:
                rows.set_fact(connection, "link_key", made)
            return known or made

        return await self._database.write(get)

    async def offset(self) -> timedelta:
        """Return how far the clock was moved."""
        return await self._database.read(rows.offset)

    async def save_offset(self, offset: timedelta) -> None:
        """Remember how far the clock was moved."""
        text = str(offset // timedelta(microseconds=1))
        await self._database.write(lambda c: rows.set_fact(c, "offset", text))

    async def people(self) -> tuple[Persona, ...]:
        """Return everybody, in the order in which they came."""
        return await self._database.read(rows.all_people)

    async def person(self, person: str) -> Persona | None:
        """Return the person of that id, or None."""
        return next((each for each in await self.people() if each.id == person), None)

    async def add_person(self, name: str, zone: str) -> Persona:
        """Add somebody; ``InvalidInput`` for an unusable name or an unknown zone."""
        name = " ".join(name.split())
        _check_name(name)
        _check_zone(zone)
        taken = {each.id for each in await self.people()} | {BOT}
        slug = _slug(name)
        new = Persona(id=self._ids.new() if slug in taken else slug, name=name, zone=zone)
        if not await self._database.write(lambda c: rows.add_person(c, new)):
            raise InvalidInput(what=f"There is already somebody called {name}.", remedy=_OTHER)
        self._changed()
        return new

    async def begin_sample(
        self, names: Sequence[str], zone: str, channel: str, first: date
    ) -> date | None:
        """Add people and a channel where nobody is yet, and note that a sample is being loaded.

        All of it or nothing. Return the first day of what is being loaded: ``first``, or that of a
        sample that was cut off; None where people are already.
        """

        def begin(connection: Connection) -> date | None:
            begun = rows.fact(connection, _SAMPLE)
            if begun:
                return date.fromisoformat(begun)
            if rows.all_people(connection):
                return None
            for name in names:
                rows.add_person(connection, Persona(id=_slug(name), name=name, zone=zone))
            rows.add_channel(connection, Channel(id=channel, name=channel))
            rows.set_fact(connection, _SAMPLE, first.isoformat())
            return first

        day = await self._database.write(begin)
        self._changed()
        return day

    async def end_sample(self) -> None:
        """Note that the sample is there as a whole."""
        await self._database.write(lambda c: rows.set_fact(c, _SAMPLE, ""))

    async def sample_begun(self) -> bool:
        """Tell whether a sample was being loaded when the last playground here ended."""
        return bool(await self._database.read(lambda c: rows.fact(c, _SAMPLE)))

    async def channels(self) -> tuple[Channel, ...]:
        """Return the channels, in the order in which they came."""
        return await self._database.read(rows.all_channels)

    async def add_channel(self, name: str) -> Channel:
        """Add a channel; ``InvalidInput`` for an unusable name."""
        name = "-".join(name.casefold().removeprefix("#").split())
        if not re.fullmatch(r"[\w-]{1,30}", name):
            raise InvalidInput(
                what="A channel's name has letters, digits and hyphens, at most 30.", remedy=_OTHER
            )
        new = Channel(id=name, name=name)
        if not await self._database.write(lambda c: rows.add_channel(c, new)):
            raise InvalidInput(what=f"There is already a channel #{name}.", remedy=_OTHER)
        self._changed()
        return new

    async def add(self, draft: Draft) -> Message:
        """Store and show a message; one with a known key is not shown twice."""
        new = self._ids.new()
        message, added = await self._database.write(lambda c: rows.add_message(c, draft, new))
        if added:
            self.feed.announce()
        return message

    async def change(
        self,
        message: str,
        kind: Kind,
        body: Json,
        files: Sequence[Attachment] = (),
        *,
        title: str = "",
    ) -> bool:
        """Replace what a message shows, and its thread's ``title`` if given; False if none is."""

        def change(connection: Connection) -> bool:
            if title:
                rows.set_title(connection, message, title)
            return rows.change_message(connection, message, kind, body, files)

        done = await self._database.write(change)
        self.feed.announce()
        return done

    async def message(self, message: str) -> Message | None:
        """Return the message of that id, or None."""
        return await self._database.read(lambda c: rows.find_message(c, message))

    async def posted(self, key: str) -> Message | None:
        """Return the first copy of the message that was added under the key, or None."""
        return await self._database.read(lambda c: rows.find_posted(c, key))

    async def visible(self, person: str, after: int = 0) -> tuple[tuple[Message, ...], int]:
        """Return what the person may see and changed after ``after``, and the newest change."""

        def both(connection: Connection) -> tuple[tuple[Message, ...], int]:
            found = rows.visible(connection, person, after, _NEWEST)
            return found, rows.last_change(connection)

        return await self._database.read(both)

    async def file(self, file: str, person: str) -> Attachment | None:
        """Return the file if the person may see it, or None."""
        return await self._database.read(lambda c: rows.find_file(c, file, person))

    def _changed(self) -> None:
        self.world += 1
        self.feed.announce()


_OTHER: Final = "Choose another name."
_SAMPLE: Final = "sample"
"""The fact that holds a sample's first day while it is being loaded; empty when it is whole."""


def _prepare(connection: Connection, birth: str) -> None:
    if inspect(connection).has_table(facts.name):
        found = rows.fact(connection, "layout")
        if found != str(LAYOUT):
            raise InvalidInput(
                what=f"This playground was made by another version of Coplan (layout {found}).",
                remedy="Start with --fresh for a new one, or name another file with --data.",
            )
        metadata.create_all(connection)  # tables that came later, and change none of the others
        return
    metadata.create_all(connection)
    rows.set_fact(connection, "layout", str(LAYOUT))
    rows.set_fact(connection, "birth", birth)


def _check_name(name: str) -> None:
    if not name or len(name) > _NAME or name.startswith("@") or not name.isprintable():
        raise InvalidInput(what=f"A name has 1 to {_NAME} characters and no @.", remedy=_OTHER)
    if name.casefold() == BOT_NAME.casefold():
        raise InvalidInput(what="Coplan is the bot's name.", remedy=_OTHER)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:  # a ZoneInfoNotFoundError is a KeyError
        raise InvalidInput(
            what=f"“{zone[:60]}” is no time zone.", remedy="Choose one like Europe/Berlin."
        ) from error


def _slug(name: str) -> str:
    """Return an id that a developer recognises: the name's plain letters ("ana")."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", ascii_name)[:_NAME] or BOT
