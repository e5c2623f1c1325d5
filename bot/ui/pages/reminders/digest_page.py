"""The digest when a member asks for it, and the choice when it comes."""

from dataclasses import replace

from bot.domain.timetable.weekdays import LONG
from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Option, Text
from bot.ui.forms import Form, SelectInput, TimeInput
from bot.ui.limits import INPUT_HINT
from bot.ui.pages.audience import slot_seen_by
from bot.ui.pages.planning.choices import choose_plan
from bot.ui.pages.reminders.digest_card import digest_card
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, plain
from bot.usecases.planning.reading import Choice
from bot.usecases.reminders.choosing import SlotView
from bot.usecases.reminders.digesting import DigestView

SILENT = {"no": "It says so in one line", "yes": "It does not come"}


def digest_page(result: DigestView | Choice | None) -> Reply:
    """Return the digest, the choice of which, or that there is none."""
    match result:
        case DigestView():
            return CardReply(card=_with_choice(digest_card(result), result))
        case Choice():
            return choose_plan(result, action("digest"))
        case None:
            says = "That plan is closed, so there is no digest of it any more."
            return CardReply(
                card=Card(
                    title="No digest",
                    summary=says,
                    blocks=(Text((says,)), Buttons((Button("My plans", action("plan")),))),
                )
            )


def _with_choice(card: Card, view: DigestView) -> Card:
    """Return the card with a button that changes when the digest comes."""
    change = Button("Change when it comes", action("digest.form", view.plans[0].id))
    *blocks, last = card.blocks
    if isinstance(last, Buttons):
        return replace(card, blocks=(*blocks, Buttons((*last.buttons, change))))
    return replace(card, blocks=(*card.blocks, Buttons((change,))))


def slot_form(result: SlotView) -> Reply:
    """Return the form that changes when the digest comes."""
    slot = result.slot
    return FormReply(
        form=Form(
            title="The weekly digest",
            action=action("digest.save", result.view.plan.id),
            inputs=(
                SelectInput(
                    key="weekday",
                    label="It comes every",
                    options=tuple(Option(str(at), day) for at, day in enumerate(LONG)),
                    initial=str(slot.weekday),
                ),
                TimeInput(
                    key="at",
                    label="At",
                    hint=f"In your time zone: {slot.zone}"[:INPUT_HINT],
                    example="08:30",
                    initial=slot.at,
                ),
                SelectInput(
                    key="silent",
                    label="In a week without news",
                    options=tuple(Option(key, words) for key, words in SILENT.items()),
                    initial="yes" if slot.silent else "no",
                ),
            ),
            note=f"It changes for all of you. {slot_seen_by(result.view)}",
        )
    )


def slot_saved(result: SlotView) -> Reply:
    """Return when the digest comes from now on."""
    next_at = LocalTime(result.next_at, result.slot.zone)
    says = f"Saved: the digest comes every {LONG[result.slot.weekday]} at {result.slot.at:%H:%M}."
    told = (f"{says} The next one: ", next_at, ".")
    return CardReply(
        card=Card(
            title="The weekly digest",
            summary=plain(told),
            blocks=(Text(told), Note((slot_seen_by(result.view),))),
        ),
        replaces=True,
    )
