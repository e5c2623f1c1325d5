"""An exported plan, read back: nothing in it is believed before it is checked.

``parse`` needs no database and may run in a worker; ``to_plan`` puts the workspace's own ids in.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from bot.domain.contributions.acts import Act, Entry, Source
from bot.domain.errors import InvalidInput
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning import plan as parts
from bot.domain.planning.plan import Answer, AnswerKey, Plan, PlanState
from bot.domain.planning.texts import TITLE_LENGTH
from bot.templates.document import read_template
from bot.templates.reading import Fault, Keys, Reader, dotted
from bot.ui.exports import shapes
from bot.ui.exports.checks import check
from bot.ui.exports.files import read_files
from bot.ui.exports.plan_json import FILES, MARK, VERSION
from bot.ui.exports.references import COLLECTIONS, Swaps, swap_entry, swap_plan, swap_texts
from bot.ui.exports.shapes import People
from bot.usecases.planning.attached import AttachedFile

T = TypeVar("T")

FILE_BYTES = 11 * 1024 * 1024
"""Of the document: the files of a plan in base64, and as much text as anybody writes."""
_REPORTED = 3
_MOST_PEOPLE = 200
_MOST_ITEMS = 5000
_MOST_ENTRIES = 100_000
_HERE = ""
"""Stands for ids that only ``to_plan`` knows."""
_REMEDY = "Nothing was imported. Export the plan again as JSON and upload that file."

_ITEMS: dict[str, type] = {
    "comments": parts.Comment,
    "decisions": parts.Decision,
    "challenges": parts.Challenge,
    "responsibilities": parts.Responsibility,
    "resources": parts.Resource,
    "minutes": parts.Minutes,
    "sessions": parts.Session,
    "outside": parts.OutsideWork,
}
_NAMES = {of: [f.name for f in dataclasses.fields(of)] for of in (Act, Answer, AnswerKey)}
_KEYS = (
    MARK,
    "exported_at",
    "zone",
    "title",
    "state",
    "started_by",
    "started_at",
    "people",
    "partners",
    "template",
    "steps",
    "answers",
    *COLLECTIONS,
    "log",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPlan:
    """A checked document: ``people`` maps its references to names, ``files`` to files.

    ``plan`` and ``entries`` hold references where ids belong.
    """

    people: Mapping[str, str]
    files: Mapping[str, AttachedFile]
    plan: Plan
    entries: tuple[Entry, ...]


def parse(data: bytes) -> ImportedPlan:
    """Return the plan in a JSON document that ``plan_json`` wrote.

    Raises ``InvalidInput`` naming the place in the document and the reason.
    """
    reader = Reader(_load(data))
    _require_version(reader)
    imported = _read(reader)
    faults = reader.faults or check(imported.plan, imported.entries, imported.files)
    if faults:
        raise _refused(faults)
    return imported


def to_plan(
    imported: ImportedPlan,
    *,
    members: Mapping[str, MemberId],
    files: Mapping[str, str],
    workspace: WorkspaceId,
    plan: PlanId,
    partnership: PartnershipId,
    new_id: Callable[[], str],
) -> tuple[Plan, tuple[Entry, ...]]:
    """Return the imported plan and its log under the ids of this workspace.

    ``members`` says who each of the document's people is here: all of them, nobody twice
    (``InvalidInput`` otherwise: their answers would overwrite each other). ``files`` gives the ids
    of those that are kept here; of the others nothing remains.
    """
    missing = [name for ref, name in imported.people.items() if ref not in members]
    if missing or len({members[ref] for ref in imported.people}) < len(imported.people):
        raise InvalidInput(
            what=f"It is not said who {', '.join(missing) or 'each person of the plan'} is here.",
            remedy="Choose one member for each person in the file. Nothing was imported.",
        )
    items: dict[str, str] = {}

    def item(ref: str) -> str:
        if ref not in items:
            items[ref] = new_id()
        return items[ref]

    swaps = Swaps(member=members.__getitem__, item=item, file=lambda ref: files.get(ref, ""))
    ours = dataclasses.replace(
        swap_plan(imported.plan, swaps),
        workspace=workspace,
        id=plan,
        partnership=partnership,
    )
    entries = (swap_entry(entry, swaps) for entry in imported.entries)
    return ours, tuple(dataclasses.replace(entry, plan=plan) for entry in entries)


def _refused(faults: list[Fault]) -> InvalidInput:
    once = [*dict.fromkeys(faults)][:_REPORTED]
    told = (
        f"{dotted(fault.path)}: {fault.reason}" if fault.path else f"The file {fault.reason}"
        for fault in once
    )
    return InvalidInput(what="\n".join(told), remedy=_REMEDY)


def _load(data: bytes) -> object:
    if len(data) > FILE_BYTES:
        reason = f"has {len(data):,} bytes; at most {FILE_BYTES // 1024 // 1024} MiB are read"
        raise _refused([Fault((), reason)])
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except json.JSONDecodeError as error:
        reason = f"is not JSON: line {error.lineno}, {error.msg}"
    except RecursionError:
        reason = "is nested too deeply"
    except ValueError as error:  # the two below, and whole numbers of thousands of digits
        reason = f"is not JSON as it should be: {str(error)[:80]}"
    raise _refused([Fault((), reason)])


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key is there twice")
    return values


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _require_version(reader: Reader) -> None:
    found = reader.value.get(MARK) if isinstance(reader.value, dict) else None
    if found is None:
        raise _refused([Fault((), f"is not a plan exported by Coplan (it has no “{MARK}”)")])
    if found != VERSION or isinstance(found, bool):
        known = f"this Coplan reads version {VERSION}"
        raise _refused([Fault((MARK,), f"is version {str(found)[:20]}; {known}")])


def _read(reader: Reader) -> ImportedPlan:
    keys = reader.mapping((*_KEYS, FILES), required=_KEYS)
    people = People()
    for item in keys["people"].items(_MOST_PEOPLE):
        people.declare(item)
    shapes.instant(keys["exported_at"])
    _zone(keys["zone"])
    entries = tuple(
        _entry(item, number, people)
        for number, item in enumerate(keys["log"].items(_MOST_ENTRIES), start=1)
    )
    plan = Plan(
        workspace=WorkspaceId(_HERE),
        id=PlanId(_HERE),
        partnership=PartnershipId(_HERE),
        title=_title(keys["title"]),
        template=read_template(keys["template"]),
        started_by=people.known(keys["started_by"]),
        started_at=shapes.instant(keys["started_at"]),
        state=keys["state"].choice(PlanState),
        partners=_several(keys["partners"], parts.Partner, people),
        steps=_several(keys["steps"], parts.StepState, people),
        answers=dict(_answers(keys["answers"], people)),
        entries=len(entries),
        **_items(keys, people),
    )
    files = read_files(keys[FILES]) if FILES in keys else {}
    return ImportedPlan(people=people.names, files=files, plan=plan, entries=entries)


def _title(reader: Reader) -> str:
    reader.text(TITLE_LENGTH)  # a title must not be empty
    return shapes.text(reader, TITLE_LENGTH) if isinstance(reader.value, str) else ""


def _zone(reader: Reader) -> str:
    name = reader.text(60, empty=True)
    if name and name not in _zones():
        reader.fault("is not a time zone (like Europe/Berlin)")
        return ""
    return name


_zones = cache(available_timezones)
"""Every call of the library's own searches the whole time zone database (4 ms)."""


def _several(reader: Reader, of: type[T], people: People) -> tuple[T, ...]:
    return tuple(shapes.read(item, of, people) for item in reader.items(_MOST_ITEMS))


def _items(keys: Keys, people: People) -> dict[str, Any]:
    found: dict[str, Any] = {}
    seen: set[ItemId] = set()
    for name, of in _ITEMS.items():
        found[name] = _several(keys[name], of, people)
        for n, item in enumerate(found[name]):
            if item.id in seen:
                keys[name].faults.append(Fault((name, n, "id"), "is there twice"))
            seen.add(item.id)
    return found


def _answers(reader: Reader, people: People) -> Iterator[tuple[AnswerKey, Answer]]:
    seen = set()
    names = (*_NAMES[AnswerKey], *_NAMES[Answer])
    for item in reader.items(_MOST_ITEMS):
        key = shapes.read(item, AnswerKey, people, beside=names)
        answer = shapes.read(item, Answer, people, beside=names)
        if key in seen:
            item.fault("answers what another one answers, too")
        seen.add(key)
        yield key, answer


def _entry(reader: Reader, number: int, people: People) -> Entry:
    beside = ("number", "detail", "platform", "zone")
    act = shapes.read(reader, Act, people, beside=beside)
    keys = reader.mapping([*_NAMES[Act], *beside], ("number",))
    if "number" in keys and keys["number"].number(1, _MOST_ENTRIES) != number:
        keys["number"].fault(f"must be {number}: entries are counted without gaps")
    source = Source(
        platform=shapes.text(keys["platform"], 30) if "platform" in keys else "",
        zone=_zone(keys["zone"]) if "zone" in keys else "",
    )
    if "detail" in keys:
        act = dataclasses.replace(act, detail=_detail(keys["detail"]))
    if not reader.faults:
        _check_texts(act, reader, people)
    return Entry(plan=PlanId(_HERE), number=number, act=act, source=source)


def _detail(reader: Reader) -> dict[str, str]:
    given = reader.value if isinstance(reader.value, dict) else {}
    keys = reader.mapping(list(given))
    for key in given:
        shapes.text(Reader(key, (*reader.path, key), reader.faults), 200)
    return {key: shapes.text(keys[key]) for key in given}


def _check_texts(act: Act, reader: Reader, people: People) -> None:
    """Check the references that an act's texts hold."""

    def person(ref: str) -> str:
        return people.known(Reader(ref, reader.path, reader.faults))

    def item(ref: str) -> str:
        return shapes.reference(Reader(ref, reader.path, reader.faults), "i")

    def file(ref: str) -> str:
        return shapes.reference(Reader(ref, reader.path, reader.faults), "f")

    swap_texts(act, Swaps(member=person, item=item, file=file))
