"""Names of weekdays in the languages schools' files are written in.

A table of words, used to *suggest* that a file's days are weekdays; nobody decides by it alone.
Left out are short forms that mean different days in two languages (“ma”: Monday in Dutch, Tuesday
in French) and single letters: those are clear as a whole week only.
"""

import unicodedata
from collections.abc import Sequence

SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# One line per weekday from Monday on: English, German, French, Spanish, Portuguese, Italian,
# Dutch, the Scandinavian languages, Finnish, Polish, Czech, Hungarian, Romanian, Turkish; further
# ones and other scripts stand in _MORE.
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
# Croatian, Serbian, Slovene, Slovak, the Baltic languages, Icelandic, Catalan, Malay; Russian,
# Ukrainian, Bulgarian, Serbian; Greek; Hebrew; Arabic, Persian; Chinese; Japanese; Korean; Hindi.
# ruff: noqa: RUF001 - Greek and Cyrillic letters look like Latin ones
_MORE = (
    (
        "ponedjeljak ponedeljak ponedeljek pondelok po pn pirmadienis pirmdiena esmaspäev "
        "mánudagur dilluns senin isnin понедельник понеділок понеделник понедељак пн Δευτέρα Δευ "
        "שני الاثنين دوشنبه 月 月曜 月曜日 星期一 周一 週一 礼拜一 월 월요일 सोमवार"
    ),
    (
        "utorak utorok antradienis otrdiena teisipäev þriðjudagur dimarts selasa вторник вівторок "
        "уторак вт Τρίτη Τρι שלישי الثلاثاء سهشنبه 火 火曜 火曜日 星期二 周二 週二 礼拜二 "
        "화 화요일 मंगलवार"
    ),
    (
        "srijeda sreda sri sre trečiadienis trešdiena kolmapäev miðvikudagur dimecres rabu среда "
        "середа сряда ср Τετάρτη Τετ רביעי الأربعاء چهارشنبه 水 水曜 水曜日 星期三 周三 週三 "
        "礼拜三 수 수요일 बुधवार"
    ),
    (
        "četvrtak četrtek štvrtok čet cz ketvirtadienis ceturtdiena neljapäev fimmtudagur dijous "
        "kamis khamis четверг четвер четвъртък четвртак чт Πέμπτη Πεμ חמישי الخميس پنجشنبه 木 木曜 "
        "木曜日 星期四 周四 週四 礼拜四 목 목요일 गुरुवार"
    ),
    (
        "petak petek piatok pet penktadienis piektdiena reede föstudagur divendres jumat jumaat "
        "пятница п'ятниця п\u2019ятниця петък петак пт Παρασκευή Παρ שישי الجمعة جمعه 金 金曜 "
        "金曜日 星期五 周五 週五 礼拜五 금 금요일 शुक्रवार"
    ),
    (
        "subota šeštadienis sestdiena laupäev laugardagur dissabte sabtu суббота субота събота сб "
        "Σάββατο Σαβ שבת السبت شنبه 土 土曜 土曜日 星期六 周六 週六 礼拜六 토 토요일 शनिवार"
    ),
    (
        "nedjelja nedelja nedeľa sekmadienis svētdiena pühapäev sunnudagur diumenge minggu ahad "
        "воскресенье неділя неделя недеља вс Κυριακή Κυρ ראשון الأحد یکشنبه 日 日曜 日曜日 星期日 "
        "星期天 周日 週日 일 일요일 रविवार"
    ),
)
# Letters that Unicode does not take apart into a letter and a mark.
_PLAIN = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0131": "i", "\u00e6": "ae"})


def plain_word(text: str) -> str:
    """Return ``text`` in small letters without accents, outer blanks and a closing full stop."""
    taken_apart = unicodedata.normalize("NFKD", text.strip().casefold().translate(_PLAIN))
    return "".join(c for c in taken_apart if not unicodedata.combining(c)).rstrip(".")


_WEEKDAY = {
    plain_word(word): number
    for lines in (_WORDS, _MORE)
    for number, words in enumerate(lines)
    for word in words.split()
}
# Weeks from Monday on in short forms that mean other days elsewhere: only together they are clear.
_ROWS = """
ma di wo do vr za zo, ma ti ke to pe la su, ma ti on to fr lo so, lu ma me je ve sa di,
lu ma mi ju vi sa do, lu ma mi jo vi sa du, l m x j v s d, l m m j v s d, l m m g v s d,
m t w t f s s, m t w th f s su, m t w th f sa su, m t w r f s u, m tu w th f sa su, m d m d f s s,
m t o t f l s, po ut st ct pa so ne
"""
_KNOWN_ROWS = tuple(tuple(row.split()) for row in _ROWS.split(","))
_SCHOOL_WEEK = 5


def weekdays_of(names: Sequence[str]) -> tuple[int, ...] | None:
    """Return the weekdays from Monday on that ``names`` mean together, None where that is unclear.

    "ma" alone is Monday in Dutch and Tuesday in French, but "ma di wo do vr" is a week.
    """
    row = tuple(map(plain_word, names))
    known = len(row) >= _SCHOOL_WEEK and any(one[: len(row)] == row for one in _KNOWN_ROWS)
    return tuple(range(len(row))) if known else None


def weekday_of(name: str) -> int | None:
    """Return the weekday (0 = Monday … 6 = Sunday) that ``name`` means, or None."""
    return _WEEKDAY.get(plain_word(name))
