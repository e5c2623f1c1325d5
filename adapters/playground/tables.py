"""The playground's own tables, in the same SQLite file as the core's; all start with playground_.

Instants are whole microseconds since 1970 in UTC, by the movable clock.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

LAYOUT: Final = 1
"""The version of these tables; a file with another one is not opened."""

metadata: Final = MetaData()

facts: Final = Table(
    "playground_facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

people: Final = Table(
    "playground_people",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),
    Column("zone", Text, nullable=False),
)

channels: Final = Table(
    "playground_channels",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, unique=True),
)

messages: Final = Table(
    "playground_messages",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("key", Text, unique=True),  # NULL: nobody can post it twice
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),  # the id of the root message; empty in the channel
    Column("title", Text, nullable=False),  # of the thread that this message is the root of
    Column("author", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("audience", Text, nullable=False),  # ".ana.ben.": who may see it; empty: everybody
    Column("private", Boolean, nullable=False),
    Column("body", Text, nullable=False),  # JSON, see view.py
    Column("at", BigInteger, nullable=False),
    Column("edited", Boolean, nullable=False),
    Column("changed", Integer, nullable=False),  # counts all changes of the playground
    Index("ix_playground_messages_changed", "changed"),
)

files: Final = Table(
    "playground_files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

faults: Final = Table(
    "playground_faults",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),  # "@ana", "#planning", or empty: everywhere
    Column("seconds", Integer, nullable=False),
    Column("left", Integer),  # NULL: until told otherwise
)

deliveries: Final = Table(
    "playground_deliveries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
)
