from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.ids import ItemId, PlanId
from bot.domain.planning.plan import Responsibility
from bot.domain.planning.turns import waiting
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.costs import Cost
from bot.ui.actions import action
from bot.ui.cards import Bullets, Buttons, Text
from bot.ui.pages.reminders.reminder_card import reminder_card
from bot.ui.spans import Mention, plain
from bot.usecases.reminders.reading import ReminderView, Thing
from tests.support.teaching_team import (
    MAYA,
    ROSA,
    THREAD,
    at,
    member,
    plan,
)
from tests.ui.reading_cards import lines, within_limits

NOW = at(3, 8, 55)
FEWER = "“Fewer reminders” changes that."
TWO = PlanId("two")
PERIOD = FreePeriod(
    start=NOW, end=at(3, 9, 35), day=date(2026, 11, 3), label="B", period="5", cost=Cost.SINGLE_GAP
)


def view(plans: int = 1, **changes: object) -> ReminderView:
    many = [
        plan({"assessment": date(2026, 11, 3 + n)}, id=PlanId(f"p{n}"), title=f"Plan {n}")
        for n in range(plans)
    ]
    things = tuple(Thing(plan=p, waiting=waiting(p, ROSA)[0]) for p in many)
    one = ReminderView(
        member=member(ROSA),
        things=things,
        free=PERIOD,
        assumed=False,
        thread=None,
        elsewhere=False,
        occurrence=NOW.isoformat(),
        planned=NOW,
        now=NOW,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


# The reminder -----------------------------------------------------------------------------------


def test_a_reminder_says_what_when_why_and_how_to_get_fewer() -> None:
    card = reminder_card(view())
    assert lines(card) == [
        "Due: Assessment",
        "This comes next for you:",
        "Plan 0 · Assessment: Assessment text (due today)",
        f"You asked for reminders in your free periods; Tue period 5 is free. {FEWER}",
    ]
    row, later = (block for block in card.blocks if isinstance(block, Buttons))
    assert all("Later: " in one.label for one in later.buttons[:3])
    assert [button.label for button in row.buttons] == ["Assessment text", "Fewer reminders"]
    assert row.buttons[-1].action == action("settings.open")
    within_limits(card)


def test_at_most_six_things_most_urgent_first() -> None:
    card = reminder_card(view(9))
    assert card.title == "9 things due"
    (bullets,) = (block for block in card.blocks if isinstance(block, Bullets))
    assert [plain(item)[:6] for item in bullets.items] == [f"Plan {n}" for n in range(6)]
    assert "And 3 more." in lines(card)
    within_limits(card)


def test_in_the_thread_the_member_is_called_once() -> None:
    card = reminder_card(view(thread=THREAD, elsewhere=True))
    opening = card.blocks[0]
    assert isinstance(opening, Text)
    assert opening.spans[0] == Mention(ROSA, "Rosa", ping=True)
    assert "period 5" not in card.summary, "nobody else's business"
    within_limits(card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"free": PERIOD._replace(period="Lunch club")}, "Tue Lunch club is free"),
        ({"free": PERIOD._replace(period=None)}, "in your own hours"),
        ({"free": PERIOD._replace(period=None), "assumed": True}, "until you add your timetable"),
        ({"free": PERIOD._replace(period=None), "full": True}, "has no free period, so this comes"),
        ({"planned": NOW - timedelta(hours=5)}, "planned for Tue 3 Nov, 03:55 and comes late"),
    ],
)
def test_why(changes: dict[str, object], words: str) -> None:
    assert words in " ".join(lines(reminder_card(view(**changes))))


def test_a_responsibility_is_named() -> None:
    duty = Responsibility(
        id=ItemId("d"), text="Book the room", by=MAYA, at=NOW, owner=ROSA, due=date(2026, 11, 3)
    )
    of = replace(plan({}), responsibilities=(duty,))
    card = reminder_card(view(things=(Thing(plan=of, waiting=waiting(of, ROSA)[0]),)))
    assert "Watershed inquiry · Book the room (due today)" in lines(card)
