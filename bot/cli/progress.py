"""Saying on standard error what takes a while; nothing where nobody watches."""

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console


def at_work(words: str) -> AbstractContextManager[object]:
    """Show ``words`` and that something moves until the block ends, on a terminal only."""
    console = Console(stderr=True)
    return console.status(words) if console.is_terminal else nullcontext()
