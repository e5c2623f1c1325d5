"""Readers of absences, and of reminders that are put off."""

import re

from bot.chat.arguments import arg, people, value, words
from bot.chat.inbound import Inbound
from bot.domain.ids import MemberId
from bot.ui.pages.reminders.away_page import PASS
from bot.usecases.reminders.away import SayAway, SetAway
from bot.usecases.reminders.later import Message, OnDate

_STANDING_IN = re.compile(
    r"[\s,;.:]*(?:\b(?:with|and|is|as|my|a)\s+)*\b(?:with|and|instead|stand-?in"
    r"|(?:will\s+)?(?:stands?\s+in|takes?\s+over|covers?)(?:\s+for\s+me)?)[\s.!]*$",
    re.IGNORECASE,
)
"""What may be said of the person who is named: “Rosa stands in”."""


def say_away(inbound: Inbound) -> SayAway:
    """Read `away from Monday to Thursday @Rosa`, maybe with words for what Rosa does."""
    named, said = people(inbound), words(inbound)
    return SayAway(words=_STANDING_IN.sub("", said) if named else said, named=named)


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
