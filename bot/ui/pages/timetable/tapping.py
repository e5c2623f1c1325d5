"""The tap grid: a day of the cycle as buttons, tapped until it is right, then read back."""

from bot.ui.actions import action
from bot.ui.cards import Button, Buttons, Card, Style, Text
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, shorten
from bot.ui.pages.timetable.calendar import calendar_page
from bot.ui.pages.timetable.reading import back_page
from bot.ui.replies import CardReply, Reply
from bot.usecases.timetable.showing import TAPS_ON_PAGE, TapView
from bot.usecases.timetable.understanding import ReadBack


def tap_page(result: TapView | None) -> Reply:
    """Return one day of the tap grid: a button a period; tapping moves it on."""
    if result is None:
        return calendar_page(None)
    label = result.days[result.day]
    buttons = _cells(result)
    rows = [
        Buttons(tuple(buttons[start : start + BUTTONS_IN_ROW]))
        for start in range(0, len(buttons), BUTTONS_IN_ROW)
    ]
    return CardReply(
        card=Card(
            title=f"Day {label}",
            summary=f"Tap each period of day {label} until it is right: free, lesson, planning…",
            blocks=(
                Text(("Tap a period until it is right: free, lesson, planning, duty, absent.",)),
                *rows,
                Buttons(tuple(_ways_on(result))),
            ),
        ),
        replaces=True,
    )


def week_page(result: ReadBack | None) -> Reply:
    """Return the tapped week read back; it is saved from there."""
    return calendar_page(None) if result is None else back_page(result)


def _cells(result: TapView) -> list[Button]:
    label = result.days[result.day]
    first = result.period // TAPS_ON_PAGE * TAPS_ON_PAGE
    shown = list(enumerate(result.periods))[first : first + TAPS_ON_PAGE]
    uses = [(at, name, result.timetable.cell(label, name).use) for at, name in shown]
    return [
        Button(
            shorten(f"{name}: {use}", BUTTON_LABEL),
            action("tt.cell", result.mark, str(result.day), str(at), use),
        )
        for at, name, use in uses
    ]


def _ways_on(result: TapView) -> list[Button]:
    """Return the way to more periods, where there are more, to the next day, and to the end."""
    day, page = result.day, result.period // TAPS_ON_PAGE
    pages = max(1, -(-len(result.periods) // TAPS_ON_PAGE))
    after = (day + 1) % len(result.days)
    ways = []
    if pages > 1:
        further = action("tt.tap", result.mark, str(day), str((page + 1) % pages))
        ways.append(Button("More periods", further))
    if len(result.days) > 1:
        next_day = action("tt.tap", result.mark, str(after))
        ways.append(Button(f"Next: day {result.days[after]}", next_day, Style.PRIMARY))
    return [*ways, Button("That is my week", action("tt.week"))]
