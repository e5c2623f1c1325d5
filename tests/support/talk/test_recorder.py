"""What every platform can show: each story looks at its cards and forms by the same rules."""

from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Option, Picture, Quote, Select, Style, Table
from bot.ui.forms import ChecksInput, Form, SelectInput, TextInput
from tests.support.talk.recorder import (
    card_problems,
    discord_card_problems,
    discord_form_problems,
    form_problems,
    slack_card_problems,
    slack_form_problems,
)


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


def test_what_slack_would_refuse_is_noticed() -> None:
    good = Card(title="Good", summary="Good.", blocks=(Quote("words"),))
    assert slack_card_problems(good) == []
    no_menu = Card(title="Bad", summary="Bad.", blocks=(Select(action("pick"), "Choose", ()),))
    assert "at least 1 item" in "\n".join(slack_card_problems(no_menu))
    many = Card(title="Bad", summary="Bad.", blocks=(Table(("a",) * 21, (("b",) * 21,)),))
    assert "20 cells" in "\n".join(slack_card_problems(many))
    form = Form(title="t" * 25, action=action("save"), inputs=(TextInput(key="k", label="l"),))
    assert "/view/title" in "\n".join(slack_form_problems(form))
    checks = tuple(Option(str(at), "o") for at in range(11))
    form = Form(
        title="t", action=action("s"), inputs=(ChecksInput(key="k", label="l", options=checks),)
    )
    assert "no more than 10 items" in "\n".join(slack_form_problems(form))


def test_what_discord_would_refuse_or_not_show_is_noticed() -> None:
    good = Card(title="Good", summary="Good.", blocks=(Quote("words"),))
    assert discord_card_problems(good) == []
    pictures = (Picture(b"\x89PNG", "A week."),) * 11
    many = Card(title="Bad", summary="Bad.", blocks=pictures)
    assert "11 files of 10" in "\n".join(discord_card_problems(many))
    signs = Card(title="Bad", summary="Bad.", blocks=(Quote("`*" * 1400), Quote("_`" * 1400)))
    assert "Bad.txt has them" in "\n".join(discord_card_problems(signs))
    twice = Card(title="Bad", summary="Bad.", blocks=(Buttons((Button("a", action("do")),) * 2),))
    assert "cannot be duplicated" in "\n".join(discord_card_problems(twice))
    five = tuple(TextInput(key=f"{at}", label="l") for at in range(5))
    fine = Form(title="t", action=action("save"), inputs=five, note="Seen by you.")
    assert discord_form_problems(fine) == []
    long = Form(title="t", action=action("save"), inputs=five, note="n" * 101)
    assert "note beside so many inputs has 101" in "\n".join(form_problems(long))
    six = Form(title="t", action=action("save"), inputs=(*five, TextInput(key="6", label="l")))
    assert "between 1 and 5" in "\n".join(discord_form_problems(six))
