"""No common time: plan apart, each in a free period of their own; or change one thing."""

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.template import Step
from bot.domain.planning.texts import NOTE_LENGTH
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.opening import Hindrance, Opening
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Option, Select, Style, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import FORM_TITLE, OPTION_LABEL, OPTIONS, shorten
from bot.ui.pages.audience import seen_by
from bot.ui.pages.timetable.slot_words import (
    NAME,
    called,
    notes,
    own_time,
    proposal,
    span_in_words,
    whom,
)
from bot.ui.replies import FormReply, Reply
from bot.ui.spans import LocalTime, Spans, local
from bot.usecases.timetable.free import ApartOffer, WhenView

HAND_OFFS = 10


def none_card(result: WhenView) -> Card:
    """Return that there is no common time, with what can be done instead."""
    says = f"There is no time in the next two weeks when {whom(result)} are all free."
    opening = _opening(result, result.change) if result.change else ""
    return Card(
        title="No common time",
        summary=f"{says} {opening} Plan apart in time instead: each in a free period of their own.",
        blocks=(
            Text((says,)),
            *((Text((opening,)),) if opening else ()),
            *_offer(result),
            *(_ways(result, result.plan) if result.plan is not None else ()),
            *notes(result),
        ),
    )


def _offer(result: WhenView) -> tuple[Block, ...]:
    if not result.offer:
        return (Text(("Nobody has a free period in sight either: check the timetables.",)),)
    lines: list[Spans] = [
        (f"{called(result, member)}: {_period(result, free)}",)
        for member, free in result.offer[:HAND_OFFS]
    ]
    if len(result.offer) > HAND_OFFS:
        lines.append((f"and {len(result.offer) - HAND_OFFS} more after them",))
    says = "Plan apart in time instead: each in a free period, one after another."
    return (Text((says,)), Bullets(tuple(lines)))


def _period(result: WhenView, free: FreePeriod) -> str:
    named = f" ({shorten(free.period, NAME)})" if free.period else ""
    return f"{span_in_words(result, free.start, free.end)}{named}"


_OWN = {
    Hindrance.DUTY: "your duty",
    Hindrance.HOURS: "the hours you gave",
    Hindrance.QUIET: "your quiet hours",
    Hindrance.DAYS: "your own days",
    Hindrance.AWAY: "that you are away",
    Hindrance.LESSON: "your lesson",
}


def _opening(result: WhenView, opening: Opening) -> str:
    """Return the one change that opens a slot; why somebody else is busy is not told."""
    at = span_in_words(result, opening.slot.start, opening.slot.end)
    if opening.member is None:
        return f"One change would do: meet in a break, {at}."
    if opening.member == result.viewer.id:
        what = f" ({shorten(opening.subject, NAME)})" if opening.subject else ""
        return f"One change would do: only {_OWN[opening.what]}{what} stands in the way on {at}."
    who = called(result, opening.member)
    return f"One change would do: if {who} could be free on {at}, all of you could meet."


def _ways(result: WhenView, plan: Plan) -> tuple[Block, ...]:
    """Return what can be tapped: the offer, a time all the same, and handing a step on."""
    buttons = []
    if result.offer:
        apart = action("when.apart", plan.id)
        buttons.append(Button("Plan apart like this…", apart, Style.PRIMARY))
    if result.change:
        buttons.append(proposal(result, result.change.slot))
    return (Buttons((*buttons, own_time(plan))), *_hand_on(result, plan))


def _hand_on(result: WhenView, plan: Plan) -> tuple[Block, ...]:
    """Return the menu that hands the open step to whoever is free first."""
    step = _open_step(plan)
    others = [(m, free) for m, free in result.offer if m != result.viewer.id]
    if step is None or not others:
        return ()
    options = tuple(Option(m, _free_from(result, m, free)) for m, free in others[:OPTIONS])
    says = shorten(f"Hand “{step.title}” to…", OPTION_LABEL)
    return (Select(action("step.hand", plan.id, step.key), says, options),)


def _free_from(result: WhenView, member: MemberId, free: FreePeriod) -> str:
    at = local(LocalTime(free.start, result.viewer.zone))
    return shorten(f"{called(result, member)}, free {at}", OPTION_LABEL)


def _open_step(plan: Plan) -> Step | None:
    """Return the first step that is not done."""
    return next((s for s in plan.template.steps if status(plan, s.key) is StepStatus.OPEN), None)


def apart_form(offer: ApartOffer) -> Reply:
    """Return the form that tells the partners the offer, as a comment that can be changed."""
    result, plan = offer.when, offer.view.plan
    step = _open_step(plan) or plan.template.steps[0]
    turns = "; then ".join(
        f"{name_of(result.names, member)} on {_period(result, free)}"
        for member, free in result.offer
    )
    says = f"Let us plan apart, one after another (times of {result.viewer.zone}): {turns}."
    return FormReply(
        form=Form(
            title=shorten("Plan apart", FORM_TITLE),
            action=action("comment.save", plan.id, step.key),
            submit="Tell the others",
            inputs=(
                TextInput(
                    key="text",
                    label="What the others are told",
                    initial=shorten(says, NOTE_LENGTH),
                    multiline=True,
                    max_length=NOTE_LENGTH,
                ),
            ),
            note=seen_by(offer.view, ActKind.COMMENTED),
        )
    )
