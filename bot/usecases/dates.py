"""Dates that members type into forms."""

from datetime import date

from bot.domain import errors
from bot.domain.timetable.dates import read_date
from bot.usecases.actors import Actor, today
from bot.usecases.ports import Work


def typed_date(work: Work, actor: Actor, text: str, *, key: str) -> date | None:
    """Return the date a member typed into a form, None for nothing; else ``FieldErrors``."""
    if not text.strip():
        return None
    try:
        return read_date(text, today(work, actor.member))
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None
