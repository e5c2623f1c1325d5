"""What goes wrong in a year, and when: outages, crashes, clocks that jump, schools that close."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Protocol

from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.school import Closures, change_closures
from tests.support.simulated.facts import School
from tests.support.simulated.house import POINTS
from tests.support.simulated.schools import policy

OUTAGES = (120, 1800, 3 * 3600, 20 * 3600, 3 * 24 * 3600)
JUMPS = (1, 30, 600, 7200, 24 * 3600, 48 * 3600)


class Troubled(Protocol):
    """What can be done to a running house."""

    def stop(self, seconds: float) -> None: ...
    def arm(self, point: str) -> None: ...
    def jump(self, seconds: int) -> None: ...
    def close(self, dice: Random) -> None: ...


def trouble(house: Troubled, dice: Random) -> list[tuple[float, Callable[[], None]]]:
    """Do something bad to the house; return what is to follow, and after how many seconds."""
    kind = dice.choice(["restart", "outage", "crash", "crash", "crash", "jump", "jump", "close"])
    match kind:
        case "restart":
            house.stop(dice.choice([0, 1, 5]))
        case "outage":
            house.stop(dice.choice(OUTAGES))
        case "crash":
            house.arm(dice.choice(POINTS))
        case "close":
            house.close(dice)
        case _:
            seconds = dice.choice(JUMPS) * dice.choice([1, -1])
            house.jump(seconds)
            return [(dice.choice([5, 300, 3600, 12 * 3600]), lambda: house.jump(-seconds))]
    return []


def close(work: Work, actor: Actor, school: School) -> object:
    """Save the closures and labels of a school as somebody types them."""
    kinds = {True: "planned", False: "unplanned"}
    closures = [f"{first} to {last} {kinds[planned]}" for first, last, planned in school.closures]
    labels = [f"{day} = {label or '-'}" for day, label in school.labels.items()]
    command = Closures(
        closures="\n".join(closures),
        labels="\n".join(labels),
        terms="\n".join(f"{first} to {last} term" for first, last in school.terms),
        planned=policy(school.planned_use_up),
        unplanned=policy(school.unplanned_use_up),
    )
    return change_closures(work, actor, command)


def changed(school: School, today: date, dice: Random) -> School:
    """Return a school that closes soon, or takes that back, or calls a date another day."""
    day = today + timedelta(days=dice.choice([0, 1, 1, 2, 5, 12]))
    match dice.choice(["close", "close", "label", "open"]):
        case "close":
            last = day + timedelta(days=dice.choice([0, 0, 1, 4]))
            closures = (*school.closures, (day, last, dice.random() < 0.3))
            return replace(school, closures=closures)
        case "label":
            label = dice.choice([*school.cycle, None])
            return replace(school, labels={**school.labels, day: label})
        case _:
            gone = dice.randrange(len(school.closures))
            left = tuple(c for at, c in enumerate(school.closures) if at != gone)
            return replace(school, closures=left)
