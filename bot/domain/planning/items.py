"""What may be added in any step: comments, decisions, challenges, responsibilities and more."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.plan import (
    Challenge,
    Change,
    Comment,
    Decision,
    Minutes,
    Plan,
    Resource,
    Responsibility,
)
from bot.domain.planning.rights import require_step, require_writable
from bot.domain.planning.sessions import require_session
from bot.domain.planning.texts import (
    RESOURCE_LENGTH,
    clean,
    optional_link,
    optional_text,
    require_text,
)

TEXT = "text"
MOST_MINUTES = 600
"""A session of more than ten hours is a slip of the finger."""


def comment(
    plan: Plan, *, by: MemberId, item: ItemId, step: str, field: str, text: str, at: datetime
) -> Change:
    """Comment on a step, or on one of its fields."""
    require_writable(plan, by)
    template, _ = require_step(plan, step)
    if field and template.field(field) is None:
        raise errors.UnknownItem(thing="field", title=plan.title)
    cleaned = require_text(text, key=TEXT, name="The comment")
    made = Comment(id=item, step=step, field=field, text=cleaned, by=by, at=at)
    act = Act(
        kind=ActKind.COMMENTED, by=by, at=at, step=step, field=field, item=item, after=cleaned
    )
    return Change(plan=replace(plan, comments=(*plan.comments, made)), acts=(act,))


def decide(plan: Plan, *, by: MemberId, item: ItemId, text: str, at: datetime) -> Change:
    """Write down a decision."""
    require_writable(plan, by)
    cleaned = require_text(text, key=TEXT, name="The decision")
    made = Decision(id=item, text=cleaned, by=by, at=at)
    act = Act(kind=ActKind.DECIDED, by=by, at=at, item=item, after=cleaned)
    return Change(plan=replace(plan, decisions=(*plan.decisions, made)), acts=(act,))


def raise_challenge(
    plan: Plan, *, by: MemberId, item: ItemId, kind: str, text: str, at: datetime
) -> Change:
    """Name a challenge: a known one, or another in one's own words."""
    require_writable(plan, by)
    known = BY_KEY.get(kind)
    if known is None:
        raise errors.UnknownItem(thing="kind of challenge", title=plan.title)
    checked = optional_text if known.remedies else require_text
    cleaned = checked(text, key=TEXT, name="The challenge")
    made = Challenge(id=item, kind=kind, text=cleaned, by=by, at=at)
    act = Act(kind=ActKind.CHALLENGE_RAISED, by=by, at=at, item=item, after=cleaned or known.title)
    return Change(plan=replace(plan, challenges=(*plan.challenges, made)), acts=(act,))


def require_challenge(plan: Plan, item: ItemId) -> Challenge:
    """Return the challenge; ``UnknownItem`` when the plan has none of that id."""
    found = next((c for c in plan.challenges if c.id == item), None)
    if found is None:
        raise errors.UnknownItem(thing="challenge", title=plan.title)
    return found


def try_remedy(
    plan: Plan, *, by: MemberId, challenge: ItemId, remedy: str, duty: ItemId, at: datetime
) -> Change:
    """Attempt a remedy: it becomes a responsibility of both together."""
    require_writable(plan, by)
    found = require_challenge(plan, challenge)
    if found.closed_at is not None:
        raise errors.NotAllowed(
            what="That challenge is closed, so nothing more is tried for it.",
            remedy="If it is back, name it again; then pick a remedy.",
        )
    cleaned = require_text(remedy, key=TEXT, name="The remedy")
    if cleaned in found.remedies:
        return Change(plan=plan, acts=())
    tried = replace(found, remedies=(*found.remedies, cleaned))
    taken = Responsibility(id=duty, text=cleaned, by=by, at=at, challenge=challenge)
    act = Act(kind=ActKind.REMEDY_TRIED, by=by, at=at, item=challenge, after=cleaned)
    with_duty = replace(plan, responsibilities=(*plan.responsibilities, taken))
    return Change(plan=with_challenge(with_duty, tried), acts=(act,))


def close_challenge(plan: Plan, *, by: MemberId, challenge: ItemId, at: datetime) -> Change:
    """Close a challenge; refused without at least one attempted remedy."""
    require_writable(plan, by)
    found = require_challenge(plan, challenge)
    if found.closed_at is not None:
        return Change(plan=plan, acts=())
    if not found.remedies:
        raise errors.NotAllowed(
            what="A challenge is closed only after at least one remedy was tried.",
            remedy="Pick a remedy or write down what you tried; then close it.",
        )
    act = Act(kind=ActKind.CHALLENGE_CLOSED, by=by, at=at, item=challenge)
    return Change(plan=with_challenge(plan, replace(found, closed_at=at)), acts=(act,))


def _require_owner(plan: Plan, owner: MemberId | None) -> None:
    if owner is not None and plan.partner(owner) is None:
        raise errors.FieldErrors({"owner": "Choose one of the partners, or “Together”."})


def add_responsibility(
    plan: Plan,
    *,
    by: MemberId,
    item: ItemId,
    text: str,
    owner: MemberId | None,
    due: date | None,
    at: datetime,
) -> Change:
    """Agree who does what by when; ``owner`` None means together."""
    require_writable(plan, by)
    errors.require_all(
        lambda: require_text(text, key=TEXT, name="The responsibility"),
        lambda: _require_owner(plan, owner),
    )
    cleaned = clean(text)
    made = Responsibility(id=item, text=cleaned, by=by, at=at, owner=owner, due=due)
    act = Act(
        kind=ActKind.RESPONSIBILITY_ADDED,
        by=by,
        at=at,
        item=item,
        after=cleaned,
        member_about=owner,
        detail={"due": due.isoformat()} if due else {},
    )
    return Change(plan=replace(plan, responsibilities=(*plan.responsibilities, made)), acts=(act,))


def finish_responsibility(plan: Plan, *, by: MemberId, item: ItemId, at: datetime) -> Change:
    """Mark a responsibility as done; any partner may, and the log says who did."""
    require_writable(plan, by)
    found = next((r for r in plan.responsibilities if r.id == item), None)
    if found is None:
        raise errors.UnknownItem(thing="responsibility", title=plan.title)
    if found.done_at is not None:
        return Change(plan=plan, acts=())
    done = replace(found, done_by=by, done_at=at)
    act = Act(kind=ActKind.RESPONSIBILITY_DONE, by=by, at=at, item=item, after=found.text)
    listed = tuple(done if r.id == item else r for r in plan.responsibilities)
    return Change(plan=replace(plan, responsibilities=listed), acts=(act,))


def add_resource(
    plan: Plan, *, by: MemberId, item: ItemId, title: str, link: str, at: datetime
) -> Change:
    """Add a resource; the link is optional."""
    require_writable(plan, by)
    errors.require_all(
        lambda: require_text(title, key="title", name="The resource", limit=RESOURCE_LENGTH),
        lambda: optional_link(link, key="link"),
    )
    cleaned, address = clean(title), optional_link(link, key="link")
    made = Resource(id=item, title=cleaned, link=address, by=by, at=at)
    act = Act(
        kind=ActKind.RESOURCE_ADDED,
        by=by,
        at=at,
        item=item,
        after=f"{cleaned} {address}".strip(),
    )
    return Change(plan=replace(plan, resources=(*plan.resources, made)), acts=(act,))


def add_minutes(
    plan: Plan,
    *,
    by: MemberId,
    item: ItemId,
    minutes: int,
    text: str,
    session: ItemId | None,
    at: datetime,
) -> Change:
    """Record what a planning session brought and how long it took."""
    require_writable(plan, by)
    if not 1 <= minutes <= MOST_MINUTES:
        raise errors.FieldErrors({"minutes": f"Give a number of minutes from 1 to {MOST_MINUTES}."})
    if session is not None:
        require_session(plan, session)
    cleaned = optional_text(text, key=TEXT, name="The minutes")
    made = Minutes(id=item, minutes=minutes, text=cleaned, by=by, at=at, session=session)
    act = Act(
        kind=ActKind.MINUTES_ADDED,
        by=by,
        at=at,
        item=item,
        after=cleaned,
        detail={"minutes": str(minutes)},
    )
    return Change(plan=replace(plan, minutes=(*plan.minutes, made)), acts=(act,))


def with_challenge(plan: Plan, challenge: Challenge) -> Plan:
    """Return the plan with that challenge in place of the one of its id."""
    listed = tuple(challenge if c.id == challenge.id else c for c in plan.challenges)
    return replace(plan, challenges=listed)
