"""Timetables, hours and the calendar; own templates, drafts and files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import PlanId
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import WeeklyHours
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    CEM,
    HERE,
    THERE,
    Store,
    a_calendar,
    a_plan,
    a_template,
    opened,
)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_a_timetable_and_weekly_hours_replace_each_other(store: Store) -> None:
    timetable = Timetable(cells={("A", "P1"): Cell(use=Use.LESSON, what="Art")})
    hours = WeeklyHours(spans=((0, time(16), time(0)), (2, time(9), time(12))))
    with store.unit() as work:
        work.times.save_timetable(ANA, timetable)
        work.times.save_hours(BEN, hours)
        assert work.times.timetables([ANA, BEN, CEM]) == {ANA: timetable}
        assert work.times.hours([ANA, BEN, CEM]) == {BEN: hours}
        work.times.save_hours(ANA, hours)
        work.times.save_timetable(BEN, timetable)
        assert work.times.timetables([ANA, BEN]) == {BEN: timetable}
        assert work.times.hours([ANA, BEN]) == {ANA: hours}
        assert work.times.hours([]) == work.times.timetables([]) == {}


def test_the_calendar_is_replaced(store: Store) -> None:
    with store.unit() as work:
        assert work.times.calendar() is None
        work.times.save_calendar(a_calendar())
        assert work.times.calendar() == a_calendar()
        changed = replace(a_calendar(), labels={date(2026, 11, 3): None, date(2026, 11, 7): "B"})
        work.times.save_calendar(changed)
        assert work.times.calendar() == changed


def test_every_school_has_a_calendar_of_its_own(store: Store) -> None:
    south = replace(a_calendar(), school="South", cycle=("A", "C"), labels={}, first_label="A")
    with store.unit() as work:
        work.times.save_calendar(south)
        assert work.times.calendar() is None
        work.times.save_calendar(a_calendar())
    with store.unit() as work:
        work.times.hold_calendar("South")
        assert work.times.schools() == ["", "South"]
        assert work.times.calendar() == a_calendar()
        assert work.times.calendar("South") == south
        work.times.save_calendar(replace(south, zone="Europe/London"))
    with store.unit() as work:
        assert work.times.calendar() == a_calendar()
        assert work.times.calendar("South") == replace(south, zone="Europe/London")
    with store.unit(THERE) as work:
        assert work.times.schools() == []
        assert work.times.calendar("South") is None


def test_where_a_timetable_came_from_stays_until_it_is_replaced(store: Store) -> None:
    timetable, source = Timetable(), Source(secret="sealed", person="Ana B.")  # noqa: S106
    with store.unit() as work:
        work.times.keep_source(ANA, source)
        assert work.times.source(ANA) is None, "there is no timetable"
        work.times.save_timetable(ANA, timetable)
        work.times.keep_source(ANA, source)
        work.times.save_timetable(BEN, timetable)
    with store.unit() as work:
        work.times.save_timetable(ANA, timetable)
        assert work.times.sources() == {ANA: source}
        assert work.times.source(BEN) is None
        assert work.everywhere.with_addresses() == [HERE]
    with store.unit(THERE) as work:
        assert work.times.sources() == {}
        work.times.keep_source(ANA, None)
    with store.unit() as work:
        assert work.times.source(ANA) == source
        work.times.save_hours(ANA, WeeklyHours(spans=((0, time(9), time(12)),)))
        assert work.times.source(ANA) is None
        assert work.everywhere.with_addresses() == []


def test_own_templates_are_replaced_by_key(store: Store) -> None:
    changed = replace(a_template("b"), title="Longer")
    with store.unit() as work:
        for template in (a_template("b"), a_template("a"), changed):
            work.templates.save(template)
        assert list(work.templates.own().items()) == [("a", a_template("a")), ("b", changed)]


def test_drafts_are_replaced_and_dropped(store: Store) -> None:
    with store.unit() as work:
        work.drafts.put(ANA, "timetable", b"\x00old")
        work.drafts.put(ANA, "timetable", b"\x00new")
        work.drafts.put(ANA, "template", b"")
        assert work.drafts.get(ANA, "timetable") == b"\x00new"
        work.drafts.drop(ANA, "timetable")
        assert work.drafts.get(ANA, "timetable") is None
        assert work.drafts.get(ANA, "template") == b""
        assert work.drafts.get(BEN, "template") is None


def test_files_belong_to_a_plan(store: Store) -> None:
    with store.unit() as work:
        work.plans.add(a_plan())
        work.files.put(PlanId("p1"), "f1", "notes | v2.pdf", b"%PDF")
        assert work.files.get(PlanId("p1"), "f1") == ("notes | v2.pdf", b"%PDF")
        assert work.files.about(PlanId("p1")) == {"f1": ("notes | v2.pdf", 4)}
        assert work.files.get(PlanId("p2"), "f1") is None
        assert work.files.about(PlanId("p2")) == {}
    with pytest.raises(IntegrityError), store.unit() as work:
        work.files.put(PlanId("p2"), "f2", "lost.pdf", b"")
