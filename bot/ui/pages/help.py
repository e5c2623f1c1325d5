"""Help: at most six verbs, the two that fit the present state first."""

from collections.abc import Mapping

from bot.ui.actions import action
from bot.ui.cards import Bullets, Button, Buttons, Card, Note, Style, Text
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Spans, Strong

VERBS: Mapping[str, str] = {
    "start": 'a plan with partners: start "Watershed inquiry" @Ben',
    "next": "everything that waits on you",
    "plan": "a plan's card: steps, turns, dates",
    "log": "outside work, in two taps",
    "when": "when you are all free",
    "timetable": "paste, upload or tap in yours",
    "noschool": "a closed day: noschool tomorrow; reminders move",
    "away": "nothing reaches you until a date: away to Thursday @Rosa",
    "history": "who wrote what, when, before and after",
    "digest": "where your plans stand, and when the digest comes",
    "remind": "your own recurring reminder: remind Sundays 18:00: post your notes",
    "export": "a plan as Markdown, HTML or JSON",
    "link": "the same plan on Slack and Discord, and you as one person",
    "settings": "reminders, quiet hours, time zone, templates, import",
    "help": "this",
}
MOST = 6
_OPENED = {"start": "start.form", "away": "away.open"}
"""Verbs that need words: their buttons open a form."""


def fitting(*, has_plan: bool, has_times: bool) -> tuple[str, ...]:
    """Return the verbs in the order in which they fit the member's state now."""
    first = ("next", "plan") if has_plan else ("start", "timetable")
    second = ("when", "log", "history") if has_times else ("timetable", "log", "history")
    return tuple(dict.fromkeys((*first, *second, "digest", "away", "settings")))


def help_page(verbs: tuple[str, ...]) -> Reply:
    """Return the first six of the verbs with what they do."""
    shown = verbs[:MOST]
    lines: tuple[Spans, ...] = tuple((Strong(verb), f": {VERBS[verb]}") for verb in shown)
    return CardReply(
        card=Card(
            title="What Coplan does",
            summary="Coplan walks you through planning together. " + "; ".join(shown),
            blocks=(
                Text(("Plan together although you never have the same hour free.",)),
                Bullets(lines),
                _buttons(shown[:2]),
                Note(("Type a verb after /coplan, or mention me in a thread.",)),
            ),
        )
    )


def unknown_verb(said: str, verbs: tuple[str, ...], near: str = "") -> Reply:
    """Return the three verbs that fit now, for words that are none; first the one ``near`` them."""
    says = f"I do not know “{said}”. You could say:" if said else "You could say:"
    if near:
        says = f"I do not know “{said}”. Did you mean “{near}”? You could say:"
    shown = tuple(dict.fromkeys(filter(None, (near, *verbs))))[:3]
    lines: tuple[Spans, ...] = tuple((Strong(verb), f": {VERBS[verb]}") for verb in shown)
    return CardReply(
        card=Card(
            title="Hm?",
            summary=f"{says} {', '.join(shown)}",
            blocks=(Text((says,)), Bullets(lines), _buttons(shown)),
        )
    )


def _buttons(verbs: tuple[str, ...]) -> Buttons:
    return Buttons(
        tuple(
            Button(
                verb.capitalize(),
                action(_OPENED.get(verb, verb)),
                Style.PRIMARY if verb == verbs[0] else Style.PLAIN,
            )
            for verb in verbs
        )
    )
