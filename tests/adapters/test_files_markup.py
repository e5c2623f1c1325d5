"""XML from strangers: read as it says it is, or refused in one sentence, fast and with little."""

import resource
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.decoding import LARGEST
from adapters.files.markup import MOST_ELEMENTS, read_markup, root_tag
from adapters.files.recognising import format_of, recognise
from bot.domain.errors import InvalidInput
from tests.support.examples import examples
from tests.support.pace import stretched

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE fet [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (at + 1, b"&%c;" % at * 10) for at in range(ord("a"), ord("m"))
    )
    + b"]><fet>&m;</fet>"
)
LONE = b'<!DOCTYPE fet [<!ENTITY long "' + b"x" * 100_000 + b'">]><fet>' + b"&long;" * 9_000
OUTSIDE = b'<!DOCTYPE fet [<!ENTITY file SYSTEM "file:///etc/passwd">]><fet>&file;</fet>'
NETWORK = b'<!DOCTYPE fet SYSTEM "http://127.0.0.1:1/fet.dtd"><fet/>'
PARAMETER = b'<!DOCTYPE fet [<!ENTITY % more SYSTEM "file:///etc/hosts"> %more;]><fet/>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LAUGHS, "document type, entities"),
        (LONE, "document type, entities"),
        (OUTSIDE, "document type, entities"),
        (NETWORK, "document type, entities"),
        (PARAMETER, "document type, entities"),
        (b"<fet>&undefined;</fet>", "damaged or breaks off at line 1"),
        (b"<fet>\n<Days_List>\n</fet>", "line 3"),
        (b"<fet", "breaks off at line 1"),
        (b"<fet/><fet/>", "damaged"),
        (b"<fet>" * 100_000, "60 deep"),
        (b"<fet>" + b"<a/>" * (MOST_ELEMENTS + 1) + b"</fet>", "300,000 elements"),
        (b"<fet " + b" ".join(b'a%d=""' % at for at in range(500_000)) + b"/>", "damaged"),
        (b"<fet><!--" + b"x" * 10_000_000, "damaged"),
        (b"<fet>" + b"x" * LARGEST, "20 MB"),
        ("<?xml version='1.0' encoding='utf-8'?><fet a='é'/>".encode("cp1252"), "says .* utf-8"),
        ("<fet a='é'/>".encode("cp1252"), "does not say in which encoding"),
        ("<?xml version='1.0' encoding='windows-1252'?><fet a='é'/>".encode(), "in UTF-8"),
        (b"<?xml version='1.0' encoding='klingon-8'?><fet/>", "klingon-8.*unknown encoding"),
        (b"<?xml version='1.0' encoding='punycode'?><fet/>", "unknown encoding"),
        (b"<?xml version='1.0' encoding='zip'?><fet/>", "unknown encoding"),
        (b"<?xml version='1.0' encoding='utf-16'?><fet a='xy'/>", "another one"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='cp1252'?><fet/>", "in UTF-8"),
        ("<?xml version='1.0' encoding='utf-8'?><fet/>".encode("utf-16"), "in UTF-16"),
        (b"<?xml version='1.0' encoding='windows-1252'?><fet a='\x81'/>", "another one"),
        (
            "<?xml version='1.0' encoding='windows-1252'?><fet a='محمد علي'/>".encode("cp1256"),
            "written in windows-1252, but it is in windows-1256",
        ),
        (
            "<?xml version='1.0' encoding='iso-8859-1'?><fet a='Żółkiewska Łąk'/>".encode("cp1250"),
            "but it is in windows-1250",
        ),
        (
            "<?xml version='1.0' encoding='windows-1251'?><fet a='Müller Größe'/>".encode("cp1252"),
            "written in windows-1251, but it is in another one",
        ),
        (
            "<?xml version='1.0' encoding='windows-1250'?><fet a='Иванова Пётр'/>".encode("cp1251"),
            "written in windows-1250, but it is in windows-1251",
        ),
        (b"<html><body>", "a web page"),
        (b"<?xml version='1.0'?><!-- x --><Students_Timetable/>", "_teachers.xml"),
        (b"<svg/>", "not known"),
    ],
)
def test_bad_xml_gets_one_sentence_at_once(data: bytes, words: str) -> None:
    begun = time.process_time()
    with pytest.raises(InvalidInput, match=words) as problem:
        recognise(data, "file.xml")
    assert time.process_time() - begun < stretched(2)
    assert problem.value.remedy
    assert len(problem.value.message) < 250


BOMBS = {
    "laughs": LAUGHS,
    "elements": b"<fet>" + b"<a></a>" * 2_000_000,
    "attributes": b"<fet " + b" ".join(b'a%d=""' % at for at in range(1_500_000)) + b"/>",
    "text": b"<fet><a>" + b"x<!-- -->" * 1_500_000 + b"</a></fet>",
    "mixed": b"<fet>" + b"some text<a/>" * 299_000 + b"</fet>",
    "attributes of many": b"<timetable>"
    + b"".join(b"<card a='%d' b='%d' c='%d' d='%d' e='%d'/>" % ((at,) * 5) for at in range(300_000))
    + b"</timetable>",
    "cards": b"<timetable><cards>"
    + b"".join(b"<card lessonid='L%d' period='1' days='1'/>" % at for at in range(260_000))
    + b"</cards></timetable>",
    "deep": b"<a>" * 5_000_000,
}
READ = """
import sys
from adapters.files.recognising import recognise
from bot.domain.errors import InvalidInput
try:
    recognise(sys.stdin.buffer.read())
except InvalidInput:
    lines = open("/proc/self/status").read().splitlines()
    print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_need_neither_time_nor_room(name: str) -> None:
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = subprocess.run(
        [sys.executable, "-c", READ], input=BOMBS[name], capture_output=True, check=True
    )
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert spent.ru_utime - begun.ru_utime < stretched(2)
    assert int(found.stdout) < 200


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "windows-1250", "iso-8859-2", "cp852"],
)
def test_encodings_that_are_declared_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{declared}'?>\n<a><b c='Äö'> ß </b></a>"
    root = read_markup(text.encode(encoding))
    assert (root.child("b").get("c"), root.value("b")) == ("Äö", "ß")


def test_latin_1_has_the_dashes_and_quotes_of_windows_as_everywhere() -> None:
    text = "<?xml version='1.0' encoding='ISO-8859-1'?><a b='8:00–8:45 “Ä”'/>"
    assert read_markup(text.encode("cp1252")).get("b") == "8:00–8:45 “Ä”"


def test_what_stands_around_the_first_element() -> None:
    text = "\ufeff\n<?xml version='1.0'?><!-- <no> --><?pi x?><!DOCTYPE FET><FET version='4'/>"
    assert root_tag(text.encode()) == "FET"
    assert root_tag("<x/>".encode("utf-16-le")) == "x"
    assert root_tag(b"Teacher,Day") is None
    assert root_tag(b"< 3") == ""
    assert read_markup(b"<!DOCTYPE FET><FET/>").tag == "FET"
    assert read_markup(b"<a><b>one</b><c/>\n <b> two &amp; three </b></a>").all("b")[1].text == (
        "two & three"
    )


@settings(deadline=None, max_examples=examples(200))
@given(st.binary(max_size=80).map(lambda rest: b"<fet>" + rest) | st.text().map(str.encode))
def test_no_bytes_cause_another_error(data: bytes) -> None:
    try:
        format_of(data)
        recognise(data)
    except InvalidInput:
        return
    assert root_tag(data) is None
