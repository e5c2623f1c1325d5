"""The member's school among those of the workspace: the form, and what was chosen."""

from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Note, Option, Style, Text
from bot.ui.forms import Form, SelectInput, TextInput
from bot.ui.limits import OPTIONS
from bot.ui.pages.timetable.moves import moved_words
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import plain
from bot.usecases.timetable.schools import MySchool, SchoolChosen

FIRST = "the first school here"
"""Whose calendar has no name: it is the only one in most workspaces."""
CHOSEN = "="
"""Stands before a school's name in the form: a value of nothing is none."""


def school_form(result: MySchool) -> Reply:
    """Return the form that asks at which school the member teaches."""
    own = result.member.preferences.school
    rest = [name for name in result.schools if name != own]
    options = (
        Option(f"{CHOSEN}{name}", name or FIRST.capitalize()) for name in [own, *rest][:OPTIONS]
    )
    return FormReply(
        form=Form(
            title="My school",
            action=action("school.minesave"),
            inputs=(
                SelectInput(
                    key="school",
                    label="I teach at",
                    options=tuple(options),
                    initial=f"{CHOSEN}{own}",
                    required=False,
                ),
                TextInput(
                    key="other",
                    label="Or at another school",
                    hint="Its name; each school has its own days, bells and closures",
                    required=False,
                    max_length=80,
                ),
            ),
            note="Partners of other schools find common times by the clock. Seen by everybody in "
            "this workspace.",
        )
    )


def school_chosen(result: SchoolChosen) -> Reply:
    """Return where the member teaches now, what moved, and what is still to be told."""
    name = result.member.preferences.school
    says = f"You teach at {name or FIRST}."
    moved = moved_words(result.moves, result.member) if result.moves.moved else ()
    lacks, buttons = _lacks(result)
    says = f"Saved. {says} {lacks}".strip()
    return CardReply(
        card=Card(
            title="My school",
            summary=f"{says} {plain(moved)}".strip(),
            blocks=(
                Text((says,)),
                *((Text(moved),) if moved else ()),
                Buttons((*buttons, Button("School calendar", action("school")))),
                Note(("Your school is seen by everybody in this workspace.",)),
            ),
        )
    )


def _lacks(result: SchoolChosen) -> tuple[str, tuple[Button, ...]]:
    """Return what is not known yet, and the button to tell it."""
    if result.calendar is None:
        says = (
            "Its days and periods are not known yet: they are asked once for all who teach there."
        )
        return says, (Button("Say when school is", action("school.new"), Style.PRIMARY),)
    if result.misfit:
        says = "Your timetable does not fit its days and periods: working hours are assumed."
        return says, (Button("Paste it again", action("tt.form"), Style.PRIMARY),)
    return "", ()
