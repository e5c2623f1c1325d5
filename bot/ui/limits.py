"""What fits on every platform: the intersection of Slack's and Discord's limits, in characters.

Sources: Slack Block Kit reference, Discord components and message reference (2026).
"""

CARD_TITLE = 150
"""Slack header 150."""
CARD_TEXT = 3800
"""All text of a card: Discord shows 4,000 characters in one message, with its markup."""
BLOCK_TEXT = 2900
"""One text: Slack section 3,000."""
BLOCKS = 35
"""Slack allows 50 blocks in a message; Discord 40 components, where words can share one."""
ROWS = 5
"""Interactive rows in one message: six of Discord's components each, the row and its buttons."""
BUTTONS_IN_ROW = 5
BUTTON_LABEL = 75
ACTION = 100
"""Discord's custom_id."""
OPTIONS = 25
OPTION_LABEL = 75
OPTION_VALUE = 100
FORM_TITLE = 24
"""Slack modal title and buttons."""
FORM_INPUTS = 5
"""Discord modal."""
FORM_NOTE = 100
"""The note beside that many inputs: a Discord modal has room for it in a hint's place only."""
INPUT_LABEL = 45
INPUT_HINT = 100
INPUT_TEXT = 3000
"""Slack plain_text_input."""
TABLE_ROWS = 30
TABLE_COLUMNS = 12
ALT_TEXT = 1000
"""Discord 1,024, Slack 2,000."""


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut to ``limit`` characters, the last one an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
