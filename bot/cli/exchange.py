"""What ``coplan export`` and ``coplan import`` do: plans as files, of every workspace."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import URL

from bot.chat.inbound import Upload
from bot.chat.reading.settings import parsed_plan
from bot.cli.plan_files import Format
from bot.cli.progress import at_work
from bot.domain import errors
from bot.domain.contributions.acts import Source
from bot.domain.ids import EVERYWHERE, MemberId
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
from storage.door import Door
from storage.work import StorageWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which plan is meant: by its title, and a number from 1 where several bear it."""

    title: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Space:
    """Members and plans of a workspace, archived ones too."""

    members: tuple[Member, ...]
    plans: tuple[Plan, ...]


RENDER = {Format.MARKDOWN: markdown, Format.HTML: html, Format.JSON: plan_json}


def write_plan(wanted: Wanted, form: Format, url: URL, out: Path | None) -> None:
    """Write the wanted plan of the database at ``url`` to ``out``, or standard output."""
    with at_work("Reading the plan…"), open_store(url) as store:
        plan = _titled(_known(store), wanted)
        exported = store.read_now(plan.workspace, lambda work: _exported(work, plan))
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


def take_plan(file: Path, name: str, url: Callable[[], URL]) -> None:
    """Import an exported plan into the database at ``url()``, as the member of that name."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise errors.InvalidInput(
            what=f"{file} cannot be read: {error.strerror}.", remedy="Give an exported JSON file."
        ) from None
    with at_work("Checking the file…"):
        command = _parsed(Upload(name=file.name, content=content))
    with at_work("Saving the plan…"), open_store(url()) as store:
        who = _named(_known(store), name)
        done = store.write_now(
            who.workspace, lambda work: import_plan(work, _actor(work, who), command)
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


def _known(store: Door[StorageWork]) -> list[_Space]:
    """Return who and what is in every workspace that ever had a plan."""
    workspaces = store.read_now(EVERYWHERE, lambda work: work.everywhere.workspaces())
    return [store.read_now(workspace, _space) for workspace in workspaces]


def _space(work: Work) -> _Space:
    members = work.members.all()
    return _Space(
        members=tuple(members),
        plans=tuple(
            {p.id: p for m in members for p in work.plans.of_member(m.id, archived=True)}.values()
        ),
    )


def _exported(work: Work, plan: Plan) -> Exported:
    members = work.members.all()
    entries = tuple(work.log.of_plan(plan.id))
    return Exported(
        plan=plan,
        entries=entries,
        names={member.id: member.name for member in members},
        exported_at=work.now,
        zone=next((m.zone for m in members if m.id == plan.started_by), "UTC"),
        files=attached(work, plan, entries),
    )


def _titled(spaces: list[_Space], wanted: Wanted) -> Plan:
    """Return the plan that is meant; ``InvalidInput`` names those that there are."""
    plans = [plan for space in spaces for plan in space.plans]
    names = {member.id: member.name for space in spaces for member in space.members}
    found = [p for p in plans if p.title.casefold() == wanted.title.strip().casefold()]
    if not found:
        told = told_apart(plans, Reader(zone="UTC", names=names), limit=3 * TITLE_LENGTH)
        known = ", ".join(f"“{p.title}”{told[p.id].removeprefix(p.title)}" for p in plans) or "none"
        raise errors.InvalidInput(
            what=f"No plans are called “{wanted.title}”.", remedy=f"Known are: {known}."
        )
    found.sort(key=lambda plan: (plan.started_at, plan.id))
    if not wanted.number and len(found) == 1:
        return found[0]
    if 0 < wanted.number <= len(found):
        return found[wanted.number - 1]
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


def _named(spaces: list[_Space], name: str) -> Member:
    """Return the one member of that name (or id) who plans somewhere."""
    members = [m for s in spaces for m in s.members if m.identity.platform != IMPORTED]
    planning = {member for space in spaces for plan in space.plans for member in plan.members}
    wanted = name.strip().casefold()
    found = [m for m in members if wanted in {m.name.casefold(), m.id} and m.id in planning]
    if len(found) > 1:
        ids = ", ".join(f"{m.name} ({m.id})" for m in found)
        raise errors.InvalidInput(
            what=f"Several are called “{name}”: {ids}.", remedy="Give the id of the one you mean."
        )
    if not found:
        known = ", ".join(m.name for m in members) or "nobody yet"
        raise errors.InvalidInput(
            what=f"“{name}” has no plan here yet, so there is no channel to import into.",
            remedy=f"Name somebody who plans here: {known}.",
        )
    return found[0]


def _actor(work: Work, member: Member) -> Actor:
    home = work.partnerships.of_member(member.id)[-1]
    return Actor(member=member, place=home.place, source=Source(zone=member.zone))
