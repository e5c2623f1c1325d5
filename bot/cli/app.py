"""``coplan``: the command line. One clear line and exit code 2 for bad input, no traceback.

A command imports what it works with when it runs: its help and the version come at once.
"""

import sys
import tempfile
import traceback
from typing import Annotated

import typer

from bot.cli import (
    backup,
    calendar,
    db,
    discord,
    doctor,
    plan_files,
    playground,
    reminders,
    run,
    secrets,
    slack,
    timetable,
)
from bot.domain.errors import Problem, sentences

BAD_INPUT = 2

app = typer.Typer(
    help="Coplan: asynchronous coplanning for people who seldom share a free hour.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("playground")(playground.playground)
app.command("run")(run.run)
app.command("doctor")(doctor.doctor)
app.command("export")(plan_files.export)
app.command("import")(plan_files.import_)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(calendar.app, name="calendar")
app.add_typer(db.app, name="db")
app.add_typer(discord.app, name="discord")
app.add_typer(reminders.app, name="reminders")
app.add_typer(secrets.app, name="secrets")
app.add_typer(slack.app, name="slack")
app.add_typer(timetable.app, name="timetable")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"coplan {version('coplan')}")
        raise typer.Exit


@app.callback()
def coplan(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Plan together although you never have the same hour free."""


def main() -> None:
    """Run the command line; known problems are said on standard error, each reason in a line."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 130
    except typer.TyperException as error:
        code = _say(f"{error.format_message().rstrip('.')}. See --help.")
    except Problem as problem:
        code = _say(problem.message, problem.remedy)
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 1
    except Exception as error:  # noqa: BLE001 - whoever types a command is shown no traceback
        code = _say(f"Something went wrong that should not. Its trace is in {_trace(error)}.")
    sys.exit(code if isinstance(code, int) else 0)


def _say(problem: str, remedy: str = "") -> int:
    """Print a problem in one line with its remedy; one of several lines with the remedy below."""
    lines = problem.strip().splitlines()
    said = [*lines, remedy] if len(lines) > 1 else [f"{sentences(problem)} {remedy}"]
    for line in filter(None, (" ".join(one.split()) for one in said)):
        typer.echo(line, err=True)
    return BAD_INPUT


def _trace(error: Exception) -> str:
    """Keep where an unknown error came from, without its words, which may be a member's."""
    from bot.log import reference

    trace = [*traceback.format_tb(error.__traceback__), f"{type(error).__name__}\n"]
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=f"coplan-{reference()}-", suffix=".log", delete=False
    ) as file:
        file.writelines(trace)
    return file.name
