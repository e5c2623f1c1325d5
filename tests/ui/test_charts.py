import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.planning.progress import StepStatus
from bot.domain.timetable.weekdays import SHORT
from bot.ui.charts import Bar, Day, week_png, week_svg, week_words
from bot.ui.limits import ALT_TEXT
from tests.support.examples import examples
from tests.support.plans import NASTY

DONE, SIGN, OPEN = StepStatus.DONE, StepStatus.SIGN_OFF, StepStatus.OPEN
BARS = (Bar("Watershed <inquiry>", (DONE, DONE, SIGN, OPEN)),)
DAYS = tuple(Day(name, n) for n, name in enumerate(SHORT))


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_png_in_two_pixels_to_one() -> None:
    width, height = size(week_png(BARS, DAYS))
    assert width == 1280
    assert 300 < height < 1200


def test_texts_are_really_drawn() -> None:
    assert week_png(BARS, DAYS) != week_png((Bar("", BARS[0].steps),), DAYS)


def test_titles_are_data() -> None:
    svg = week_svg((Bar('</svg><script>"&', (OPEN,)),), DAYS)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def test_the_words_tell_the_same() -> None:
    words = week_words(BARS, DAYS)
    assert words == (
        "“Watershed <inquiry>”: 2 of 4 steps done, 1 to be agreed, 1 open. "
        "Contributions of all together in the last seven days: "
        "Mon 0, Tue 1, Wed 2, Thu 3, Fri 4, Sat 5, Sun 6."
    )


@pytest.mark.parametrize("plans", [0, 1, 7, 40])
def test_any_number_of_plans_fits(plans: int) -> None:
    bars = tuple(Bar(f"Plan {n} " + "x" * 200, (OPEN,) * 40) for n in range(plans))
    assert size(week_png(bars, DAYS))[1] < 1500
    assert len(week_words(bars, DAYS)) <= ALT_TEXT
    assert ("34 more plans" in week_words(bars, DAYS)) == (plans == 40)


@pytest.mark.parametrize("title", NASTY)
def test_any_title_can_be_drawn(title: str) -> None:
    assert min(size(week_png((Bar(title, (DONE,)),), ()))) > 0


@settings(deadline=None, max_examples=examples(20))
@given(st.text(max_size=60), st.lists(st.sampled_from(StepStatus), max_size=12))
def test_every_plan_can_be_drawn(title: str, steps: list[StepStatus]) -> None:
    assert min(size(week_png((Bar(title, tuple(steps)),), DAYS))) > 0
