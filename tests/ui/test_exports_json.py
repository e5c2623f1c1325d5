"""Plans as JSON: an export is imported as an equal plan."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.ui.exports.exported import Exported
from bot.ui.exports.plan_import import ImportedPlan, parse, to_plan
from bot.ui.exports.plan_json import document, plan_json
from tests.support.examples import examples
from tests.support.plans import exports

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)


def reimported(imported: ImportedPlan, given: Exported) -> Exported:
    members = {ref: MemberId(f"new-{ref}") for ref in imported.people}
    ids = iter(range(10_000))
    kept = {ref: f"new-{ref}" for ref, file in imported.files.items() if file.content is not None}
    plan, entries = to_plan(
        imported,
        members=members,
        files=kept,
        workspace=WorkspaceId("w2"),
        plan=PlanId("plan2"),
        partnership=PartnershipId("s2"),
        new_id=lambda: f"item{next(ids)}",
    )
    names = {members[ref]: name for ref, name in imported.people.items()}
    files = {kept[ref]: file for ref, file in imported.files.items() if ref in kept}
    return Exported(
        plan=plan, entries=entries, names=names, exported_at=NOW, zone=given.zone, files=files
    )


@settings(deadline=None, max_examples=examples(30))
@given(exports())
def test_an_imported_plan_exports_as_the_same_document(given: Exported) -> None:
    first = replace(given, exported_at=NOW)
    again = reimported(parse(plan_json(first).encode()), first)
    assert document(again) == document(first)
    assert again.plan.workspace == "w2"
    assert {entry.plan for entry in again.entries} <= {"plan2"}
    assert again.plan.entries == len(first.entries)
