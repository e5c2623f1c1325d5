"""What a button, a select or a form does when used: a name and its arguments, in one short text.

The text travels as Slack's ``action_id``/``callback_id`` and Discord's ``custom_id``, so it holds
all that is needed after a restart, and nothing secret: rights are checked when it comes back.
"""

from dataclasses import dataclass
from functools import lru_cache

from bot.ui.limits import ACTION

_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Action:
    """An action by the name of its route, with text arguments that hold no ``|``."""

    name: str
    args: tuple[str, ...] = ()

    def encode(self) -> str:
        """Return the text form; ValueError when it is longer than a platform allows."""
        text = _SEPARATOR.join((self.name, *self.args))
        if len(text) > ACTION or any(_SEPARATOR in arg for arg in self.args):
            raise ValueError(f"not an action for every platform: {text}")
        return text

    @staticmethod
    def decode(text: str) -> "Action":
        """Return the action of a text form; any text decodes, unknown names fail in the router."""
        return _known(text) if len(text) <= ACTION else _decoded(text)


def _decoded(text: str) -> Action:
    name, *args = text.split(_SEPARATOR)
    return Action(name, tuple(args))


_known = lru_cache(maxsize=1024)(_decoded)
"""A click's text is asked for each of its arguments. What is too long is nobody's click."""


def action(name: str, *args: str) -> Action:
    """Return the action ``name`` with its arguments."""
    return Action(name, args)
