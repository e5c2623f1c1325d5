"""Documents that are no plans: each is refused at once, naming the place and the reason."""

import copy
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.errors import InvalidInput
from bot.ui.exports.plan_import import parse
from bot.ui.exports.plan_json import document, plan_json
from tests.support.pace import stretched
from tests.ui.test_exports_example import EXAMPLE

Edit = Callable[[dict[str, Any]], object]

WHOLE = plan_json(EXAMPLE)

RAW: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "The file is not JSON: line 1, Expecting value"),
    "binary": (b"\x89PNG\r\n\x00\xff", "The file is not UTF-8 text"),
    "cut off": (WHOLE[:200].encode(), "The file is not JSON: line"),
    "a list": (b"[]", "The file is not a plan exported by Coplan (it has no “coplan_plan”)"),
    "another document": (b'{"a": 1}', "The file is not a plan exported by Coplan"),
    "too long": (b" " * (11 * 1024 * 1024 + 1), "The file has 11,534,337 bytes; at most 11 MiB"),
    "deep lists": (b"[" * 1_000_000, "The file is nested too deeply"),
    "deep keys": (b'{"a":' * 500_000, "The file is nested too deeply"),
    "a key twice": (b'{"coplan_plan": 1, "coplan_plan": 1}', "The file is not JSON as it should"),
    "NaN": (b'{"coplan_plan": NaN}', "NaN is no number"),
    "a number of 100,000 digits": (b'{"coplan_plan": ' + b"9" * 100_000 + b"}", "is not JSON as"),
    "a newer version": (b'{"coplan_plan": 2}', "coplan_plan: is version 2; this Coplan reads"),
    "version true": (b'{"coplan_plan": true}', "coplan_plan: is version True"),
    "version in text": (b'{"coplan_plan": "1"}', "coplan_plan: is version 1; this Coplan reads"),
    "nothing but the version": (b'{"coplan_plan": 1}', "exported_at: is missing\nzone: is missing"),
}


def put(value: object, *path: str | int) -> Edit:
    """Return an edit that puts a value at a path of the document."""

    def edit(found: dict[str, Any]) -> None:
        at: Any = found
        for part in path[:-1]:
            at = at[part]
        at[path[-1]] = value

    return edit


def add(key: str, *items: dict[str, Any]) -> Edit:
    return lambda found: found[key].extend(items)


WRITTEN = {"by": "p1", "at": "2026-11-03T07:00:00+00:00"}
SESSION = {"id": "i9", "start": WRITTEN["at"], "end": WRITTEN["at"], "purpose": "", "medium": ""}
WORK = {"id": "i9", "kind": "talk", "band": "0-5", "partner": "p2"}
HANDED = {"number": 3, "kind": "handed_off", **WRITTEN}

EDITS: dict[str, tuple[Edit, str]] = {
    "unknown key": (put(1, "titel"), "titel: is not a key that is known here; did you mean title?"),
    "no title": (put("", "title"), "title: is empty"),
    "long title": (put("t" * 121, "title"), "title: has 121 characters; at most 120 fit"),
    "title a number": (put(3, "title"), "title: must be text, not a number; put it in quotes"),
    "unknown state": (put("paused", "state"), "state: must be one of active, finished, archived"),
    "unknown zone": (put("../etc", "zone"), "zone: is not a time zone (like Europe/Berlin)"),
    "naive instant": (put("2026-11-03T07:00:00", "started_at"), "started_at: must be an instant"),
    "instant a date": (put("2026-11-03", "started_at"), "started_at: must be an instant with its"),
    "instant of year 1": (put("0001-01-01T00:00:00+14:00", "started_at"), "started_at: must be an"),
    "people a text": (put("Maya", "people"), "people: must be a list, not text"),
    "a person twice": (add("people", {"ref": "p1", "name": "B"}), "people[2].ref: is there twice"),
    "a strange reference": (put("q1", "people", 0, "ref"), "must be a reference like p1"),
    "nameless": (put(" ", "people", 0, "name"), "people[0].name: is empty"),
    "unknown starter": (put("p9", "started_by"), "started_by: names nobody in “people”"),
    "unknown author": (put("p9", "answers", 0, "by"), "answers[0].by: names nobody in “people”"),
    "nobody there": (put([], "partners"), "partners: hold nobody who is still there"),
    "a partner twice": (
        lambda found: found["partners"].append(found["partners"][0]),
        "partners: hold somebody twice",
    ),
    "unknown role": (put("boss", "partners", 0, "role"), "partners[0].role: is no role of the"),
    "leader": (put(True, "partners", 0, "leader"), "partners[0].leader: is not a key that is"),
    "bad template": (
        put("l" * 46, "template", "steps", 0, "fields", 0, "label"),
        "template.steps[0].fields[0].label: has 46 characters; at most 45 fit",
    ),
    "steps gone": (put([], "steps"), "steps: are not the steps of the template, in its order"),
    "bad due date": (put("10.11.2026", "steps", 0, "due"), "steps[0].due: must be a date like"),
    "answer to nothing": (put("tusk", "answers", 0, "field"), "answers[0]: answers no field of"),
    "answer twice": (
        lambda found: found["answers"].append(found["answers"][0]),
        "answers[1]: answers what another one answers, too",
    ),
    "a respondent too many": (
        put("p1", "answers", 0, "respondent"),
        "answers[0].respondent: goes with fields that each answers, only",
    ),
    "revision 0": (put(0, "answers", 0, "revision"), "answers[0].revision: must be between 1 and"),
    "revision 1.5": (put(1.5, "answers", 0, "revision"), "revision: must be a whole number"),
    "an empty answer": (put("", "answers", 0, "text"), "answers[0].text: is empty"),
    "a text of 3,001": (
        put("x" * 3001, "answers", 0, "text"),
        "text: has 3001 characters; at most",
    ),
    "NUL": (put("a\x00b", "answers", 0, "text"), "text: holds a character that cannot be stored"),
    "lone surrogate": (put("\ud800", "answers", 0, "text"), "holds a character that cannot be"),
    "escape": (put("a\x1b[31m", "answers", 0, "text"), "answers[0].text: holds control characters"),
    "script link": (
        put("javascript:alert(1)", "resources", 0, "link"),
        "resources[0].link: must be a web address that begins with http:// or https://",
    ),
    "an item twice": (put("i1", "resources", 0, "id"), "resources[0].id: is there twice"),
    "an item's id": (put("01h2", "resources", 0, "id"), "resources[0].id: must be a reference"),
    "done by nobody": (
        put(WRITTEN["at"], "responsibilities", 0, "done_at"),
        "responsibilities[0]: must say both who did it and when, or neither",
    ),
    "session without length": (
        add("sessions", SESSION | WRITTEN),
        "sessions[0].end: must be after",
    ),
    "unknown work": (
        add("outside", WORK | WRITTEN | {"kind": "gossip"}),
        "outside[0].kind: must be one of talk, call",
    ),
    "unknown band": (add("outside", WORK | WRITTEN | {"band": "99"}), "outside[0].band: must be"),
    "unknown challenge": (
        add("challenges", {"id": "i9", "kind": "rain", "text": ""} | WRITTEN),
        "challenges[0].kind: must be one of time",
    ),
    "comment on nothing": (
        add("comments", {"id": "i9", "step": "nowhere", "field": "", "text": "x"} | WRITTEN),
        "comments[0]: is on no step or field of the template",
    ),
    "minutes 0": (
        add("minutes", {"id": "i9", "minutes": 0, "text": ""} | WRITTEN),
        "minutes[0].minutes: must be between 1 and",
    ),
    "a gap in the log": (
        put(3, "log", 1, "number"),
        "log[1].number: must be 2: entries are counted",
    ),
    "an unknown act": (
        put("deleted", "log", 1, "kind"),
        "log[1].kind: must be one of plan_started",
    ),
    "an act nowhere": (put("nowhere", "log", 1, "step"), "log[1]: is about no step or field of"),
    "about no entry": (put(9, "log", 1, "entry"), "log[1].entry: is the number of no entry"),
    "handed to nobody": (add("log", HANDED | {"after": "Ben"}), "log[2]: must be a reference like"),
    "signed by nobody": (
        put({"signed": "p1,p7"}, "log", 1, "detail"),
        "log[1]: names nobody in “people”",
    ),
    "details in a list": (put([], "log", 1, "detail"), "log[1].detail: must have keys"),
    "details in numbers": (put({"a": 1}, "log", 1, "detail"), "log[1].detail.a: must be text"),
}


def refusal(data: bytes) -> InvalidInput:
    began = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        parse(data)
    assert time.process_time() - began < stretched(1)
    return refused.value


@pytest.mark.parametrize("case", RAW)
def test_what_is_no_plan_is_refused(case: str) -> None:
    data, message = RAW[case]
    assert message in refusal(data).message


@pytest.mark.parametrize("case", EDITS)
def test_a_plan_with_a_mistake_is_refused_with_its_place(case: str) -> None:
    edit, message = EDITS[case]
    found = copy.deepcopy(document(EXAMPLE))
    parse(json.dumps(found).encode())
    edit(found)
    problem = refusal(json.dumps(found).encode())
    assert message in problem.message
    assert len(problem.message) < 900
    assert problem.remedy.startswith("Nothing was imported.")


def test_at_most_three_mistakes_are_told_and_each_once() -> None:
    found = document(EXAMPLE) | {"zone": "Mars", "state": "x", "title": "", "started_by": "p9"}
    lines = refusal(json.dumps(found).encode()).message.splitlines()
    assert [line.split(":")[0] for line in lines] == ["zone", "title", "started_by"]


def test_a_log_of_ten_thousand_entries_is_read_in_a_few_seconds() -> None:
    found = document(EXAMPLE)
    saved = found["log"][1]
    found["log"] = [saved | {"number": n} for n in range(1, 10_001)]
    began = time.process_time()
    assert len(parse(json.dumps(found).encode()).entries) == 10_000
    assert time.process_time() - began < stretched(5)  # measured: 0.4 s
