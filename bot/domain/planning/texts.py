"""What members write: cleaned of what no store or screen can hold, and limited in length."""

import re

from bot.domain import errors

FIELD_LENGTH = 3000
"""Characters: what the smallest platform's input takes (Slack's modal)."""
TITLE_LENGTH = 120
NOTE_LENGTH = 1000
LINK_LENGTH = 500
RESOURCE_LENGTH = 200

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff"
    r"\u202a-\u202e\u2066-\u2069]"  # these turn the words around them, beyond their own text
)
_INVISIBLE = re.compile(
    r"[\s\u00ad\u115f\u1160\u200b-\u200f\u2060-\u2064\u2800\u3164\ufe0f\ufeff\uffa0]*"
)
"""Nobody can read what holds nothing else."""
_NO_LINK = re.compile(r"[\s<>\"|]")
_LINK = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text with one kind of line end, without control characters or outer blanks."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def blank(text: str) -> bool:
    """Tell whether nobody can read anything in the text."""
    return _INVISIBLE.fullmatch(clean(text)) is not None


def require_text(text: str, *, key: str, name: str, limit: int = NOTE_LENGTH) -> str:
    """Return the cleaned text; ``FieldErrors`` under ``key`` when it is empty or too long."""
    cleaned = clean(text)
    if _INVISIBLE.fullmatch(cleaned):
        raise errors.FieldErrors({key: f"{name} is empty: write a few words."})
    return require_length(cleaned, key=key, name=name, limit=limit)


def require_line(text: str, *, key: str, name: str, limit: int) -> str:
    """Return the cleaned text in one line; ``FieldErrors`` as for ``require_text``."""
    return require_text(" ".join(text.split()), key=key, name=name, limit=limit)


def optional_text(text: str, *, key: str, name: str, limit: int = NOTE_LENGTH) -> str:
    """Return the cleaned text, maybe empty; ``FieldErrors`` under ``key`` when it is too long."""
    return require_length(clean(text), key=key, name=name, limit=limit)


def require_length(text: str, *, key: str, name: str, limit: int) -> str:
    """Return the text; ``FieldErrors`` under ``key`` when it has more characters than that."""
    if len(text) > limit:
        raise errors.FieldErrors(
            {key: f"{name} has {len(text):,} characters; at most {limit:,} fit. Shorten it."}
        )
    return text


def require_words(text: str, *, key: str, limit: int | None) -> None:
    """Raise ``FieldErrors`` under ``key`` when the text has more words than the template allows."""
    words = len(text.split())
    if limit is not None and words > limit:
        raise errors.FieldErrors({key: f"{words} words; at most {limit} fit. Shorten it."})


def _refuse_signs(link: str, key: str) -> None:
    """Raise ``FieldErrors`` for an address with a sign in it that none may have."""
    found = _NO_LINK.search(link)
    if found is None or not link.lower().startswith(("http://", "https://")):
        return
    sign = found[0]
    called = "a blank" if sign.isspace() else f"the sign {sign}"
    instead = f"leave it out, or write %{ord(sign):02X} for it."
    raise errors.FieldErrors({key: f"A web address cannot hold {called}: {instead}"})


def optional_link(link: str, *, key: str) -> str:
    """Return the address, maybe empty; ``FieldErrors`` unless it begins with http(s)://.

    Nor may it hold a blank or one of the signs that end an address where it is shown.
    """
    cleaned = optional_text(link, key=key, name="The link", limit=LINK_LENGTH)
    if cleaned and not _LINK.fullmatch(cleaned):
        _refuse_signs(cleaned, key)
        raise errors.FieldErrors({key: "Not a web address: it should begin with https://"})
    return cleaned
