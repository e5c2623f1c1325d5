"""A modal being filled in by visible labels, and what Discord sends of it."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.discord import payloads
from tests.support.discord.components import Part
from tests.support.discord.world import Attachment, Json, Modal, World

_ONE: Final = frozenset({Part.TEXT_INPUT, Part.RADIO, Part.CHECKBOX})
_PEOPLE: Final = frozenset({Part.USERS, Part.MENTIONABLES})


@dataclass(slots=True, kw_only=True)
class Filling:
    """What stands in the inputs of an open modal, by custom id; ``errors`` are its client's own."""

    world: World
    guild: str
    modal: Modal
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {each["custom_id"]: initial(each) for _, each in self.inputs()}

    def inputs(self) -> list[tuple[str, Json]]:
        """Return the inputs with their labels."""
        found = []
        for each in self.modal.content["components"]:
            if each["type"] == Part.LABEL:
                found.append((str(each["label"]), each["component"]))
            elif each["type"] == Part.ROW:
                found += [(str(inner.get("label")), inner) for inner in each["components"]]
        return found

    def asked(self, label: str) -> Json:
        """Return the input of that label."""
        found = [each for own, each in self.inputs() if own == label]
        assert found, f"no question “{label}” in {[own for own, _ in self.inputs()]}"
        return found[0]

    def fill(self, label: str, answer: str) -> None:
        """Answer a question: an option is its label, a person their name, all else is typed."""
        each = self.asked(label)
        key, kind = each["custom_id"], each["type"]
        if kind == Part.TEXT_INPUT:
            most = each.get("max_length") or 4000
            assert len(answer) <= most, f"Discord stops typing after {most} characters"
            self.values[key] = answer
        elif kind in _ONE:
            self.values[key] = _option(each, answer) if answer else None
        else:
            chosen = self._user(answer) if kind in _PEOPLE else _option(each, answer)
            most = each.get("max_values") or (10 if kind == Part.CHECKBOXES else 1)
            before = [one for one in self.values[key] if one != chosen]
            self.values[key] = [*before, chosen][-most:]

    def clear(self, label: str) -> None:
        """Take back everything chosen for a question."""
        each = self.asked(label)
        self.values[each["custom_id"]] = None if each["type"] in _ONE else []

    def attach(self, label: str, file: Attachment) -> None:
        """Choose a file for a question; another one takes its place."""
        each = self.asked(label)
        assert each["type"] == Part.UPLOAD, f"“{label}” takes no file"
        self.values[each["custom_id"]] = [file.id]

    def answer(self, label: str) -> str:
        """Return what stands there, as somebody reads it."""
        each = self.asked(label)
        value = self.values[each["custom_id"]]
        first = next(iter(value), "") if isinstance(value, list) else value
        labels = {o["value"]: o["label"] for o in each.get("options") or ()}
        return str(labels.get(first, first or ""))

    def missing(self, words: str) -> dict[str, str]:
        """Return at which inputs Discord's client says these words before it sends anything."""
        return {each["custom_id"]: words for _, each in self.inputs() if self._lacks(each)}

    def _lacks(self, each: Json) -> bool:
        value = self.values[each["custom_id"]]
        if each["type"] == Part.CHECKBOX:
            return False
        given = value.strip() if isinstance(value, str) else value
        if not given:
            return each.get("required") is not False
        least = each.get("min_length" if each["type"] == Part.TEXT_INPUT else "min_values")
        return each["type"] != Part.RADIO and len(value) < (least or 0)

    def data(self) -> Json:
        """Return what Discord sends."""
        sent = [self._sent(each) for each in self.modal.content["components"]]
        made: Json = {"custom_id": self.modal.content["custom_id"], "components": sent}
        resolved = self._resolved()
        return made | ({"resolved": resolved} if resolved else {})

    def _sent(self, each: Json) -> Json:
        made: Json = {"type": each["type"], "id": each.get("id", 0)}
        if each["type"] == Part.LABEL:
            return made | {"component": self._value(each["component"])}
        if each["type"] == Part.ROW:
            return made | {"components": [self._value(one) for one in each["components"]]}
        return made

    def _value(self, each: Json) -> Json:
        made = {"type": each["type"], "id": each.get("id", 0), "custom_id": each["custom_id"]}
        value = self.values[each["custom_id"]]
        if each["type"] == Part.TEXT_INPUT:
            value = value or ""
        return made | {"value" if each["type"] in _ONE else "values": value}

    def _resolved(self) -> Json:
        made: Json = {}
        guild = self.world.guilds.get(self.guild)
        for _, each in self.inputs():
            chosen = self.values[each["custom_id"]]
            if each["type"] in _PEOPLE:
                for number in chosen:
                    people(self.world, guild.id if guild else "", number, made)
            if each["type"] == Part.UPLOAD:
                for number in chosen:
                    file = payloads.attachment(
                        self.world, self.world.uploads[number], ephemeral=True
                    )
                    made.setdefault("attachments", {})[number] = file
        return made

    def _user(self, name: str) -> str:
        return named(self.world, name)


def named(world: World, name: str) -> str:
    """Return the id of the person of that name."""
    found = [each.id for each in world.users.values() if each.name == name]
    assert found, f"nobody is called {name}"
    return found[-1]


def people(world: World, guild: str, number: str, resolved: Json) -> None:
    """Put somebody into what Discord resolved."""
    resolved.setdefault("users", {})[number] = payloads.user(world.users[number])
    if guild and number in world.guilds[guild].members:
        own = payloads.member(world, world.guilds[guild], world.users[number])
        own.pop("user")
        resolved.setdefault("members", {})[number] = own


def initial(each: Json) -> Any:  # noqa: ANN401 - as Discord writes it
    """Return what stands in a fresh input."""
    kind = each["type"]
    if kind == Part.TEXT_INPUT:
        return each.get("value") or ""
    if kind == Part.CHECKBOX:
        return bool(each.get("default"))
    if kind == Part.UPLOAD:
        return []
    if "options" in each:
        chosen = [option["value"] for option in each["options"] if option.get("default")]
        return next(iter(chosen), None) if kind == Part.RADIO else chosen
    return [str(default["id"]) for default in each.get("default_values") or ()]


def _option(each: Json, label: str) -> str:
    found = [option["value"] for option in each["options"] if option["label"] == label]
    assert found, f"no option “{label}” in {[option['label'] for option in each['options']]}"
    return str(found[0])
