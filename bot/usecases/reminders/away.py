"""`away`: nothing reaches a member until a date; maybe a partner stands in meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import errors
from bot.domain.ids import MemberId
from bot.domain.members import Person
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.standing_in import note_away, note_back
from bot.domain.timetable.absences import (
    Absence,
    Absences,
    away_on,
    back_early,
    back_on,
    from_day,
    in_order,
    with_absence,
)
from bot.domain.timetable.date_spans import Span, checked_span, read_day, read_span
from bot.domain.timetable.dates import NotADate
from bot.usecases.actors import Actor, recognise, today
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities
from bot.usecases.reminders.away_changes import (
    Done,
    absences_of,
    active_plans,
    change_absences,
    last_change,
    take_back,
)

_DAY = timedelta(days=1)
_SOON = 60
"""Days in which a first day of one's own is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayAway:
    """Be away as said in ``words``; the first of the people ``named`` stands in."""

    words: str
    named: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAway:
    """Be away from ``first`` to ``last``, as typed into the form.

    ``changing`` is the first day (ISO) of the absence that this one takes the place of, empty for
    a new one. ``stand_in`` is a member's id or empty; with ``passes`` steps pass to them.
    """

    first: str
    last: str
    changing: str
    stand_in: str
    passes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayView:
    """When the member is away, from ``today``, their date, on.

    ``partners`` are those of their active plans, by name. ``asked`` is the one absence the page is
    about, None for all of them.
    """

    absences: Absences
    today: date
    partners: Mapping[MemberId, str]
    asked: Absence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayChanged:
    """What has become of it: ``view.asked`` stands now; None: it was ended or taken back.

    ``back`` is the first day of the member's own on which something reaches them again. ``moved``
    is how many reminders come at another time. ``mark`` names the change, to take it back; empty
    when it was taken back, or nothing has changed. ``bare``: of the days only the last was said.
    """

    view: AwayView
    back: date
    moved: int = 0
    mark: str = ""
    undone: bool = False
    bare: bool = False


def show_away(work: Work, actor: Actor, first: str) -> AwayView:
    """Return when the member is away; ``first`` (ISO) is the first day of one absence, or empty."""
    return _view(work, actor, _of(work, actor, first))


def say_away(work: Work, actor: Actor, command: SayAway) -> AwayChanged:
    """Be away as said; to a person who is named what others can do of the member's steps passes."""
    span = _span(command.words, today(work, actor.member))
    absence = Absence(first=span.first, last=span.last)
    if len(command.named) > 1:
        raise errors.InvalidInput(
            what=f"{len(command.named)} people are named, and one can stand in.",
            remedy="Name one partner of one of your plans.",
        )
    if command.named:
        one = recognise(work, command.named[0])
        if one.id not in _partners(work, actor):
            raise errors.InvalidInput(
                what=f"{one.name} does not plan anything with you, so they cannot stand in.",
                remedy="Name a partner of one of your plans.",
            )
        absence = replace(absence, stand_in=one.id, passes=True)
    changed = _away(work, actor, absences_of(work, actor.id), absence)
    return replace(changed, bare=span.bare and changed.view.asked == absence)


def _span(words: str, now: date) -> Span:
    """Return the days as typed; for what is no date it is said what else `away` is for."""
    try:
        return read_span(words, now)
    except NotADate as problem:
        raise errors.InvalidInput(
            what=problem.message,
            remedy="Say “away” alone to change or end an absence; a stand-in is named with an @. "
            f"{problem.remedy}",
        ) from None


def set_away(work: Work, actor: Actor, command: SetAway) -> AwayChanged:
    """Be away as the form says; ``FieldErrors`` below its inputs."""
    now, old = today(work, actor.member), _of(work, actor, command.changing)
    first, last = (_typed(getattr(command, key), key, now) for key in ("first", "last"))
    try:
        checked_span(first, last, now, begun=old.first if old else None)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"last": str(problem)}) from None
    partners = _partners(work, actor)
    if command.stand_in and command.stand_in not in partners:
        raise errors.FieldErrors({"stand_in": "Choose a partner of one of your plans."})
    if command.passes and not command.stand_in:
        raise errors.FieldErrors({"stand_in": "Name who stands in, or let your steps wait."})
    absence = Absence(
        first=first,
        last=last,
        stand_in=MemberId(command.stand_in) if command.stand_in else None,
        passes=command.passes,
    )
    return _away(work, actor, _without(absences_of(work, actor.id), old), absence)


def only_away(work: Work, actor: Actor, day: str) -> AwayChanged:
    """Be away on ``day`` (ISO) alone, and not from today until then, as was understood."""
    now = today(work, actor.member)
    old = _of(work, actor, now.isoformat())
    if old is None or old.last.isoformat() != day:
        raise errors.StaleButton
    only = replace(old, first=old.last)
    return _away(work, actor, _without(absences_of(work, actor.id), old), only)


def come_back(work: Work, actor: Actor, first: str) -> AwayChanged:
    """End the absence that began on ``first`` (ISO) today, or call it off if it has not begun."""
    now, ending = today(work, actor.member), _of(work, actor, first)
    if ending is None:
        raise errors.InvalidInput(
            what="That absence is over, or was called off.", remedy="Say “away” to see."
        )

    def note(plan: Plan) -> Change:
        return note_back(plan, by=actor.id, absence=ending, at=work.now)

    after = back_early(absences_of(work, actor.id), ending, now)
    done = change_absences(work, actor, after, note)
    return AwayChanged(view=_view(work, actor), back=now, moved=done.moved, mark=done.mark)


def undo_away(work: Work, actor: Actor, mark: str) -> AwayChanged:
    """Take the last change of the member's absences back, if ``mark`` is its."""
    kept = last_change(work, actor.id)
    if kept is None or kept.mark != mark:
        raise errors.NotAllowed(
            what="That was taken back already, or something has changed since.",
            remedy="Say “away” to see what stands.",
        )
    return _undone(work, actor, take_back(work, actor, kept))


def _undone(work: Work, actor: Actor, done: Done) -> AwayChanged:
    view = _view(work, actor)
    now = today(work, actor.member)
    return AwayChanged(view=view, back=back_on(view.absences, now), moved=done.moved, undone=True)


def _away(work: Work, actor: Actor, others: Absences, absence: Absence) -> AwayChanged:
    """Let the member be away as ``absence`` says, beside the ``others`` or as one with them."""
    now, before = today(work, actor.member), absences_of(work, actor.id)
    after = with_absence(others, absence, now)
    standing = away_on(after, absence.last) or absence
    back = _first_own_day(work, actor, back_on(after, standing.last + _DAY))
    if after == before:
        return AwayChanged(view=_view(work, actor, standing), back=back)
    instead_of = tuple(one for one in before if one not in after)

    def note(plan: Plan) -> Change:
        return note_away(plan, by=actor.id, absence=standing, instead_of=instead_of, at=work.now)

    done = change_absences(work, actor, after, note)
    view = _view(work, actor, standing)
    return AwayChanged(view=view, back=back, moved=done.moved, mark=done.mark)


def _view(work: Work, actor: Actor, asked: Absence | None = None) -> AwayView:
    now = today(work, actor.member)
    return AwayView(
        absences=from_day(absences_of(work, actor.id), now),
        today=now,
        partners=_partners(work, actor),
        asked=asked,
    )


def _of(work: Work, actor: Actor, first: str) -> Absence | None:
    """Return the absence that is not over and begins on that day, or None."""
    standing = from_day(absences_of(work, actor.id), today(work, actor.member))
    return next((one for one in standing if one.first.isoformat() == first), None)


def _without(absences: Absences, one: Absence | None) -> Absences:
    return in_order(absence for absence in absences if absence != one)


def _partners(work: Work, actor: Actor) -> dict[MemberId, str]:
    """Return the partners of the actor's active plans by name."""
    ids = (m for plan in active_plans(work, actor.id) for m in plan.members if m != actor.id)
    found = work.members.get(ids)
    return {one.id: one.name for one in sorted(found.values(), key=lambda one: one.name)}


def _typed(text: str, key: str, now: date) -> date:
    if not text.strip():
        raise errors.FieldErrors({key: "Give a day: an absence always has an end."})
    try:
        return read_day(text, now)
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None


def _first_own_day(work: Work, actor: Actor, day: date) -> date:
    """Return the first of the member's own days from ``day`` on; ``day`` where none is near."""
    availability = availabilities(work, (actor.id,))[actor.id]
    near = (day + n * _DAY for n in range(_SOON))
    return next((one for one in near if availability.owns(one)), day)
