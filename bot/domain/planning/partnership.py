"""Partnerships: the members who plan together in one place."""

from dataclasses import dataclass
from datetime import time

from bot.domain.ids import MemberId, PartnershipId, WorkspaceId
from bot.domain.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSlot:
    """When the weekly digest comes: ``weekday`` 0 = Monday, wall time ``at`` in ``zone`` (IANA)."""

    weekday: int
    at: time
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """Members who plan together in one channel; they may have several plans there."""

    workspace: WorkspaceId
    id: PartnershipId
    place: Place
    members: tuple[MemberId, ...]
    digest: DigestSlot
