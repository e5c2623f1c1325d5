"""Coplan's commands as Discord takes them, and what they say to the core."""

import re
from typing import Any

import pytest

from adapters.discord import commands
from adapters.discord.commands import OPTIONS, Focused, Kind, declared, focused, ordered
from bot.chat.arrivals import SentFile, Spoken
from bot.chat.inbound import Clicked
from bot.chat.payloads import Unreadable
from bot.chat.suggesting import Wanted
from bot.chat.talk import Called
from bot.ui.pages.help import VERBS
from tests.support.discord.described import body_problems

Json = dict[str, Any]
NAME = re.compile(r"[a-z0-9_-]{1,32}")
BEN, ROSA = "12", "13"
RESOLVED: Json = {
    "users": {
        BEN: {"id": BEN, "username": "ben", "global_name": "Ben"},
        ROSA: {"id": ROSA, "username": "rosa"},
    },
    "members": {BEN: {"nick": "Benno"}},
    "attachments": {"7": {"id": "7", "filename": "w.csv", "size": 3, "url": "https://x"}},
}


def used(verb: str, **given: str) -> Json:
    """Return a slash command as Discord sends it."""
    kinds = {each.name: int(each.kind) for each in OPTIONS.get(verb, ())}
    options = [{"name": n, "type": kinds.get(n, 3), "value": v} for n, v in given.items()]
    chosen = {"name": verb, "type": 1, "options": options}
    data = {"name": "coplan", "type": 1, "options": [chosen], "resolved": RESOLVED}
    return {"id": "1", "type": 2, "data": data}


def test_discord_takes_all_commands() -> None:
    told = declared()
    path = "/applications/{application_id}/commands"
    assert body_problems("put", path, told) == []
    group = told[0]
    assert [each["name"] for each in group["options"]] == list(VERBS)
    assert len(group["options"]) <= 25
    texts = [group["name"], group["description"]]
    for verb in group["options"]:
        names = [each["name"] for each in verb["options"]]
        assert len(set(names)) == len(names) <= 25
        for each in (verb, *verb["options"]):
            assert NAME.fullmatch(each["name"]), each
            assert 1 <= len(each["description"]) <= 100
            texts += [each["name"], each["description"]]
    assert sum(map(len, texts)) <= 8000
    assert told == declared(), "the same every time: nothing is told anew without need"


@pytest.mark.parametrize(
    ("verb", "given", "words"),
    [
        ("next", {}, ("next",)),
        ("start", {"title": "Rivers"}, ('start "Rivers"',)),
        (
            "start",
            {"title": 'The "old" mill', "partner2": ROSA, "partner": BEN},
            ('start “The "old" mill” ', Called(BEN, "Benno"), " ", Called(ROSA, "rosa")),
        ),
        ("start", {"title": "R", "template": "nine-step"}, ('start "R" nine-step',)),
        (
            "away",
            {"dates": "to Thursday", "standin": BEN},
            ("away to Thursday ", Called(BEN, "Benno")),
        ),
        ("plan", {"plan": "Riv"}, ('plan "Riv"',)),
        ("plan", {"plan": "=a|b"}, ('plan "=a|b"',)),
        ("plan", {"plan": "=" + "x" * 200}, ('plan "=' + "x" * 200 + '"',)),
        (
            "remind",
            {"reminder": "Sundays 18:00: ask <@12> in <#5>"},
            ("remind Sundays 18:00: ask ", Called("12"), " in #channel"),
        ),
    ],
)
def test_options_become_the_words_of_their_verb(
    verb: str, given: dict[str, str], words: tuple[str | Called, ...]
) -> None:
    assert ordered(used(verb, **given)).what == Spoken(words=words)


def test_a_verb_with_people_and_without_a_title_opens_the_form_with_them() -> None:
    made = ordered(used("start", partner=BEN, partner2=ROSA, partner3=BEN))
    assert made.what == Clicked(action="start.form")
    assert made.chosen == (BEN, ROSA)
    menu = {"data": {"name": "Plan with", "type": 2, "target_id": ROSA, "resolved": RESOLVED}}
    assert ordered(menu) == commands.Ordered(what=Clicked(action="start.form"), chosen=(ROSA,))


def test_what_was_chosen_from_suggestions_is_an_id() -> None:
    assert ordered(used("plan", plan="=p1")).what == Clicked(action="plan|p1")
    assert ordered(used("history", field="p1|form|idea")).what == Clicked(
        action="hist|p1|form|idea"
    )
    beside = used("history", plan="=p1", field=" the | main idea")
    assert ordered(beside).what == Clicked(action="history|p1||the main idea"), "typed, not chosen"
    code = used("link", plan="=p1", code="ABCDE-FGHJK")
    said = Spoken(words=("link code: ABCDE-FGHJK",))
    assert ordered(code).what == said, "a code tells its own plan"


def test_a_file_comes_with_its_words() -> None:
    file = SentFile(id="7", name="w.csv", url="https://x", size=3)
    made = ordered(used("timetable", file="7", address="https://example.org/week.ics"))
    assert made.what == Spoken(words=("timetable https://example.org/week.ics",), files=(file,))


def test_what_is_typed_into_an_option_is_told_with_the_plan_chosen_before() -> None:
    payload = used("history", plan="=p1", field="ide")
    payload["data"]["options"][0]["options"][1]["focused"] = True
    assert focused(payload) == Focused(wanted=Wanted.FIELD, typed="ide", plan="p1")
    assert focused(used("history", field="ide")) is None
    assert focused(used("remind", reminder="Sun")) is None


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"data": {"name": "other", "type": 1, "options": [{"name": "next", "type": 1}]}},
        {"data": {"name": "coplan", "type": 1, "options": []}},
        {"data": {"name": "coplan", "type": 1, "options": [1]}},
        {"data": {"name": "coplan", "type": 1, "options": [{"name": 5}]}},
        {"data": {"name": "Plan with", "type": 2}},
        used("start", title="R", partner="<@1>"),
        used("timetable", file="8"),
    ],
)
def test_what_is_no_command_of_ours_is_refused(payload: Json) -> None:
    with pytest.raises(Unreadable):
        ordered(payload)


def test_every_kind_of_option_is_one_that_discord_has() -> None:
    kinds = {option.kind for options in OPTIONS.values() for option in options}
    assert kinds == {Kind.TEXT, Kind.PERSON, Kind.FILE}
    assert set(OPTIONS) <= set(VERBS)
