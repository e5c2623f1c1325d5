"""Discord's types of channels, as far as they are told apart here.

Tuples: a type that is no number is in none of them, whatever it is. Source: "Channel Types".
"""

from typing import Final

SPOKEN: Final = (2, 13)
"""Channels to speak in, which have a chat beside that."""
THREADS: Final = (10, 11)
"""Threads that are open to all who read the channel around them.

A private one is taken for a channel of its own: what begins there is not for the one around it.
"""
PRIVATE_THREAD: Final = 12
FORUMS: Final = (15, 16)
"""Channels that hold nothing but posts, each of which is a thread."""
