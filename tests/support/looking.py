"""Looking for words in what somebody is shown."""


def fold(text: str) -> str:
    """Return the text without case and runs of white space, for looking for words in it."""
    return " ".join(text.split()).casefold()


def shows(lines: list[str], text: str) -> bool:
    """Tell whether the text stands in one of the lines, or in all of them as one run."""
    wanted = fold(text)
    return any(wanted in fold(line) for line in lines) or wanted in fold(" ".join(lines))
