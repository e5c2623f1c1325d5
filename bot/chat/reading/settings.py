"""Readers of settings, templates and imports."""

from datetime import time
from functools import partial

from bot.chat.arguments import arg, typed, upload, value, values, words
from bot.chat.inbound import Inbound, Upload
from bot.domain import errors
from bot.domain.ids import PlanId
from bot.domain.members import Nudges, Where
from bot.domain.planning.template import Template
from bot.domain.timetable.clocktimes import DAY, NOON, as_text, as_time
from bot.domain.timetable.typed_times import read_clock, read_time
from bot.domain.timetable.zones import zone_meant
from bot.templates.loader import parse
from bot.ui.exports import plan_import
from bot.usecases.planning.exchange import ImportPlan
from bot.usecases.reminders.choosing import ChooseSlot
from bot.usecases.settings import ChangeSettings

_LONGEST_NIGHT = 16 * 60
"""Minutes; 10 until 7 is meant to begin in the evening."""
_EVENING = 20 * 60


def settings(inbound: Inbound) -> ChangeSettings:
    """Read the form of a member's settings."""
    start, end = _quiet_hours(inbound)
    chosen = value(inbound, "nudges")
    where, _, platform = value(inbound, "where").partition(":")  # direct:discord
    return ChangeSettings(
        nudges=Nudges(chosen) if chosen in set(Nudges) else Nudges.NORMAL,
        where=Where(where) if where in set(Where) else Where.DIRECT,
        platform=platform,
        days=tuple(sorted(int(day) for day in values(inbound, "days") if day in set("1234567"))),
        quiet_start=start,
        quiet_end=end,
    )


def _quiet_hours(inbound: Inbound) -> tuple[time, time]:
    """Return from when until when, maybe over midnight; ``FieldErrors`` for most of the day."""
    start = typed("quiet_from", lambda: read_clock(value(inbound, "quiet_from")))
    end = typed("quiet_until", lambda: read_clock(value(inbound, "quiet_until")))
    if start == end:
        says = "Give a part of the day. To hear nothing at all, turn the reminders off above."
        raise errors.FieldErrors({"quiet_until": f"The start and the end are the same. {says}"})
    if (end - start) % DAY > _LONGEST_NIGHT:
        says = f"From {as_text(start)} until {as_text(end)} is most of the day."
        meant = as_text(start + NOON if start < NOON else _EVENING)
        raise errors.FieldErrors({"quiet_from": f"{says} Did you mean {meant}?"})
    return as_time(start), as_time(end)


def zone(inbound: Inbound) -> str:
    """Read `settings Europe/Berlin`: where somebody's clock is."""
    return words(inbound)


def zone_in_form(inbound: Inbound) -> str:
    """Read the same from the form; ``FieldErrors`` when no zone is called so."""
    return typed("zone", lambda: zone_meant(value(inbound, "zone"))).key


def slot(inbound: Inbound) -> ChooseSlot:
    """Read the form of a digest's slot."""
    day = value(inbound, "weekday")
    if day not in set("0123456"):
        raise errors.FieldErrors({"weekday": "Choose a day of the week."})
    at = as_time(typed("at", lambda: read_time(value(inbound, "at"))))
    return ChooseSlot(
        plan=PlanId(arg(inbound, 0)),
        weekday=int(day),
        at=at,
        silent=value(inbound, "silent") == "yes",
    )


def template(inbound: Inbound) -> Upload:
    """Read a template as a file or pasted."""
    sent = upload(inbound, "file")
    text = value(inbound, "text")
    if sent is None and not text.strip():
        raise errors.FieldErrors({"text": "Paste the template here, or choose a file."})
    return sent or Upload(name="template", content=text.encode())


def parsed_template(sent: Upload) -> Template:
    """Parse a template, before the unit of work."""
    return parse(sent.content, sent.name)


def exported(inbound: Inbound) -> Upload:
    """Read an exported plan."""
    sent = upload(inbound, "file")
    if sent is None:
        raise errors.FieldErrors({"file": "Choose the JSON file of an exported plan."})
    return sent


def parsed_plan(sent: Upload) -> ImportPlan:
    """Parse an exported plan, before the unit of work."""
    imported = plan_import.parse(sent.content)
    return ImportPlan(
        people=imported.people,
        files=imported.files,
        build=partial(plan_import.to_plan, imported),
    )
