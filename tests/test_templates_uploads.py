"""Templates that people upload: what is read, and what is refused."""

import time

import pytest

from bot.domain.errors import InvalidInput
from bot.templates.loader import parse
from tests.support.pace import stretched

GOOD = """\
key: mine
title: My own
steps:
  - key: one
    title: First
    fields:
      - key: what
        label: What?
"""


def test_an_upload_with_a_byte_order_mark_and_windows_lines_is_read() -> None:
    data = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert parse(data, "mine.yaml") == parse(GOOD.encode(), "mine.yaml")


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    text = GOOD.replace("What?", "12:30").replace("First", "NO").replace("My own", "2026-11-21")
    template = parse(text.encode(), "mine.yaml")
    assert template.title == "2026-11-21"
    assert template.steps[0].title == "NO"
    assert template.steps[0].fields[0].label == "12:30"


def test_a_paragraph_becomes_one_line() -> None:
    text = GOOD.replace("title: My own", "title: My own\nabout: >\n  Two lines\n\n  of text\n")
    assert parse(text.encode(), "mine.yaml").about == "Two lines of text"


def more(text: str) -> str:
    """Return the good template with lines added to its field."""
    return GOOD + text


def swap(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(9)
)
MERGES = "a: &a {k0: v}\n" + "".join(f"m{n}: {{<<: [*a, *a]}}\n" for n in range(900))
MANY_STEPS = "key: a\ntitle: A\nsteps:\n" + "".join(
    f"  - {{key: s{n}, title: T, closes_challenges: true}}\n" for n in range(13)
)
MANY_FIELDS = GOOD + "".join(f"      - {{key: f{n}, label: L}}\n" for n in range(10))
MANY_ROLES = GOOD + "".join(
    f"      - {{key: f{n}, label: L, by: role, role: r{n}}}\n" for n in range(7)
)

BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "bad.yaml, line 1: the file is empty"),
    "only a comment": ("# nothing\n", "bad.yaml, line 1: the file is empty"),
    "null": ("null\n", "line 1, the file: must have keys (key, title, steps), not empty"),
    "a list at the top": (
        "- a\n- b\n",
        ("line 1, the file: must have keys (key, title, steps), not a list"),
    ),
    "a text at the top": (
        "hello",
        "line 1, the file: must have keys (key, title, steps), not text",
    ),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "bad.yaml, line 1: is not UTF-8 text"),
    "utf-16": (GOOD.encode("utf-16"), "bad.yaml, line 1: is not UTF-8 text"),
    "latin-1": (swap("First", "Früh").encode("latin-1"), "bad.yaml, line 5: is not UTF-8 text"),
    "NUL": (swap("First", "Fi\x00rst"), "bad.yaml, line 5: holds a character that is not text"),
    "escaped NUL": (swap("First", r'"Fi\0rst"'), "line 5, steps[0].title: holds a control"),
    "lone surrogate": (swap("First", r'"Fi\ud800rst"'), "line 5, steps[0].title: holds a char"),
    "tabs": (swap("    title: First", "\ttitle: First"), "bad.yaml, line 5: a tab cannot indent"),
    "5 MB": (b"#" * 5_000_000, "bad.yaml: has 5000000 bytes; a template has at most 64 KiB"),
    "broken quotes": (swap("First", '"First'), "bad.yaml, line 9: is not YAML as it should be"),
    "broken indent": (swap("    title: First", "   title: First"), "bad.yaml, line 5: is not YAML"),
    "two documents": (GOOD + "---\n" + GOOD, "bad.yaml, line 9: is not YAML as it should be"),
    "billion laughs": (LAUGHS, "bad.yaml, line 2: aliases (*name) are not allowed"),
    "merge keys": (MERGES, "bad.yaml, line 2: aliases (*name) are not allowed"),
    "merge without alias": (
        more("        <<: {hint: x}\n"),
        ("line 9, steps[0].fields[0].<<: is not a key that is known here"),
    ),
    "depth 5,000": ("key: " + "[" * 5000 + "]" * 5000, "line 1: is nested deeper than 12 levels"),
    "depth 5,000 of keys": ("{a: " * 5000, "line 1: is nested deeper than 12 levels"),
    "depth 5,000 of lists": ("- " * 5000, "line 1: is nested deeper than 12 levels"),
    "6,000 values": ("key: [" + "a," * 6000 + "]", "line 1: holds more than 5000 values"),
    "code": ("key: !!python/object/apply:os.system ['id']\n", "line 1: tags (!name) are not"),
    "a tag": (swap("mine", "!!binary bWluZQ=="), "line 1: tags (!name) are not allowed"),
    "a key that is a list": ("? [a, b]\n: c\n", "bad.yaml, line 1: a key must be a word"),
    "a repeated key": (
        more("        label: Again?\n"),
        ("line 9: steps[0].fields[0].label: is there twice"),
    ),
    "title missing": (swap("title: My own\n", ""), "bad.yaml, line 1, title: is missing"),
    "steps missing": ("key: a\ntitle: A\n", "bad.yaml, line 1, steps: is missing"),
    "label missing": (
        swap("        label: What?\n", ""),
        ("line 7, steps[0].fields[0].label: is missing"),
    ),
    "no steps": ("key: a\ntitle: A\nsteps: []\n", "line 3, steps: is empty; a template has at"),
    "steps null": ("key: a\ntitle: A\nsteps:\n", "line 3, steps: must be a list, not empty"),
    "steps a text": ("key: a\ntitle: A\nsteps: one\n", "line 3, steps: must be a list, not text"),
    "a step that is a text": (
        "key: a\ntitle: A\nsteps: [one]\n",
        ("line 3, steps[0]: must have keys (key, title), not text"),
    ),
    "13 steps": (MANY_STEPS, "line 3, steps: has 13 items; at most 12 are possible"),
    "11 fields": (MANY_FIELDS, "line 6, steps[0].fields: has 11 items; at most 10 are possible"),
    "7 roles": (MANY_ROLES, "line 3, steps: name 7 roles; at most 6 fit"),
    "unknown key": (
        more("        labl: x\n"),
        ("line 9, steps[0].fields[0].labl: is not a key that is known here; did you mean label?"),
    ),
    "unknown key far from all": (more("        zzz: x\n"), "fields[0].zzz: is not a key that is"),
    "unknown by": (
        more("        by: eech\n"),
        (
            "line 9, steps[0].fields[0].by: must be one of "
            "anyone, each, together, role; did you mean each?"
        ),
    ),
    "by a number": (more("        by: 3\n"), "steps[0].fields[0].by: must be one of anyone"),
    "role missing": (
        more("        by: role\n"),
        ("line 7, steps[0].fields[0]: is answered by a role, so it must say which: add role"),
    ),
    "role without by": (
        more("        role: teacher\n"),
        ("line 9, steps[0].fields[0].role: goes only with by: role"),
    ),
    "role with a bar": (more("        by: role\n        role: a|b\n"), "role: must not hold “|”"),
    "long label": (
        swap("What?", "W" * 46),
        ("line 8, steps[0].fields[0].label: has 46 characters; at most 45 fit"),
    ),
    "long hint": (more(f"        hint: {'h' * 101}\n"), "hint: has 101 characters; at most 100"),
    "long title": (swap("First", "F" * 41), "steps[0].title: has 41 characters; at most 40 fit"),
    "empty label": (swap("What?", '"  "'), "line 8, steps[0].fields[0].label: is empty"),
    "label a number": (swap("What?", "2026"), "label: must be text, not a number; put it in quote"),
    "label a truth": (swap("What?", "true"), "label: must be text, not true or false; put it in"),
    "label a list": (swap("What?", "[a]"), "line 8, steps[0].fields[0].label: must be text, not a"),
    "title with an escape": (swap("First", r'"\e[31mred"'), "steps[0].title: holds a control"),
    "key with a bar": (
        swap("key: what", "key: a|b"),
        ("line 7, steps[0].fields[0].key: must be lower-case letters and digits"),
    ),
    "key in capitals": (swap("key: one", "key: One"), "line 4, steps[0].key: must be lower-case"),
    "key with a dot": (swap("mine", "my.own"), "line 1, key: must be lower-case"),
    "key of 25": (swap("mine", "k" * 25), "line 1, key: has 25 characters; at most 24 fit"),
    "keys of 24 together": (
        swap("key: what", "key: " + "w" * 21),
        (
            "line 7, steps[0].fields[0].key:"
            " is too long beside the step's key “one”: the two together may have"
            " 23 characters"
        ),
    ),
    "two fields of a key": (
        more("      - key: what\n        label: L\n"),
        ("line 9, steps[0].fields[1].key: “what” is there twice"),
    ),
    "two steps of a key": (
        GOOD + GOOD.split("steps:\n")[1],
        "line 9, steps[1].key: “one” is there",
    ),
    "required NO": (
        more("        required: NO\n"),
        ("line 9, steps[0].fields[0].required: must be true or false, not text"),
    ),
    "signoff on": (
        swap("title: First", "title: F\n    signoff: on"),
        ("line 6, steps[0].signoff: must be true or false"),
    ),
    "weeks 12:30": (
        swap("title: First", "title: F\n    weeks: 12:30"),
        ("line 6, steps[0].weeks: must be a whole number"),
    ),
    "weeks 1.5": (
        swap("title: First", "title: F\n    weeks: 1.5"),
        "weeks: must be a whole number",
    ),
    "weeks 13": (swap("title: First", "title: F\n    weeks: 13"), "must be between 0 and 12"),
    "weeks -1": (swap("title: First", "title: F\n    weeks: -1"), "must be between 0 and 12"),
    "words of 100,000 digits": (f"key: {'9' * 100_000}", "bad.yaml: has 100005 bytes"),
    "words of 60,000 digits": (
        more(f"        max_words: {'9' * 60_000}\n"),
        ("line 9, steps[0].fields[0].max_words: must be a whole number, not text"),
    ),
    "nothing asked": (
        "key: a\ntitle: A\nsteps:\n  - key: b\n    title: B\n",
        (
            "line 4, steps[0]: "
            "asks for nothing: give it a required field, needs or closes_challenges"
        ),
    ),
    "only optional": (more("        required: false\n"), "line 4, steps[0]: asks for nothing"),
    "unknown need": (
        more("    needs: [{kind: minute}]\n"),
        (
            "line 9, steps[0].needs[0].kind: must "
            "be one of decision, challenge, responsibility, resource, minutes, session; "
            "did you mean minutes?"
        ),
    ),
    "need twice": (
        more("    needs: [{kind: minutes}, {kind: minutes}]\n"),
        ("steps[0].needs[1].kind: “minutes” is there"),
    ),
    "need of none": (
        more("    needs: [{kind: minutes, count: 0}]\n"),
        ("line 9, steps[0].needs[0].count: must be between 1"),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_template_is_refused_at_once_with_line_key_and_reason(case: str) -> None:
    data, message = BAD[case]
    began = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        parse(data if isinstance(data, bytes) else data.encode(), "bad.yaml")
    assert time.process_time() - began < stretched(1)
    assert refused.value.message.startswith("bad.yaml")
    assert message in refused.value.message
    assert len(refused.value.message) < 600
    assert refused.value.remedy == "Correct it and upload the file again. Nothing was changed."


def test_three_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = swap("key: mine", "key: Mine").replace("What?", "W" * 50).replace("First", "")
    with pytest.raises(InvalidInput) as refused:
        parse((text + "        by: nobody\n        hint: 3\n").encode(), "bad.yaml")
    first, second, third = refused.value.message.splitlines()
    assert first.startswith("bad.yaml, line 1, key: must be lower-case")
    assert second == "bad.yaml, line 5, steps[0].title: must be text, not empty"
    assert third == (
        "bad.yaml, line 8, steps[0].fields[0].label: has 50 characters; at most 45 fit"
    )
