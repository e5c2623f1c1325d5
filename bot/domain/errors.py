"""Known problems: what a person sees when something cannot be done, and what to do about it.

Each class holds its own words. ``says`` states what is wrong, ``do`` what to do; names in braces
are the facts the raiser passes. A known problem never changes state.
"""

from collections.abc import Callable
from typing import Any, ClassVar


class Problem(Exception):  # noqa: N818 - read by people who plan lessons, not by programmers
    """A problem that the person who caused it can put right."""

    says: ClassVar[str]
    do: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.message = self.says.format_map(facts)
        self.remedy = self.do.format_map(facts)
        super().__init__(f"{sentences(self.message)} {self.remedy}".strip())

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it again: problems cross from the worker process to this one."""
        return _again, (type(self), self.facts)


_ENDS = (".", "!", "?", "…", ":", ".”", "!”", "?”", "…”")


def sentences(message: str) -> str:
    """Return the message with a full stop at its end: what to do comes after it."""
    said = message.rstrip()
    return said if not said or said.endswith(_ENDS) else f"{said}."


def _again(kind: type[Problem], facts: dict[str, object]) -> Problem:
    return kind(**facts)


class InvalidInput(Problem):
    """What was typed or pasted cannot be understood; nothing was changed."""

    says = "{what}"
    do = "{remedy}"


class UnknownTitle(InvalidInput):
    """No plan of the member's here is called so; one that lives elsewhere may be."""


class FieldErrors(Problem):
    """Some answers of a form cannot be taken; ``errors`` maps the input's key to what is wrong."""

    says = "{summary}"
    do = "Nothing was saved. Put it right and try again."

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(summary=" ".join(errors.values()))
        self.facts = {"errors": errors}


def require_all(*checks: Callable[[], object]) -> None:
    """Run all the checks; what is wrong with several answers of a form is raised as one."""
    wrong: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except FieldErrors as found:
            wrong = {**found.errors, **wrong}
    if wrong:
        raise FieldErrors(wrong)


class UnknownPlan(Problem):
    """No such plan, or not for this viewer: the two are not told apart."""

    says = "There is no such plan here, or you are not one of its partners."
    do = "Say “plan” to see the plans you share."


class UnknownItem(Problem):
    """The step, field or item does not exist in this plan."""

    says = "That {thing} is no longer part of the plan “{title}”."
    do = "Open the plan's card again: it shows what there is now."


class PlanClosed(Problem):
    """The plan is finished or archived, so nothing may be written into it."""

    says = "“{title}” is {state}, so nothing was saved."
    do = "Any partner can reopen it with the button on its card; then save again."


class NotAllowed(Problem):
    """The rules of the step do not let this member do that."""

    says = "{what}"
    do = "{remedy}"


class NotYours(NotAllowed):
    """It is nothing of the member's here; where they are a member, too, it may be."""


class ChangedSince(NotAllowed):
    """An act cannot be taken back, for something later stands on it."""

    says = "Something has changed since, so this cannot be undone as it was."
    do = "Open the plan's card and change what stands there now."


class Conflict(Problem):
    """A row changed between reading and writing; the door repeats the unit of work."""

    says = "Somebody else saved at the same moment."
    do = "Please try once more."


class NewerDatabase(Problem):
    """The database was written by a newer version of Coplan."""

    says = "The database was written by a newer version of Coplan (schema {found})."
    do = "Update Coplan, or point it at another database. Nothing was changed."


class InUse(Problem):
    """Another process of Coplan's has the database, or the file, at this moment."""

    says = "Coplan is using {path} already."
    do = "Stop that one first, or name another file. Nothing was changed."


class Unavailable(Problem):
    """The store cannot write now (full disk, locked or read-only file)."""

    says = "Coplan cannot reach its database now: {reason}."
    do = "Nothing was changed. Try again in a moment; if it stays, tell whoever runs Coplan."


class Unclear(Problem):
    """The connection to the database broke while it saved: nobody can tell whether it did."""

    says = "Coplan lost its database at the very moment of saving."
    do = "Look whether it is there before you try again."


class StaleButton(Problem):
    """A button or form of an older message whose meaning has gone."""

    says = "That button is from an older message and has no effect any more."
    do = "Say “next” to see what waits on you."


class Repeated(Problem):
    """The platform delivered something that has taken effect already."""

    says = "That is done already."
    do = "Say “next” to see what waits on you."
