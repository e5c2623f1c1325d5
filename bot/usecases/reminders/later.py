"""Later: what a reminder spoke about comes again once, when its reader wants it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Nudges
from bot.domain.reminders.free_times import free_now, midnight
from bot.domain.reminders.marks import UNHEARD, spoken_of
from bot.domain.reminders.nudging import Owed, occasion
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.date_spans import checked_span, read_day
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.planning import Agenda, agenda, remind_anew
from bot.usecases.reminders.reading import Thing, thing_of, waiting_of

_DRAFT = "later"
_DAY = timedelta(days=1)

When = Callable[[Availability, datetime], datetime]
"""Returns the instant (UTC) from which on something is wanted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The reminder that ``member`` got of an occurrence."""

    member: MemberId
    occurrence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDate:
    """Let what the message spoke about come again on a day, as typed."""

    message: Message
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """What comes again at ``at`` (UTC); None: after another partner has acted.

    ``done`` is how many things of the message wait no longer, ``left`` what cannot be put off so: a
    session begins before, or there is no other partner. ``mark`` names it, to take it back.
    """

    things: tuple[Thing, ...]
    at: datetime | None
    zone: str
    done: int
    left: tuple[Thing, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Nothing is put off any more by what was taken back."""


def show_message(_: Work, actor: Actor, command: Message) -> Message:
    """Return the message if it is the actor's own."""
    return _own(actor, command)


def to_next_free(work: Work, actor: Actor, command: Message) -> PutOff:
    """Let it come again in the free period after the one that runs now."""
    return _put_off(work, actor, command, _after_this)


def to_tomorrow(work: Work, actor: Actor, command: Message) -> PutOff:
    """Let it come again in the first free period tomorrow, or after."""
    day = today(work, actor.member) + _DAY
    return _put_off(work, actor, command, lambda free, _: midnight(free, day))


def to_date(work: Work, actor: Actor, command: OnDate) -> PutOff:
    """Let it come again in the first free period on a date or after; else ``FieldErrors``.

    Today that is not the one that runs now.
    """
    now = today(work, actor.member)
    try:
        day = checked_span(now, read_day(command.day, now), now).last
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({"day": str(problem)}) from None
    when = _after_this if day == now else lambda free, _: midnight(free, day)
    return _put_off(work, actor, command.message, when)


def to_partner(work: Work, actor: Actor, command: Message) -> PutOff:
    """Let it come again in the next free period after another partner has acted on it."""
    return _put_off(work, actor, command, None)


def undo_later(work: Work, actor: Actor, mark: str) -> TakenBack:
    """Take back that something was put off, if nothing has come of it yet."""
    content = work.drafts.get(actor.id, _DRAFT)
    kept: dict[str, Any] = json.loads(content) if content else {"mark": ""}
    standing = work.snoozes.of(actor.id)
    put = _snoozes(kept["put"]) if kept["mark"] == mark else ()
    if not put or any(standing.get(one.key) != one for one in put):
        raise errors.NotYours(
            what="That was taken back already, or it has come again since.",
            remedy="Say “next”: it shows everything that waits on you.",
        )
    work.snoozes.drop(actor.id, (one.key for one in put))
    work.snoozes.put(actor.id, _snoozes(kept["before"]))
    work.drafts.drop(actor.id, _DRAFT)
    remind_anew(work, (actor.id,))
    return TakenBack()


def _after_this(free: Availability, now: datetime) -> datetime:
    """Return when the free period that runs now is over."""
    running = free_now(free, now)
    return running.end if running else now


def _own(actor: Actor, message: Message) -> Message:
    if message.member != actor.id:
        raise errors.NotYours(
            what="That reminder is somebody else's.",
            remedy="Say “next” to see what waits on you.",
        )
    return message


def _put_off(work: Work, actor: Actor, message: Message, when: When | None) -> PutOff:
    """Put off what the message spoke about and still waits; ``when`` None: until a partner acts."""
    _own(actor, message)
    if actor.member.preferences.nudges is Nudges.OFF:
        raise errors.NotAllowed(
            what="Your reminders are off, so nothing would come again.",
            remedy="Turn them on in the settings first.",
        )
    free = placeable(availabilities(work, (actor.id,))[actor.id])
    known = agenda(work, actor.id, free)
    keys = spoken_of(known.marks, message.occurrence)
    if not keys:
        raise errors.StaleButton
    still = [one for one in known.things if one.key in keys]
    until = when(free, work.now) if when else None
    put = [one for one in still if _can_wait(work, free, one, until)]
    mark = _keep(work, actor, known, [_snooze(one, until) for one in put]) if put else ""
    left = [one for one in still if one not in put]
    return PutOff(
        things=_shown(work, actor, put),
        at=min(_again_at(free, put, until, work.now), default=None),
        zone=actor.member.zone,
        done=len(keys) - len(still),
        left=_shown(work, actor, left),
        mark=mark,
    )


def _snooze(thing: Owed, until: datetime | None) -> Snooze:
    return Snooze(key=thing.key, plan=thing.plan, step=thing.step, until=until)


def _can_wait(work: Work, free: Availability, thing: Owed, until: datetime | None) -> bool:
    """Tell whether the thing can be put off so that it comes again."""
    if until is not None:
        return occasion(free, thing, UNHEARD, work.now, _snooze(thing, until)) is not None
    plan = work.plans.get(thing.plan)
    return thing.ahead is None and plan is not None and len(plan.members) > 1


def _again_at(
    free: Availability, things: Iterable[Owed], until: datetime | None, now: datetime
) -> Iterable[datetime]:
    """Yield when each of the things comes again, as far as that is known."""
    for thing in things if until else ():
        period = occasion(free, thing, UNHEARD, now, _snooze(thing, until))
        if period is not None:
            yield period.start


def _keep(work: Work, actor: Actor, known: Agenda, put: list[Snooze]) -> str:
    """Store what is put off with the way back, and plan the member's reminders by it."""
    before = [known.snoozes[one.key] for one in put if one.key in known.snoozes]
    mark = work.ids.new()
    document = {"mark": mark, "put": _documents(put), "before": _documents(before)}
    work.drafts.put(actor.id, _DRAFT, json.dumps(document).encode())
    work.snoozes.put(actor.id, put)
    remind_anew(work, (actor.id,))
    return mark


def _shown(work: Work, actor: Actor, things: Iterable[Owed]) -> tuple[Thing, ...]:
    wanted = {one.key for one in things}
    return tuple(
        thing_of(plan, one, {}, {})
        for plan, one in waiting_of(work, actor.member)
        if f"{plan.id}:{one.thing}" in wanted
    )


def _documents(snoozes: Iterable[Snooze]) -> list[dict[str, str | None]]:
    return [
        {
            "key": one.key,
            "plan": one.plan,
            "step": one.step,
            "until": one.until.isoformat() if one.until else None,
        }
        for one in snoozes
    ]


def _snoozes(documents: Iterable[dict[str, Any]]) -> tuple[Snooze, ...]:
    return tuple(
        Snooze(
            key=one["key"],
            plan=PlanId(one["plan"]),
            step=one["step"],
            until=datetime.fromisoformat(one["until"]) if one["until"] else None,
        )
        for one in documents
    )
