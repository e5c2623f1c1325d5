"""Forms as Discord's modals: what Discord takes, and the answers as the core wants them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.modals import DATE, PARTS, answers, kept_as, modal, refilled
from bot.chat.arrivals import SentFile
from bot.chat.payloads import Unreadable
from bot.domain.ids import MemberId
from bot.ui.actions import action
from bot.ui.cards import Option
from bot.ui.forms import (
    ChecksInput,
    DateInput,
    FileInput,
    Form,
    Input,
    MembersInput,
    SelectInput,
    TextInput,
    TimeInput,
)
from tests.support import shown
from tests.support.discord.components import modal_problems
from tests.support.discord.described import form_problems
from tests.support.discord.parsing import shown as read

ANA, BEN = MemberId("ana"), MemberId("ben")
USERS = {ANA: "100000000000000001", BEN: "100000000000000002"}
TWO = (Option("a", "A"), Option("b", "B"))
MANY = tuple(Option(f"{at}", f"O{at}") for at in range(11))


def form(*inputs: Input, **more: Any) -> Form:  # noqa: ANN401 - any of a form's parts
    return Form(**({"title": "A form", "action": action("save", "1")} | more), inputs=inputs)


def untouched(element: dict[str, Any]) -> dict[str, Any]:
    """Return what an element holds when a modal is sent off as it was opened."""
    kind = element["type"]
    options = [one["value"] for one in element.get("options", ()) if one.get("default")]
    if kind == 4:
        return {"value": element.get("value", "")}
    if kind == 21:
        return {"value": next(iter(options), None)}
    people = [one["id"] for one in element.get("default_values", ())]
    return {"values": options or people}


def sent(
    made: dict[str, Any], files: Mapping[str, Any] | None = None, **changed: dict[str, Any]
) -> dict[str, Any]:
    """Return the interaction with which a modal comes back, with those answers changed."""
    parts: list[dict[str, Any]] = []
    for at, part in enumerate(made["components"], 1):
        if part["type"] == 18:
            element = part["component"]
            key = element["custom_id"]
            own = {"type": element["type"], "id": 100 + at, "custom_id": key}
            filled = own | untouched(element) | changed.get(key, {})
            parts.append({"type": 18, "id": at, "component": filled})
        else:
            parts.append({"type": 10, "id": at})
    data = {"custom_id": made["custom_id"], "components": parts}
    if files is not None:
        data["resolved"] = {"attachments": files}
    return {"type": 5, "id": "1", "data": data}


def labels(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in made["components"] if part["type"] == 18]


def problems(made: dict[str, Any]) -> list[str]:
    return [*form_problems(made), *modal_problems(made)]


def chosen(each: Input) -> tuple[str, ...]:
    """Return what a form's input holds before anybody has touched it."""
    match each:
        case TextInput(initial=text) | SelectInput(initial=text):
            return (text,) if text else ()
        case ChecksInput(initial=values, options=options):
            return tuple(one.value for one in options if one.value in values)
        case DateInput(initial=day):
            return (day.isoformat(),) if day else ()
        case TimeInput(initial=at):
            return (f"{at:%H:%M}",) if at else ()
        case MembersInput(initial=members, many=many):
            known = tuple(dict.fromkeys(USERS[each] for each in members if each in USERS))
            return known if many else known[:1]
        case _:
            return ()


@given(shown.forms())
def test_discord_takes_every_form_and_its_answers_come_back(given_form: Form) -> None:
    made = modal(given_form, USERS)
    assert problems(made) == []
    assert made["custom_id"] == given_form.action.encode()
    found = answers(sent(made))
    assert found.values == {each.key: chosen(each) for each in given_form.inputs}


@given(shown.forms(), st.data())
def test_a_form_that_is_opened_again_holds_what_was_answered(
    given_form: Form, data: st.DataObject
) -> None:
    made = modal(given_form, USERS)
    changed: dict[str, dict[str, Any]] = {}
    for each in labels(made):
        element = each["component"]
        values = [one["value"] for one in element.get("options", ())]
        match element["type"]:
            case 4:
                typed = data.draw(st.text(max_size=20))
                changed[element["custom_id"]] = {"value": typed}
            case 21:
                changed[element["custom_id"]] = {"value": data.draw(st.sampled_from(values))}
            case 3 | 22:
                most = element["max_values"]
                some = st.lists(st.sampled_from(values), max_size=most, unique=True)
                changed[element["custom_id"]] = {"values": data.draw(some)}
            case 5:
                changed[element["custom_id"]] = {"values": [USERS[BEN]]}
    submitted = sent(made, **changed)
    wrong = {each.key: "Something is wrong." for each in given_form.inputs[:1]} | {"": "All of it."}
    again = refilled(made, submitted, wrong)
    assert problems(again) == []
    before, after = answers(submitted).values, answers(sent(again)).values
    assert {key: set(given) for key, given in after.items()} == {
        key: set(given) for key, given in before.items()
    }
    assert labels(again)[0]["description"] == "⚠ Something is wrong."
    if len(again["components"]) < PARTS or len(made["components"]) < PARTS:
        assert "All of it." in read(again["components"][-1]["content"])
    assert made == modal(given_form, USERS)


def test_every_kind_of_input() -> None:
    inputs = (
        TextInput(key="t", label="Text", hint="In short", initial="so far", multiline=True),
        SelectInput(key="s", label="One", options=TWO, initial="b"),
        ChecksInput(key="c", label="Some", options=TWO, initial=("a", "b"), required=True),
        MembersInput(key="m", label="Who?", initial=(ANA, MemberId("gone")), many=True),
    )
    made = modal(form(*inputs, note="Seen by *you*."), USERS)
    assert (made["custom_id"], made["title"]) == ("save|1", "A form")
    note, *rest = made["components"]
    assert note == {"type": 10, "content": "Seen by \\*you\\*."}
    assert [each["label"] for each in rest] == ["Text", "One", "Some", "Who?"]
    text, one, some, who = (each["component"] for each in rest)
    assert rest[0]["description"] == "In short"
    assert text == {
        "type": 4,
        "custom_id": "t",
        "style": 2,
        "required": True,
        "max_length": 3000,
        "value": "so far",
    }
    assert (one["type"], one["options"][1]) == (
        21,
        {"label": "B", "value": "b", "default": True},
    )
    assert (some["type"], some["min_values"], some["max_values"]) == (22, 1, 2)
    assert [option["default"] for option in some["options"]] == [True, True]
    assert who["default_values"] == [{"type": "user", "id": USERS[ANA]}]
    (day,) = labels(modal(form(DateInput(key="d", label="By", initial=date(2026, 11, 3))), {}))
    assert (day["component"]["value"], day["component"]["placeholder"]) == ("2026-11-03", DATE)


@pytest.mark.parametrize(
    ("each", "kind", "least", "most"),
    [
        (SelectInput(key="k", label="l", options=TWO), 21, None, None),
        (SelectInput(key="k", label="l", options=TWO[:1]), 3, 1, 1),
        (SelectInput(key="k", label="l", options=MANY), 3, 1, 1),
        (SelectInput(key="k", label="l", options=TWO, required=False), 3, 0, 1),
        (ChecksInput(key="k", label="l", options=MANY), 3, 0, 11),
        (MembersInput(key="k", label="l"), 5, 1, 1),
        (MembersInput(key="k", label="l", required=False), 5, 0, 1),
        (MembersInput(key="k", label="l", many=True), 5, 1, 25),
        (FileInput(key="k", label="l"), 19, 1, 1),
        (FileInput(key="k", label="l", required=False), 19, 0, 1),
    ],
)
def test_a_choice_that_need_not_be_made_can_be_taken_back(
    each: Input, kind: int, least: int | None, most: int | None
) -> None:
    made = modal(form(each), USERS)
    element = labels(made)[0]["component"]
    assert (element["type"], element.get("min_values"), element.get("max_values")) == (
        kind,
        least,
        most,
    )
    assert element["required"] is each.required
    assert problems(made) == []
    assert answers(sent(made)).values == {"k": ()}


def test_the_note_of_five_questions_stands_with_one_that_has_room() -> None:
    def note(*inputs: Input) -> list[tuple[str | None, str | None]]:
        made = modal(form(*inputs, note="Seen by you."), {})
        assert problems(made) == []
        assert len(made["components"]) == PARTS
        return [
            (each.get("description"), each["component"].get("placeholder")) for each in labels(made)
        ]

    bare = [TextInput(key=f"{at}", label="l") for at in range(5)]
    hinted = [TextInput(key=f"{at}", label="l", hint="hint") for at in range(5)]
    chosen = [SelectInput(key=f"{at}", label="l", hint="hint", options=TWO) for at in range(5)]
    told = ("Seen by you.", None)
    assert note(*bare) == [(None, None)] * 4 + [told]
    assert note(bare[0], *hinted[1:]) == [told, *[("hint", None)] * 4]
    assert note(*hinted[:4], chosen[4]) == [
        *[("hint", None)] * 3,
        ("Seen by you.", "hint"),
        ("hint", None),
    ]
    assert note(*chosen) == [*[("hint", None)] * 4, told]


def test_answers_of_every_kind() -> None:
    inputs = (
        TextInput(key="t", label="Text"),
        SelectInput(key="s", label="One", options=TWO),
        ChecksInput(key="c", label="Some", options=TWO),
        MembersInput(key="m", label="Who?", many=True),
        FileInput(key="f", label="File"),
    )
    url = "https://cdn.discordapp.com/ephemeral-attachments/1/2/a.csv?ex=1"
    files = {"7": {"id": "7", "filename": "a.csv", "size": 3, "url": url}}
    found = answers(
        sent(
            modal(form(*inputs), {}),
            files=files,
            t={"value": "two\nlines <@1>"},
            s={"value": "b"},
            c={"values": ["a", "b"]},
            m={"values": ["1", "2"]},
            f={"values": ["7"]},
        )
    )
    assert found.values == {
        "t": ("two\nlines <@1>",),
        "s": ("b",),
        "c": ("a", "b"),
        "m": ("1", "2"),
        "f": (),
    }
    assert found.people == {"m": ("1", "2")}
    assert found.files == {"f": (SentFile(id="7", name="a.csv", url=url, size=3),)}


def test_answers_in_rows_are_those_in_labels() -> None:
    line = {"type": 4, "id": 2, "custom_id": "t", "value": "Rivers"}
    rows = [{"type": 1, "id": 1, "components": [line]}]
    assert answers({"data": {"custom_id": "x", "components": rows}}).values == {"t": ("Rivers",)}


@pytest.mark.parametrize(
    "changed",
    [
        {"value": 5},
        {"value": ["x"]},
        {"type": 99},
        {"type": None},
        {"type": "4"},
        {"type": [4]},
        {"custom_id": 5},
        {"type": 5, "values": ["1", 2]},
        {"type": 5, "values": ["<@1>"]},
        {"type": 5, "values": "1"},
        {"type": 22, "values": {"a": 1}},
        {"type": 3, "values": [1]},
        {"type": 19, "values": ["7"]},
        {"type": 23, "value": True},
    ],
)
def test_answers_of_another_shape_are_refused_not_guessed_at(changed: dict[str, Any]) -> None:
    payload = sent(modal(form(TextInput(key="t", label="Text")), {}), t=changed)
    with pytest.raises(Unreadable):
        answers(payload)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"components": {"a": 1}},
        {"components": [1]},
        {"components": [{"type": 1, "components": []}]},
        {"components": [{"type": 18}]},
        {"components": [{"type": 18, "component": []}]},
        {"components": [{"type": 18, "component": {"type": 4}}]},
    ],
)
def test_a_submission_of_another_shape_is_refused(data: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(Unreadable):
        answers({"data": data})


def test_errors_stand_in_the_place_of_hints_and_what_is_about_all_below() -> None:
    text = TextInput(key="t", label="T", hint="In short", initial="old")
    one = SelectInput(key="s", label="S", hint="One of them", options=TWO)
    made = modal(form(text, one, note="Seen by you."), {})
    again = refilled(
        made,
        sent(made, t={"value": "new"}, s={"value": "a"}),
        {"t": "Too long. " * 20, "s": "Not that.", "": "Not *now*.", "gone": "Nor that."},
    )
    note, first, second, rest = again["components"]
    assert note["content"] == "Seen by you."
    assert (first["description"][:11], len(first["description"])) == ("⚠ Too long.", 100)
    assert first["component"]["placeholder"] == "In short"
    assert first["component"]["value"] == "new"
    assert second["description"] == "⚠ Not that."
    assert second["component"]["options"] == [
        {"label": "A", "value": "a", "default": True},
        {"label": "B", "value": "b"},
    ]
    assert read(rest["content"]) == "⚠ Not *now*.\nNor that."
    assert first["component"] != made["components"][1]["component"]
    mended = refilled(again, sent(again), {"s": "Still not that."})
    note, first, second = mended["components"]
    assert (first["description"], first["component"].get("placeholder")) == ("In short", None)
    assert second["description"] == "⚠ Still not that."
    assert first["component"]["value"] == "new"
    emptied = refilled(made, sent(made, t={"value": ""}), {})
    assert "value" not in labels(emptied)[0]["component"]
    assert labels(emptied)[0]["description"] == "In short"


def test_a_form_shown_again_tells_what_was_wrong() -> None:
    made = modal(form(TextInput(key="t", label="T"), errors={"t": "Too long.", "": "No."}), {})
    assert labels(made)[0]["description"] == "⚠ Too long."
    assert made["components"][-1] == {"type": 10, "content": "⚠ No."}


def test_a_modal_is_kept_under_a_short_name_of_its_own() -> None:
    names = {kept_as(f"field.save|{at}") for at in range(1000)}
    assert len(names) == 1000
    assert all(len(name) == 16 and name.isalnum() for name in names)
