"""Readers of absences, and of reminders that are put off."""

from bot.chat.arguments import arg, people, value, words
from bot.chat.inbound import Inbound
from bot.ui.pages.reminders.away_page import PASS
from bot.usecases.reminders.away import SayAway, SetAway


def say_away(inbound: Inbound) -> SayAway:
    """Read `away from Monday to Thursday @Rosa`."""
    return SayAway(words=words(inbound), named=people(inbound))


def which_absence(inbound: Inbound) -> str:
    """Read the first day of the absence that is meant, empty for none."""
    return arg(inbound, 0, "")


def set_away(inbound: Inbound) -> SetAway:
    """Read the form of an absence."""
    return SetAway(
        first=value(inbound, "first"),
        last=value(inbound, "last"),
        changing=which_absence(inbound),
        stand_in=value(inbound, "stand_in"),
        passes=value(inbound, "passes") == PASS,
    )
