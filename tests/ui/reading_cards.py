"""Cards as people count them, and as platforms measure them."""

from bot.ui.cards import Bullets, Buttons, Card, Note, Style, Text
from bot.ui.limits import BLOCK_TEXT, BUTTONS_IN_ROW, CARD_TEXT, ROWS
from bot.ui.spans import plain


def lines(card: Card) -> list[str]:
    """Return the card's lines as people count them: title, paragraphs, list items, notes."""
    found = [card.title]
    for block in card.blocks:
        if isinstance(block, Text | Note):
            found.append(plain(block.spans))
        if isinstance(block, Bullets):
            found += [plain(item) for item in block.items]
    return found


def within_limits(card: Card) -> None:
    rows = [block for block in card.blocks if isinstance(block, Buttons)]
    assert len(rows) <= ROWS
    assert all(1 <= len(row.buttons) <= BUTTONS_IN_ROW for row in rows)
    styles = [button.style for row in rows for button in row.buttons]
    assert styles.count(Style.PRIMARY) <= 1
    assert all(len(button.action.encode()) <= 100 for row in rows for button in row.buttons)
    assert sum(len(line) for line in lines(card)) <= CARD_TEXT
    assert all(len(line) <= BLOCK_TEXT and "\n" not in line for line in lines(card))
    assert card.summary
