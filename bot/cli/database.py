"""Which database a command is about."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.errors import InvalidInput

if TYPE_CHECKING:
    from sqlalchemy import URL

PLAYGROUND = Path("coplan-playground.db")
"""The playground's file, unless --data names another."""

Database = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The database; COPLAN_DATABASE_URL if not given."),
]
Data = Annotated[Path | None, typer.Option(metavar="FILE", help="The playground's file instead.")]


def chosen(database: str | None, data: Path | None) -> "URL":
    """Return the address of the one database that is meant.

    Where nothing says which, it is the one that is here: the file of the default setting, or the
    playground's. Raises ``InvalidInput`` when both options are given, or both files are here, or
    neither, and for an address that cannot be used.
    """
    from sqlalchemy.engine import make_url

    from bot.cli.settings import settings_in_force

    if database is not None and data is not None:
        raise InvalidInput(
            what="--database and --data name two databases.", remedy="Give one of the two."
        )
    if data is not None:
        return _file(data)
    settings = settings_in_force(database)
    url = make_url(settings.database_url)
    if "database_url" in settings.model_fields_set:
        return url
    here = [path for path in (Path(str(url.database)), PLAYGROUND) if path.exists()]
    if len(here) == 1:
        return _file(here[0])
    found = f"Both {here[0]} and {here[1]} are here." if here else "There is no database here."
    raise InvalidInput(what=found, remedy="Name the one that is meant with --database or --data.")


def existing(database: str | None, data: Path | None) -> "URL":
    """Return the address of the one that is meant, which is there: the command makes none.

    Raises ``InvalidInput`` as ``chosen`` does, and when there is none of Coplan's.
    """
    from storage import migrate

    url = chosen(database, data)
    file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    if (file is not None and not file.is_file()) or migrate.current(url) is None:
        raise InvalidInput(
            what=f"There is no database of Coplan in {url.database}.",
            remedy="Name the one that is meant with --database or --data.",
        )
    return url


def _file(path: Path) -> "URL":
    from sqlalchemy import URL

    return URL.create("sqlite", database=str(path.resolve()))
