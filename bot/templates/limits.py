"""What a template may hold, in characters and counts.

This floor may not look up at ``bot.ui.limits``; a test holds the two together.
"""

FILE_BYTES = 64 * 1024
DEPTH = 12
NODES = 5000

STEPS = 12
FIELDS = 10
"""Questions in a step; a form asks at most five of them at a time."""
ROLES = 6
NEEDS = 6
"""One a kind of item."""

TEMPLATE_TITLE = 60
STEP_TITLE = 40
"""Stands in buttons and menus (75) with a word or two beside it."""
ABOUT = 300
LABEL = 45
"""A form's label: Discord's limit."""
HINT = 100
"""A form's placeholder."""
ROLE = 30

WEEKS = 12
COUNT = 20
WORDS = 500
"""More would not fit an input of 3,000 characters."""

KEY = 24
"""A template's key, alone in its action; no other key is longer."""
KEYS_TOGETHER = 23
"""A step's key and a field's key in one action of 100 characters::

    route|plan|step|field|member|revision
    16 +1 +26 +1 +(s +1 +f) +1 +26 +1 +4  =  77 + s + f  <=  100
"""
