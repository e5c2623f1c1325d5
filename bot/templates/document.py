"""Templates as plain values, as YAML files and exported plans hold them: written and checked."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.planning.template import By, Field, ItemKind, Need, Step, Template
from bot.templates import limits
from bot.templates.reading import Reader

_TEMPLATE = ("key", "title", "about", "steps")
_STEP = (
    "key",
    "title",
    "about",
    "weeks",
    "throughout",
    "signoff",
    "closes_challenges",
    "needs",
    "fields",
)
_FIELD = ("key", "label", "hint", "by", "role", "required", "max_words")
_NEED = ("kind", "count")


def read_template(reader: Reader) -> Template:
    """Return the template of a document; what is wrong with it stands in ``reader.faults``."""
    keys = reader.mapping(_TEMPLATE, required=("key", "title", "steps"))
    listed = keys["steps"].items(limits.STEPS)
    if isinstance(keys["steps"].value, list) and not listed:
        keys["steps"].fault("is empty; a template has at least one step")
    template = Template(
        key=keys["key"].key(limits.KEY),
        title=keys["title"].line(limits.TEMPLATE_TITLE),
        about=keys["about"].line(limits.ABOUT, empty=True) if "about" in keys else "",
        steps=tuple(_read_step(item) for item in listed),
    )
    _no_twins(listed, [step.key for step in template.steps])
    if len(template.roles) > limits.ROLES:
        keys["steps"].fault(f"name {len(template.roles)} roles; at most {limits.ROLES} fit")
    return template


def _read_step(reader: Reader) -> Step:
    keys = reader.mapping(_STEP, required=("key", "title"))
    found = len(reader.faults)
    listed = keys["fields"].items(limits.FIELDS) if "fields" in keys else []
    needs = keys["needs"].items(limits.NEEDS) if "needs" in keys else []
    step = Step(
        key=keys["key"].key(limits.KEYS_TOGETHER - 1),
        title=keys["title"].line(limits.STEP_TITLE),
        about=keys["about"].line(limits.ABOUT, empty=True) if "about" in keys else "",
        fields=tuple(_read_field(item) for item in listed),
        needs=tuple(_read_need(item) for item in needs),
        signoff="signoff" in keys and keys["signoff"].truth(),
        throughout="throughout" in keys and keys["throughout"].truth(),
        closes_challenges="closes_challenges" in keys and keys["closes_challenges"].truth(),
        weeks=keys["weeks"].number(0, limits.WEEKS) if "weeks" in keys else 1,
    )
    _no_twins(listed, [field.key for field in step.fields])
    _no_twins(needs, [need.kind for need in step.needs], "kind")
    _short_together(step, listed)
    if found == len(reader.faults) and not _completable(step):
        reader.fault("asks for nothing: give it a required field, needs or closes_challenges")
    return step


def _completable(step: Step) -> bool:
    return bool(step.needs) or step.closes_challenges or any(f.required for f in step.fields)


def _short_together(step: Step, listed: Sequence[Reader]) -> None:
    for field, item in zip(step.fields, listed, strict=True):
        if len(step.key) + len(field.key) > limits.KEYS_TOGETHER:
            Reader(field.key, (*item.path, "key"), item.faults).fault(
                f"is too long beside the step's key “{step.key}”: "
                f"the two together may have {limits.KEYS_TOGETHER} characters"
            )


def _no_twins(listed: Iterable[Reader], values: Sequence[str], key: str = "key") -> None:
    seen: set[str] = set()
    for item, value in zip(listed, values, strict=True):
        if value in seen:
            Reader(value, (*item.path, key), item.faults).fault(f"“{value}” is there twice")
        if value:
            seen.add(value)


def _read_field(reader: Reader) -> Field:
    keys = reader.mapping(_FIELD, required=("key", "label"))
    by = keys["by"].choice(By) if "by" in keys else By.ANYONE
    role = keys["role"].line(limits.ROLE) if "role" in keys else ""
    if "|" in role:
        keys["role"].fault("must not hold “|”")
    if by is By.ROLE and "role" not in keys:
        reader.fault("is answered by a role, so it must say which: add role")
    if by is not By.ROLE and "role" in keys:
        keys["role"].fault("goes only with by: role")
    return Field(
        key=keys["key"].key(limits.KEYS_TOGETHER - 1),
        label=keys["label"].line(limits.LABEL),
        hint=keys["hint"].line(limits.HINT, empty=True) if "hint" in keys else "",
        by=by,
        role=role,
        required=keys["required"].truth() if "required" in keys else True,
        max_words=keys["max_words"].number(1, limits.WORDS) if "max_words" in keys else None,
    )


def _read_need(reader: Reader) -> Need:
    keys = reader.mapping(_NEED, required=("kind",))
    kind = keys["kind"].choice(ItemKind) if "kind" in keys else ItemKind.MINUTES
    count = keys["count"].number(1, limits.COUNT) if "count" in keys else 1
    return Need(kind=kind, count=count)


def write_template(template: Template) -> dict[str, Any]:
    """Return the template as plain values; what is at its default is left out."""
    return _given(
        key=template.key,
        title=template.title,
        about=template.about,
        steps=[_write_step(step) for step in template.steps],
    )


def _write_step(step: Step) -> dict[str, Any]:
    document = _given(key=step.key, title=step.title, about=step.about)
    if step.weeks != 1:
        document["weeks"] = step.weeks
    return document | _given(
        throughout=step.throughout,
        signoff=step.signoff,
        closes_challenges=step.closes_challenges,
        needs=[_write_need(need) for need in step.needs],
        fields=[_write_field(field) for field in step.fields],
    )


def _write_need(need: Need) -> dict[str, Any]:
    return {"kind": need.kind.value} | ({} if need.count == 1 else {"count": need.count})


def _write_field(field: Field) -> dict[str, Any]:
    document = _given(key=field.key, label=field.label, hint=field.hint)
    if field.by is not By.ANYONE:
        document["by"] = field.by.value
    document |= _given(role=field.role)
    if not field.required:
        document["required"] = False
    return document | _given(max_words=field.max_words)


def _given(**values: object) -> dict[str, Any]:
    """Return the values that are not empty (false, none, empty text or list)."""
    return {key: value for key, value in values.items() if value}
