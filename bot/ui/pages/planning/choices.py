"""Which plan? People pick plans by title, never by number."""

from collections.abc import Callable
from typing import TypeVar

from bot.ui.actions import Action, action
from bot.ui.cards import Button, Buttons, Card, Option, Select, Style, Text
from bot.ui.limits import OPTIONS
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.reading import Choice

R = TypeVar("R")


def or_choice(show: Callable[[R], Reply], then: str) -> Callable[[R | Choice], Reply]:
    """Return the page of one plan, or the choice among several, after which ``then`` is done."""

    def page(result: R | Choice) -> Reply:
        return choose_plan(result, action(then)) if isinstance(result, Choice) else show(result)

    return page


def plan_or_plans(show: Callable[[R], Reply], then: str) -> Callable[[R | Choice], Reply]:
    """Return the page of one plan, or what ``or_choice`` does; all plans where no title was said.

    That is the Home tab's part with somebody's plans, too.
    """
    chosen = or_choice(show, then)

    def page(result: R | Choice) -> Reply:
        if isinstance(result, Choice) and result.unasked and result.plans:
            says = "Choose one to see its card."
            return _menu(result, action(then), "Your plans: ", says)
        return chosen(result)

    return page


def choose_plan(choice: Choice, then: Action) -> Reply:
    """Return a menu of the plans that fit; choosing one does ``then`` with it."""
    if not choice.plans:
        says = "You have no plan here yet."
        return CardReply(
            card=Card(
                title="No plan yet",
                summary=f"{says} Start one with “start”.",
                blocks=(
                    Text((says,)),
                    Buttons((Button("Start a plan", action("start.form"), Style.PRIMARY),)),
                ),
            )
        )
    return _menu(choice, then, "Which plan? ", "Several of your plans fit.")


def _menu(choice: Choice, then: Action, title: str, says: str) -> Reply:
    viewer = choice.viewer
    reader = Reader(zone=viewer.zone, names=choice.names, member=viewer.id)
    told = told_apart(choice.plans[:OPTIONS], reader)
    options = tuple(Option(plan, title) for plan, title in told.items())
    titles = ", ".join(told.values())
    return CardReply(
        card=Card(
            title=title.strip(" :"),
            summary=f"{title}{titles}",
            blocks=(Text((says,)), Select(then, "Choose a plan", options)),
        )
    )
