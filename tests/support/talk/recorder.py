"""Every card and form that a test showed, and what of them would not fit on every platform."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from adapters.discord import messages, modals
from adapters.playground.view import card_json, form_json
from adapters.slack import blocks as slack_blocks
from adapters.slack import views as slack_views
from bot.domain.ids import MemberId, RandomIds
from bot.ui import limits
from bot.ui.actions import Action
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
    called,
)
from bot.ui.forms import (
    ChecksInput,
    Form,
    Input,
    SelectInput,
    TextInput,
    chosen_beforehand,
    hint_to_type,
)
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import plain
from tests.support.discord import components, described
from tests.support.slack.validation import blocks_problems, view_problems

CHECKS = 10
"""Boxes in one question: Slack's checkboxes allow ten."""


@dataclass(slots=True)
class Recorder:
    """Cards and forms in the order shown; the same one twice counts once."""

    cards: dict[Card, None] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def card(self, card: Card) -> None:
        self.cards[card] = None

    def form(self, form: Form) -> None:
        self.forms.append(form)

    def reply(self, reply: Reply) -> None:
        if isinstance(reply, CardReply):
            self.card(reply.card)
        elif isinstance(reply, FormReply):
            self.form(reply.form)

    def problems(self) -> list[str]:
        """Return in words what of all that was shown would not fit on every platform."""
        wrong = {
            problem
            for card in self.cards
            for problem in card_problems(card)
            or [*slack_card_problems(card), *discord_card_problems(card)]
        }
        wrong |= {
            problem
            for form in self.forms
            for problem in form_problems(form)
            or [*slack_form_problems(form), *discord_form_problems(form)]
        }
        for card in self.cards:
            assert card_json(card, RandomIds())
        for form in self.forms:
            assert form_json(form, {})
        return sorted(wrong)


def card_problems(card: Card) -> list[str]:
    """Return what is wrong with a card, in words."""
    found = [
        *_length("title", card.title, limits.CARD_TITLE),
        *_length("all text", "".join(_texts(card)), limits.CARD_TEXT),
        *_count("blocks", card.blocks, limits.BLOCKS),
        *_count("rows", [b for b in card.blocks if isinstance(b, Buttons | Select)], limits.ROWS),
    ]
    primary = [b for row in _rows(card) for b in row.buttons if b.style is Style.PRIMARY]
    if len(primary) > 1:
        found.append(f"{len(primary)} primary buttons: {[b.label for b in primary]}")
    for what, text in (("title", card.title), ("summary", card.summary)):
        if not text.strip():
            found.append(f"empty {what}")
    actions = [b.action for row in _rows(card) for b in row.buttons]
    actions += [block.action for block in card.blocks if isinstance(block, Select)]
    if len(set(actions)) < len(actions):
        found.append(f"one action twice (Discord refuses that): {actions}")
    found += [problem for block in card.blocks for problem in _block(block)]
    found += [f"a file without an ending: {f.name}" for f in card.files if "." not in f.name]
    return [f"card “{card.title}”: {problem}" for problem in found]


def form_problems(form: Form) -> list[str]:
    """Return what is wrong with a form, in words."""
    found = [
        *_length("title", form.title, limits.FORM_TITLE),
        *_length("submit", form.submit, limits.FORM_TITLE),
        *_length("note", form.note, limits.BLOCK_TEXT),
        *_count("inputs", form.inputs, limits.FORM_INPUTS),
        *_action(form.action),
    ]
    if len(form.inputs) == limits.FORM_INPUTS:
        found += _length("note beside so many inputs", form.note, limits.FORM_NOTE)
    if not form.inputs:
        found.append("no inputs")
    keys = [each.key for each in form.inputs]
    if len(set(keys)) < len(keys):
        found.append(f"the same key twice: {keys}")
    found += [problem for each in form.inputs for problem in _input(each)]
    return [f"form “{form.title}”: {problem}" for problem in found]


def slack_card_problems(card: Card) -> list[str]:
    """Return what Slack would refuse in the card."""
    pictures = [f"F{at}" for at, _ in enumerate(slack_blocks.pictures(card))]
    users = dict.fromkeys(called(card), "U0MEMBER")
    shown = slack_blocks.message(card, users, pictures)
    found = [
        *_length("Slack's text", shown.text, slack_blocks.TEXT),
        *blocks_problems(shown.blocks),
    ]
    return [f"card “{card.title}”: Slack: {problem}" for problem in found]


def slack_form_problems(form: Form) -> list[str]:
    """Return what Slack would refuse in the form."""
    users = dict.fromkeys(chosen_beforehand(form), "U0MEMBER")
    found = view_problems(slack_views.modal(form, "", users), frozenset({"modal"}))
    return [f"form “{form.title}”: Slack: {problem}" for problem in found]


def discord_card_problems(card: Card) -> list[str]:
    """Return what Discord would refuse in the card, or not show of it."""
    shown = messages.message(card, _snowflakes(called(card)))
    names = [file.name for file in shown.files]
    numbered = [{"id": str(at), "filename": name} for at, name in enumerate(names)]
    found = [
        *described.message_problems({**shown.body, "attachments": numbered}),
        *components.message_problems(shown.body, names),
    ]
    pictures = sum(isinstance(block, Picture) for block in card.blocks)
    wanted = pictures + len(card.files)
    if wanted > messages.FILES:
        found.append(f"{wanted} files of {messages.FILES}")
    elif len(names) > wanted:
        found.append(f"too many words for one message: {names[-1]} has them")
    return [f"card “{card.title}”: Discord: {problem}" for problem in found]


def discord_form_problems(form: Form) -> list[str]:
    """Return what Discord would refuse in the form, or not show of it."""
    made = modals.modal(form, _snowflakes(chosen_beforehand(form)))
    found = [*described.form_problems(made), *components.modal_problems(made)]
    return [f"form “{form.title}”: Discord: {problem}" for problem in found]


def _snowflakes(members: Sequence[MemberId]) -> dict[MemberId, str]:
    return {member: str(10**17 + at) for at, member in enumerate(members)}


def _length(what: str, text: str, limit: int) -> list[str]:
    return [f"{what} has {len(text)} characters of {limit}"] if len(text) > limit else []


def _count(what: str, things: Sequence[object], limit: int) -> list[str]:
    return [f"{len(things)} {what} of {limit}"] if len(things) > limit else []


def _action(action: Action) -> list[str]:
    try:
        action.encode()
    except ValueError as error:
        return [str(error)]
    return []


def _rows(card: Card) -> Iterator[Buttons]:
    yield from (block for block in card.blocks if isinstance(block, Buttons))


def _texts(card: Card) -> Iterator[str]:
    yield card.title
    for block in card.blocks:
        yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[str]:
    match block:
        case Text(spans) | Note(spans):
            yield plain(spans)
        case Quote(text):
            yield text
        case Bullets(items):
            yield "\n".join(plain(item) for item in items)
        case Table(head, rows):
            yield "\n".join(" ".join(row) for row in (head, *rows))
        case _:
            return


def _block(block: Block) -> Iterator[str]:
    for text in _block_texts(block):
        yield from _length(type(block).__name__, text, limits.BLOCK_TEXT)
        if not text.strip():
            yield f"an empty {type(block).__name__}"
    match block:
        case Buttons(buttons):
            yield from _buttons(buttons)
        case Select(action, placeholder, options):
            yield from [*_action(action), *_options(options)]
            yield from _length("placeholder", placeholder, limits.OPTION_LABEL)
        case Table(head, rows):
            yield from _table(head, rows)
        case Picture(png, alt):
            yield from _length("alt text", alt, limits.ALT_TEXT)
            if not alt.strip() or not png.startswith(b"\x89PNG"):
                yield "a picture without description, or no PNG"
        case _:
            return


def _buttons(buttons: tuple[Button, ...]) -> Iterator[str]:
    yield from _count("buttons in a row", buttons, limits.BUTTONS_IN_ROW)
    if not buttons:
        yield "an empty row of buttons"
    for button in buttons:
        yield from _length(f"label “{button.label}”", button.label, limits.BUTTON_LABEL)
        yield from _action(button.action)
        if not button.label.strip():
            yield "a button without a label"


def _options(options: tuple[Option, ...]) -> Iterator[str]:
    yield from _count("options", options, limits.OPTIONS)
    if not options:
        yield "a menu without options"
    for option in options:
        yield from _length("option", option.label, limits.OPTION_LABEL)
        yield from _length("option's value", option.value, limits.OPTION_VALUE)
        if not option.label.strip() or not option.value:
            yield f"an empty option: {option}"
    values = [option.value for option in options]
    if len(set(values)) < len(values):
        yield f"the same option twice (Discord refuses that): {values}"


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    yield from _count("columns", head, limits.TABLE_COLUMNS)
    yield from _count("table rows", rows, limits.TABLE_ROWS)
    if any(len(row) != len(head) for row in rows):
        yield "a table with rows of another length than its head"


def _input(each: Input) -> Iterator[str]:
    yield from _length(f"label “{each.label}”", each.label, limits.INPUT_LABEL)
    hint = hint_to_type(each)
    yield from _length(f"hint “{hint}”", hint, limits.INPUT_HINT)
    if not each.label.strip():
        yield "an input without a label"
    if isinstance(each, SelectInput | ChecksInput):
        yield from _options(each.options)
    if isinstance(each, ChecksInput):
        yield from _count("boxes", each.options, CHECKS)
    if isinstance(each, TextInput):
        yield from _text_input(each)
    if isinstance(each, SelectInput) and each.initial:
        values = {option.value for option in each.options}
        if each.initial not in values:
            yield f"“{each.initial}” is chosen and is no option of “{each.label}”"


def _text_input(each: TextInput) -> Iterator[str]:
    if each.max_length > limits.INPUT_TEXT:
        yield f"“{each.label}” takes {each.max_length} characters of {limits.INPUT_TEXT}"
    if len(each.initial) > each.max_length:
        yield f"“{each.label}” holds {len(each.initial)} characters of {each.max_length}"
