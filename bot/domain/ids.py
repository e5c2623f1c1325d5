"""Identifiers: opaque texts, never shown to people, never guessed.

An id starts with its time of birth, so that new rows land at the end of an index however large the
table has grown, and ends with 80 random bits.
"""

import secrets
import time
from typing import NewType, Protocol

WorkspaceId = NewType("WorkspaceId", str)
"""A Slack workspace, a Discord guild or a playground: the tenant. Part of every key and query."""
EVERYWHERE = WorkspaceId("")
"""The workspace named in units that ask about all of them."""
MemberId = NewType("MemberId", str)
PartnershipId = NewType("PartnershipId", str)
PlanId = NewType("PlanId", str)
ItemId = NewType("ItemId", str)
"""A decision, challenge, responsibility, resource, minutes, session or outside work in a plan."""
ReminderId = NewType("ReminderId", str)
ChangeId = NewType("ChangeId", str)
"""A change of the school's calendar."""
RecurringId = NewType("RecurringId", str)
"""A reminder that a partnership set up for itself."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Ids(Protocol):
    """Where new ids come from; tests pass a counter."""

    def new(self) -> str:
        """Return an id never returned before: letters and digits, at most 26 characters."""
        ...


class RandomIds(Ids):
    """Ids of 26 characters: 48 bits of milliseconds, then 80 random bits (the layout of ULID)."""

    def new(self) -> str:
        """Return a fresh id; ids of later milliseconds sort after it."""
        value = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
        letters = []
        for _ in range(26):
            letters.append(_ALPHABET[value & 31])
            value >>= 5
        return "".join(reversed(letters))
