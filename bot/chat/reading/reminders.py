"""Readers of absences, and of reminders that are put off."""

from bot.chat.arguments import arg, people, value, words
from bot.chat.inbound import Inbound
from bot.domain.ids import MemberId
from bot.ui.pages.reminders.away_page import PASS
from bot.usecases.reminders.away import SayAway, SetAway
from bot.usecases.reminders.later import Message, OnDate


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


def message(inbound: Inbound) -> Message:
    """Read whose reminder a button belongs to, and of which occurrence."""
    return Message(member=MemberId(arg(inbound, 0)), occurrence=arg(inbound, 1))


def on_date(inbound: Inbound) -> OnDate:
    """Read on which day a reminder is to come again."""
    return OnDate(message=message(inbound), day=value(inbound, "day"))


def mark(inbound: Inbound) -> str:
    """Read what is to be taken back."""
    return arg(inbound, 0)
