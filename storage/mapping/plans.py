"""Plans <-> rows of ``plans``: what is asked for by queries in columns, the rest in one document.

Loading and saving a plan is the dearest part of an act, so this is written out by hand: no
reflection, no copy, every place named once on the way in and once on the way out.
"""

from typing import Any, Final

from sqlalchemy import Row

from bot.domain.planning.plan import Answer, AnswerKey, Partner, Plan, PlanState, StepState
from bot.domain.planning.template import Template
from storage.mapping import items
from storage.mapping.codec import (
    instant,
    maybe_date,
    maybe_instant,
    maybe_iso,
    maybe_micros,
    micros,
    read,
    written,
)

LAYOUT: Final = 1
"""The layout of the document. When it changes: raise it, and keep reading the older ones."""


def plan_row(plan: Plan, template: str) -> dict[str, Any]:
    """Return the plan's columns but for the workspace; ``template`` is its snapshot's hash."""
    return {
        "id": plan.id,
        "partnership": plan.partnership,
        "title": plan.title,
        "state": plan.state.value,
        "started_at": plan.started_at,
        "revision": plan.revision,
        "entries": plan.entries,
        "template": template,
        "layout": LAYOUT,
        "body": written(_document(plan)),
    }


def plan_of(row: Row[Any], template: Template) -> Plan:
    """Return the plan of a whole row and its decoded snapshot."""
    if row.layout != LAYOUT:
        raise ValueError(f"plan {row.id} has layout {row.layout}, this version reads {LAYOUT}")
    body = read(row.body)
    return Plan(
        workspace=row.workspace,
        id=row.id,
        partnership=row.partnership,
        title=row.title,
        template=template,
        started_by=body["by"],
        started_at=row.started_at,
        state=PlanState(row.state),
        partners=tuple(map(_partner_of, body["partners"])),
        steps=tuple(map(_step_of, body["steps"])),
        answers=_answers_of(body["answers"]),
        comments=tuple(map(items.comment_of, body["comments"])),
        decisions=tuple(map(items.decision_of, body["decisions"])),
        challenges=tuple(map(items.challenge_of, body["challenges"])),
        responsibilities=tuple(map(items.responsibility_of, body["responsibilities"])),
        resources=tuple(map(items.resource_of, body["resources"])),
        minutes=tuple(map(items.minutes_of, body["minutes"])),
        sessions=tuple(map(items.session_of, body["sessions"])),
        outside=tuple(map(items.outside_of, body["outside"])),
        origin=body["origin"],
        linked=tuple(body.get("linked", ())),
        revision=row.revision,
        entries=row.entries,
    )


def partner_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return one row a member for ``plan_partners``; who left and came back is active."""
    active = set(plan.members)
    everybody = dict.fromkeys(partner.member for partner in plan.partners)
    return [{"plan": plan.id, "member": one, "active": one in active} for one in everybody]


def _document(plan: Plan) -> dict[str, Any]:
    return {
        "by": plan.started_by,
        "origin": plan.origin,
        "linked": plan.linked,
        "partners": [
            (one.member, micros(one.joined_at), one.role, maybe_micros(one.left_at))
            for one in plan.partners
        ],
        "steps": [
            (one.key, maybe_iso(one.due), one.turn, one.last_by, one.signed, one.reopened_by)
            for one in plan.steps
        ],
        "answers": [
            (
                key.step,
                key.field,
                key.respondent,
                answer.text,
                answer.revision,
                answer.by,
                micros(answer.at),
            )
            for key, answer in plan.answers.items()
        ],
        "comments": [*map(items.comment_parts, plan.comments)],
        "decisions": [*map(items.decision_parts, plan.decisions)],
        "challenges": [*map(items.challenge_parts, plan.challenges)],
        "responsibilities": [*map(items.responsibility_parts, plan.responsibilities)],
        "resources": [*map(items.resource_parts, plan.resources)],
        "minutes": [*map(items.minutes_parts, plan.minutes)],
        "sessions": [*map(items.session_parts, plan.sessions)],
        "outside": [*map(items.outside_parts, plan.outside)],
    }


def _partner_of(parts: list[Any]) -> Partner:
    member, joined, role, left = parts
    return Partner(member=member, joined_at=instant(joined), role=role, left_at=maybe_instant(left))


def _step_of(parts: list[Any]) -> StepState:
    key, due, turn, last_by, signed, reopened_by = parts
    return StepState(
        key=key,
        due=maybe_date(due),
        turn=turn,
        last_by=last_by,
        signed=tuple(signed),
        reopened_by=reopened_by,
    )


def _answers_of(listed: list[list[Any]]) -> dict[AnswerKey, Answer]:
    return {
        AnswerKey(step=step, field=field, respondent=respondent): Answer(
            text=text, revision=revision, by=by, at=instant(at)
        )
        for step, field, respondent, text, revision, by, at in listed
    }
