"""What Discord's messages and modals are made of, by its numbers. Source: "Component reference"."""

from enum import IntEnum


class Part(IntEnum):
    """Types of components."""

    ROW = 1
    BUTTON = 2
    MENU = 3
    LINES = 4
    """A field to type into."""
    USERS = 5
    TEXT = 10
    GALLERY = 12
    FILE = 13
    DIVIDER = 14
    LABEL = 18
    """A question of a modal, around what it is answered with."""
    FILES = 19
    CHOICE = 21
    """Options in sight, one of which is chosen."""
    BOXES = 22
