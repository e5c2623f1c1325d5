"""Files that are well formed and mean harm: refused in one sentence, fast and with little."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.files.recognising import read
from bot.domain.errors import InvalidInput
from tests.support.examples import examples
from tests.support.pace import stretched

MANY = 60_000


def asc(*, mask: str = "1", teachers: int = 1, lessons: str = "", cards: int = 1) -> bytes:
    people = "".join(f"<teacher id='{at}' name='n{at}'/>" for at in range(teachers))
    ids = ",".join(str(at) for at in range(teachers))
    lesson = lessons or f"<lesson id='L' teacherids='{ids}' periodspercard='1'/>"
    card = f"<card lessonid='L' period='1' days='{mask}'/>" * cards
    return (
        f"<timetable><periods><period period='1'/></periods><daysdefs>"
        f"<daysdef name='d' days='{mask}'/></daysdefs><teachers>{people}</teachers>"
        f"<lessons>{lesson}</lessons><cards>{card}</cards></timetable>"
    ).encode()


def fet(names: Callable[[int], str]) -> bytes:
    days = "".join(f"<Day><Name>{names(at)}</Name></Day>" for at in range(MANY))
    hours = "<Hour><Name>1</Name></Hour>"
    return f"<fet><Days_List>{days}</Days_List><Hours_List>{hours}</Hours_List></fet>".encode()


def xhstt(times: int) -> bytes:
    day = "".join(f"<Day Id='{at}'><Name>{at}</Name></Day>" for at in range(300))
    every = "".join(f"<Time Id='t{at}'><Day Reference='0'/></Time>" for at in range(times))
    return (
        "<HighSchoolTimetableArchive><Instances><Instance><Times><TimeGroups>"
        f"{day}</TimeGroups>{every}</Times></Instance></Instances><SolutionGroups>"
        "<SolutionGroup><Solution/></SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"
    ).encode()


HOSTILE = {
    "a mask of many days": (asc(mask="1" * 90_000), "90,000 days"),
    "a crowd at every lesson": (asc(teachers=9_000, cards=20_000), "more than 200,000 lessons"),
    "a number without end": (b"1;a;b;c;d;1;" + b"9" * 50_000 + b"\n", "no number of a period"),
    "days without end": (fet(lambda at: f"d{at}"), "more than 400 different days"),
    "one day again and again": (fet(lambda _: "d"), "“d” stands twice"),
    "times without end": (xhstt(30_000), "more than 200 different periods"),
    "a line of slashes": (b"* Special Days\n" + b"/" * 1_000_000, "too long for a line"),
    "a line of blanks": (b"* a #" + b" x" * 500_000 + b"\n9:00 x\n", "too long for a line"),
    "schedules without end": (
        b"".join(b"* k%d\n9:00 x\n" % at for at in range(MANY)), "more than 20,000 lines",
    ),
    "blank lines": (b"* a\n" + b"\n" * 15_000_000 + b"x", "more than 500,000 lines"),
    "blank lines in a table": (b"Teacher,Day,Period\nA,Mon,1\n" + b"\r\n" * 7_000_000, "lines"),
    "blank lines of Untis": (b'1;"a";"b";"c";"d";1;1\n' + b"\r" * 15_000_000, "lines"),
    "one schedule without end": (b"* a\n" + b"9:00 x\n" * 2_500_000, "more than 20,000 lines"),
    "braces": (b"* a\n8:00 " + b"{" * 400 + b"\n9:00 Free\n", "A period has no name"),
    "an open quote": (b'sourcedId,givenName,familyName\n"u1' + b",x" * 40_000, "quotation"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_at_once(name: str) -> None:
    data, words = HOSTILE[name]
    begun = time.process_time()
    with pytest.raises(InvalidInput, match=words) as problem:
        read(data)
    assert time.process_time() - begun < stretched(2)
    assert problem.value.remedy
    assert len(problem.value.message) < 300


READ = """
import sys
from adapters.files.recognising import read
from bot.domain.errors import InvalidInput
try:
    read(sys.stdin.buffer.read())
except InvalidInput:
    lines = open("/proc/self/status").read().splitlines()
    print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""


def test_the_crowd_needs_little_room() -> None:
    data = HOSTILE["a crowd at every lesson"][0]
    found = subprocess.run(
        [sys.executable, "-c", READ], input=data, capture_output=True, check=True
    )
    assert int(found.stdout) < 200


@settings(deadline=None, max_examples=examples(150))
@given(
    st.text("*# \n:-/0123456789abFreeMon{}", max_size=80).map(lambda text: f"* a\n{text}")
    | st.text(',"\n-012ateachr', max_size=60).map(
        lambda text: f"sourcedId,title,startDate,endDate\n{text}"
    )
    | st.text(';"\n0123ab', max_size=60).map(lambda text: f"1;a;b;c;d;1;1\n{text}")
)
def test_no_text_causes_another_error(text: str) -> None:
    try:
        found = read(text.encode())
    except InvalidInput as problem:
        told = problem
    else:
        assert found is not None
        return
    assert told.remedy
