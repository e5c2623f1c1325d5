"""A plan as a JSON document that can be imported as an equal plan.

It holds everything of the plan and its log. What belongs to the place it was kept in is left out:
the ids of the workspace, the partnership and the origin, the store's revision counter, and the
platform's ids of places and messages. People, items and files go by references local to the
document. Files stand at its end, as base64; those too large for an export by name and size only.
"""

import json
from typing import Any

from bot.domain.contributions.acts import Entry
from bot.domain.planning.plan import Plan
from bot.templates.document import write_template
from bot.ui.exports.exported import Exported
from bot.ui.exports.files import write_files
from bot.ui.exports.references import COLLECTIONS, Swaps, in_order, swap_entry, swap_plan
from bot.ui.exports.shapes import write

VERSION = 1
MARK = "coplan_plan"
"""The key that says what the document is, and holds its version."""
FILES = "files"
"""The key of the files; a plan without any has none."""


class _References:
    """Gives out p1, p2 …, i1, i2 … or f1, f2 … in the order in which ids are met."""

    def __init__(self, letter: str) -> None:
        self._letter = letter
        self.given: dict[str, str] = {}

    def __call__(self, of: str) -> str:
        return self.given.setdefault(of, f"{self._letter}{len(self.given) + 1}")


def plan_json(exported: Exported) -> str:
    """Return the document, indented for people who look into it."""
    return json.dumps(document(exported), ensure_ascii=False, indent=1) + "\n"


def document(exported: Exported) -> dict[str, Any]:
    """Return the document as plain values."""
    people, items = _References("p"), _References("i")
    files = _References("f")
    swaps = Swaps(
        member=people, item=items, file=lambda of: files(of) if of in exported.files else ""
    )
    plan = swap_plan(exported.plan, swaps)
    log = [_entry(swap_entry(entry, swaps)) for entry in exported.entries]
    attached = {ref: exported.files[file] for file, ref in files.given.items()}
    return {
        MARK: VERSION,
        "exported_at": write(exported.exported_at),
        "zone": exported.zone,
        "title": plan.title,
        "state": plan.state.value,
        "started_by": plan.started_by,
        "started_at": write(plan.started_at),
        "people": [
            {"ref": ref, "name": exported.name(member)} for member, ref in people.given.items()
        ],
        "partners": write(plan.partners),
        "template": write_template(plan.template),
        "steps": write(plan.steps),
        "answers": _answers(plan),
        **{name: write(getattr(plan, name)) for name in COLLECTIONS},
        "log": log,
        **({FILES: write_files(attached)} if attached else {}),
    }


def _answers(plan: Plan) -> list[dict[str, Any]]:
    return [{**write(key), **write(answer)} for key, answer in in_order(plan)]


def _entry(entry: Entry) -> dict[str, Any]:
    source = {"platform": entry.source.platform, "zone": entry.source.zone}
    kept = {key: text for key, text in source.items() if text}
    return {"number": entry.number, **write(entry.act), **kept}
