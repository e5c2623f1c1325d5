"""Outside work: two taps to log it, one to confirm it."""

from bot.domain import errors
from bot.domain.contributions.acts import ActKind
from bot.domain.planning.outside import BANDS as BAND_KEYS
from bot.domain.planning.plan import OutsideWork, Plan
from bot.ui.actions import action
from bot.ui.acts import BANDS, OUTSIDE_KINDS, name_of
from bot.ui.cards import Block, Button, Buttons, Card, File, Note, Option, Style, Text
from bot.ui.forms import FileInput, Form, SelectInput, TextInput
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, FORM_NOTE, OPTION_LABEL, OPTIONS, shorten
from bot.ui.pages.audience import seen_by
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import Link, LocalTime
from bot.usecases.contributions.outside import OutsideView, StoredFile
from bot.usecases.planning.acting import View
from bot.usecases.planning.reading import ViewAnd

ROWS = 4
"""Partners with a row of buttons of their own; more take the form."""


def _others(view: View) -> list[tuple[str, str]]:
    return [(m, name_of(view.names, m)) for m in view.plan.members if m != view.viewer.id]


def _alone(plan: Plan) -> Reply:
    """Return what to do first where nobody could confirm anything."""
    says = "You plan this alone, so nobody could confirm outside work."
    return CardReply(
        card=Card(
            title="Outside work",
            summary=f"{says} Add a partner first.",
            blocks=(
                Text((says,)),
                Buttons((Button("Add a partner", action("partner.form", plan.id)),)),
            ),
        )
    )


def kinds_page(view: View) -> Reply:
    """Return the first tap: what it was."""
    plan = view.plan
    if not _others(view):
        return _alone(plan)
    buttons = [
        Button(words, action("out.kind", plan.id, kind)) for kind, words in OUTSIDE_KINDS.items()
    ]
    rows = [
        Buttons(tuple(buttons[at : at + BUTTONS_IN_ROW]))
        for at in range(0, len(buttons), BUTTONS_IN_ROW)
    ]
    return CardReply(
        card=Card(
            title=f"Outside work for “{plan.title}”"[:150],
            summary="What did you do away from here? Two taps log it; your partner confirms.",
            blocks=(
                Text(("What did you do away from here?",)),
                *rows,
                Buttons((Button("With a link, file or note…", action("out.form", plan.id)),)),
            ),
        )
    )


def bands_page(result: ViewAnd) -> Reply:
    """Return the second tap: with whom, how long."""
    view, kind = result.view, result.words[0]
    if kind not in OUTSIDE_KINDS:
        raise errors.StaleButton
    others = _others(view)
    if not others:  # the partner has left since the first tap
        return _alone(view.plan)
    rows: list[Block] = [
        Buttons(
            tuple(
                Button(
                    shorten(f"{name}, {BANDS[band]}", BUTTON_LABEL),
                    action("out.log", view.plan.id, kind, band, member),
                )
                for band in BAND_KEYS
            )
        )
        for member, name in others[:ROWS]
    ]
    if len(others) > ROWS:
        rows.append(Buttons((Button("With somebody else…", action("out.form", view.plan.id)),)))
    words, seen = OUTSIDE_KINDS[kind], seen_by(view, ActKind.OUTSIDE_LOGGED)
    return CardReply(
        card=Card(
            title=words,
            summary=f"{words}: with whom, and how long?",
            blocks=(Text(("With whom, and how long?",)), *rows, Note((seen,))),
        ),
        replaces=True,
    )


def outside_form(view: View) -> Reply:
    """Return the form with everything optional as well."""
    others = _others(view)[:OPTIONS]
    if not others:
        return _alone(view.plan)
    return FormReply(
        form=Form(
            title="Outside work",
            action=action("out.save", view.plan.id),
            submit="Log it",
            inputs=(
                SelectInput(
                    key="kind",
                    label="What was it?",
                    options=tuple(Option(k, w) for k, w in OUTSIDE_KINDS.items()),
                    initial="talk",
                ),
                SelectInput(
                    key="band",
                    label="How long?",
                    options=tuple(Option(k, w) for k, w in BANDS.items()),
                    initial="0-5",
                ),
                SelectInput(
                    key="partner",
                    label="With whom?",
                    options=tuple(Option(m, shorten(n, OPTION_LABEL)) for m, n in others),
                    initial=others[0][0],
                ),
                TextInput(
                    key="note",
                    label="Note or link",
                    hint="A line about it, or https://…",
                    required=False,
                    max_length=1000,
                ),
                FileInput(key="file", label="File", required=False),
            ),
            note=seen_by(view, ActKind.OUTSIDE_LOGGED, FORM_NOTE),
        )
    )


def outside_page(result: OutsideView) -> Reply:
    """Return what a partner logged, for the one who may confirm it."""
    return CardReply(card=outside_card(result.view, result.work), replaces=True)


def outside_card(view: View, work: OutsideWork) -> Card:
    """Return an entry of outside work with its button."""
    who, partner = name_of(view.names, work.by), name_of(view.names, work.partner)
    said = f"{who} logged: {OUTSIDE_KINDS[work.kind]}, {BANDS[work.band]}, with {partner}."
    state = "Confirmed." if work.confirmed_at else f"{partner}, was it so?"
    confirm = Button("Yes, confirm it", action("out.yes", view.plan.id, work.id), Style.PRIMARY)
    details: tuple[Block, ...] = (
        *((Text((work.note,)),) if work.note else ()),
        *((Text((Link(work.link, work.link),)),) if work.link else ()),
        Note((LocalTime(work.at, view.viewer.zone),)),
    )
    return Card(
        title="Outside work",
        summary=f"{view.plan.title}: {said} {state}",
        blocks=(
            Text((said,)),
            *details,
            Text((state,)),
            *((Buttons((confirm,)),) if work.confirmed_at is None else ()),
        ),
    )


def file_page(result: StoredFile) -> Reply:
    """Return a file that was added to a plan."""
    name = shorten(result.name.replace("/", "-"), 100)
    return CardReply(
        card=Card(
            title="The file",
            summary=f"The file {name}.",
            blocks=(Text((name,)),),
            files=(File(name, "application/octet-stream", result.content),),
        )
    )
