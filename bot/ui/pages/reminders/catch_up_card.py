"""The catch-up on return from an absence: at most five lines, the title among them."""

from collections.abc import Iterator

from bot.domain.planning.turns import WaitingKind
from bot.ui.actions import action
from bot.ui.cards import Bullets, Button, Buttons, Card
from bot.ui.limits import BUTTONS_IN_ROW
from bot.ui.pages.planning.next_button import next_button
from bot.ui.pages.reminders.wording import FEWER, asked, changed_line, short
from bot.ui.pages.words import count, day, due, people
from bot.ui.spans import LocalTime, Spans, Strong, local, plain
from bot.usecases.reminders.catching_up import CatchUpView
from bot.usecases.reminders.reading import Thing

LINES = 4
"""With the title these make five."""
WAITING = 2
"""Things that are named; “next” has the rest."""
NAMED = 3
SHORT = 40


def catch_up_card(view: CatchUpView) -> Card:
    """Return the message: who acted, the fields that matter most, what waits on the reader."""
    title = "Welcome back: what happened while you were away"
    lines = tuple(_lines(view))
    told = " ".join(_sentence(plain(line)) for line in lines)
    return Card(
        title=title,
        summary=f"{title}. {told}",
        blocks=(Bullets(lines), Buttons(tuple(_buttons(view)))),
    )


def _lines(view: CatchUpView) -> Iterator[Spans]:
    yield (_acted(view),)
    room = LINES - 1 - bool(view.waiting)
    yield from (changed_line(one, SHORT) for one in view.changed[:room])
    if view.waiting:
        yield _waiting(view)


def _acted(view: CatchUpView) -> str:
    span = f"{day(view.first)} to {day(view.last)}" if view.first < view.last else day(view.first)
    if not view.acts:
        return f"{span}: nothing changed in your plans"
    who = people((f"{short(name, SHORT)} ({times})" for name, times in view.acted), NAMED)
    fields = f", {count(len(view.changed), 'field')} changed" if view.changed else ""
    return f"{span}: {count(view.acts, 'act')} by {who}{fields}"


def _waiting(view: CatchUpView) -> Spans:
    late = f" ({view.late} late)" if view.late else ""
    several = len({one.plan.id for one in view.waiting}) > 1
    named = [
        f"{_name(one, several=several)} ({_when(view, one)})" for one in view.waiting[:WAITING]
    ]
    rest = len(view.waiting) - len(named)
    more = f" and {rest} more" if rest else ""
    return ("Waits on you", late, ": ", Strong("; ".join(named)), more)


def _name(one: Thing, *, several: bool) -> str:
    """Return what it is called; with its plan where things of several plans wait."""
    name = short(asked(one.plan, one.waiting), SHORT)
    return f"{short(one.plan.title, SHORT)} · {name}" if several else name


def _when(view: CatchUpView, one: Thing) -> str:
    """Return when it is due; of a session the hour, which the reminder would have told."""
    if one.waiting.kind is WaitingKind.MEET and one.waiting.at is not None:
        return local(LocalTime(one.waiting.at, view.member.zone))
    return due(one.waiting.date_in(view.member.zone), view.today)


def _buttons(view: CatchUpView) -> Iterator[Button]:
    for at, one in enumerate(view.waiting[:WAITING]):
        yield next_button(one.plan, one.waiting, primary=at == 0)
    if len(view.waiting) > WAITING:
        yield Button("Everything that waits", action("next"))
    plans = dict.fromkeys(change.plan.id for change in view.changed)
    for plan in list(plans)[: BUTTONS_IN_ROW - WAITING - 2]:
        yield Button("What changed", action("hist", plan))
    yield FEWER


def _sentence(line: str) -> str:
    return line if line.endswith((".", "”")) else f"{line}."
