"""Names of weekdays in the languages schools' files are written in.

A table of words, used to *suggest* that a file's days are weekdays; nobody decides by it alone.
Left out are short forms that mean different days in two languages (“ma”: Monday in Dutch, Tuesday
in French) and single letters.
"""

import unicodedata

SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# One line per weekday from Monday on: English, German, French, Spanish, Portuguese, Italian,
# Dutch, the Scandinavian languages, Finnish, Polish, Czech, Hungarian, Romanian, Turkish.
_WORDS = (
    (
        "monday mondays mon mo montag montags lundi lun lu lunes segunda segunda-feira seg "
        "lunedi maandag mandag man maanantai poniedzialek pon pondeli hetfo luni pazartesi"
    ),
    (
        "tuesday tuesdays tue tues tu dienstag dienstags di die mardi mar martes terca "
        "terca-feira ter martedi dinsdag din tisdag tirsdag tis tir tiistai ti wtorek wt "
        "utery kedd marti sali"
    ),
    (
        "wednesday wednesdays wed weds we mittwoch mittwochs mi mit mercredi mer me miercoles "
        "mie quarta quarta-feira qua mercoledi woensdag wo woe onsdag ons keskiviikko ke "
        "sroda sr streda szerda miercuri carsamba"
    ),
    (
        "thursday thursdays thu thur thurs th donnerstag donnerstags do don jeudi jeu je "
        "jueves jue quinta quinta-feira qui giovedi gio donderdag torsdag tor tors torstai "
        "czwartek czw ctvrtek csutortok joi persembe"
    ),
    (
        "friday fridays fri fr freitag freitags fre vendredi ven ve viernes vie sexta "
        "sexta-feira sex venerdi vrijdag vr vrij fredag perjantai pe piatek pt patek pentek "
        "vineri cuma"
    ),
    (
        "saturday saturdays sat sa samstag samstags sam sonnabend samedi sabado sab sabato "
        "zaterdag za zat lordag lor lauantai la sobota sob szombat sambata cumartesi"
    ),
    (
        "sunday sundays sun su sonntag sonntags so son dimanche dim domingo dom domenica "
        "zondag zo zon sondag sunnuntai niedziela niedz nd nedele vasarnap duminica pazar"
    ),
)
_WEEKDAY = {word: number for number, words in enumerate(_WORDS) for word in words.split()}
# Letters that Unicode does not take apart into a letter and a mark.
_PLAIN = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0131": "i", "\u00e6": "ae"})


def plain_word(text: str) -> str:
    """Return ``text`` in small letters without accents, outer blanks and a closing full stop."""
    taken_apart = unicodedata.normalize("NFKD", text.strip().casefold().translate(_PLAIN))
    return "".join(c for c in taken_apart if not unicodedata.combining(c)).rstrip(".")


def weekday_of(name: str) -> int | None:
    """Return the weekday (0 = Monday … 6 = Sunday) that ``name`` means, or None."""
    return _WEEKDAY.get(plain_word(name))
