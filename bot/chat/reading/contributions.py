"""Readers of contributions: outside work, history, remarks."""

import re
from dataclasses import replace

from bot.chat.arguments import arg, choice, number, quoted, upload, value, words
from bot.chat.inbound import Inbound
from bot.chat.reading.planning import show_plan
from bot.domain import errors
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.planning.texts import clean
from bot.usecases.contributions.history import Remark, ShowEntry, ShowHistory
from bot.usecases.contributions.outside import ConfirmOutside, GetFile, LogOutside
from bot.usecases.planning.reading import ShowPlan

LARGEST_FILE = 10 * 1024 * 1024


_LENGTH = re.compile(
    r"\d[\d.,:]*\s*(?:h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|['\u2019])\d*(?!\w).*"
    r"|(?:half\s+)?(?:an?|one|two)\s+(?:hour|minute).*",
    re.IGNORECASE,
)
"""“45 min talk with Ben”: how long is tapped; no plan is called so."""


def log_words(inbound: Inbound) -> ShowPlan:
    """Read of which plan something is to be logged; what was done is asked with buttons."""
    meant = show_plan(inbound)
    return replace(meant, title="") if _LENGTH.fullmatch(meant.title) else meant


def log_tapped(inbound: Inbound) -> LogOutside:
    """Read the second tap: how long, with whom."""
    return LogOutside(
        plan=PlanId(arg(inbound, 0)),
        kind=arg(inbound, 1),
        band=arg(inbound, 2),
        partner=MemberId(arg(inbound, 3)),
    )


def log_saved(inbound: Inbound) -> LogOutside:
    """Read the form of outside work; a note that is an address is a link."""
    note = clean(value(inbound, "note"))
    is_link = note.lower().startswith(("http://", "https://")) and " " not in note
    file = upload(inbound, "file")
    if file is not None and len(file.content) > LARGEST_FILE:
        raise errors.FieldErrors({"file": "Files of up to 10 MB are kept; give a link instead."})
    return LogOutside(
        plan=PlanId(arg(inbound, 0)),
        kind=value(inbound, "kind"),
        band=value(inbound, "band"),
        partner=MemberId(value(inbound, "partner")),
        note="" if is_link else note,
        link=note if is_link else "",
        file=(file.name, file.content) if file else None,
    )


def confirm(inbound: Inbound) -> ConfirmOutside:
    """Read the button of an entry of outside work."""
    return ConfirmOutside(plan=PlanId(arg(inbound, 0)), item=ItemId(arg(inbound, 1)))


def file(inbound: Inbound) -> GetFile:
    """Read which file of a plan is wanted."""
    return GetFile(plan=PlanId(arg(inbound, 0)), file=arg(inbound, 1))


def show_history(inbound: Inbound) -> ShowHistory:
    """Read whose history is meant: a button's plan, step and field, or words."""
    named = arg(inbound, 0, choice(inbound))
    return ShowHistory(
        plan=PlanId(named) if named else None,
        title=quoted(words(inbound))[0],
        step=arg(inbound, 1, ""),
        field=arg(inbound, 2, ""),
        before=number(inbound, 3, 0),
    )


def entry(inbound: Inbound) -> ShowEntry:
    """Read which entry is meant: chosen in a menu, or a button's."""
    picked = choice(inbound)
    at = int(picked) if picked.isascii() and picked.isdigit() and len(picked) < 10 else 0  # noqa: PLR2004 - entries
    return ShowEntry(
        plan=PlanId(arg(inbound, 0)), entry=at or number(inbound, 1), part=number(inbound, 2, 0)
    )


def remark(inbound: Inbound) -> Remark:
    """Read the form of a note or a dispute."""
    return Remark(
        plan=PlanId(arg(inbound, 0)), entry=number(inbound, 1), text=value(inbound, "text")
    )


def credit(inbound: Inbound) -> Remark:
    """Read whom an entry is credited to."""
    return Remark(
        plan=PlanId(arg(inbound, 0)), entry=number(inbound, 1), to=MemberId(choice(inbound))
    )
