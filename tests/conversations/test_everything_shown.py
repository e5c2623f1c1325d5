"""What all stories showed, beside what every platform can show."""

from pathlib import Path

from adapters.playground.view import card_json, form_json
from bot.domain.ids import RandomIds
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Option, Picture, Quote, Select, Style, Table
from bot.ui.forms import Form, SelectInput, TextInput
from tests.conversations.test_thin_story import thin_story
from tests.support.talk.core import core_stage
from tests.support.talk.recorder import Recorder, card_problems, form_problems


async def test_everything_shown_fits_every_platform(recorder: Recorder, tmp_path: Path) -> None:
    if not recorder.cards:  # this test alone was asked for
        async with core_stage(tmp_path, recorder) as stage:
            await thin_story(stage)
    wrong = [problem for card in recorder.cards for problem in card_problems(card)]
    wrong += [problem for form in recorder.forms for problem in form_problems(form)]
    assert not wrong, "\n".join(sorted(set(wrong)))
    ids = RandomIds()
    for card in recorder.cards:
        assert card_json(card, ids)[0]["summary"]
    for form in recorder.forms:
        assert form_json(form, {})["inputs"]


def test_what_fits_nowhere_is_noticed() -> None:
    bad = Card(
        title="x" * 151,
        summary=" ",
        blocks=(
            Buttons(tuple(Button("yes", action("do", str(at))) for at in range(6))),
            Buttons((Button("", action("do"), Style.PRIMARY), Button("b" * 76, action("do")))),
            Buttons((Button("one more", action("do" * 60), Style.PRIMARY),)),
            Select(action("pick"), "Choose", (Option("a", "A"), Option("a", ""))),
            Select(action("pick"), "Choose", tuple(Option(str(n), "o") for n in range(26))),
            Select(action("pick"), "Choose", ()),
            Table(("a", "b"), (("1",),) * 31),
            Picture(b"", ""),
            Quote("q" * 3801),
        ),
    )
    told = "\n".join(card_problems(bad))
    for words in (
        "title has 151",
        "all text has",
        "6 rows of 5",
        "2 primary buttons",
        "empty summary",
        "6 buttons in a row of 5",
        "a button without a label",
        "has 76 characters of 75",
        "not an action for every platform",
        "one action twice",
        "an empty option",
        "the same option twice",
        "26 options of 25",
        "a menu without options",
        "another length than its head",
        "31 table rows of 30",
        "a picture without description",
        "Quote has 3801 characters of 2900",
    ):
        assert words in told
    form = Form(
        title="t" * 25,
        action=action("save"),
        inputs=(
            *(TextInput(key="k", label="l" * 46, hint="h" * 101) for _ in range(5)),
            TextInput(key="long", label="Long", max_length=3001, initial="i" * 3002),
            SelectInput(key="s", label="S", options=(Option("a", "A"),), initial="b"),
        ),
    )
    told = "\n".join(form_problems(form))
    for words in (
        "title has 25 characters of 24",
        "7 inputs of 5",
        "the same key twice",
        "has 46 characters of 45",
        "has 101 characters of 100",
        "takes 3001 characters of 3000",
        "holds 3002 characters of 3001",
        "“b” is chosen and is no option",
    ):
        assert words in told
