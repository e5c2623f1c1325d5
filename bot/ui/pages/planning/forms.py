"""The forms of planning: starting, adding, renaming, dates."""

from bot.domain import errors
from bot.domain.contributions.acts import ActKind
from bot.domain.planning.challenges import KNOWN
from bot.domain.planning.template import Template
from bot.domain.planning.texts import LINK_LENGTH, NOTE_LENGTH, RESOURCE_LENGTH, TITLE_LENGTH
from bot.ui.actions import Action, action
from bot.ui.acts import name_of
from bot.ui.cards import Option
from bot.ui.forms import DateInput, Form, Input, MembersInput, SelectInput, TextInput
from bot.ui.limits import FORM_TITLE, OPTION_LABEL, OPTIONS, shorten
from bot.ui.pages.audience import seen_by
from bot.ui.replies import FormReply, Reply
from bot.usecases.planning.acting import View
from bot.usecases.planning.reading import ViewAnd
from bot.usecases.planning.starting import DEFAULT_TEMPLATE
from bot.usecases.planning.stepping import StepView

TOGETHER = "together"


def start_form(templates: tuple[Template, ...]) -> Reply:
    """Return the form that starts a plan."""
    options = tuple(Option(t.key, shorten(t.title, OPTION_LABEL)) for t in templates[:OPTIONS])
    return FormReply(
        form=Form(
            title="Start a plan",
            action=action("start.save"),
            submit="Start",
            inputs=(
                TextInput(
                    key="title",
                    label="What are you planning?",
                    hint="For example: Watershed inquiry",
                    max_length=TITLE_LENGTH,
                ),
                MembersInput(key="partners", label="With whom?", many=True, required=False),
                SelectInput(
                    key="template",
                    label="Which steps?",
                    options=options,
                    initial=DEFAULT_TEMPLATE,
                ),
            ),
            note=(
                "Everybody here sees the title and the steps; only the partners see the answers. "
                "Everything can be changed later."
            ),
        )
    )


def item_form(result: ViewAnd) -> Reply:
    """Return the form that adds an item of the kind asked for."""
    view = result.view
    decided = (_long("text", "What did you decide?"),)
    made: dict[str, tuple[str, tuple[Input, ...], str, ActKind]] = {
        "decision": ("A decision", decided, "decision.save", ActKind.DECIDED),
        "responsibility": (
            "Who does what",
            _duty(view),
            "duty.save",
            ActKind.RESPONSIBILITY_ADDED,
        ),
        "resource": ("A resource", _resource(), "resource.save", ActKind.RESOURCE_ADDED),
        "challenge": ("A challenge", _challenge(), "challenge.save", ActKind.CHALLENGE_RAISED),
        "minutes": ("Minutes of a session", _minutes(), "minutes.save", ActKind.MINUTES_ADDED),
    }
    title, inputs, route, kind = made.get(result.words[0], made["decision"])
    # Minutes may be those of one session, which the button names.
    return _form(view, title, inputs, action(route, view.plan.id, *result.words[1:]), kind)


def comment_form(result: StepView) -> Reply:
    """Return the form for a comment on a step."""
    step = result.step
    fields = tuple(Option(f.key, shorten(f.label, OPTION_LABEL)) for f in step.fields)
    about = SelectInput(key="field", label="About one field?", options=fields, required=False)
    inputs: tuple[Input, ...] = (_long("text", "Your comment"), *((about,) if fields else ()))
    route = action("comment.save", result.view.plan.id, step.key)
    return _form(result.view, f"Comment: {step.title}", inputs, route, ActKind.COMMENTED)


def remedy_form(result: ViewAnd) -> Reply:
    """Return the form for a remedy of one's own to a challenge."""
    view = result.view
    if result.words[0] not in {challenge.id for challenge in view.plan.challenges}:
        raise errors.UnknownItem(thing="challenge", title=view.plan.title)
    inputs = (_long("text", "What will you try?"),)
    route = action("remedy.save", view.plan.id, result.words[0])
    return _form(view, "A remedy", inputs, route, ActKind.REMEDY_TRIED)


def rename_form(view: View) -> Reply:
    """Return the form for another title."""
    inputs = (
        TextInput(key="title", label="New title", initial=view.plan.title, max_length=TITLE_LENGTH),
    )
    route = action("plan.renamed", view.plan.id)
    return _form(view, "Rename the plan", inputs, route, ActKind.PLAN_RENAMED)


def partner_form(view: View) -> Reply:
    """Return the form that adds partners."""
    inputs = (MembersInput(key="partners", label="Who joins?", many=True),)
    route = action("partner.add", view.plan.id)
    return _form(view, "Add partners", inputs, route, ActKind.PARTNER_ADDED)


def due_form(result: StepView) -> Reply:
    """Return the form that moves a step's date."""
    inputs = (
        DateInput(
            key="due",
            label="New date",
            hint="Empty: no date",
            example="2026-11-30 or Monday",
            initial=result.state.due,
            required=False,
        ),
    )
    route = action("step.duesave", result.view.plan.id, result.step.key)
    return _form(result.view, f"Date: {result.step.title}", inputs, route, ActKind.DUE_MOVED)


def _form(view: View, title: str, inputs: tuple[Input, ...], route: Action, kind: ActKind) -> Reply:
    """Return the form of an act of that kind: it decides who will see what is written."""
    short, note = shorten(title, FORM_TITLE), seen_by(view, kind)
    return FormReply(form=Form(title=short, action=route, inputs=inputs, note=note))


def _long(key: str, label: str) -> TextInput:
    return TextInput(key=key, label=label, multiline=True, max_length=NOTE_LENGTH)


def _duty(view: View) -> tuple[Input, ...]:
    owners = (
        Option(TOGETHER, "Together"),
        *(
            Option(m, shorten(name_of(view.names, m), OPTION_LABEL))
            for m in view.plan.members[: OPTIONS - 1]
        ),
    )
    return (
        TextInput(key="text", label="What is to be done?", max_length=NOTE_LENGTH),
        SelectInput(key="owner", label="Who does it?", options=owners, initial=TOGETHER),
        DateInput(
            key="due",
            label="By when?",
            hint="Empty: no date",
            example="2026-11-30 or Monday",
            required=False,
        ),
    )


def _resource() -> tuple[Input, ...]:
    return (
        TextInput(key="title", label="What is it?", max_length=RESOURCE_LENGTH),
        TextInput(
            key="link",
            label="Link",
            hint="https://… or empty",
            required=False,
            max_length=LINK_LENGTH,
        ),
    )


def _challenge() -> tuple[Input, ...]:
    kinds = tuple(Option(k.key, k.title) for k in KNOWN)
    return (
        SelectInput(key="kind", label="What stands in the way?", options=kinds),
        TextInput(
            key="text",
            label="In your own words",
            multiline=True,
            required=False,
            max_length=NOTE_LENGTH,
        ),
    )


def _minutes() -> tuple[Input, ...]:
    return (
        TextInput(key="minutes", label="How many minutes did it take?", max_length=30),
        TextInput(
            key="text",
            label="What came of it?",
            multiline=True,
            required=False,
            max_length=NOTE_LENGTH,
        ),
    )
