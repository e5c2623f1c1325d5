"""The problem of an act that was shown, and whose answer cannot be."""

from bot.domain.errors import Problem


class Unanswered(Problem):
    """The store took the act, and then nothing more.

    ``shown`` is the message that shows the act, ``done`` tells whether the act has taken effect.
    """

    says = "{what}"
    do = "{remedy}"

    def __init__(self, *, shown: str, done: bool, what: str, remedy: str) -> None:
        self.shown = shown
        self.done = done
        super().__init__(what=what, remedy=remedy)


def not_done(shown: str, summary: str) -> Unanswered:
    """Return the problem of an act that was refused; ``summary`` is the answer in plain words."""
    remedy = "What you typed is still here."
    return Unanswered(shown=shown, done=False, what=summary, remedy=remedy)


def not_shown(shown: str, reason: str) -> Unanswered:
    """Return the problem of an act that is done, though nobody can be shown what came of it."""
    return Unanswered(
        shown=shown,
        done=True,
        what=f"That is done, but the answer cannot be shown: {reason}",
        remedy="Once that is put right, say “next”.",
    )
