"""A message of the chat on its way into a plan: the form, and what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.template import Step
from bot.domain.planning.texts import LINK_LENGTH, NOTE_LENGTH
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Note, Option
from bot.ui.forms import Form, Input, SelectInput, TextInput
from bot.ui.limits import OPTIONS, shorten
from bot.ui.pages.audience import any_seen_by
from bot.ui.pages.planning.choices import choose_plan
from bot.ui.pages.planning.saved import saved_card
from bot.ui.pages.planning.steps import step_of
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.planning.acting import Acted
from bot.usecases.planning.reading import Choice
from bot.usecases.planning.sharing import SharedAs, Sharing

_BECOMES: Final[Mapping[ActKind, str]] = {
    ActKind.DECIDED: "a decision",
    ActKind.RESOURCE_ADDED: "a resource",
    ActKind.RESPONSIBILITY_ADDED: "a responsibility",
    ActKind.COMMENTED: "a comment",
}
"""What a message can become, by the act that makes it so."""
_LABELS: Final[Mapping[SharedAs, str]] = {
    SharedAs.DECISION: "A decision",
    SharedAs.RESOURCE: "A resource, with the link",
    SharedAs.RESPONSIBILITY: "A responsibility of all together",
}


def shared_form(result: Sharing | Choice) -> Reply:
    """Return the form that adds the message, or that there is no plan to add it to."""
    if isinstance(result, Choice):
        return choose_plan(result, action("plan.show"))
    only = result.view.plan.id if result.view else ""
    return FormReply(
        form=Form(
            title="Add to plan",
            action=action("message.save", only, result.author or ""),
            submit="Add",
            inputs=(*_plans(result), _kinds(result), _text(result), _link(result)),
            note=_note(result),
        )
    )


def shared_saved(acted: Acted) -> Reply:
    """Return what became of the message, with the way back."""
    view, added = acted.view, acted.entries[0].act
    what = _BECOMES[added.kind]
    where = f" on “{step_of(view.plan, added.step).title}”" if added.step else ""
    credit = next((e.act for e in acted.entries if e.act.kind is ActKind.CREDITED), None)
    named = f" {_credited(name_of(view.names, credit.member_about))}" if credit else ""
    told = Note((f"The message is {what}{where} now.{named}",))
    # The answer is to what was added: that is what is seen, and what can be taken back.
    return CardReply(card=saved_card(replace(acted, entries=acted.entries[:1]), told))


def _credited(name: str) -> str:
    return f"{name} is credited for the words."


def _note(result: Sharing) -> str:
    goes = f"Goes into “{result.view.plan.title}”. " if result.view else ""
    named = f" {_credited(result.writer)}" if result.credited and result.writer else ""
    return f"{goes}{any_seen_by(result.view, _BECOMES)}{named}"


def _plans(result: Sharing) -> tuple[Input, ...]:
    """Return the question which plan, where it is one."""
    if result.view is not None:
        return ()
    viewer, plans = result.plans.viewer, result.plans.plans
    reader = Reader(zone=viewer.zone, names=result.plans.names, member=viewer.id)
    shown = told_apart(plans[:OPTIONS], reader)
    left = f"The {OPTIONS} newest; for an older one, write it down with “Add…” on its card."
    return (
        SelectInput(
            key="plan",
            label="Which plan?",
            options=tuple(Option(plan, title) for plan, title in shown.items()),
            hint=left if len(plans) > OPTIONS else "",
            initial=result.here or "",
        ),
    )


def _kinds(result: Sharing) -> Input:
    """Return the question what it becomes; steps are named where all the plans have the same."""
    ways = {plan.template.steps for plan in result.plans.plans}
    return SelectInput(
        key="kind",
        label="As what?",
        options=(
            *(Option(kind, label) for kind, label in _LABELS.items()),
            *(_comments(ways.pop()) if len(ways) == 1 else _COMMENT_NOW),
        ),
    )


_COMMENT_NOW: Final = (Option(SharedAs.COMMENT, "A comment on its first step that is not done"),)


def _comments(steps: tuple[Step, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(f"{SharedAs.COMMENT}:{step.key}", f"A comment on “{step.title}”") for step in steps
    )


def _text(result: Sharing) -> Input:
    """Return the message's words, with the names of its files and of who could not be credited."""
    message = result.message
    files = ", ".join(message.files)
    whole = f"{message.text}\n({files})" if message.text and files else message.text or files
    if result.writer and not result.credited:
        whole = f"{result.writer}: {whole}"
    cut = f"Shortened: of {len(whole):,} characters, {NOTE_LENGTH:,} fit."
    return TextInput(
        key="text",
        label="What is written down",
        hint=cut if len(whole) > NOTE_LENGTH else "",
        initial=shorten(whole, NOTE_LENGTH),
        multiline=True,
        max_length=NOTE_LENGTH,
    )


def _link(result: Sharing) -> Input:
    link = result.message.link
    fits = len(link) <= LINK_LENGTH
    return TextInput(
        key="link",
        label="Link to the message",
        hint="Kept in the history; empty: no link" if fits else "Its own is too long to be kept.",
        initial=link if fits else "",
        required=False,
        max_length=LINK_LENGTH,
    )
