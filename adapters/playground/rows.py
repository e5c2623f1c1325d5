"""Reading and writing the playground's rows: plain functions of one connection."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from adapters.playground.records import (
    Attachment,
    Channel,
    Draft,
    Json,
    Kind,
    Message,
    Persona,
    audience,
)
from adapters.playground.tables import channels, facts, files, messages, people

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def fact(connection: Connection, name: str) -> str | None:
    """Return a fact about the playground, or None."""
    return connection.scalar(select(facts.c.value).where(facts.c.name == name))


def offset(connection: Connection) -> timedelta:
    """Return how far the clock was moved."""
    return timedelta(microseconds=int(fact(connection, "offset") or 0))


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Insert or replace a fact."""
    row = upsert(facts).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def all_people(connection: Connection) -> tuple[Persona, ...]:
    """Return the people in the order in which they came."""
    rows = connection.execute(select(people).order_by(people.c.number))
    return tuple(Persona(id=row.id, name=row.name, zone=row.zone) for row in rows)


def add_person(connection: Connection, persona: Persona) -> bool:
    """Insert a person; False when the name is taken, whatever its case."""
    folded = persona.name.casefold()
    row = upsert(people).values(id=persona.id, name=persona.name, folded=folded, zone=persona.zone)
    return connection.execute(row.on_conflict_do_nothing()).rowcount == 1


def all_channels(connection: Connection) -> tuple[Channel, ...]:
    """Return the channels in the order in which they came."""
    rows = connection.execute(select(channels).order_by(channels.c.number))
    return tuple(Channel(id=row.id, name=row.name) for row in rows)


def add_channel(connection: Connection, channel: Channel) -> bool:
    """Insert a channel; False when the name is taken."""
    row = upsert(channels).values(id=channel.id, name=channel.name)
    return connection.execute(row.on_conflict_do_nothing()).rowcount == 1


def add_message(connection: Connection, draft: Draft, new_id: str) -> tuple[Message, bool]:
    """Insert a message and its files; one with a known key is returned as it stands, and False."""
    known = select(messages).where(messages.c.key == draft.key)
    if draft.key and (row := connection.execute(known).first()) is not None:
        return _message(row), False
    connection.execute(
        insert(messages).values(
            id=new_id,
            key=draft.key or None,
            channel=draft.channel,
            thread=draft.thread,
            title=draft.title,
            author=draft.author,
            kind=draft.kind,
            audience=audience(draft.channel, draft.private_to),
            private=bool(draft.private_to),
            body=json.dumps(draft.body),
            at=(draft.at - _EPOCH) // _MICROSECOND,
            edited=False,
            changed=_next_change(connection),
        )
    )
    _add_files(connection, new_id, draft.files)
    stored = select(messages).where(messages.c.id == new_id)
    return _message(connection.execute(stored).one()), True


def change_message(
    connection: Connection, message: str, kind: Kind, body: Json, attached: Sequence[Attachment]
) -> bool:
    """Replace what a message shows, its files too; False when there is no such message."""
    changed = connection.execute(
        update(messages)
        .where(messages.c.id == message)
        .values(kind=kind, body=json.dumps(body), edited=True, changed=_next_change(connection))
    )
    if changed.rowcount == 0:
        return False
    connection.execute(delete(files).where(files.c.message == message))
    _add_files(connection, message, attached)
    return True


def set_title(connection: Connection, message: str, title: str) -> None:
    """Call the thread that begins with the message something else."""
    connection.execute(update(messages).where(messages.c.id == message).values(title=title))


def find_message(connection: Connection, message: str) -> Message | None:
    """Return the message, or None."""
    row = connection.execute(select(messages).where(messages.c.id == message)).first()
    return None if row is None else _message(row)


def find_posted(connection: Connection, key: str) -> Message | None:
    """Return the first copy of a message, or None; each is stored under ``key#`` and its own id."""
    row = connection.execute(
        select(messages)
        .where(messages.c.key > f"{key}#", messages.c.key < f"{key}$")  # $ comes after #
        .order_by(messages.c.number)
        .limit(1)
    ).first()
    return None if row is None else _message(row)


def visible(connection: Connection, person: str, after: int, limit: int) -> tuple[Message, ...]:
    """Return the newest messages the person may see that changed after ``after``, oldest first."""
    rows = connection.execute(
        select(messages)
        .where(_seen_by(person), messages.c.changed > after)
        .order_by(messages.c.number.desc())
        .limit(limit)
    )
    return tuple(_message(row) for row in reversed(rows.all()))


def last_change(connection: Connection) -> int:
    """Return the number of the newest change."""
    return connection.scalar(select(func.max(messages.c.changed))) or 0


def find_file(connection: Connection, file: str, person: str) -> Attachment | None:
    """Return the file if the person may see its message, or None."""
    row = connection.execute(
        select(files)
        .join(messages, messages.c.id == files.c.message)
        .where(files.c.id == file, _seen_by(person))
    ).first()
    if row is None:
        return None
    return Attachment(id=row.id, name=row.name, media_type=row.media_type, content=row.content)


def _seen_by(person: str) -> ColumnElement[bool]:
    return or_(messages.c.audience == "", func.instr(messages.c.audience, f".{person}.") > 0)


def _next_change(connection: Connection) -> int:
    return last_change(connection) + 1


def _add_files(connection: Connection, message: str, attached: Sequence[Attachment]) -> None:
    for file in attached:
        connection.execute(
            insert(files).values(
                id=file.id,
                message=message,
                name=file.name,
                media_type=file.media_type,
                content=file.content,
            )
        )


def _message(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        number=row.number,
        changed=row.changed,
        channel=row.channel,
        thread=row.thread,
        title=row.title,
        author=row.author,
        kind=Kind(row.kind),
        audience=row.audience,
        private=row.private,
        body=json.loads(row.body),
        at=_EPOCH + row.at * _MICROSECOND,
        edited=row.edited,
    )
