"""Tables in letters of one width, where a platform has none of its own."""

from bot.ui.cards import Table


def drawn(table: Table) -> str:
    """Return the table with its columns below one another, a line a row, the head first."""
    rows = (table.head, *table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)
