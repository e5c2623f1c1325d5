"""--constraints and --not-busy on the files of real schools, computed a second way."""

import csv
import xml.etree.ElementTree as ET
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from adapters.files.fet import read_fet_limits
from adapters.files.recognising import recognise
from bot.domain.timetable.grid import common
from bot.domain.timetable.limits import limited
from bot.domain.timetable.marking import not_busy

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
Times = set[tuple[str, str]]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data"
)


def times(root: ET.Element, tag: str) -> Times:
    return {(str(one.findtext("Day")), str(one.findtext("Hour"))) for one in root.iter(tag)}


@pytest.mark.parametrize("school", ["dgs", "fitero", "havana", "hopwood", "khomastura"])
def test_a_table_with_constraints_for_every_pair(school: str) -> None:
    folder = DATA / "fet" / school
    root = ET.parse(folder / f"{school}.fet").getroot()  # noqa: S314 - our own data
    breaks, absent = times(root, "Break_Time"), defaultdict(set)
    for one in root.iter("ConstraintTeacherNotAvailableTimes"):
        absent[str(one.findtext("Teacher")).strip()] |= times(one, "Not_Available_Time")
    path = folder / f"{school}_timetable.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    busy: dict[str, Times] = defaultdict(set)
    for row in rows:
        for teacher in filter(None, row["Teachers"].split("+")):
            busy[teacher].add((row["Day"], row["Hour"]))
    days = list(dict.fromkeys(row["Day"] for row in rows))
    hours = list(dict.fromkeys(row["Hour"] for row in rows))

    limits = read_fet_limits((folder / f"{school}.fet").read_bytes())
    grid = limited(recognise(path.read_bytes(), path.name), limits)
    for pair in combinations(sorted(busy), 2):
        found = common(grid, pair)
        free = [
            (day, hour)
            for day in days
            for hour in hours
            if (day, hour) not in breaks | busy[pair[0]] | busy[pair[1]]
        ]
        assert [(grid.days[d], grid.periods[h]) for d, h in found.free] == free
        assert [(grid.days[d], grid.periods[h]) for (d, h), _ in found.available] == [
            time for time in free if time not in absent[pair[0]] | absent[pair[1]]
        ]


@pytest.mark.parametrize(
    ("path", "idle"),
    [
        ("untis/GPU001_real_pseudonymised.TXT", {"Mittag", "AKO"}),
        ("untis/dgs_GPU001.TXT", {"Besprechung", "Hospi-Fle", "Fö-3"}),
    ],
)
def test_subjects_that_are_not_busy_for_every_pair(path: str, idle: set[str]) -> None:
    data = DATA.joinpath(path).read_bytes()
    busy: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in csv.reader(data.decode("cp1252").splitlines(), delimiter=";"):
        if row[2]:
            busy[row[2]] |= {(int(row[5]) - 1, int(row[6]) - 1)} if row[3] not in idle else set()
    grid = not_busy(recognise(data), sorted(idle))
    assert set(grid.lessons) == set(busy)
    assert grid.lessons != recognise(data).lessons
    for one, other in combinations(sorted(busy), 2):
        taken = busy[one] | busy[other]
        every = [(d, at) for d in range(len(grid.days)) for at in range(len(grid.periods))]
        assert list(common(grid, [one, other]).free) == [at for at in every if at not in taken]
