"""The roles a template asks for, and who has taken which."""

from bot.domain.planning.turns import holders
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Text
from bot.ui.limits import BUTTONS_IN_ROW
from bot.ui.pages.words import listed
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Spans
from bot.usecases.planning.acting import View

ASKED = "Which role is yours?"


def roles_page(view: View) -> Reply:
    """Return the roles of the plan with who has each, and a button for each that can be taken."""
    lines: list[Spans] = []
    for role in view.plan.template.roles:
        taken = [name_of(view.names, member) for member in holders(view.plan, role)]
        lines.append((f"The {role}: {listed(taken) if taken else 'nobody yet'}",))
    return CardReply(
        card=Card(
            title=ASKED,
            summary=f"{ASKED} {'; '.join(str(line[0]) for line in lines)}.",
            blocks=(
                Text((f"Some questions of “{view.plan.title}” are for one role.",)),
                *((Bullets(tuple(lines)),) if lines else ()),
                *role_buttons(view),
                Note(("You can change it at any time under “More…”.",)),
            ),
        ),
        replaces=True,
    )


def role_buttons(view: View) -> tuple[Block, ...]:
    """Return a button for each role that the viewer does not have; first those nobody has."""
    partner = view.plan.partner(view.viewer.id)
    own = partner.role if partner else ""
    others = [role for role in view.plan.template.roles if role != own]
    others.sort(key=lambda role: bool(holders(view.plan, role)))
    taking = tuple(
        Button(f"I am the {role}", action("role.take", view.plan.id, role))
        for role in others[:BUTTONS_IN_ROW]
    )
    return (Buttons(taking),) if taking else ()
