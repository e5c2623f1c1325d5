"""``coplan timetable``: look into timetable files from the command line."""

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.files.fet import read_fet_limits
from adapters.files.recognising import recognise
from bot.cli.files import read_file, reading
from bot.cli.progress import at_work
from bot.cli.timetable_read import read_timetable
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import (
    Common,
    Grid,
    Place,
    clash_words,
    common,
    find_teacher,
    hand_offs,
)
from bot.domain.timetable.limits import Limits, limited
from bot.domain.timetable.marking import not_busy
from bot.domain.timetable.overlaps import by_clock

app = typer.Typer(help="Look into timetable files.", no_args_is_help=True)

_BAD_INPUT = 2


@app.callback()
def timetable() -> None:
    """Look into timetable files."""


app.command("read")(read_timetable)


@app.command("common")
def common_slots(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A timetable of any format that is known."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Teachers, as the file names them."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    constraints: Annotated[
        Path | None,
        typer.Option(metavar="FILE.fet", help="Breaks and absences from FET's own file."),
    ] = None,
    idle: Annotated[
        list[str] | None,
        typer.Option("--not-busy", metavar="SUBJECT", help="No lesson; may be repeated."),
    ] = None,
) -> None:
    """Print when the named teachers are all free, and what it costs each of them."""
    try:
        if file is None or not names:
            raise _nobody()
        with at_work("Reading the timetable…"):
            grid = reading(recognise, read_file(file), file.name)
            if constraints is not None:
                grid = limited(grid, reading(_limits, read_file(constraints), constraints.name))
            grid = by_clock(not_busy(grid, idle or ()))
        with at_work("Comparing the teachers…"):
            found = common(grid, names)
    except InvalidInput as problem:
        typer.echo(" ".join(str(problem).split()), err=True)
        raise typer.Exit(_BAD_INPUT) from None
    for note in grid.notes:
        typer.echo(f"Note: {note}", err=True)
    for name in dict.fromkeys(names):
        if told := clash_words(grid, find_teacher(grid, name)):
            typer.echo(f"Note: {name} has two things at once: {told}. Two people?", err=True)
    if as_json:
        # Escaped letters survive every terminal and every pipe.
        typer.echo(json.dumps(_document(grid, found)))
    else:
        _show(grid, found, list(dict.fromkeys(names)))


def _limits(data: bytes, _: str) -> Limits:
    return read_fet_limits(data)


def _nobody() -> InvalidInput:
    """Return the problem of a command without file or names, in one line like all others."""
    return InvalidInput(
        what="A timetable file and at least one teacher are needed.",
        remedy="For example: coplan timetable common FILE NAME NAME",
    )


def _document(grid: Grid, found: Common) -> dict[str, object]:
    """Return the answer as the JSON document of the command."""
    return {
        "days": list(grid.days),
        "periods": list(grid.periods),
        "free": [_place(grid, place) for place in found.free],
        "available": [
            {**_place(grid, place), "cost": {name: cost.value for name, cost in costs.items()}}
            for place, costs in found.available
        ],
    }


def _place(grid: Grid, place: Place) -> dict[str, object]:
    """Return one period of one day with its words and indexes."""
    day, period = place
    return {
        "day": grid.days[day],
        "period": grid.periods[period],
        "day_index": day,
        "period_index": period,
    }


def _show(grid: Grid, found: Common, names: list[str]) -> None:
    """Print the answer for people: the slots by cost, or none and the asynchronous offer."""
    if not found.available:
        _print("No period in the whole cycle suits all of them.")
        _show_offer(grid, names)
        return
    table = Table("Day", "Period")
    for name in names:
        table.add_column(Text(name))
    ranked = sorted(found.available, key=lambda one: _rank([c.price for c in one[1].values()]))
    for (day, period), costs in ranked:
        words = (Text(costs[name].value) for name in names)
        table.add_row(Text(grid.days[day]), Text(grid.periods[period]), *words)
    page = StringIO()
    Console(file=page).print(table)
    _print(page.getvalue().rstrip())


def _print(text: str) -> None:
    """Print ``text``; letters that the terminal's encoding lacks become question marks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    typer.echo(text.encode(encoding, "replace").decode(encoding))


def _show_offer(grid: Grid, names: list[str]) -> None:
    """Print hand-offs for people without a common period, each in a free period of one's own."""
    offer = hand_offs(grid, names)
    if offer:
        _print("Plan apart instead, each in a free period of your own:")
    for name, (day, period) in offer:
        _print(f"  {name}: {grid.days[day]}, {grid.periods[period]}")


def _rank(prices: list[int]) -> tuple[int, int]:
    """Return the key that puts the cheapest slot first: the dearest cost, then the sum."""
    return max(prices), sum(prices)
