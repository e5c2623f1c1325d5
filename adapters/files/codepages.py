"""Which Windows code page a text without any mark is in, told by the letters that its words have.

Programs that write tables and Untis files use the code page of their computer and do not say
which. Compared are the letters beyond ASCII with those of languages; where that is not clear it
is windows-1252, the western one.
"""

import re
from collections.abc import Sequence
from itertools import islice

WESTERN = "cp1252"
_LATIN = (
    (WESTERN, "äöüß"),  # German
    (WESTERN, "éèêëàâçîïôûùœæ"),  # French
    (WESTERN, "áéíóúñüªº"),  # Spanish
    (WESTERN, "áâãàçéêíóôõú"),  # Portuguese
    (WESTERN, "àèéìòù"),  # Italian
    (WESTERN, "åäöéü"),  # Swedish, Finnish
    (WESTERN, "æøåé"),  # Danish, Norwegian
    (WESTERN, "áéíóúýðþæö"),  # Icelandic
    (WESTERN, "ëïéèöü"),  # Dutch
    (WESTERN, "äöüõšž"),  # Estonian
    (WESTERN, "àèéíïòóúüç·"),  # Catalan
    (WESTERN, "áíóúýæøð"),  # Faroese
    ("cp1250", "ąćęłńóśźż"),  # Polish
    ("cp1250", "áčďéěíňóřšťúůýž"),  # Czech
    ("cp1250", "áäčďéíĺľňóôŕšťúýž"),  # Slovak
    ("cp1250", "áéíóöőúüű"),  # Hungarian
    ("cp1250", "ăâîşţ"),  # Romanian
    ("cp1250", "čćđšž"),  # Croatian, Slovene
    ("cp1254", "çğıöşüâî\u0307"),  # Turkish; a small İ is an i and a dot
    ("cp1257", "ąčęėįšųūž"),  # Lithuanian
    ("cp1257", "āčēģīķļņšūž"),  # Latvian
)
# With the letters that are frequent: most bytes are some letter in each of these.
_OTHERS = (
    ("cp1251", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґјљњћђџ", "оеаинтсрвлі"),
    ("cp1253", "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ", "αοιετσνηυρςίά"),
    ("cp1255", "אבגדהוזחטיכךלמםנןסעפףצץקרשת", "יוהלארמתבש"),
    ("cp1256", "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةآأإؤئءپچژگ", "اليمنوربتعدةح"),
)
_SCRIPTS = frozenset(page for page, _, _ in _OTHERS)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_SAMPLE = 300_000
_MOST_WORDS = 4_000
_FEW = 5
_ALL_HIGH, _SURE, _DOUBTFUL, _FREQUENT = 0.6, 0.95, 0.9, 0.5


def code_page(data: bytes) -> str:
    """Return Python's name of the code page that ``data``, no UTF-8, is most likely in."""
    found = dict.fromkeys(match[0] for match in _WORD.finditer(data[:_SAMPLE]))
    words = list(islice((word for word in found if not word.isascii()), _MOST_WORDS))
    if not words:
        return WESTERN
    whole = sum(min(word) >= 0x80 for word in words)  # noqa: PLR2004 - beyond ASCII
    if whole >= _ALL_HIGH * len(words) and (other := _other_script(words)):
        return other
    shares = [(_share(words, page, letters), page) for page, letters in _LATIN]
    western = max(share for share, page in shares if page == WESTERN)
    share, page = max(shares, key=lambda one: one[0])
    return page if share >= _SURE and western < _DOUBTFUL else WESTERN


def other_page(data: bytes, page: str) -> str | None:
    """Return what ``data`` is really in, though it says ``page``; None where that may be true.

    "" when it is in another one, but nobody knows in which: a word of Latin letters with Greek or
    Cyrillic ones within.
    """
    if not page.startswith("cp125") or data.isascii():
        return None
    if page not in _SCRIPTS:
        likely = code_page(data)
        differs = likely != WESTERN and data.decode(likely, "replace") != data.decode(page)
        return likely if differs else None
    found = (match[0] for match in _WORD.finditer(data))
    words = list(islice((word for word in found if not word.isascii()), _MOST_WORDS))
    mixed = sum(min(word) < 0x80 for word in words)  # noqa: PLR2004 - beyond ASCII
    return "" if mixed * 2 > len(words) else None


def _other_script(words: Sequence[bytes]) -> str | None:
    """Return the code page of another script, None when its letters are not those of any."""
    frequent = {
        page: _share(words, page, often)
        for page, letters, often in _OTHERS
        if _share(words, page, letters) >= _SURE
    }
    if sum(map(len, words)) < _FEW:
        return None
    best = max(frequent, key=lambda page: frequent[page], default=None)
    return best if best is not None and frequent[best] >= _FREQUENT else None


def _share(words: Sequence[bytes], page: str, letters: str) -> float:
    """Return which part of the letters beyond ASCII are ``letters``."""
    text = b"".join(words).decode(page, "replace").lower()
    beyond = [letter for letter in text if not letter.isascii()]
    return sum(letter in letters for letter in beyond) / len(beyond)
