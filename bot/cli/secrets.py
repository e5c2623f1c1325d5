"""``coplan secrets``: the keys under which tokens are stored."""

import typer

from bot.cli.database import Database
from bot.cli.loading import loading
from bot.domain.errors import InvalidInput

app = typer.Typer(help="Look after the keys of stored tokens.", no_args_is_help=True)


@app.callback()
def secrets() -> None:
    """Look after the keys of stored tokens."""


@app.command("new")
def new() -> None:
    """Print a fresh key for COPLAN_SECRET_KEYS; it is kept nowhere else."""
    with loading():
        from adapters.slack.keyring import new_key

    typer.echo(new_key())


@app.command("rotate")
def rotate(database: Database = None) -> None:
    """Store every token and calendar's address under the first key, while Coplan runs or not."""
    with loading():
        from adapters.slack.installations import places, renew
        from adapters.slack.keyring import Keyring, WrongKey
        from bot.cli.database import existing
        from bot.cli.settings import settings_in_force
        from bot.domain.ids import EVERYWHERE
        from bot.main import open_store
        from bot.usecases.timetable.addresses import renew as renew_addresses

    keys = settings_in_force(database).secret_keys
    keyring = Keyring(keys.get_secret_value() if keys else "")
    renewed, addresses, lost, closed = 0, 0, 0, []
    with open_store(existing(database, None)) as door:
        every = door.read_now(EVERYWHERE, places)
        for place in every:
            try:
                renewed += door.write_now(place, lambda work: renew(work, keyring))
            except WrongKey:
                closed.append(place)
        for place in door.read_now(EVERYWHERE, lambda work: work.everywhere.with_addresses()):
            done = door.write_now(place, lambda work: renew_addresses(work, keyring))
            addresses, lost = addresses + done.changed, lost + done.closed
    typer.echo(f"{renewed} of {len(every)} tokens were sealed anew under the first key.")
    if addresses:
        typer.echo(f"Addresses of calendars sealed anew: {addresses}.")
    if not closed and not lost:
        typer.echo("All are under it now: the other keys are needed no more.")
        return
    what, instead = [], []
    if closed:
        what.append(f"what is stored for {', '.join(closed)}")
        instead.append("install Coplan there anew")
    if lost:
        what.append(f"{lost} of the calendars' addresses")
        instead.append("have members give the addresses of their calendars again")
    raise InvalidInput(
        what=f"None of the keys opens {' and '.join(what)}.",
        remedy="Add the key it was stored under behind the others, and do this again;"
        f" or {' and '.join(instead)}.",
    )
