"""The templates that come with Coplan."""

import pytest
from hypothesis import given, settings

from bot.domain.planning.template import By, ItemKind, Template
from bot.templates import limits
from bot.templates.loader import builtin, parse, render
from bot.ui import limits as ui
from bot.usecases.planning.starting import DEFAULT_TEMPLATE
from tests.support.plans import templates

STEPS = {
    "nine-step": [
        "Develop the form",
        "Identify partners",
        "Initiate a session",
        "Document everything",
        "Complete the form",
        "Make time",
        "Collaborate",
        "Confront challenges",
        "Assess",
    ],
    "handy-5": [
        "Assignment",
        "Plan of action",
        "Doing the job",
        "Product evaluation",
        "Process evaluation",
    ],
    "coplan-coteach-coassess": ["Plan together", "Teach together", "Assess together"],
    "data-driven": [
        "Find the gap in the data",
        "Choose the standards",
        "Plan what to do",
        "Look again",
    ],
    "study-group": [
        "Topic and exam date",
        "Who explains what",
        "Questions each brings",
        "Meeting notes",
        "What each will review",
    ],
    "short-form": ["The plan in five answers"],
}

BUILTIN = pytest.mark.parametrize("template", builtin().values(), ids=lambda t: t.key)


def asked(template: Template, by: By) -> list[str]:
    return [f"{s.key}.{f.key}" for s in template.steps for f in s.fields if f.by is by]


def test_the_six_templates_have_the_steps_of_the_product_in_order() -> None:
    assert {key: [s.title for s in t.steps] for key, t in builtin().items()} == STEPS
    assert next(iter(builtin())) == DEFAULT_TEMPLATE


def test_builtin_templates_are_parsed_once() -> None:
    assert builtin() is builtin()


@BUILTIN
def test_a_step_of_ours_is_one_form(template: Template) -> None:
    assert all(len(step.fields) <= ui.FORM_INPUTS for step in template.steps)


@BUILTIN
def test_nobody_leads(template: Template) -> None:
    assert set(template.roles) <= {"librarian", "teacher"}


@BUILTIN
def test_rendering_gives_the_same_template_back(template: Template) -> None:
    assert parse(render(template).encode(), "again.yaml") == template


@pytest.mark.parametrize(
    ("key", "weeks"),
    [
        ("nine-step", 6),
        ("handy-5", 4),
        ("coplan-coteach-coassess", 4),
        ("data-driven", 5),
        ("study-group", 3),
        ("short-form", 1),
    ],
)
def test_the_pace_of_a_whole_plan(key: str, weeks: int) -> None:
    assert sum(s.weeks for s in builtin()[key].steps if not s.throughout) == weeks


def test_nine_steps_ask_each_partner_and_all_together() -> None:
    nine = builtin()["nine-step"]
    assert asked(nine, By.EACH) == [
        "partners.expertise",
        "partners.strengths",
        "partners.growth",
        "session.times",
        "assess.together",
    ]
    assert asked(nine, By.TOGETHER) == ["complete.assessments", "collaborate.expectations"]
    assert [s.key for s in nine.steps if s.throughout] == ["document", "time", "challenges"]
    assert [s.key for s in nine.steps if s.closes_challenges] == ["challenges"]
    needs = {s.key: [n.kind for n in s.needs] for s in nine.steps if s.needs}
    assert needs == {
        "document": [ItemKind.MINUTES],
        "complete": [ItemKind.RESOURCE, ItemKind.RESPONSIBILITY],
    }


def test_no_template_demands_a_common_free_period() -> None:
    needed = {n.kind for t in builtin().values() for s in t.steps for n in s.needs}
    assert ItemKind.SESSION not in needed


def test_handy_5_hears_three_voices() -> None:
    handy = builtin()["handy-5"]
    assert handy.roles == ("librarian", "teacher")
    process = handy.step("process")
    assert process is not None
    assert [(f.key, f.role) for f in process.fields] == [
        ("teacher", "teacher"),
        ("librarian", "librarian"),
        ("students", ""),
    ]


def test_what_a_template_may_hold_fits_the_platforms() -> None:
    assert limits.LABEL == ui.INPUT_LABEL
    assert limits.HINT == ui.INPUT_HINT
    longest = ("r" * 16, "p" * 26, "k" * limits.KEYS_TOGETHER, "m" * 26, "9999")
    assert len("|".join(longest)) + len("|") == ui.ACTION
    assert limits.KEY <= ui.OPTION_VALUE
    assert limits.TEMPLATE_TITLE <= ui.OPTION_LABEL
    assert limits.STEP_TITLE <= ui.BUTTON_LABEL
    assert limits.STEPS <= ui.OPTIONS
    everything = limits.STEPS * (limits.STEP_TITLE + 200)
    assert everything + limits.ABOUT <= ui.CARD_TEXT
    assert limits.WORDS * 6 <= ui.INPUT_TEXT


@settings(deadline=None)
@given(templates())
def test_any_template_survives_yaml(template: Template) -> None:
    assert parse(render(template).encode(), "t.yaml") == template
