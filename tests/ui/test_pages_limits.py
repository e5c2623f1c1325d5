"""The limits of the platforms' intersection, and what a reply must keep to fit everywhere."""

import pytest

from bot.ui import limits
from bot.ui.actions import action
from bot.ui.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    Note,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
)
from bot.ui.forms import ChecksInput, DateInput, Form, SelectInput, TextInput, hint_to_type
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply
from bot.ui.spans import plain
from tests.support.talk.recorder import (
    discord_card_problems,
    discord_form_problems,
    slack_card_problems,
    slack_form_problems,
)


def within(reply: Reply) -> None:
    """Fail unless every platform can show the reply."""
    match reply:
        case CardReply(card=card):
            card_within(card)
        case FormReply(form=form):
            form_within(form)
        case FormErrorsReply(errors=errors):
            assert errors
            assert all(0 < len(words) <= 500 for words in errors.values()), errors


def card_within(card: Card) -> None:
    """Fail unless every platform can show the card."""
    assert 0 < len(card.title) <= limits.CARD_TITLE, card.title
    assert card.summary.strip()
    assert len(card.blocks) <= limits.BLOCKS
    rows = [block for block in card.blocks if isinstance(block, Buttons | Select)]
    assert len(rows) <= limits.ROWS, f"{len(rows)} rows"
    styles = [b.style for block in rows if isinstance(block, Buttons) for b in block.buttons]
    assert styles.count(Style.PRIMARY) <= 1
    assert sum(map(_length, card.blocks)) + len(card.title) <= limits.CARD_TEXT, "too much text"
    for block in card.blocks:
        _block(block)
    assert [*slack_card_problems(card), *discord_card_problems(card)] == []


def _length(block: object) -> int:
    match block:
        case Text(spans=spans) | Note(spans=spans):
            return len(plain(spans))
        case Quote(text=text):
            return len(text)
        case Bullets(items=items):
            return sum(len(plain(item)) for item in items)
        case Table(head=head, rows=rows):
            return sum(len(cell) for row in (head, *rows) for cell in row)
        case _:
            return 0


def _block(block: object) -> None:
    match block:
        case Buttons() | Select():
            _row(block)
        case Text(spans=spans) | Note(spans=spans):
            assert 0 < len(plain(spans).strip()) <= limits.BLOCK_TEXT
        case Quote(text=text):
            assert 0 < len(text) <= limits.BLOCK_TEXT
        case Bullets(items=items):
            assert items
            assert _length(block) <= limits.BLOCK_TEXT
            assert all(plain(item).strip() for item in items)
        case Table(head=head, rows=rows):
            assert 0 < len(rows) <= limits.TABLE_ROWS
            assert all(len(row) == len(head) <= limits.TABLE_COLUMNS for row in rows)
        case Picture(alt=alt):
            assert 0 < len(alt) <= limits.ALT_TEXT
        case _:
            assert isinstance(block, Divider)


def _row(block: Buttons | Select) -> None:
    if isinstance(block, Buttons):
        assert 0 < len(block.buttons) <= limits.BUTTONS_IN_ROW
        for button in block.buttons:
            _button(button)
        return
    assert 0 < len(block.options) <= limits.OPTIONS
    assert 0 < len(block.placeholder) <= limits.OPTION_LABEL
    block.action.encode()
    _options(block)


def _button(button: Button) -> None:
    assert 0 < len(button.label.strip()) <= limits.BUTTON_LABEL, button
    assert len(button.action.encode()) <= limits.ACTION


def _options(menu: Select | SelectInput | ChecksInput) -> None:
    values = [option.value for option in menu.options]
    assert len(set(values)) == len(values), "two options of one value"
    for option in menu.options:
        assert 0 < len(option.value) <= limits.OPTION_VALUE
        assert 0 < len(option.label.strip()) <= limits.OPTION_LABEL


def form_within(form: Form) -> None:
    """Fail unless every platform can show the form."""
    assert 0 < len(form.title) <= limits.FORM_TITLE, form.title
    assert 0 < len(form.submit) <= limits.FORM_TITLE
    assert 1 <= len(form.inputs) <= limits.FORM_INPUTS
    full = len(form.inputs) == limits.FORM_INPUTS
    assert len(form.note) <= (limits.FORM_NOTE if full else limits.BLOCK_TEXT), form.note
    form.action.encode()
    keys = [one.key for one in form.inputs]
    assert len(set(keys)) == len(keys)
    for one in form.inputs:
        assert 0 < len(one.label.strip()) <= limits.INPUT_LABEL, one.label
        assert len(hint_to_type(one)) <= limits.INPUT_HINT, one
        match one:
            case TextInput():
                assert one.max_length <= limits.INPUT_TEXT
                assert len(one.initial) <= one.max_length
            case SelectInput() | ChecksInput():
                assert 0 < len(one.options) <= limits.OPTIONS
                _options(one)
                chosen = {one.initial} if isinstance(one, SelectInput) else set(one.initial)
                assert chosen - {""} <= {option.value for option in one.options}
            case DateInput():
                pass
            case _:
                pass
    assert [*slack_form_problems(form), *discord_form_problems(form)] == []


SIX = Buttons(tuple(Button("b", action("a")) for _ in range(6)))


@pytest.mark.parametrize(
    "reply",
    [
        CardReply(card=Card(title="x" * 151, summary="x")),
        CardReply(card=Card(title="x", summary="x", blocks=(Text(("x" * 2901,)),))),
        CardReply(card=Card(title="x", summary="x", blocks=(SIX,))),
        FormReply(form=Form(title="x" * 25, action=action("a"), inputs=())),
    ],
)
def test_what_does_not_fit_is_found(reply: Reply) -> None:
    with pytest.raises(AssertionError):
        within(reply)


def test_an_action_that_does_not_fit_is_refused_when_it_is_made_a_text() -> None:
    with pytest.raises(ValueError, match="not an action for every platform"):
        action("a", "x" * 100).encode()
    with pytest.raises(ValueError, match="not an action for every platform"):
        action("a", "x|y").encode()
