"""A plan on two platforms: the code that brings it there, and what became of it."""

from bot.ui.actions import action
from bot.ui.acts import platform_name
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Text
from bot.ui.pages.planning.saved import next_blocks
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import LocalTime, Strong
from bot.usecases.planning.linking import CodeMade, Linked


def code_page(made: CodeMade) -> Reply:
    """Return the code, what it does, and where the plan stands already."""
    plan, code = made.view.plan, made.code
    until = LocalTime(at=made.until, zone=made.view.viewer.zone, style="time")
    blocks: tuple[Block, ...] = (
        Text(("Your code is ", Strong(code), ", once, until ", until, ".")),
        Bullets(
            (
                ("On the other platform, go to the channel where the plan shall stand, too.",),
                ("Say there: ", Strong(f"/coplan link {code}")),
                ("The plan gets a thread there, and you are the same person on both.",),
            )
        ),
        Note(("Whoever uses the code counts as you: keep it to yourself.",)),
    )
    away = tuple(
        Button(f"Take it away from {platform_name(one)}", action("link.off", plan.id, one))
        for one in plan.linked
    )
    away += tuple(
        Button(f"Forget me on {platform_name(one)}", action("link.forget", one))
        for one in made.joined
    )
    says = f"Your code for “{plan.title}” is {code}. Say on the other platform: link {code}."
    return CardReply(
        card=Card(
            title="On another platform, too",
            summary=says,
            blocks=(*blocks, *((Buttons(away),) if away else ())),
        )
    )


def forgotten_page(platform: str) -> Reply:
    """Return that whoever used the member's code there is not them any more."""
    where = platform_name(platform)
    says = f"You are not known on {where} any more. What you did there stays yours."
    return CardReply(
        card=Card(title="Forgotten", summary=says, blocks=(Text((says,)),)), replaces=True
    )


def linked_page(done: Linked) -> Reply:
    """Return that somebody is known on both platforms, and where the plan stands."""
    says = f"You are {done.view.viewer.name} here, too: what you do counts for one person."
    told = f"“{done.plan.title}” {_where(done)}"
    return CardReply(
        card=Card(
            title="Linked",
            summary=f"{says} {told}",
            blocks=(Text((says,)), Text((told,)), *next_blocks(done)),
        )
    )


def _where(done: Linked) -> str:
    where = platform_name(done.platform)
    if done.placed:
        return "gets its thread here; what changes on one side is on the other."
    if done.stands:
        return f"stands on {where} already."
    return (
        f"has no thread on {where} yet, for this is no channel: say “link” where it stands, and use"
        " the new code in a channel here."
    )
