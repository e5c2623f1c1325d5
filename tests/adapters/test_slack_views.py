"""Forms as Slack's modals: what Slack takes, and the answers as the core wants them."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.views import answers, errors, filled_in, home, modal, typed
from bot.chat.arrivals import SentFile
from bot.chat.payloads import Unreadable
from bot.domain.ids import MemberId
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Option, Table, Text
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
    chosen_beforehand,
)
from bot.ui.pages.problems import OLD_FORM
from tests.support import shown
from tests.support.slack import schema
from tests.support.slack.filling import initial
from tests.support.slack.validation import view_problems

ANA, BEN = MemberId("ana"), MemberId("ben")
USERS = {ANA: "U0ANA", BEN: "U0BEN"}
MODAL, HOME = frozenset({"modal"}), frozenset({"home"})
TWO = (Option("a", "A"), Option("b", "B"))


def form(*inputs: Input, **more: Any) -> Form:  # noqa: ANN401 - any of a form's parts
    return Form(**({"title": "A form", "action": action("save", "1")} | more), inputs=inputs)


def sent(view: dict[str, Any], **changed: dict[str, Any]) -> dict[str, Any]:
    """Return the modal as Slack sends it back, with those answers changed."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            key = block["block_id"]
            values[key] = {key: initial(block["element"]) | changed.get(key, {})}
    return {**view, "id": "V1", "hash": "1.a", "state": {"values": values}}


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
        case _:
            return ()


@pytest.fixture(autouse=True)
def _described() -> None:
    if not schema.definitions():
        pytest.skip("The data folder is missing: ../shared/data/platform")


@given(shown.forms())
def test_slack_takes_every_form_and_its_answers_come_back(given_form: Form) -> None:
    view = modal(given_form, "{}", {})
    assert view_problems(view, MODAL) == []
    assert view["callback_id"] == given_form.action.encode()
    found = answers(sent(view))
    assert found.values == {each.key: chosen(each) for each in given_form.inputs}


@given(shown.forms(), st.data())
def test_slack_takes_every_form_once_more_with_what_was_answered_and_what_is_wrong(
    given_form: Form, data: st.DataObject
) -> None:
    keys = [each.key for each in given_form.inputs]
    wrong = {data.draw(st.sampled_from(keys)): "That is nothing."}
    answered = sent(modal(given_form, "{}", {}))
    again = filled_in(answered, wrong)
    assert view_problems(again, MODAL) == []
    assert answers(sent(again)) == answers(answered)
    third = filled_in(sent(again), wrong)
    assert third == again, "what was wrong before does not stand there twice"


def test_what_was_answered_takes_the_place_of_what_stood_there() -> None:
    inputs = (
        TextInput(key="t", label="Text", initial="so far"),
        SelectInput(key="s", label="One", options=TWO, initial="b"),
        DateInput(key="d", label="When?", initial=date(2026, 11, 3), required=False),
        TimeInput(key="at", label="At"),
        FileInput(key="f", label="File", required=False),
    )
    view = modal(form(*inputs, note="Seen by you."), "meta", {})
    one = view["blocks"][2]["element"]["options"][0]
    new: dict[str, dict[str, Any]] = {
        "t": {"value": "more"},
        "s": {"selected_option": one},
        "d": {"selected_date": None},
        "at": {"selected_time": "08:15"},
    }
    answered = sent(view, **new)
    again = filled_in(answered, {"at": "Too early.", "": "No."})
    assert again["private_metadata"] == "meta"
    note, text, choice, day, at, why, file, other = again["blocks"]
    assert note["elements"][0]["text"] == "Seen by you."
    assert text["element"]["initial_value"] == "more"
    assert choice["element"]["initial_option"] == one
    assert "initial_date" not in day["element"]
    assert at["element"]["initial_time"] == "08:15"
    assert why["elements"][0]["text"] == "Too early."
    assert file["element"] == view["blocks"][-1]["element"]
    assert other["elements"][0]["text"] == "No."
    assert list(typed(answered)) == ["more"]


def test_every_kind_of_input() -> None:
    inputs = (
        TextInput(key="t", label="Text", hint="In short", initial="so far", multiline=True),
        SelectInput(key="s", label="One", options=TWO, initial="b"),
        ChecksInput(key="c", label="Some", options=TWO, initial=("a", "b"), required=True),
        MembersInput(key="m", label="Who?", initial=(ANA, MemberId("gone")), many=True),
        DateInput(key="d", label="When?", initial=date(2026, 11, 3), required=False),
    )
    view = modal(form(*inputs, note="Seen by <you>."), "meta", USERS)
    assert (view["title"]["text"], view["submit"]["text"]) == ("A form", "Save")
    assert view["private_metadata"] == "meta"
    note, *blocks = view["blocks"]
    assert note["elements"][0] == {"type": "plain_text", "text": "Seen by <you>.", "emoji": True}
    assert [block["block_id"] for block in blocks] == ["t", "s", "c", "m", "d"]
    assert [block["optional"] for block in blocks] == [False, False, False, False, True]
    text, one, some, who, when = (block["element"] for block in blocks)
    assert text == {
        "type": "plain_text_input",
        "action_id": "t",
        "multiline": True,
        "max_length": 3000,
        "initial_value": "so far",
    }
    assert blocks[0]["hint"]["text"] == "In short"
    assert one["initial_option"]["value"] == "b"
    assert [option["value"] for option in some["initial_options"]] == ["a", "b"]
    assert who["initial_users"] == ["U0ANA"]
    assert when["initial_date"] == "2026-11-03"


def test_a_time_is_picked() -> None:
    """Slack's picker has minutes."""
    view = modal(form(TimeInput(key="at", label="At", initial=time(8, 30, 15))), "", {})
    [block] = view["blocks"]
    element = {"type": "timepicker", "action_id": "at", "initial_time": "08:30"}
    assert block["element"] == element
    picked = sent(view, at={"selected_time": "16:05"})
    assert answers(picked).values == {"at": ("16:05",)}


@pytest.mark.parametrize(
    ("each", "kind", "most"),
    [
        (SelectInput(key="k", label="l", options=TWO), "static_select", None),
        (
            SelectInput(key="k", label="l", options=TWO, required=False),
            "multi_static_select",
            1,
        ),
        (MembersInput(key="k", label="l"), "users_select", None),
        (MembersInput(key="k", label="l", required=False), "multi_users_select", 1),
        (MembersInput(key="k", label="l", many=True), "multi_users_select", None),
        (FileInput(key="k", label="l"), "file_input", None),
    ],
)
def test_a_choice_that_need_not_be_made_can_be_taken_back(
    each: Input, kind: str, most: int | None
) -> None:
    view = modal(form(each), "", USERS)
    element = view["blocks"][0]["element"]
    assert (element["type"], element.get("max_selected_items")) == (kind, most)
    assert view_problems(view, MODAL) == []
    assert answers(sent(view)).values == {"k": ()}


def test_answers_of_every_kind() -> None:
    inputs = (
        TextInput(key="t", label="Text"),
        SelectInput(key="s", label="One", options=TWO, required=False),
        MembersInput(key="m", label="Who?", many=True),
        MembersInput(key="o", label="Who else?"),
        FileInput(key="f", label="File"),
    )
    option = {"text": {"type": "plain_text", "text": "B", "emoji": True}, "value": "b"}
    file = {"id": "F1", "name": "a.csv", "size": 3, "url_private": "https://files.slack.com/a"}
    found = answers(
        sent(
            modal(form(*inputs), "", {}),
            t={"value": "two\nlines <@U1> &amp;"},
            s={"selected_options": [option]},
            m={"selected_users": ["U1", "U2"]},
            o={"selected_user": "U3"},
            f={"files": [file]},
        )
    )
    assert found.values == {
        "t": ("two\nlines <@U1> &amp;",),
        "s": ("b",),
        "m": ("U1", "U2"),
        "o": ("U3",),
        "f": (),
    }
    assert found.people == {"m": ("U1", "U2"), "o": ("U3",)}
    assert found.files == {
        "f": (SentFile(id="F1", name="a.csv", url="https://files.slack.com/a", size=3),)
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"value": 5},
        {"value": ["x"]},
        {"type": "rocket_input"},
        {"type": None},
        {"type": "multi_users_select", "selected_users": ["U1", 2]},
        {"type": "multi_users_select", "selected_users": "U1"},
        {"type": "static_select", "selected_option": "b"},
        {"type": "static_select", "selected_option": {}},
        {"type": "checkboxes", "selected_options": {"value": "a"}},
        {"type": "checkboxes", "selected_options": [{"value": 1}]},
        {"type": "file_input", "files": [{"name": "no id"}]},
    ],
)
def test_answers_of_another_shape_are_refused_not_guessed_at(changed: dict[str, Any]) -> None:
    view = sent(modal(form(TextInput(key="t", label="Text")), "", {}), t=changed)
    with pytest.raises(Unreadable):
        answers(view)


@pytest.mark.parametrize(
    "state", [{"values": []}, {"values": {"t": 1}}, {"values": {"t": {"t": 1}}}]
)
def test_a_state_of_another_shape_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        answers({"state": state})


def test_errors_stand_under_their_fields_and_what_is_about_all_under_the_last() -> None:
    view = modal(form(TextInput(key="t", label="T"), DateInput(key="d", label="D")), "", {})
    assert errors(view, {"t": "Too long."}) == {"t": "Too long."}
    assert errors(view, {"": "Not now.", "d": "When?"}) == {"d": "Not now.\nWhen?"}
    assert errors(view, {"t": "Too long.", "new": "Say it."}) == {
        "t": "Too long.",
        "d": f"Say it.\n{OLD_FORM}",
    }
    with pytest.raises(Unreadable):
        errors({"blocks": []}, {"": "Not now."})


def test_a_form_shown_again_tells_what_was_wrong_below_the_field() -> None:
    view = modal(form(TextInput(key="t", label="T"), errors={"t": "Too long."}), "", {})
    assert [block["type"] for block in view["blocks"]] == ["input", "context"]
    assert view["blocks"][1]["elements"][0]["text"] == "Too long."


def test_members_chosen_beforehand_are_to_be_looked_up() -> None:
    asked = form(
        MembersInput(key="m", label="Who?", initial=(ANA, BEN)), TextInput(key="t", label="T")
    )
    assert chosen_beforehand(asked) == (ANA, BEN)


def test_the_home_tab_shows_cards_one_below_the_other() -> None:
    card = Card(
        title="Next",
        summary="s",
        blocks=(Text(("Due",)), Table(("a",), (("b",),)), Buttons((Button("Go", action("go")),))),
    )
    view = home([card, card], {})
    assert view_problems(view, HOME) == []
    once = ["header", "section", "rich_text", "actions"]
    assert [block["type"] for block in view["blocks"]] == [*once, "divider", *once]
    assert home([], {}) == {"type": "home", "blocks": []}
    long = Card(title="Long", summary="s", blocks=(Text(("x",)),) * 34)
    assert view_problems(home([long] * 4, {}), HOME) == []
