"""The plan: the one aggregate that planning changes, and the whole state of a partnership's work.

A plan is a value. The rules in the modules beside this one take a plan and return a ``Change``:
the new plan and the acts that made it. Nothing here knows of time, storage or chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.contributions.acts import Act
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning.template import Template

ON_RECORD = "on-record-"
"""How the ids of people begin who are known only by a file: named in plans, partners of none."""

_ACTIVE, _MEMBERS = ("active",), ("members",)
"""Keys of the memo that no step can have."""
OF_PARTNERS = (_ACTIVE, _MEMBERS)
"""What is known of plans with the same partners."""


class PlanState(StrEnum):
    """Where a plan is in its life."""

    ACTIVE = "active"
    FINISHED = "finished"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A member's part in a plan; ``left_at`` (UTC) is set once they left or were removed."""

    member: MemberId
    joined_at: datetime
    role: str = ""
    left_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Tell whether they are here: they have not left, and are not known by a file only."""
        return self.left_at is None and not self.member.startswith(ON_RECORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKey:
    """Which answer: ``respondent`` is a member for fields that each answers, else None."""

    step: str
    field: str
    respondent: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The standing revision of a field; ``at`` is UTC.

    ``revision`` only grows and is never given twice in a field (``changes.next_revision``).
    """

    text: str
    revision: int
    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """What has happened to a step. ``turn``: who is asked; ``last_by``: who changed it last.

    ``signed`` holds who agreed to what stands; any change empties it. ``reopened_by`` keeps the
    step open, whatever its fields say, until somebody closes it again.
    """

    key: str
    due: date | None = None
    turn: MemberId | None = None
    last_by: MemberId | None = None
    signed: tuple[MemberId, ...] = ()
    reopened_by: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark on a step (``field`` empty) or a field."""

    id: ItemId
    step: str
    field: str
    text: str
    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something the partners agreed."""

    id: ItemId
    text: str
    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """An obstacle; it may be closed only after at least one attempted remedy."""

    id: ItemId
    kind: str
    text: str
    by: MemberId
    at: datetime
    remedies: tuple[str, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """Who does what by when; ``owner`` None means together."""

    id: ItemId
    text: str
    by: MemberId
    at: datetime
    owner: MemberId | None = None
    due: date | None = None
    done_by: MemberId | None = None
    done_at: datetime | None = None
    challenge: ItemId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A book, page, tool or file the plan uses; ``link`` is an http(s) address or empty."""

    id: ItemId
    title: str
    link: str
    by: MemberId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """What a planning session brought; ``minutes`` is its length."""

    id: ItemId
    minutes: int
    text: str
    by: MemberId
    at: datetime
    session: ItemId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A time to plan together, from ``start`` to ``end`` (UTC); agreed once all invited accept."""

    id: ItemId
    start: datetime
    end: datetime
    purpose: str
    medium: str
    by: MemberId
    at: datetime
    accepted: tuple[MemberId, ...] = ()
    declined: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWork:
    """Work done away from the bot, ``band`` minutes long, with ``partner`` who may confirm it."""

    id: ItemId
    kind: str
    band: str
    by: MemberId
    partner: MemberId
    at: datetime
    note: str = ""
    link: str = ""
    file: str = ""
    confirmed_at: datetime | None = None


Item = Comment | Decision | Challenge | Responsibility | Resource | Minutes | Session | OutsideWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One unit, lesson or project that partners plan.

    ``revision`` counts the saves of the whole plan (compare-and-set), ``entries`` the acts in its
    contribution log so far. ``steps`` stand in the template's order. ``linked`` are the platforms
    on which it has a thread beside the one of its home.
    """

    workspace: WorkspaceId
    id: PlanId
    partnership: PartnershipId
    title: str
    template: Template
    started_by: MemberId
    started_at: datetime
    state: PlanState = PlanState.ACTIVE
    partners: tuple[Partner, ...] = ()
    steps: tuple[StepState, ...] = ()
    answers: Mapping[AnswerKey, Answer] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    decisions: tuple[Decision, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()
    resources: tuple[Resource, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    sessions: tuple[Session, ...] = ()
    outside: tuple[OutsideWork, ...] = ()
    origin: PlanId | None = None
    linked: tuple[str, ...] = ()
    revision: int = 0
    entries: int = 0
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out about this very value (``memo.py``); a changed plan begins with nothing,
    or with what it inherits."""

    @property
    def active_partners(self) -> tuple[Partner, ...]:
        """Return the partners who are here, in the order they joined."""
        known: tuple[Partner, ...] | None = self.memo.get(_ACTIVE)
        if known is None:
            known = self.memo[_ACTIVE] = tuple(p for p in self.partners if p.active)
        return known

    @property
    def members(self) -> tuple[MemberId, ...]:
        """Return the ids of the active partners, in the order they joined."""
        known: tuple[MemberId, ...] | None = self.memo.get(_MEMBERS)
        if known is None:
            known = self.memo[_MEMBERS] = tuple(p.member for p in self.active_partners)
        return known

    def partner(self, member: MemberId) -> Partner | None:
        """Return the member's active part, or None."""
        for partner in self.active_partners:  # asked so often that a generator would be felt
            if partner.member == member:
                return partner
        return None

    def step(self, key: str) -> StepState | None:
        """Return the state of the step of that key, or None."""
        for state in self.steps:  # as above
            if state.key == key:
                return state
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a rule made of a plan: the plan as it is now, and the acts to log with it."""

    plan: Plan
    acts: tuple[Act, ...]
