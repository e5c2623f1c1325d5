"""Partnerships: the members who plan together in one place."""

from dataclasses import dataclass
from datetime import time

from bot.domain.ids import MemberId, PartnershipId, WorkspaceId
from bot.domain.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSlot:
    """When the weekly digest comes: ``weekday`` 0 = Monday, wall time ``at`` in ``zone`` (IANA).

    ``chosen``: a partner chose it; else it is the default, which follows what the members tell of
    their times. ``silent``: nothing comes in a week without news, else one line does.
    """

    weekday: int
    at: time
    zone: str
    chosen: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """Members who plan together in one channel; they may have several plans there."""

    workspace: WorkspaceId
    id: PartnershipId
    place: Place
    members: tuple[MemberId, ...]
    digest: DigestSlot
