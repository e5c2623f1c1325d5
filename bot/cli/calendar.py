"""``coplan calendar``: look into a school's calendar from the command line."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from adapters.files.country_days import country_days
from adapters.files.school_year import read_school_year
from bot.cli.files import read_file
from bot.domain.errors import InvalidInput
from bot.domain.timetable.groups import for_groups, known_groups
from bot.domain.timetable.holidays import suggested
from bot.domain.timetable.school import LONGEST_CALENDAR

app = typer.Typer(help="Look into a school's calendar.", no_args_is_help=True)
_EXAMPLE = "Give it as 2026-11-30."


@app.callback()
def calendar() -> None:
    """Look into a school's calendar."""


@app.command("days")
def days(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A calendar in YAML or JSON.")],
    first: Annotated[
        str, typer.Option("--from", metavar="D", help="First date; else the calendar's.")
    ] = "",
    last: Annotated[
        str, typer.Option("--to", metavar="D", help="Last date; else the calendar's.")
    ] = "",
    group: Annotated[
        list[str] | None,
        typer.Option("--group", help="For this class or grade; with several, for all of them."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print which cycle day each date is; weekends and closures have none."""
    school = read_school_year(read_file(file), file.name)
    school = for_groups(school, known_groups(school, group or ()))
    start = _date("--from", first) or school.first_date
    end = _date("--to", last) or school.until
    if end < start:
        raise InvalidInput(
            what=f"The last date, {end}, comes before the first, {start}.",
            remedy="Give the first date with --from and the last with --to.",
        )
    if end - start > 2 * LONGEST_CALENDAR:
        raise InvalidInput(
            what=f"From {start} to {end} is too long.", remedy="Ask for at most ten years."
        )
    labels = school.labels_between(start, end)
    if as_json:
        typer.echo(json.dumps({day.isoformat(): label for day, label in labels.items()}))
        return
    for day, label in labels.items():
        typer.echo(f"{day} {day:%a}  {label or '-'}")


@app.command("holidays")
def holidays(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A calendar in YAML or JSON.")],
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="DE, US, Brazil …")],
    region: Annotated[str, typer.Option("--region", help="Of the country: BY, NY …")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print the public holidays that are school days by the calendar: a suggestion."""
    school = read_school_year(read_file(file), file.name)
    years = range(school.first_date.year, school.until.year + 1)
    found = suggested(school, country_days(country, region, years))
    if as_json:
        typer.echo(json.dumps({one.start.isoformat(): one.name for one in found}))
        return
    for one in found:
        typer.echo(f"{one.start} {one.start:%a}  {one.name}")


def _date(option: str, text: str) -> date | None:
    """Return the date of an option, None where it was not given."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(what=f"{option}: “{text[:40]}” is no date.", remedy=_EXAMPLE) from None
