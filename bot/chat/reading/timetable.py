"""Readers of timetables, weekly hours and the school's calendar."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.chat.arguments import arg, choice, number, rest, upload, value, values
from bot.chat.inbound import Inbound, Said, Upload
from bot.chat.wishes import wish
from bot.domain import errors
from bot.domain.ids import ChangeId, PartnershipId, PlanId
from bot.domain.members import Around, Library, LibraryMode, Member
from bot.domain.timetable.bell_book import BellBook
from bot.domain.timetable.bells import LONGEST_NAME
from bot.domain.timetable.feeds import LONGEST_ADDRESS, calendar_address
from bot.domain.timetable.grid import Grid, fold_name
from bot.domain.timetable.published import FeedId
from bot.domain.timetable.school import ClosureKind, ClosurePolicy
from bot.domain.timetable.timetable import Use
from bot.domain.timetable.year_days import YearDays
from bot.domain.timetable.year_file import YearFile
from bot.ui.pages.timetable.around import MONTHS
from bot.ui.pages.timetable.schools import CHOSEN
from bot.usecases.ports import Work
from bot.usecases.timetable.addresses import kept_address
from bot.usecases.timetable.answers import SchoolAnswers, checked
from bot.usecases.timetable.around import MINUTES, TellAround
from bot.usecases.timetable.bells import Bells
from bot.usecases.timetable.free import When
from bot.usecases.timetable.holidays import Holidays
from bot.usecases.timetable.importing import (
    ChoosePerson,
    MarkSubject,
    ReadTimetable,
    SaveHours,
)
from bot.usecases.timetable.newyear import NewYear
from bot.usecases.timetable.said_days import NoSchool, groups_in
from bot.usecases.timetable.school import Closures
from bot.usecases.timetable.schools import ChooseSchool
from bot.usecases.timetable.showing import ShowDay, TapCell
from bot.usecases.timetable.uploading import UploadYear
from bot.usecases.vault import Vault

LookUp = Callable[[str, str, Sequence[int]], Mapping[date, str]]
"""Returns the holidays of a country, a region (or "") and some years by date."""
ReadYear = Callable[[bytes, str], YearFile | BellBook | YearDays]
_MOST_GROUPS = 20
_MOST_YEARS = 6
ReadSource = Callable[[bytes, str], Grid]
"""From a file, pasted text or the address of a calendar, and the file's name, to timetables."""
_ASKED = frozenset(
    (
        *(
            "with",
            "and",
            "can",
            "could",
            "will",
            "we",
            "i",
            "you",
            "me",
            "meet",
            "to",
            "do",
            "does",
        ),
        *(
            "are",
            "is",
            "be",
            "everybody",
            "everyone",
            "free",
            "all",
            "us",
            "our",
            "the",
            "a",
            "have",
        ),
        *("time", "both", "together", "shall", "should", "next"),
    )
)
"""Words of a question that say nothing about whom or which plan is meant."""
_ISO_WEEKDAYS = frozenset("1234567")
_WEEKDAYS = frozenset("0123456")


def when(inbound: Inbound) -> When:
    """Read of whom the common slots are wanted."""
    plan = arg(inbound, 0, choice(inbound))
    said = wish(inbound)
    named = [word for word in said.title.split() if word.strip(".,!?").casefold() not in _ASKED]
    return When(
        people=said.people,
        plan=PlanId(plan) if plan else None,
        strangers=said.strangers,
        title=" ".join(named).strip(" .,!?"),
    )


def more_slots(inbound: Inbound) -> When:
    """Read the button that pages on in the common slots of a plan."""
    return When(plan=PlanId(arg(inbound, 0)), skip=number(inbound, 1))


def pasted(inbound: Inbound) -> tuple[Upload, str]:
    """Read a table as bytes, and the name to look for in it."""
    if isinstance(inbound.what, Said) and (files := len(inbound.what.files)) > 1:
        raise errors.InvalidInput(
            what=f"These are {files} files, and one timetable is read at a time.",
            remedy="Send one of them alone.",
        )
    sent = upload(inbound, "file") or upload(inbound)
    text = value(inbound, "text") or rest(inbound)
    if sent is None and not text.strip():
        raise errors.FieldErrors({"text": "Paste your timetable here, or choose a file."})
    table = sent or Upload(name="", content=text.encode())
    return table, value(inbound, "person").strip()


def table_of(read_source: ReadSource, read: tuple[Upload, str]) -> ReadTimetable:
    """Parse what was given: slow for large files and addresses, so before the unit of work."""
    sent, person = read
    long = len(sent.content) > LONGEST_ADDRESS
    address = "" if long else calendar_address(sent.content.decode("utf-8", "replace"))
    grid = read_source(sent.content, sent.name)
    return ReadTimetable(grid=grid, person=person, address=address)


def given_again(
    vault: Vault | None, work: Work, member: Member | None, _: None
) -> tuple[Upload, str]:
    """Return the address that is kept as if it were given again."""
    kept = kept_address(vault, work, member)
    return Upload(name="", content=kept.address.encode()), kept.person


def person(inbound: Inbound) -> ChoosePerson:
    """Read who of the people in the table the member is."""
    return ChoosePerson(person=choice(inbound))


def planning(inbound: Inbound) -> MarkSubject:
    """Read which subject is really preparation."""
    return MarkSubject(what=choice(inbound), use=Use.PLANNING)


def no_lesson(inbound: Inbound) -> MarkSubject:
    """Read which subject is no lesson, and what it is instead."""
    use, _, what = choice(inbound).partition(":")
    if use not in set(Use):
        raise errors.StaleButton
    return MarkSubject(what=what, use=Use(use))


def first_day(inbound: Inbound) -> int:
    """Read which weekday is the first one."""
    return number(inbound, 0) % 7


def school(inbound: Inbound) -> SchoolAnswers:
    """Read when school is."""
    weekdays = {int(day) for day in values(inbound, "weekdays") if day in _WEEKDAYS}
    return SchoolAnswers(
        days=_names(value(inbound, "days")),
        first=value(inbound, "first"),
        until=value(inbound, "until"),
        bells=value(inbound, "bells"),
        weekdays=tuple(sorted(weekdays)),
        zone=value(inbound, "zone").strip(),
    )


def new_year(inbound: Inbound) -> NewYear:
    """Read what a new calendar is made of."""
    return NewYear(answers=school(inbound), mark=arg(inbound, 0, ""))


def allowed(inbound: Inbound) -> int:
    """Read how many timetables may no longer fit."""
    return number(inbound, 0)


def bells(inbound: Inbound) -> Bells:
    """Read bell schedules."""
    return Bells(
        bells=value(inbound, "bells"), until=value(inbound, "until"), mark=arg(inbound, 0, "")
    )


def closures(inbound: Inbound) -> Closures:
    """Read closures, labels, terms and policies."""
    return Closures(
        closures=value(inbound, "closures"),
        labels=value(inbound, "labels"),
        terms=value(inbound, "terms"),
        planned=_policy(value(inbound, "planned")),
        unplanned=_policy(value(inbound, "unplanned")),
        mark=arg(inbound, 0, ""),
    )


def noschool(inbound: Inbound) -> NoSchool:
    """Read on which days there is no school, said or from a button."""
    return NoSchool(text=arg(inbound, 0, rest(inbound)))


def closed_days(inbound: Inbound) -> NoSchool:
    """Read the form about closed days."""
    first, last = value(inbound, "first").strip(), value(inbound, "last").strip()
    kind = value(inbound, "kind")
    return NoSchool(
        text=f"{first} to {last}" if first and last else first,
        reason=value(inbound, "reason"),
        kind=ClosureKind(kind) if kind in set(ClosureKind) else None,
        only=checked("only", lambda: groups_in(value(inbound, "only"))),
    )


def chosen_school(inbound: Inbound) -> ChooseSchool:
    """Read which school was chosen, or typed."""
    chosen = value(inbound, "school")
    known = chosen.removeprefix(CHOSEN) if chosen.startswith(CHOSEN) else None
    return ChooseSchool(chosen=known, other=value(inbound, "other"))


def year_file(inbound: Inbound) -> tuple[Upload, bool]:
    """Read a school's year as a file or pasted, and whether timetables may be left behind."""
    sent, text = upload(inbound, "file"), value(inbound, "text")
    if sent is None and not text.strip():
        raise errors.FieldErrors({"text": "Paste the calendar here, or choose a file."})
    file = sent or Upload(name="calendar", content=text.encode())
    return file, value(inbound, "anyway") == "yes"


def parsed_year(read_year: ReadYear, read: tuple[Upload, bool]) -> UploadYear:
    """Parse a school's year, before the unit of work."""
    sent, anyway = read
    return UploadYear(file=read_year(sent.content, sent.name), anyway=anyway)


def country(inbound: Inbound) -> tuple[str, str, tuple[int, ...]]:
    """Read of which country and region the holidays are wanted, and of which years."""
    named = value(inbound, "country").strip()
    if not named:
        raise errors.FieldErrors({"country": "Name the country, for example DE."})
    first = number(inbound, 0)
    last = min(number(inbound, 1), first + _MOST_YEARS)
    return named, value(inbound, "region").strip(), tuple(range(first, last + 1))


def holidays_of(look_up: LookUp, asked: tuple[str, str, tuple[int, ...]]) -> Holidays:
    """Look the holidays up; ``FieldErrors`` for a country or region that is not known."""
    try:
        return Holidays(country=" ".join(filter(None, asked[:2])), days=look_up(*asked))
    except errors.InvalidInput as problem:
        key = "region" if "region" in problem.message else "country"
        raise errors.FieldErrors({key: str(problem)}) from None


def no_file(_: bytes, name: str) -> YearFile | BellBook | YearDays:
    """Read no calendar: where nobody gave anything that does."""
    raise errors.InvalidInput(
        what=f"“{name}” cannot be read here.", remedy="Type it under “School calendar”."
    )


def no_countries(country: str, region: str, years: Sequence[int]) -> Mapping[date, str]:  # noqa: ARG001 - a LookUp
    """Know no country: where nobody gave anything that does."""
    raise errors.InvalidInput(
        what="No country's holidays are known here.", remedy="Type them under “School calendar”."
    )


def around(inbound: Inbound) -> TellAround:
    """Read the time around school and the library's schedule."""
    said = re.split(r"[\s,;]+", value(inbound, "months").strip())
    months = [_month(word) for word in said if word]
    weekdays = {int(day) for day in values(inbound, "weekdays") if day in _ISO_WEEKDAYS}
    mode = value(inbound, "library")
    return TellAround(
        around=Around(before=_minutes(inbound, "before"), after=_minutes(inbound, "after")),
        library=Library(
            mode=LibraryMode(mode) if mode in set(LibraryMode) else LibraryMode.NONE,
            weekdays=tuple(sorted(weekdays)),
            months=tuple(sorted(set(months))),
        ),
    )


def groups(inbound: Inbound) -> tuple[str, ...]:
    """Read which groups the member teaches, one a line or with commas between."""
    names = (fold_name(name) for name in re.split(r"[\n,;]", value(inbound, "groups")))
    found = tuple(dict.fromkeys(name for name in names if name))
    if len(found) > _MOST_GROUPS or any(len(name) > LONGEST_NAME for name in found):
        says = f"At most {_MOST_GROUPS} groups of {LONGEST_NAME} characters each."
        raise errors.FieldErrors({"groups": says})
    return found


def _minutes(inbound: Inbound, key: str) -> int:
    told = value(inbound, key)
    return next((minutes for minutes in MINUTES if str(minutes) == told), 0)


def _month(word: str) -> int:
    """Return the month of that name or number; ``FieldErrors`` for what is none."""
    names = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}
    number = names.get(word[:3].casefold()) or (int(word) if word.isdecimal() else 0)
    if not 1 <= number <= len(MONTHS):
        says = f"“{word[:20]}” is no month. Write for example: Oct, Mar"
        raise errors.FieldErrors({"months": says})
    return number


def home(inbound: Inbound) -> PartnershipId | None:
    """Read which partnership's calendar is meant; None for the member's own."""
    named = arg(inbound, 0, "")
    return PartnershipId(named) if named else None


def feed(inbound: Inbound) -> FeedId:
    """Read which link of a calendar is meant."""
    return FeedId(arg(inbound, 0))


def change(inbound: Inbound) -> ChangeId:
    """Read which change of the school's calendar is meant."""
    return ChangeId(arg(inbound, 0))


def hours(inbound: Inbound) -> SaveHours:
    """Read weekly hours in words."""
    return SaveHours(words=value(inbound, "hours"))


def day(inbound: Inbound) -> ShowDay:
    """Read which day of the tap grid is wanted."""
    return ShowDay(mark=arg(inbound, 0, ""), day=number(inbound, 1, 0), page=number(inbound, 2, 0))


def cell(inbound: Inbound) -> TapCell:
    """Read which cell was tapped, and what it was."""
    return TapCell(
        mark=arg(inbound, 0),
        day=number(inbound, 1),
        period=number(inbound, 2),
        was=arg(inbound, 3),
    )


def _policy(text: str) -> ClosurePolicy:
    return ClosurePolicy.SKIP if text == ClosurePolicy.SKIP else ClosurePolicy.SHIFT


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", ",").split(",") if name.strip())
