"""What else can be done with a plan: the pages behind "Add…" and "More…"."""

from collections.abc import Sequence

from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.lifecycle import open_steps
from bot.domain.planning.plan import Challenge, Plan
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
    Select,
    Style,
    Text,
)
from bot.ui.limits import OPTION_LABEL, OPTIONS, shorten
from bot.ui.pages.audience import record_seen_by
from bot.ui.pages.planning.roles import role_buttons
from bot.ui.pages.planning.saved import saved
from bot.ui.pages.words import count, due
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Link, LocalTime, Spans, Strong
from bot.usecases.planning.acting import Acted, View
from bot.usecases.planning.living import StepsLeft
from bot.usecases.planning.moving import More
from bot.usecases.planning.reading import ViewAnd


def add_menu(view: View) -> Reply:
    """Return what can be added in any step, with what is there already."""
    plan = view.plan
    return CardReply(
        card=Card(
            title=f"Add to “{plan.title}”",
            summary="Add a decision, responsibility, resource, challenge, minutes or outside work.",
            blocks=(
                *_items(view),
                Buttons(
                    (
                        Button("Decision", action("item.form", plan.id, "decision")),
                        Button("Responsibility", action("item.form", plan.id, "responsibility")),
                        Button("Resource", action("item.form", plan.id, "resource")),
                        Button("Challenge", action("item.form", plan.id, "challenge")),
                        Button("Minutes", action("item.form", plan.id, "minutes")),
                    )
                ),
                Buttons(
                    (
                        Button("Outside work", action("log", plan.id)),
                        Button("Session", action("when", plan.id)),
                        Button("Challenges and remedies", action("challenges", plan.id)),
                    )
                ),
                *_duties(plan),
                Note((record_seen_by(view),)),
            ),
        )
    )


def _duties(plan: Plan) -> tuple[Block, ...]:
    """Return the menu of responsibilities that are not done, if there are any."""
    left = [duty for duty in plan.responsibilities if duty.done_at is None][:OPTIONS]
    options = tuple(Option(d.id, shorten(_line(d.text), OPTION_LABEL)) for d in left)
    done = Select(action("duty.done", plan.id), "Mark a responsibility as done…", options)
    return (done,) if options else ()


def _items(view: View) -> tuple[Block, ...]:
    plan, zone = view.plan, view.viewer.zone
    lines: list[Spans] = [
        *(("Decided: ", shorten(d.text, 160)) for d in plan.decisions[-3:]),
        *(
            (
                f"{'✓' if r.done_at else '○'} {name_of(view.names, r.owner)}: ",
                shorten(r.text, 120),
                f" ({due(r.due, view.today)})" if r.due and not r.done_at else "",
            )
            for r in plan.responsibilities[-4:]
        ),
        *(
            ("Resource: ", Link(shorten(r.title, 80), r.link) if r.link else shorten(r.title, 80))
            for r in plan.resources[-2:]
        ),
        *(
            ("Session: ", LocalTime(s.start, zone), f", {shorten(s.purpose, 80)}")
            for s in plan.sessions[-2:]
        ),
        *((f"Minutes: {m.minutes} min. ", shorten(m.text, 120)) for m in plan.minutes[-2:]),
    ]
    return (Bullets(tuple(lines)),) if lines else ()


def more_menu(more: More) -> Reply:
    """Return the rest of what can be done with the plan."""
    view, plan = more.view, more.view.plan
    others = [m for m in plan.members if m != view.viewer.id]
    blocks: list[Block] = [
        Buttons(
            (
                Button("Add a partner", action("partner.form", plan.id)),
                Button("Rename", action("plan.rename", plan.id)),
                Button("Export", action("plan.export", plan.id)),
                Button("Use it again", action("plan.copy", plan.id)),
            )
        ),
        Buttons(
            (
                Button("Finish", action("plan.finish", plan.id)),
                Button("Archive", action("plan.archive", plan.id)),
                Button("Leave", action("plan.leave", plan.id), Style.DANGER),
            )
        ),
    ]
    if more.movable or more.anew:
        says = "Move it here" if more.movable else "Open its thread anew"
        blocks.insert(0, Buttons((Button(says, action("plan.move", plan.id)),)))
    blocks += role_buttons(view)
    if others:
        blocks.append(
            Select(
                action("partner.remove", plan.id),
                "Remove a partner…",
                tuple(Option(m, shorten(name_of(view.names, m), OPTION_LABEL)) for m in others),
            )
        )
    lasting = " and, but for its thread," if more.movable or more.anew else ", and"
    blocks.append(
        Note((f"Whatever you change here is on record{lasting} can be undone from the history.",))
    )
    return CardReply(
        card=Card(
            title=plan.title,
            summary=f"{plan.title}: partners, title, export, finish, archive, leave.",
            blocks=tuple(blocks),
        )
    )


def finish_page(result: Acted | StepsLeft) -> Reply:
    """Return that the plan is finished, or ask because steps are open."""
    if isinstance(result, Acted):
        return saved(result)
    plan = result.view.plan
    left = open_steps(plan)
    steps = ", ".join(s.title for s in plan.template.steps if s.key in left)
    says = f"These steps are still open: {steps}."
    return CardReply(
        card=Card(
            title=f"Finish “{plan.title}”?",
            summary=f"{says} You can finish it anyway, and reopen it later.",
            blocks=(
                Text((says,)),
                Buttons(
                    (
                        Button("Finish anyway", action("plan.finish", plan.id, "anyway")),
                        Button("Back to the plan", action("plan.show", plan.id)),
                    )
                ),
                Note(("A finished plan can be reopened.",)),
            ),
        )
    )


def challenge_saved(acted: Acted) -> Reply:
    """Return the challenges at once after one was named: a remedy comes next."""
    return challenges_page(ViewAnd(view=acted.view, words=("",)))


def challenges_page(result: ViewAnd) -> Reply:
    """Return an open challenge (the one asked for, or the newest) with what has helped others."""
    view, plan = result.view, result.view.plan
    open_ones = [c for c in reversed(plan.challenges) if c.closed_at is None]
    shown = next((c for c in open_ones if c.id in result.words), next(iter(open_ones), None))
    blocks: list[Block] = []
    if shown is None:
        blocks.append(Text(("No challenge is open. That is how it should be.",)))
    else:
        blocks += [*_challenge(view, shown), *_other_challenges(plan, open_ones, shown)]
    blocks.append(Buttons((Button("Name a challenge", action("item.form", plan.id, "challenge")),)))
    return CardReply(
        card=Card(
            title="Challenges",
            summary="Open challenges and their remedies.",
            blocks=tuple(blocks),
        ),
        replaces=True,
    )


TRIED = 6
"""Remedies that are named; the history has all."""


def _other_challenges(
    plan: Plan, open_ones: Sequence[Challenge], shown: Challenge
) -> tuple[Block, ...]:
    others = [c for c in open_ones if c is not shown][:OPTIONS]
    menu = Select(
        action("challenges", plan.id),
        "Another open challenge…",
        tuple(Option(c.id, shorten(_line(_named(c)), OPTION_LABEL)) for c in others),
    )
    return (menu,) if others else ()


def _named(challenge: Challenge) -> str:
    return " · ".join(filter(None, (BY_KEY[challenge.kind].title, challenge.text)))


def _line(text: str) -> str:
    return " ".join(text.split())


def _challenge(view: View, challenge: Challenge) -> tuple[Block, ...]:
    plan, known = view.plan, BY_KEY[challenge.kind]
    shown = challenge.remedies[-TRIED:]
    before = len(challenge.remedies) - len(shown)
    tried: tuple[Spans, ...] = (
        *(((f"Tried before: {count(before, 'more remedy', 'more remedies')}",),) if before else ()),
        *((f"Tried: {shorten(_line(remedy), 100)}",) for remedy in shown),
    )
    untried = [(at, r) for at, r in enumerate(known.remedies) if r not in challenge.remedies]
    menu = Select(
        action("remedy.try", plan.id, challenge.id),
        "Try a remedy: it becomes a responsibility",
        tuple(Option(str(at), shorten(r, OPTION_LABEL)) for at, r in untried),
    )
    buttons = [Button("Another remedy…", action("remedy.form", plan.id, challenge.id))]
    if challenge.remedies:
        buttons.append(Button("Close it", action("challenge.close", plan.id, challenge.id)))
    return (
        Text((Strong(known.title), f" · {challenge.text}" if challenge.text else "")),
        *((Bullets(tried),) if tried else ()),
        *((menu,) if untried else ()),
        Buttons(tuple(buttons)),
    )
