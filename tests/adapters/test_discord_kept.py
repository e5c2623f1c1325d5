"""Forms of which another version of Coplan asked for other things: nothing typed is lost."""

from adapters.discord.kept import Kept
from adapters.discord.modals import modal
from bot.chat.payloads import Json
from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity
from bot.platforms import LateDoor
from bot.ui.actions import action
from bot.ui.cards import Card, Note, Option, Text
from bot.ui.forms import Form, SelectInput, TextInput, TimeInput
from bot.ui.pages.problems import OLD_FORM

ANA = Identity(platform="discord", user="42")
HERE = WorkspaceId("discord:1")
WRONG = {"start": "That is no time of the day."}


def a_modal(*inputs: TextInput | SelectInput | TimeInput) -> Json:
    return modal(Form(title="Meet", action=action("session.saveown"), inputs=inputs), {})


def sent_off() -> Json:
    """Return the answers of a form that asked for both times in one line."""
    given: list[Json] = [
        {"type": 4, "custom_id": "times", "value": "16:00-16:45"},
        {"type": 21, "custom_id": "medium", "value": "m2"},
    ]
    parts = [{"type": 18, "component": each} for each in given]
    return {"data": {"custom_id": "session.saveown", "components": parts}}


def read(card: Card) -> list[str]:
    blocks = [each for each in card.blocks if isinstance(each, Text | Note)]
    return ["".join(str(span) for span in each.spans) for each in blocks]


async def test_what_was_typed_into_an_older_form_is_shown_to_be_copied() -> None:
    kept = Kept(LateDoor())
    card = await kept.refused(HERE, ANA, sent_off(), WRONG)
    says, _, *typed = read(card)
    assert says == f"That is no time of the day. {OLD_FORM}"
    assert typed == ["16:00-16:45"], "and not the name of what was chosen"


async def test_so_it_is_when_the_newer_one_was_opened_too() -> None:
    kept = Kept(LateDoor())
    options = (Option("m1", "Phone"), Option("m2", "Video"))
    medium = SelectInput(key="medium", label="How?", options=options)
    kept.opened(ANA.user, a_modal(TimeInput(key="start", label="From"), medium))
    card = await kept.refused(HERE, ANA, sent_off(), WRONG)
    assert read(card)[-1] == "16:00-16:45"
