"""``coplan export`` and ``coplan import``: plans as files, from the command line."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adapters.playground.app import WORKSPACE
from bot.chat.inbound import Upload
from bot.chat.reading.settings import parsed_plan
from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.members import Member
from bot.domain.planning.plan import Plan
from bot.main import open_store
from bot.ui.exports.exported import Exported
from bot.ui.exports.html import html
from bot.ui.exports.markdown import markdown
from bot.ui.exports.plan_json import plan_json
from bot.usecases.actors import Actor
from bot.usecases.planning.exchange import import_plan
from bot.usecases.ports import Work

Data = Annotated[Path, typer.Option(help="The playground's file.")]
DATA = Path("coplan-playground.db")


class Format(StrEnum):
    """How a plan is written."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


RENDER = {Format.MARKDOWN: markdown, Format.HTML: html, Format.JSON: plan_json}


def export(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The plan's title.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to; standard output if not given.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="md, html or json.")] = Format.MARKDOWN,
    data: Data = DATA,
) -> None:
    """Write a plan with its whole log as Markdown, HTML or JSON."""
    with open_store(_existing(data)) as store:
        exported = store.read_now(WORKSPACE, lambda work: _exported(work, title))
    text = RENDER[form](exported)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise errors.InvalidInput(
            what=f"{out} cannot be written: {error.strerror}.", remedy="Choose another with --out."
        ) from None
    typer.echo(f"Wrote {out}.", err=True)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exported plan (JSON).")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who imports it.")],
    data: Data = DATA,
) -> None:
    """Import an exported plan; NAME becomes a partner of it."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise errors.InvalidInput(
            what=f"{file} cannot be read: {error.strerror}.", remedy="Give an exported JSON file."
        ) from None
    command = parsed_plan(Upload(name=file.name, content=content))
    with open_store(_existing(data)) as store:
        done = store.write_now(
            WORKSPACE, lambda work: import_plan(work, _actor(work, name), command)
        )
    typer.echo(f"Imported “{done.plan.title}” with {done.plan.entries} entries of its log.")


def _existing(data: Path) -> str:
    if not data.is_file():
        raise errors.InvalidInput(
            what=f"There is no file {data}.", remedy="Name the playground's file with --data."
        )
    return f"sqlite:///{data.resolve()}"


def _exported(work: Work, title: str) -> Exported:
    members = work.members.all()
    plan = _titled(work, members, title)
    return Exported(
        plan=plan,
        entries=tuple(work.log.of_plan(plan.id)),
        names={member.id: member.name for member in members},
        exported_at=work.now,
        zone=next((m.zone for m in members if m.id == plan.started_by), "UTC"),
    )


def _titled(work: Work, members: list[Member], title: str) -> Plan:
    plans = {p.id: p for m in members for p in work.plans.of_member(m.id)}.values()
    wanted = title.strip().casefold()
    found = [p for p in plans if p.title.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"“{p.title}”" for p in plans) or "none"
    raise errors.InvalidInput(
        what=f"{len(found) or 'No'} plans are called “{title}”.", remedy=f"Known are: {known}."
    )


def _actor(work: Work, name: str) -> Actor:
    members = work.members.all()
    found = [m for m in members if m.name.casefold() == name.strip().casefold()]
    places = work.partnerships.of_member(found[0].id) if len(found) == 1 else []
    if not places:
        known = ", ".join(m.name for m in members) or "nobody yet"
        raise errors.InvalidInput(
            what=f"“{name}” has no plan here yet, so there is no channel to import into.",
            remedy=f"Name somebody who plans here: {known}.",
        )
    return Actor(member=found[0], place=places[-1].place, source=Source(zone=found[0].zone))
