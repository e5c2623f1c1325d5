"""The files of a plan as they leave with an export, and come in with an import."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.contributions.acts import Entry
from bot.domain.planning.plan import Plan
from bot.usecases.ports import Work

FILES_BYTES = 6 * 1024 * 1024
"""All files of an export together: it stays small enough to be sent, and to be imported again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file of ``size`` bytes; ``content`` is None where it was too large to go with the rest."""

    name: str
    size: int
    content: bytes | None


def attached(work: Work, plan: Plan, entries: Iterable[Entry]) -> dict[str, AttachedFile]:
    """Return the plan's files by id, in the order in which they were added.

    They hold at most ``FILES_BYTES`` together: what does not fit is never loaded.
    """
    found: dict[str, AttachedFile] = {}
    room, known = FILES_BYTES, work.files.about(plan.id)
    for file in _mentioned(plan, entries):
        if file not in known:
            continue
        name, size = known[file]
        kept = work.files.get(plan.id, file) if size <= room else None
        room -= size if kept else 0
        found[file] = AttachedFile(name=name, size=size, content=kept[1] if kept else None)
    return found


def _mentioned(plan: Plan, entries: Iterable[Entry]) -> list[str]:
    """Return the ids of files in outside work, also in what was taken back and only logged."""
    logged = (entry.act.detail.get("file", "") for entry in entries)
    return [file for file in dict.fromkeys([*(w.file for w in plan.outside), *logged]) if file]
