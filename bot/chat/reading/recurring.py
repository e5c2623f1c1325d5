"""Readers of the partners' own reminders."""

from bot.chat.arguments import arg, choice, number, rest, value
from bot.chat.inbound import Inbound
from bot.domain.ids import PlanId, RecurringId
from bot.usecases.reminders.recurring import (
    AddRecurring,
    AddTyped,
    ChangeRecurring,
    OneRecurring,
)


def typed(inbound: Inbound) -> AddTyped:
    """Read `remind Sundays 18:00: post your notes`, or the plan chosen for what was typed."""
    plan = choice(inbound)
    return AddTyped(words=rest(inbound).strip(), plan=PlanId(plan) if plan else None)


def new(inbound: Inbound) -> AddRecurring:
    """Read the form that sets a reminder up."""
    return AddRecurring(
        plan=PlanId(arg(inbound, 0)), when=value(inbound, "when"), text=value(inbound, "text")
    )


def one(inbound: Inbound) -> OneRecurring:
    """Read the button of a reminder, or the one chosen in a menu."""
    which = arg(inbound, 1, choice(inbound) or None)
    return OneRecurring(plan=PlanId(arg(inbound, 0)), reminder=RecurringId(which))


def change(inbound: Inbound) -> ChangeRecurring:
    """Read the form that changes a reminder."""
    return ChangeRecurring(
        which=one(inbound),
        revision=number(inbound, 2),
        when=value(inbound, "when"),
        text=value(inbound, "text"),
    )
