"""One step, whole: its answers, what it still needs, and what can be done with it."""

from bot.domain.planning.changes import wording
from bot.domain.planning.plan import Answer, AnswerKey, StepState
from bot.domain.planning.progress import StepStatus, answer_keys, must_sign, status
from bot.domain.planning.template import By, Field, Step
from bot.domain.planning.turns import holders
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Note,
    Option,
    Quote,
    Select,
    Style,
    Text,
)
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, CARD_TEXT, OPTION_LABEL, shorten
from bot.ui.pages.audience import record_seen_by
from bot.ui.pages.planning.saved import saved
from bot.ui.pages.planning.steps import progress, step_line, who_answers
from bot.ui.pages.words import count, day, due
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import LocalTime, Spans, Strong
from bot.usecases.planning.acting import Acted, View
from bot.usecases.planning.stepping import Reworded, StepView

WHOLE_ANSWERS, WHOLE_FIELDS = 2, 6
"""More answers to a field, or fields in a step, are shown a line each."""
LINE = 130


def step_page(result: StepView) -> Reply:
    """Return the step as a private card."""
    return CardReply(card=step_card(result), replaces=True)


def signed_page(result: Acted | Reworded) -> Reply:
    """Return that the step is signed off; or the step, when it says something else by now."""
    if isinstance(result, Acted):
        return saved(result)
    says = "Nothing is signed yet: this step has changed since you opened it. Read it as it is now."
    return CardReply(card=step_card(result.now, says), replaces=True)


def step_card(result: StepView, first: str = "") -> Card:
    """Return the step: fields with their answers, comments, and its buttons.

    ``first`` is said before everything else.
    """
    view, step, state = result.view, result.step, result.state
    told = step_line(view, step, state)
    when = f" · {due(state.due, view.today)}" if state.due else ""
    blocks: tuple[Block, ...] = (
        *(Text((words,)) for words in (first, step.about) if words),
        Text((Strong(told[:1].upper() + told[1:]), when)),
        *_fields(result),
        *_comments(view, step),
        *_actions(view, step, state),
        Note((f"{view.plan.title} · {progress(view.plan)}. {record_seen_by(view)}",)),
    )
    return Card(
        title=step.title,
        summary=f"{first} {step.title}: {told}{when}.".strip(),
        blocks=blocks,
    )


def _fields(result: StepView) -> tuple[Block, ...]:
    step = result.step
    # What is beside the answers (heads, comments, notes) takes less than 1,500 and 80 a field.
    room = (CARD_TEXT - 1500) // max(1, len(step.fields)) - 80
    return tuple(block for field in step.fields for block in _field(result, field, room))


def _field(result: StepView, field: Field, room: int) -> tuple[Block, ...]:
    view, step = result.view, result.step
    keys = answer_keys(view.plan, step, field)
    optional = "" if field.required else ", optional"
    head = Text((Strong(field.label), f" ({who_answers(field.by, field.role)}{optional})"))
    answers = [view.plan.answers[key] for key in keys if key in view.plan.answers]
    if len(answers) > WHOLE_ANSWERS or (answers and len(step.fields) > WHOLE_FIELDS):
        return (head, _in_lines(view, answers, room))
    changed = [result.changes.get(key, 0) for key in keys if key in view.plan.answers]
    whole = [
        block
        for answer, changes in zip(answers, changed, strict=True)
        for block in _answer(view, answer, changes, room // len(answers))
    ]
    return (head, *(whole or [Note(("Nothing yet.",))]))


def _answer(view: View, answer: Answer, changes: int, room: int) -> tuple[Block, ...]:
    revised = f", {count(changes, 'change')}" if changes > 0 else ""
    said = (
        name_of(view.names, answer.by),
        ", ",
        LocalTime(answer.at, view.viewer.zone),
        revised,
    )
    return (Quote(shorten(answer.text, room - 80)), Note(said))


def _in_lines(view: View, answers: list[Answer], room: int) -> Block:
    """Return the beginnings of many answers, a line each, as many as there is room for."""
    shown = answers[: max(1, room // LINE)]
    lines: list[Spans] = [
        (Strong(name_of(view.names, a.by)), ": ", shorten(" ".join(a.text.split()), LINE - 60))
        for a in shown
    ]
    rest = len(answers) - len(shown)
    return Bullets((*lines, *(((f"and {rest} more: see the history",),) if rest else ())))


def _comments(view: View, step: Step) -> tuple[Block, ...]:
    made = [c for c in view.plan.comments if c.step == step.key][-3:]
    return tuple(Note((f"💬 {name_of(view.names, c.by)}: {shorten(c.text, 120)}",)) for c in made)


def _actions(view: View, step: Step, state: StepState) -> tuple[Block, ...]:
    edits = [
        Button(
            shorten(f"{_verb(view, step, field)}: {field.label}", BUTTON_LABEL),
            action("field.open", view.plan.id, step.key, field.key),
        )
        for field in step.fields
        if _may(view, field)
    ]
    rows = (*_in_rows(edits[: 2 * BUTTONS_IN_ROW]), *_in_rows(_of_step(view, step, state)))
    others = [m for m in view.plan.members if m != state.turn]
    hand = Select(
        action("step.hand", view.plan.id, step.key),
        "Hand this step to…",
        tuple(Option(m, shorten(name_of(view.names, m), OPTION_LABEL)) for m in others),
    )
    return (*rows, *((hand,) if others else ()))


def _verb(view: View, step: Step, field: Field) -> str:
    respondent = view.viewer.id if field.by is By.EACH else None
    key = AnswerKey(step=step.key, field=field.key, respondent=respondent)
    return "Change" if key in view.plan.answers else "Fill in"


def _may(view: View, field: Field) -> bool:
    return field.by is not By.ROLE or view.viewer.id in holders(view.plan, field.role)


def _of_step(view: View, step: Step, state: StepState) -> list[Button]:
    plan, key = view.plan, step.key
    buttons = []
    stands = status(plan, key)
    if stands is StepStatus.SIGN_OFF and view.viewer.id in must_sign(plan, step, state):
        # What is signed is what this page shows: the click carries the wording's fingerprint.
        sign = action("step.sign", plan.id, key, wording(plan, key))
        buttons.append(Button("Sign off", sign, Style.PRIMARY))
    if state.reopened_by is not None:
        buttons.append(Button("Close this step", action("step.close", plan.id, key)))
    elif stands is not StepStatus.OPEN:
        buttons.append(Button("Open it again", action("step.reopen", plan.id, key)))
    buttons += [
        Button("Comment", action("comment.form", plan.id, key)),
        Button(
            f"Move date ({day(state.due)})" if state.due else "Set a date",
            action("step.due", plan.id, key),
        ),
        Button("History of this step", action("hist", plan.id, key)),
    ]
    return buttons


def _in_rows(buttons: list[Button]) -> list[Buttons]:
    return [
        Buttons(tuple(buttons[at : at + BUTTONS_IN_ROW]))
        for at in range(0, len(buttons), BUTTONS_IN_ROW)
    ]
