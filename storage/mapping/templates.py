"""Templates <-> JSON documents; snapshots are known by the hash of theirs."""

from hashlib import blake2b
from typing import Any

from bot.domain.planning.template import By, Field, ItemKind, Need, Step, Template
from storage.mapping.codec import read, written


def template_body(template: Template) -> str:
    """Return the template's document: the same text for the same template."""
    return written(
        {
            "key": template.key,
            "title": template.title,
            "about": template.about,
            "steps": [_step(step) for step in template.steps],
        }
    )


def template_of(body: str) -> Template:
    """Return the template of a document."""
    known = read(body)
    return Template(
        key=known["key"],
        title=known["title"],
        about=known["about"],
        steps=tuple(_step_of(step) for step in known["steps"]),
    )


def hash_of(body: str) -> str:
    """Return the name of a snapshot: 128 bits of its document's BLAKE2 hash, in hexadecimal."""
    return blake2b(body.encode(), digest_size=16).hexdigest()


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": step.title,
        "about": step.about,
        "fields": [_field(field) for field in step.fields],
        "needs": [(need.kind.value, need.count) for need in step.needs],
        "signoff": step.signoff,
        "throughout": step.throughout,
        "closes_challenges": step.closes_challenges,
        "weeks": step.weeks,
    }


def _step_of(known: dict[str, Any]) -> Step:
    return Step(
        key=known["key"],
        title=known["title"],
        about=known["about"],
        fields=tuple(_field_of(field) for field in known["fields"]),
        needs=tuple(Need(kind=ItemKind(kind), count=count) for kind, count in known["needs"]),
        signoff=known["signoff"],
        throughout=known["throughout"],
        closes_challenges=known["closes_challenges"],
        weeks=known["weeks"],
    )


def _field(field: Field) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": field.label,
        "hint": field.hint,
        "by": field.by.value,
        "role": field.role,
        "required": field.required,
        "max_words": field.max_words,
    }


def _field_of(known: dict[str, Any]) -> Field:
    return Field(
        key=known["key"],
        label=known["label"],
        hint=known["hint"],
        by=By(known["by"]),
        role=known["role"],
        required=known["required"],
        max_words=known["max_words"],
    )
