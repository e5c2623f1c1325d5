"""What a route is: the parts through which one thing a person does goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from bot.chat.inbound import Inbound
from bot.domain.members import Member, Person
from bot.ui.replies import Reply
from bot.usecases.actors import Actor
from bot.usecases.ports import Work

C = TypeVar("C")
G = TypeVar("G")
P = TypeVar("P")
R = TypeVar("R")


class Answers(Enum):
    """What a route answers with: a form must be the first answer, so its route only reads."""

    CARD = "card"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One action. Make it with ``writes``, ``shows`` or ``opens``, which check the types.

    ``read`` turns the inbound into a command, ``prepare`` parses bytes outside the unit of work,
    ``run`` executes one use case in one unit of work, ``show`` makes the reply of its result.
    ``claim`` is done first of all, before it is known who acts: they are made somebody by it.
    ``look`` finds out before that what is prepared, in a unit of its own that reads. ``slow``:
    showing draws or renders so much that it is done beside the loop. ``join`` makes one result of
    those of all workspaces in which the person has plans that are linked, that of here first.
    """

    read: Callable[[Inbound], Any]
    run: Callable[[Work, Actor, Any], Any]
    show: Callable[[Any], Reply]
    prepare: Callable[[Any], Any] | None = None
    answers: Answers = Answers.CARD
    changes: bool = False
    claim: Callable[[Work, Person, Any], None] | None = None
    slow: bool = False
    look: Callable[[Work, Member | None, Any], Any] | None = None
    join: Callable[[Sequence[Any]], Any] | None = None


def writes(
    read: Callable[[Inbound], C],
    run: Callable[[Work, Actor, C], R],
    show: Callable[[R], Reply],
) -> Route:
    """Return a route that changes something."""
    return Route(read=read, run=run, show=show, changes=True)


def claims(
    read: Callable[[Inbound], C],
    claim: Callable[[Work, Person, C], None],
    run: Callable[[Work, Actor, C], R],
    show: Callable[[R], Reply],
) -> Route:
    """Return a route that changes something, and before that who somebody is."""
    return Route(read=read, claim=claim, run=run, show=show, changes=True)


def takes(
    read: Callable[[Inbound], P],
    prepare: Callable[[P], C],
    run: Callable[[Work, Actor, C], R],
    show: Callable[[R], Reply],
) -> Route:
    """Return a route that changes something by bytes, which are parsed before."""
    return Route(read=read, prepare=prepare, run=run, show=show, changes=True)


def finds(
    read: Callable[[Inbound], G],
    look: Callable[[Work, Member | None, G], P],
    prepare: Callable[[P], C],
    run: Callable[[Work, Actor, C], R],
    show: Callable[[R], Reply],
) -> Route:
    """Return a route that changes something by bytes which the store tells where to find."""
    return Route(read=read, look=look, prepare=prepare, run=run, show=show, changes=True)


def shows(
    read: Callable[[Inbound], C],
    run: Callable[[Work, Actor, C], R],
    show: Callable[[R], Reply],
    *,
    slow: bool = False,
) -> Route:
    """Return a route that only reads."""
    return Route(read=read, run=run, show=show, slow=slow)


def gathers(
    read: Callable[[Inbound], C],
    run: Callable[[Work, Actor, C], R],
    join: Callable[[Sequence[R]], R],
    show: Callable[[R], Reply],
) -> Route:
    """Return a route that reads wherever the person has plans."""
    return Route(read=read, run=run, join=join, show=show)


def opens(
    read: Callable[[Inbound], C],
    run: Callable[[Work, Actor, C], R],
    form: Callable[[R], Reply],
) -> Route:
    """Return a route whose answer is a form."""
    return Route(read=read, run=run, show=form, answers=Answers.FORM)
