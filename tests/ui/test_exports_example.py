"""One small plan that the rules themselves made, and its export as JSON."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from bot.domain.errors import InvalidInput
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning.partners import remove_partner
from bot.domain.planning.plan import (
    Answer,
    AnswerKey,
    Partner,
    Plan,
    Resource,
    Responsibility,
    StepState,
)
from bot.domain.planning.steps import hand_off
from bot.templates.loader import builtin
from bot.ui.exports.exported import Exported
from bot.ui.exports.plan_import import ImportedPlan, parse, to_plan
from bot.ui.exports.plan_json import document, plan_json

NOW = datetime(2026, 11, 3, 7, tzinfo=UTC)
MAYA, BEN = MemberId("01maya0000000000000000000a"), MemberId("01ben00000000000000000000b")
HANDY = builtin()["handy-5"]
TASK = "Map the *river*\nby foot"


def _example() -> Exported:
    hour = timedelta(hours=1)
    key = AnswerKey(step="assignment", field="task")
    plan = Plan(
        workspace=WorkspaceId("01workspace"),
        id=PlanId("01plan"),
        partnership=PartnershipId("01partnership"),
        title="Watershed inquiry",
        template=HANDY,
        started_by=MAYA,
        started_at=NOW,
        partners=(
            Partner(member=MAYA, joined_at=NOW, role="librarian"),
            Partner(member=BEN, joined_at=NOW),
        ),
        steps=tuple(
            StepState(key=s.key, due=date(2026, 11, 10) if n == 0 else None, turn=MAYA)
            for n, s in enumerate(HANDY.steps)
        ),
        answers={key: Answer(text=TASK, revision=2, by=BEN, at=NOW + hour)},
        responsibilities=(
            Responsibility(
                id=ItemId("01duty"),
                text="Read the map",
                by=MAYA,
                at=NOW,
                owner=BEN,
                due=date(2026, 11, 6),
            ),
        ),
        resources=(
            Resource(
                id=ItemId("01atlas"),
                title="The atlas",
                link="https://example.org/a_b",
                by=MAYA,
                at=NOW,
            ),
        ),
        revision=7,
        entries=2,
    )
    acts = (
        Act(kind=ActKind.PLAN_STARTED, by=MAYA, at=NOW, detail={"partners": f"{MAYA},{BEN}"}),
        Act(
            kind=ActKind.ANSWER_SAVED,
            by=BEN,
            at=NOW + hour,
            step="assignment",
            field="task",
            before="Walk",
            after=TASK,
        ),
    )
    source = Source(platform="slack", place="C024", message="1730.1", zone="America/New_York")
    entries = tuple(
        Entry(plan=plan.id, number=n, act=act, source=source) for n, act in enumerate(acts, start=1)
    )
    return Exported(
        plan=plan,
        entries=entries,
        names={MAYA: "Maya", BEN: "Ben"},
        exported_at=NOW,
        zone="Europe/Berlin",
    )


EXAMPLE = _example()


def logged(exported: Exported, plan: Plan, acts: tuple[Act, ...]) -> Exported:
    start = len(exported.entries) + 1
    new = tuple(Entry(plan=plan.id, number=n, act=a) for n, a in enumerate(acts, start=start))
    return replace(exported, plan=plan, entries=(*exported.entries, *new))


def imported(found: ImportedPlan, members: dict[str, MemberId]) -> Plan:
    plan, _ = to_plan(
        found,
        members=members,
        files={},
        workspace=WorkspaceId("w"),
        plan=PlanId("p"),
        partnership=PartnershipId("s"),
        new_id=iter("abcdefgh").__next__,
    )
    return plan


def test_the_document_of_the_example() -> None:
    found = document(EXAMPLE)
    assert found["coplan_plan"] == 1
    assert found["people"] == [{"ref": "p1", "name": "Maya"}, {"ref": "p2", "name": "Ben"}]
    assert found["answers"] == [
        {
            "step": "assignment",
            "field": "task",
            "text": TASK,
            "revision": 2,
            "by": "p2",
            "at": "2026-11-03T08:00:00+00:00",
        }
    ]
    assert found["log"][0] == {
        "number": 1,
        "kind": "plan_started",
        "by": "p1",
        "at": "2026-11-03T07:00:00+00:00",
        "detail": {"partners": "p1,p2"},
        "platform": "slack",
        "zone": "America/New_York",
    }
    assert found["steps"][0] == {"key": "assignment", "due": "2026-11-10", "turn": "p1"}
    assert found["resources"][0]["id"] == "i2"


def test_no_id_of_the_place_it_was_kept_in_leaves_with_the_document() -> None:
    passed = hand_off(EXAMPLE.plan, by=MAYA, step="action", to=BEN, at=NOW)
    gone = remove_partner(passed.plan, by=MAYA, member=BEN, at=NOW)
    source = plan_json(logged(EXAMPLE, gone.plan, (*passed.acts, *gone.acts)))
    for secret in ("01maya", "01ben", "01plan", "01work", "01part", "01duty", "C024", "1730.1"):
        assert secret not in source
    found = json.loads(source)["log"]
    assert (found[2]["before"], found[2]["after"]) == ("p1", "p2")
    assert found[3]["detail"] == {"turns": "action", "duties": "i1"}


def test_an_import_takes_the_ids_of_its_new_place() -> None:
    ana, cem = MemberId("ana"), MemberId("cem")
    plan = imported(parse(plan_json(EXAMPLE).encode()), {"p1": ana, "p2": cem})
    assert plan.members == (ana, cem)
    assert plan.answers[AnswerKey(step="assignment", field="task")].by == cem
    assert plan.responsibilities[0].owner == cem
    assert (plan.revision, plan.entries, plan.origin) == (0, 2, None)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"p1": MAYA}, "It is not said who Ben is here."),
        ({"p1": MAYA, "p2": MAYA}, "It is not said who each person of the plan is here."),
    ],
)
def test_everybody_of_the_file_is_somebody_here(members: dict[str, MemberId], message: str) -> None:
    found = parse(plan_json(EXAMPLE).encode())
    with pytest.raises(InvalidInput) as refused:
        imported(found, members)
    assert refused.value.message == message
