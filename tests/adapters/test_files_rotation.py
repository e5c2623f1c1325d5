"""What schools say happens to their rotating days on closures, as files of the calendar's format.

After the pages of four schools: a closure shifts the rotation or skips it, planned or not.
"""

import pytest

from adapters.files.school_year import read_school_year

YEAR = """
cycle: [{cycle}]
first_date: 2026-09-01     # a Tuesday
first_label: {first}
until: 2026-09-18
school_weekdays: [0, 1, 2, 3, 4]
closures: [{closures}]
policy: {{planned: {planned}, unplanned: {unplanned}}}
"""


def days(cycle: str, first: str, closures: str, planned: str, unplanned: str) -> str:
    """Return the labels of the first two weeks from Tuesday 1 to Friday 11, "-" without school."""
    text = YEAR.format(
        cycle=", ".join(cycle),
        first=first,
        closures=closures,
        planned=planned,
        unplanned=unplanned,
    )
    calendar = read_school_year(text.encode(), "year.yaml")
    found = [calendar.label_on(calendar.first_date.replace(day=day)) for day in range(1, 12)]
    return "".join(label or "-" for label in found)


SNOW = "{from: 2026-09-03, to: 2026-09-04, kind: unplanned}"
FRIDAY = "{date: 2026-09-04, kind: planned}"
MONDAY = "{date: 2026-09-07, kind: planned}"


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        # In school on E, closed two days, return on F.
        (("ABCDEF", "D", SNOW, "shift", "shift"), "DE----FABCD"),
        # The first day, a Tuesday, is 1; Wednesday 2, Thursday 3, no school on Friday, Monday 4.
        (("1234", "1", FRIDAY, "shift", "shift"), "123---41234"),
        # Monday was to be Day 5 and is closed; Tuesday is Day 5.
        (("123456", "1", MONDAY, "shift", "shift"), "1234---5612"),
        # Two days are missed through snow: the printed calendar stands.
        (("OE", "O", SNOW, "shift", "skip"), "OE----OEOEO"),
        # A holiday uses its day up, snow does not.
        (("OE", "O", f"{SNOW}, {MONDAY}", "skip", "shift"), "OE-----EOEO"),
    ],
)
def test_what_schools_say(told: tuple[str, str, str, str, str], wanted: str) -> None:
    assert days(*told) == wanted
