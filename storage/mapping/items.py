"""The items of a plan <-> lists in its document.

Each item is a list whose places are fixed by the plan's layout number: a quarter shorter than
objects, and faster both ways. A new or moved place is a new layout.
"""

from typing import Any

from bot.domain.planning.plan import (
    Challenge,
    Comment,
    Decision,
    Minutes,
    OutsideWork,
    Resource,
    Responsibility,
    Session,
)
from storage.mapping.codec import (
    instant,
    maybe_date,
    maybe_instant,
    maybe_iso,
    maybe_micros,
    micros,
)


def comment_parts(one: Comment) -> list[Any]:
    """Return the comment as a list."""
    return [one.id, one.step, one.field, one.text, one.by, micros(one.at)]


def comment_of(parts: list[Any]) -> Comment:
    """Return the comment of a list."""
    id_, step, field, text, by, at = parts
    return Comment(id=id_, step=step, field=field, text=text, by=by, at=instant(at))


def decision_parts(one: Decision) -> list[Any]:
    """Return the decision as a list."""
    return [one.id, one.text, one.by, micros(one.at)]


def decision_of(parts: list[Any]) -> Decision:
    """Return the decision of a list."""
    id_, text, by, at = parts
    return Decision(id=id_, text=text, by=by, at=instant(at))


def challenge_parts(one: Challenge) -> list[Any]:
    """Return the challenge as a list."""
    closed = maybe_micros(one.closed_at)
    return [one.id, one.kind, one.text, one.by, micros(one.at), one.remedies, closed]


def challenge_of(parts: list[Any]) -> Challenge:
    """Return the challenge of a list."""
    id_, kind, text, by, at, remedies, closed = parts
    return Challenge(
        id=id_,
        kind=kind,
        text=text,
        by=by,
        at=instant(at),
        remedies=tuple(remedies),
        closed_at=maybe_instant(closed),
    )


def responsibility_parts(one: Responsibility) -> list[Any]:
    """Return the responsibility as a list."""
    return [
        one.id,
        one.text,
        one.by,
        micros(one.at),
        one.owner,
        maybe_iso(one.due),
        one.done_by,
        maybe_micros(one.done_at),
        one.challenge,
    ]


def responsibility_of(parts: list[Any]) -> Responsibility:
    """Return the responsibility of a list."""
    id_, text, by, at, owner, due, done_by, done_at, challenge = parts
    return Responsibility(
        id=id_,
        text=text,
        by=by,
        at=instant(at),
        owner=owner,
        due=maybe_date(due),
        done_by=done_by,
        done_at=maybe_instant(done_at),
        challenge=challenge,
    )


def resource_parts(one: Resource) -> list[Any]:
    """Return the resource as a list."""
    return [one.id, one.title, one.link, one.by, micros(one.at)]


def resource_of(parts: list[Any]) -> Resource:
    """Return the resource of a list."""
    id_, title, link, by, at = parts
    return Resource(id=id_, title=title, link=link, by=by, at=instant(at))


def minutes_parts(one: Minutes) -> list[Any]:
    """Return the minutes as a list."""
    return [one.id, one.minutes, one.text, one.by, micros(one.at), one.session]


def minutes_of(parts: list[Any]) -> Minutes:
    """Return the minutes of a list."""
    id_, minutes, text, by, at, session = parts
    return Minutes(id=id_, minutes=minutes, text=text, by=by, at=instant(at), session=session)


def session_parts(one: Session) -> list[Any]:
    """Return the session as a list."""
    return [
        one.id,
        micros(one.start),
        micros(one.end),
        one.purpose,
        one.medium,
        one.by,
        micros(one.at),
        one.accepted,
        one.declined,
    ]


def session_of(parts: list[Any]) -> Session:
    """Return the session of a list."""
    id_, start, end, purpose, medium, by, at, accepted, declined = parts
    return Session(
        id=id_,
        start=instant(start),
        end=instant(end),
        purpose=purpose,
        medium=medium,
        by=by,
        at=instant(at),
        accepted=tuple(accepted),
        declined=tuple(declined),
    )


def outside_parts(one: OutsideWork) -> list[Any]:
    """Return the outside work as a list."""
    return [
        one.id,
        one.kind,
        one.band,
        one.by,
        one.partner,
        micros(one.at),
        one.note,
        one.link,
        one.file,
        maybe_micros(one.confirmed_at),
    ]


def outside_of(parts: list[Any]) -> OutsideWork:
    """Return the outside work of a list."""
    id_, kind, band, by, partner, at, note, link, file, confirmed = parts
    return OutsideWork(
        id=id_,
        kind=kind,
        band=band,
        by=by,
        partner=partner,
        at=instant(at),
        note=note,
        link=link,
        file=file,
        confirmed_at=maybe_instant(confirmed),
    )
