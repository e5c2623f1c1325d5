"""Hypothesis strategies: cards and forms as pages make them, with hostile words in every place."""

from functools import cache

from hypothesis import strategies as st

from bot.ui import limits
from bot.ui.actions import Action
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    File,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
)
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
from bot.ui.spans import Link, LocalTime, Mention, Spans, Strong, plain
from tests.support.hostile import any_ids, dates, instants, maybe, member_ids, names, some, texts

PNG = b"\x89PNG\r\n\x1a\n"


@cache
def spans() -> st.SearchStrategy[Spans]:
    """Return spans with something in them."""
    urls = st.one_of(texts(60), texts(60).map(lambda end: f"https://x.example/{end}"))
    one = st.one_of(
        texts(300),
        st.builds(Strong, texts(60)),
        st.builds(Mention, member_ids(), names(), st.booleans()),
        st.builds(Link, names(), urls),
        st.builds(
            LocalTime,
            instants(),
            st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
            st.sampled_from(["date", "time", "datetime"]),
        ),
    )
    return some(one, 5).filter(lambda made: bool(plain(made).strip()))


@cache
def actions() -> st.SearchStrategy[Action]:
    return st.builds(Action, any_ids("a"), some(any_ids("b"), 2))


@cache
def options(most: int) -> st.SearchStrategy[tuple[Option, ...]]:
    """Return at least one option, each of a value of its own."""
    label = texts(limits.OPTION_LABEL)
    one = st.builds(Option, texts(limits.OPTION_VALUE), label)
    return st.lists(one, min_size=1, max_size=most, unique_by=lambda each: each.value).map(tuple)


@cache
def _tables() -> st.SearchStrategy[Table]:
    cell = texts(40, empty=True)
    return st.integers(1, limits.TABLE_COLUMNS).flatmap(
        lambda width: st.builds(
            Table,
            st.tuples(*[cell] * width),
            st.lists(st.tuples(*[cell] * width), min_size=1, max_size=5).map(tuple),
        )
    )


@cache
def blocks() -> st.SearchStrategy[Block]:
    """Return blocks that show words."""
    return st.one_of(
        st.builds(Text, spans()),
        st.builds(Note, spans()),
        st.builds(Quote, texts(600)),
        st.builds(Bullets, st.lists(spans(), min_size=1, max_size=5).map(tuple)),
        st.just(Divider()),
        _tables(),
        st.builds(Picture, st.just(PNG), texts(limits.ALT_TEXT)),
    )


@cache
def _rows() -> st.SearchStrategy[tuple[Buttons | Select, ...]]:
    """Return rows of buttons and menus, each action once."""

    def build(
        made: list[Action], labels: list[str], menu: tuple[Option, ...]
    ) -> tuple[Buttons | Select, ...]:
        styles = [Style.PRIMARY, Style.DANGER, Style.PLAIN]
        buttons = [
            Button(labels[at % len(labels)], each, styles[min(at, 2)])
            for at, each in enumerate(made[1:])
        ]
        rows = [Buttons(tuple(buttons[at : at + 5])) for at in range(0, len(buttons), 5)]
        return (Select(made[0], labels[0], menu), *rows)

    some_actions = st.lists(actions(), min_size=2, max_size=16, unique_by=Action.encode)
    labels = st.lists(texts(limits.BUTTON_LABEL), min_size=1, max_size=4)
    return st.one_of(st.just(()), st.builds(build, some_actions, labels, options(5)))


@cache
def cards() -> st.SearchStrategy[Card]:
    """Return cards with hostile words; their parts fit, the whole may hold too much text."""
    return st.builds(
        lambda words, rows, **rest: Card(blocks=(*words, *rows), **rest),
        words=some(blocks(), 8),
        rows=_rows(),
        title=texts(limits.CARD_TITLE),
        summary=texts(),
        files=some(st.builds(File, st.just("a.csv"), st.just("text/csv"), st.just(b"a")), 2),
    )


@cache
def _inputs() -> st.SearchStrategy[Input]:
    shared = {
        "key": any_ids("k"),
        "label": texts(limits.INPUT_LABEL),
        "hint": texts(limits.INPUT_HINT, empty=True),
        "required": st.booleans(),
    }
    return st.one_of(
        st.builds(TextInput, initial=texts(empty=True), multiline=st.booleans(), **shared),
        options(limits.OPTIONS).flatmap(
            lambda made: st.builds(
                SelectInput,
                options=st.just(made),
                initial=st.sampled_from(["", *(each.value for each in made)]),
                **shared,
            )
        ),
        options(10).flatmap(
            lambda made: st.builds(
                ChecksInput,
                options=st.just(made),
                initial=some(st.sampled_from([each.value for each in made]), 3),
                **shared,
            )
        ),
        st.builds(MembersInput, initial=some(member_ids()), many=st.booleans(), **shared),
        st.builds(DateInput, initial=maybe(dates()), example=shared["hint"], **shared),
        st.builds(TimeInput, initial=maybe(st.times()), example=shared["hint"], **shared),
        st.builds(FileInput, **shared),
    )


@cache
def forms() -> st.SearchStrategy[Form]:
    """Return forms with hostile words."""
    inputs = st.lists(_inputs(), min_size=1, max_size=5, unique_by=lambda each: each.key).map(tuple)
    return st.builds(
        Form,
        title=texts(limits.FORM_TITLE),
        action=actions(),
        inputs=inputs,
        submit=texts(limits.FORM_TITLE),
        note=texts(limits.BLOCK_TEXT, empty=True),
        errors=st.dictionaries(st.just(""), texts(100), max_size=1),
    )
