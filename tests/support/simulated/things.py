"""What waits on somebody, as the plans themselves tell it, and what a message speaks about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan
from bot.domain.planning.standing_in import waiting_on
from bot.domain.planning.turns import Waiting, WaitingKind, meetings
from bot.domain.timetable.absences import Absence
from bot.ui.cards import Bullets, Buttons, Note
from bot.ui.pages.planning.next_button import next_button
from bot.ui.spans import plain
from tests.support.fake_messenger import Sent
from tests.support.simulated.facts import moment
from tests.support.simulated.history import State
from tests.support.simulated.rules import Key, Thing

ABOUT_THE_MESSAGE = ("next", "settings.open", "hist", "later.")
"""How the routes of those buttons begin that do nothing of what waits."""
_MORE = re.compile(r"And (\d+) more")


def all_waiting(state: State, user: str, at: float) -> Iterator[tuple[Plan, Waiting]]:
    member, now, away = state.members[user], moment(at), _away(state, at)
    for plan in state.plans.values():
        for one in (*waiting_on(plan, member, away, now), *meetings(plan, member, now)):
            yield plan, one


def _away(state: State, at: float) -> dict[MemberId, Absence]:
    """Return who is away today, each by their own date."""
    return {
        state.members[user]: absence
        for user, absences in state.absences.items()
        for absence in absences
        if absence.first <= state.people[user].date(at) <= absence.last
    }


def things(state: State, user: str, at: float) -> list[Thing]:
    """Return everything with a date that waits on the person, or lies ahead, once, by date."""
    free = state.people[user]
    found: dict[Key, Thing] = {}
    for plan, one in all_waiting(state, user, at):
        key, due = (str(plan.id), one.thing), one.date_in(free.person.zone)
        if one.due is not None and free.school is not None:
            due = free.school.due_on(one.due)
        if due is not None and (key not in found or due < found[key].due):
            meets = one.at if one.kind is WaitingKind.MEET else None
            found[key] = Thing(key=key, due=due, meets=int(meets.timestamp()) if meets else None)
    return sorted(found.values(), key=lambda thing: thing.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A reminder as it was shown: what its buttons do, and how many things it only counts.

    ``welcome``: it is the one that tells somebody who is back what happened.
    """

    welcome: bool
    buttons: tuple[str, ...]
    lines: tuple[str, ...]
    more: int


def read(sent: Sent) -> Message:
    """Return what a reminder says."""
    blocks = sent.card.blocks
    buttons = (b for block in blocks if isinstance(block, Buttons) for b in block.buttons)
    about = [b.action.encode() for b in buttons if not b.action.name.startswith(ABOUT_THE_MESSAGE)]
    lines = [plain(one) for block in blocks if isinstance(block, Bullets) for one in block.items]
    notes = (plain(block.spans) for block in blocks if isinstance(block, Note))
    more = sum(int(found[1]) for note in notes if (found := _MORE.match(note)))
    return Message(
        welcome=sent.card.title.startswith("Welcome back"),
        buttons=tuple(about),
        lines=tuple(lines),
        more=more,
    )


def spoken_of(state: State, user: str, at: float, message: Message) -> dict[str, Key | None]:
    """Return, for each button of a message, the thing that waits on the person; None: nothing."""
    known = {
        next_button(plan, one).action.encode(): (str(plan.id), one.thing)
        for plan, one in all_waiting(state, user, at)
    }
    return {button: known.get(button) for button in message.buttons}
