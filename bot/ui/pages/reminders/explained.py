"""Why reminders come when they do, in plain lines for whoever runs Coplan."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.domain.members import Nudges
from bot.domain.reminders.notices import Filed, NoticeState
from bot.domain.reminders.recurrence_words import in_words
from bot.domain.timetable.availability import FreePeriod
from bot.ui.pages.reminders.catch_up_card import catch_up_card
from bot.ui.pages.reminders.reminder_card import reminder_card
from bot.ui.pages.reminders.wording import asked, short, to_do
from bot.ui.pages.words import day, listed
from bot.usecases.reminders.catching_up import CatchUpView
from bot.usecases.reminders.explaining import Explained, Quiet, Silence, Told
from bot.usecases.reminders.reading import ReminderView
from bot.usecases.reminders.rehearsing import Coming

WIDTH = 90
"""Characters of a title or task in a line."""

SILENT: Mapping[Silence, str] = {
    Silence.OFF: "silent: reminders are turned off",
    Silence.NO_DATE: "silent: it has no date, so only “next” and the digest show it",
    Silence.HELD: "silent: put off until a partner has acted",
    Silence.ENOUGH: "silent: it had its reminders; “next” and the digest show it",
    Silence.NEVER_FREE: "silent: no free time is in sight in which it could come",
}


def explained_lines(one: Explained) -> Iterator[str]:
    """Yield what will come for the member, why, and why not, a line each."""
    zone = one.member.zone
    assumed = ", which is assumed" if one.member.zone_assumed else ""
    yield f"{one.member.name} (zone {zone}{assumed}); now it is {local(one.now, zone)}"
    yield f"  Next message: {_coming(one)}"
    if one.coming is not None:
        yield f"    It will say: {says(one.coming)}"
    yield from (f"  {line}" for line in _circumstances(one))
    if one.things:
        yield "  What waits:"
        yield from (f"    {_thing(told, zone)}" for told in one.things)
    if one.quiet:
        yield "  Steps that do not wait on them:"
        yield from (f"    {_quiet(quiet)}" for quiet in one.quiet)
    for digest in one.digests:
        titles = listed(f"“{short(title, WIDTH)}”" for title in digest.plans)
        yield f"  Digest of {titles}: {local(digest.at, digest.zone)} ({digest.zone})"
    for own in one.recurring:
        rule, text = own.reminder.rule, short(own.reminder.text, WIDTH)
        words = in_words(rule, rule.zone, one.now)
        yield f"  Own reminder “{text}”, {words}: {local(own.at, rule.zone)} ({rule.zone})"


def local(at: datetime, zone: str) -> str:
    """Return an instant on the clocks of a zone (IANA): "Wed 18 Nov 2026, 11:50"."""
    then = at.astimezone(ZoneInfo(zone))
    return f"{day(then.date())} {then.year}, {then:%H:%M}"


def says(coming: Coming) -> str:
    """Return the words of the message that will come."""
    match coming.says:
        case ReminderView() as view:
            return reminder_card(view).summary
        case CatchUpView() as view:
            return catch_up_card(view).summary
        case _:
            assert_never(coming.says)


def period_words(period: FreePeriod) -> str:
    """Return which free time it is: "period P5 of day A", or "own hours"."""
    if period.period is None:
        return "their own or working hours"
    return f"their free period {period.period}" + (f", day {period.label}" if period.label else "")


def _coming(one: Explained) -> str:
    if one.coming is None:
        return f"none. {_why_none(one)}"
    when = f"{local(one.coming.at, one.member.zone)} ({one.member.zone})"
    if isinstance(one.coming.says, CatchUpView):
        return f"{when}, directly, on their return"
    view = one.coming.says
    where = "directly" if view.thread is None else "in the plan's thread"
    return f"{when}, {where}, in {period_words(view.free)}"


def _why_none(one: Explained) -> str:
    if one.member.preferences.nudges is Nudges.OFF:
        return "Reminders are turned off."
    if not one.things:
        return "Nothing waits on them."
    return "Everything that waits is silent, as told below."


def _circumstances(one: Explained) -> Iterator[str]:
    nudges, quiet = one.member.preferences.nudges, one.member.preferences.quiet
    yield f"Reminders: {nudges}; quiet {quiet.start:%H:%M} to {quiet.end:%H:%M}"
    if one.misfit:
        yield "Their timetable does not fit the school's calendar: working hours count instead"
    elif one.assumed:
        yield "They told no times: working hours on their own days count"
    elif one.full:
        yield "Their timetable has no free period in sight: working hours outside lessons count"
    if not one.member.reachable:
        yield "They have not clicked anything yet: messages go to the plan's thread"
    for absence in one.away:
        yield f"Away from {day(absence.first)} to {day(absence.last)}: nothing comes then"
    for filed in one.unsent:
        yield _filed(filed, one.member.zone)
    if one.alarm is not None:
        yield f"Coplan looks again: {local(one.alarm, one.member.zone)}"


def _filed(filed: Filed, zone: str) -> str:
    why = f" ({filed.reason})" if filed.reason else ""
    if filed.state is NoticeState.FAILED:
        return f"The last message was given up after {filed.attempts} tries{why}"
    when = local(filed.notice.due_at, zone)
    return f"A message is under way, tried {filed.attempts} times{why}; next try {when}"


def _thing(told: Told, zone: str) -> str:
    name = f"{short(told.plan.title, WIDTH)} · {thing_words(told)}"
    due = f", due {day(told.due.due)}" if told.due else ""
    past = [*told.heard.counted, *told.heard.again]
    heard = f"; told {listed(local(at, zone) for at in sorted(past))}" if past else ""
    return f"{name}{due}{heard}; {_next(told, zone)}"


def thing_words(told: Told) -> str:
    """Return what it is and what is to be done: "Complete the form: Add a decision"."""
    name = short(asked(told.plan, told.waiting), WIDTH)
    does = short(to_do(told.plan, told.waiting), WIDTH)
    return name if does == name else f"{name}: {does}"


def _next(told: Told, zone: str) -> str:
    if told.silence is not None or told.period is None:
        return SILENT[told.silence] if told.silence else "silent"
    kind = "follow-up" if told.heard.counted else "first reminder"
    if told.put_off is not None:
        kind = "put off by them until then"
    start = local(told.period.start, zone)
    return f"{kind} from {start} on, in {period_words(told.period)}"


def _quiet(quiet: Quiet) -> str:
    what = f"{short(quiet.plan.title, WIDTH)} · {short(quiet.step, WIDTH)}"
    if quiet.done:
        return f"{what}: done"
    return f"{what}: waits for {listed(quiet.others)}" if quiet.others else f"{what}: open"
