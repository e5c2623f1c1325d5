"""A modal being filled in by visible labels, and its state as Slack sends it."""

from dataclasses import dataclass, field
from typing import Final

from tests.support.slack.payloads import file_of
from tests.support.slack.validation import elements
from tests.support.slack.world import File, Json, Team, View, World

_SINGLE: Final = {
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_MANY: Final = {
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


@dataclass(slots=True, kw_only=True)
class Filling:
    """What stands in the inputs of an open view, by block id; ``errors`` stand below them."""

    world: World
    team: Team
    view: View
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    """The hash of the view whose inputs these are."""

    def refresh(self) -> None:
        """Follow the view: what was filled in survives where block and action ids stay."""
        if self.shown == self.view.hash:
            return
        self.shown, old = self.view.hash, self.values
        self.values = {}
        for block in self.inputs():
            before = old.get(block["block_id"])
            own = initial(block["element"])
            same = before is not None and before["action_id"] == own["action_id"]
            self.values[block["block_id"]] = before if before is not None and same else own

    def inputs(self) -> list[Json]:
        """Return the input blocks."""
        return [b for b in self.view.content["blocks"] if b["type"] == "input"]

    def asked(self, label: str) -> Json:
        """Return the input block of that label."""
        labels = [block["label"]["text"] for block in self.inputs()]
        assert label in labels, f"no question “{label}” in {labels}"
        return self.inputs()[labels.index(label)]

    def fill(self, label: str, answer: str) -> None:
        """Answer a question: a date is ISO 8601, an option is its label, a person their name."""
        block = self.asked(label)
        element, value = block["element"], self.values[block["block_id"]]
        kind = element["type"]
        if kind in _MANY:
            chosen = [*value[_MANY[kind]], self._chosen(element, answer)]
            chosen = [c for n, c in enumerate(chosen) if c not in chosen[:n]]
            value[_MANY[kind]] = chosen[-element.get("max_selected_items", len(chosen)) :]
        elif kind in _SINGLE:
            value[_SINGLE[kind]] = self._chosen(element, answer) if answer else None
        else:
            assert len(answer) <= element.get("max_length", 3000), "Slack stops typing there"
            value["value"] = answer or None

    def clear(self, label: str) -> None:
        """Take back everything chosen for a question."""
        block = self.asked(label)
        value = self.values[block["block_id"]]
        kind = block["element"]["type"]
        value[_MANY.get(kind) or _SINGLE.get(kind) or "value"] = [] if kind in _MANY else None

    def attach(self, label: str, file: File) -> None:
        """Upload a file for a question; another one takes its place."""
        block = self.asked(label)
        assert block["element"]["type"] == "file_input", f"“{label}” takes no file"
        self.values[block["block_id"]]["files"] = [file_of(self.world, self.team, file)]

    def answer(self, label: str) -> str:
        """Return what stands there, as somebody reads it."""
        block = self.asked(label)
        value = self.values[block["block_id"]]
        kind = block["element"]["type"]
        found = value.get(_SINGLE.get(kind, "value"))
        if kind in _MANY:
            found = next(iter(value[_MANY[kind]]), None)
        return str(found["text"]["text"] if isinstance(found, dict) else found or "")

    def missing(self, words: str) -> dict[str, str]:
        """Return below which inputs Slack says these words before it sends anything."""
        return {
            block["block_id"]: words
            for block in self.inputs()
            if not block.get("optional") and not _given(self.values[block["block_id"]])
        }

    def state(self) -> Json:
        """Return the state as Slack sends it."""
        return {
            number: {value["action_id"]: {k: v for k, v in value.items() if k != "action_id"}}
            for number, value in self.values.items()
        }

    def _chosen(self, element: Json, answer: str) -> object:
        kind = element["type"]
        if kind in {"users_select", "multi_users_select"}:
            return self.team.named(answer).id
        if kind == "conversations_select":
            return next(c.id for c in self.team.channels.values() if c.name == answer)
        if kind in {"datepicker", "timepicker"}:
            return answer
        if kind == "datetimepicker":
            return int(answer)
        options = [*element.get("options", ())]
        options += [o for group in element.get("option_groups", ()) for o in group["options"]]
        found = [each for each in options if each["text"]["text"] == answer]
        assert found, f"no option “{answer}” in {[each['text']['text'] for each in options]}"
        return found[0]


def initial(element: Json) -> Json:
    """Return what stands in a fresh input."""
    kind = element["type"]
    value: Json = {"type": kind, "action_id": element["action_id"]}
    if kind in _MANY:
        key = _MANY[kind]
        value[key] = list(element.get(key.replace("selected", "initial")) or ())
    elif kind in _SINGLE:
        key = _SINGLE[kind]
        value[key] = element.get(key.replace("selected", "initial"))
    elif kind == "file_input":
        value["files"] = []
    else:
        value["value"] = element.get("initial_value") or None
    return value


def used(block: Json, element: Json, option: str = "") -> Json:
    """Return the action of a payload: a button that was clicked, or an option chosen."""
    kind = element["type"]
    action: Json = {
        "type": kind,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
    }
    if kind == "button":
        shared = {k: element[k] for k in ("value", "style") if k in element}
        return action | {"text": element["text"]} | shared
    found = [each for each in element["options"] if each["text"]["text"] == option]
    assert found, f"no option “{option}” in {[e['text']['text'] for e in element['options']]}"
    key = "selected_options" if kind == "checkboxes" else "selected_option"
    return action | {key: found if kind == "checkboxes" else found[0]}


def findable(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Return blocks with each of their elements, the last one first."""
    return [(b, e) for b in reversed(blocks) for e in reversed(elements(b))]


def _given(value: Json) -> bool:
    found = [v for k, v in value.items() if k not in {"type", "action_id"}]
    return any(each.strip() if isinstance(each, str) else each for each in found)
