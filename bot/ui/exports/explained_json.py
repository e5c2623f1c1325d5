"""What will come for members, and why, as one JSON document."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.timetable.availability import FreePeriod
from bot.ui.pages.reminders.explained import says, thing_words
from bot.ui.pages.reminders.wording import thing_name
from bot.usecases.reminders.catching_up import CatchUpView
from bot.usecases.reminders.explaining import DigestAhead, Explained, Quiet, Told
from bot.usecases.reminders.rehearsing import Coming


def explained_json(people: Iterable[Explained]) -> str:
    """Return the document; instants are ISO 8601 in UTC, ``local`` in the member's zone."""
    members = [_member(one) for one in people]
    # Escaped letters survive every terminal and every pipe.
    return json.dumps({"members": members}, indent=2)


def _member(one: Explained) -> dict[str, Any]:
    zone = one.member.zone
    return {
        "id": one.member.id,
        "name": one.member.name,
        "zone": zone,
        "zone_assumed": one.member.zone_assumed,
        "now": one.now.isoformat(),
        "nudges": one.member.preferences.nudges,
        "reachable": one.member.reachable,
        "away": [{"first": f"{a.first}", "last": f"{a.last}"} for a in one.away],
        "times_assumed": one.assumed,
        "timetable_misfit": one.misfit,
        "no_free_period": one.full,
        "alarm": _instant(one.alarm, zone),
        "next_message": _coming(one.coming, zone) if one.coming else None,
        "things": [_thing(told, zone) for told in one.things],
        "quiet": [_quiet(quiet) for quiet in one.quiet],
        "unsent": [
            {
                "state": filed.state,
                "attempts": filed.attempts,
                "reason": filed.reason,
                "due_at": filed.notice.due_at.isoformat(),
            }
            for filed in one.unsent
        ],
        "digests": [_digest(digest) for digest in one.digests],
        "recurring": [
            {"text": own.reminder.text, **(_instant(own.at, own.reminder.rule.zone) or {})}
            for own in one.recurring
        ],
    }


def _instant(at: datetime | None, zone: str) -> dict[str, str] | None:
    if at is None:
        return None
    return {"at": at.isoformat(), "local": at.astimezone(ZoneInfo(zone)).isoformat(), "zone": zone}


def _coming(coming: Coming, zone: str) -> dict[str, Any]:
    common = {**(_instant(coming.at, zone) or {}), "says": says(coming)}
    view = coming.says
    if isinstance(view, CatchUpView):
        return {**common, "kind": "catch_up", "where": "direct"}
    things = [{"plan": t.plan.title, "thing": thing_name(t.plan, t.waiting)} for t in view.things]
    where = "direct" if view.thread is None else "thread"
    return {
        **common,
        "kind": "reminder",
        "where": where,
        "period": _period(view.free, zone),
        "things": things,
    }


def _period(period: FreePeriod, zone: str) -> dict[str, Any]:
    return {
        "start": _instant(period.start, zone),
        "end": _instant(period.end, zone),
        "day": f"{period.day}",
        "label": period.label,
        "period": period.period,
    }


def _thing(told: Told, zone: str) -> dict[str, Any]:
    return {
        "plan": told.plan.title,
        "plan_id": told.plan.id,
        "thing": thing_words(told),
        "kind": told.waiting.kind,
        "due": f"{told.due.due}" if told.due else None,
        "reminded": [_instant(at, zone) for at in told.heard.counted],
        "again": [_instant(at, zone) for at in told.heard.again],
        "put_off_until": _instant(told.put_off.until if told.put_off else None, zone),
        "next_period": _period(told.period, zone) if told.period else None,
        "silent": told.silence,
    }


def _quiet(quiet: Quiet) -> dict[str, Any]:
    return {
        "plan": quiet.plan.title,
        "step": quiet.step,
        "done": quiet.done,
        "waits_for": list(quiet.others),
    }


def _digest(digest: DigestAhead) -> dict[str, Any]:
    return {"plans": list(digest.plans), **(_instant(digest.at, digest.zone) or {})}
