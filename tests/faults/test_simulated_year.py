"""Weeks of many partnerships, judged by a slow reference that knows none of the product's rules.

The size and the seed come from outside: ``COPLAN_PARTNERSHIP_WEEKS`` (40; 2,000 in ``.ci/run``) and
``COPLAN_SEED``. ``python -m tests.support.simulated`` runs the whole year.
"""

import asyncio
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded

import pytest

from bot.config import Guarantee
from bot.domain.members import Nudges
from bot.domain.planning.partnership import DigestSlot
from bot.domain.reminders import nudging
from bot.domain.timetable import availability
from bot.usecases.reminders import claiming_digests
from tests.support.fake_clock import FakeClock
from tests.support.simulated import house
from tests.support.simulated.facts import instant, moment
from tests.support.simulated.schools import ZONES
from tests.support.simulated.size import Size
from tests.support.simulated.year import Year, live

ROOT = Path(__file__).parents[2]
SEED = os.environ.get("COPLAN_SEED", "1")
WEEKS = int(os.environ.get("COPLAN_PARTNERSHIP_WEEKS", "40")) // 2
"""Partnership-weeks for each of the two promises."""
PARTNERSHIPS = max(4, WEEKS // 50)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("guarantee", list(Guarantee))
def test_each_reminder_once_and_at_an_allowed_instant(guarantee: Guarantee) -> None:
    weeks = WEEKS // PARTNERSHIPS
    first = date(2026, 8, 31) if weeks > 20 else date(2026, 10, 12)  # a change of the clocks in it
    command = [sys.executable, "-m", "tests.support.simulated"]
    size = f"--partnerships={PARTNERSHIPS} --weeks={weeks} --seed={SEED} --first={first}"
    options = [*size.split(), f"--guarantee={guarantee}"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def kinds_found(folder: Path, partnerships: int = 4) -> set[str]:
    """Live some weeks about a change of the clocks; return the kinds of what is found."""
    size = Size(
        partnerships=partnerships, weeks=3, seed="1", first=date(2026, 10, 19), troubles=0.001
    )
    return {finding.kind for finding in asyncio.run(live(size, folder)).court.findings}


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert kinds_found(tmp_path) == set()


def test_the_judge_knows_the_calendar_of_those_who_begin_after_it_was_changed(
    tmp_path: Path,
) -> None:
    size = Size(partnerships=1 + len(ZONES), weeks=1, seed="1", first=date(2026, 10, 19))
    start = instant("UTC", size.first, 0)
    clock = FakeClock(moment(start))
    with house.opened(tmp_path, clock) as store:
        year = Year(size=size, store=store, clock=clock, now=float(start))
        year.start_service()
        begun, later = year.stories[0], year.stories[len(ZONES)]
        assert begun.act(store, clock.now()) is not None
        before, dice = begun.town.school, Random(1)
        for _ in range(100):
            year.close(dice)
        assert begun.town.school is not before
        assert {free.school for free in later.people.values()} == {begun.town.school}


def test_the_judge_catches_a_follow_up_sent_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(nudging.LIMITS, Nudges.NORMAL, 3)
    assert "duplicate" in kinds_found(tmp_path)


def test_the_judge_catches_quiet_hours_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(availability, "_allowed", lambda _, __, start, end: [(start, end)])
    assert "in a forbidden instant" in kinds_found(tmp_path, partnerships=12)


def test_the_judge_catches_a_digest_every_seven_days_of_24_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_a_week(_: DigestSlot, after: datetime) -> datetime:
        return after + timedelta(days=7)

    monkeypatch.setattr(claiming_digests, "next_weekly", in_a_week)
    assert {"digest missing", "digest unexpected"} <= kinds_found(tmp_path)
