"""What ``coplan export`` and ``coplan import`` do: plans as files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import URL

from adapters.playground import datafile
from adapters.playground.ports import WORKSPACE
from bot.chat.inbound import Upload
from bot.chat.reading.settings import parsed_plan
from bot.cli.plan_files import Format
from bot.cli.progress import at_work
from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.ids import MemberId
from bot.domain.members import Member
from bot.domain.planning.imported import IMPORTED
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.texts import TITLE_LENGTH
from bot.main import open_store
from bot.ui.exports.exported import Exported
from bot.ui.exports.files import left_out
from bot.ui.exports.html import html
from bot.ui.exports.markdown import markdown
from bot.ui.exports.plan_json import plan_json
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.pages.words import count, people
from bot.usecases.actors import Actor
from bot.usecases.planning.attached import attached
from bot.usecases.planning.exchange import ImportPlan, import_plan
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plan is meant: by its title, and a number from 1 where several bear it."""

    title: str
    number: int


RENDER = {Format.MARKDOWN: markdown, Format.HTML: html, Format.JSON: plan_json}


def write_plan(wanted: Wanted, form: Format, *, data: Path, out: Path | None) -> None:
    """Write the wanted plan of the playground's file ``data`` to ``out``, or standard output."""
    with at_work("Reading the plan…"), open_store(_existing(data)) as store:
        exported = store.read_now(WORKSPACE, lambda work: _exported(work, wanted))
    with at_work("Writing it down…"):
        text = RENDER[form](exported)
    _warn(exported, form)
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


def _warn(exported: Exported, form: Format) -> None:
    """Say which files are too large to be in what is written."""
    missing = left_out(exported.files.values())
    if missing and form is not Format.MARKDOWN:  # which holds none at all
        typer.echo(f"{missing}.", err=True)


def take_plan(file: Path, name: str, *, data: Path) -> None:
    """Import an exported plan into the playground's file ``data``, as the member of that name."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise errors.InvalidInput(
            what=f"{file} cannot be read: {error.strerror}.", remedy="Give an exported JSON file."
        ) from None
    with at_work("Checking the file…"):
        command = _parsed(Upload(name=file.name, content=content))
    with at_work("Saving the plan…"), open_store(_existing(data)) as store:
        done = store.write_now(
            WORKSPACE, lambda work: import_plan(work, _actor(work, name), command)
        )
    entries = count(done.plan.entries, "entry", "entries")
    typer.echo(f"Imported “{done.plan.title}” with {entries} of its log.")
    if done.left_out:
        typer.echo(f"Not in the file, so not here: {', '.join(done.left_out)}.", err=True)


def _parsed(sent: Upload) -> ImportPlan:
    """Return the checked plan; a file with several mistakes is refused with a line for each."""
    try:
        return parsed_plan(sent)
    except errors.InvalidInput as problem:
        reasons, refused = problem.message.splitlines(), f"{sent.name} cannot be imported"
        several = "\n".join((f"{refused}, for {len(reasons)} reasons:", *reasons))
        why = problem.message.replace("The file", "it", 1)
        what = several if len(reasons) > 1 else f"{refused}: {why}"
        raise errors.InvalidInput(what=what, remedy=problem.remedy) from None


def _existing(data: Path) -> URL:
    if not data.is_file():
        raise errors.InvalidInput(
            what=f"There is no file {data}.", remedy="Name the playground's file with --data."
        )
    datafile.check(data, fresh=False)
    return URL.create("sqlite", database=str(data.resolve()))


def _exported(work: Work, wanted: Wanted) -> Exported:
    members = work.members.all()
    plan = _titled(work, members, wanted)
    entries = tuple(work.log.of_plan(plan.id))
    return Exported(
        plan=plan,
        entries=entries,
        names={member.id: member.name for member in members},
        exported_at=work.now,
        zone=next((m.zone for m in members if m.id == plan.started_by), "UTC"),
        files=attached(work, plan, entries),
    )


def _titled(work: Work, members: list[Member], wanted: Wanted) -> Plan:
    plans = {p.id: p for m in members for p in work.plans.of_member(m.id, archived=True)}.values()
    found = [p for p in plans if p.title.casefold() == wanted.title.strip().casefold()]
    if not found:
        reader = Reader(zone="UTC", names={member.id: member.name for member in members})
        told = told_apart(plans, reader, limit=3 * TITLE_LENGTH)
        known = ", ".join(f"“{p.title}”{told[p.id].removeprefix(p.title)}" for p in plans) or "none"
        raise errors.InvalidInput(
            what=f"No plans are called “{wanted.title}”.", remedy=f"Known are: {known}."
        )
    found.sort(key=lambda plan: (plan.started_at, plan.id))
    if not wanted.number and len(found) == 1:
        return found[0]
    if 0 < wanted.number <= len(found):
        return found[wanted.number - 1]
    names = {member.id: member.name for member in members}
    raise errors.InvalidInput(
        what=f"{count(len(found), 'plan is', 'plans are')} called “{wanted.title}”.",
        remedy=f"Choose with --number: {'; '.join(_listed(found, names))}.",
    )


def _listed(plans: list[Plan], names: Mapping[MemberId, str]) -> Iterator[str]:
    """Yield a line for each plan: "2 (started 2026-11-23 09:05 UTC by Ana, with Ben)"."""
    for number, plan in enumerate(plans, start=1):
        who = names.get(plan.started_by, "somebody who left")
        others = [names.get(m, "") for m in plan.members if m != plan.started_by]
        partners = f", with {people(others)}" if others else ""
        state = "" if plan.state is PlanState.ACTIVE else f", {plan.state.value}"
        yield f"{number} (started {plan.started_at:%Y-%m-%d %H:%M} UTC by {who}{partners}{state})"


def _actor(work: Work, name: str) -> Actor:
    members = [m for m in work.members.all() if m.identity.platform != IMPORTED]
    found = [m for m in members if m.name.casefold() == name.strip().casefold()]
    places = work.partnerships.of_member(found[0].id) if len(found) == 1 else []
    if not places:
        known = ", ".join(m.name for m in members) or "nobody yet"
        raise errors.InvalidInput(
            what=f"“{name}” has no plan here yet, so there is no channel to import into.",
            remedy=f"Name somebody who plans here: {known}.",
        )
    return Actor(member=found[0], place=places[-1].place, source=Source(zone=found[0].zone))
