import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import Conflict
from bot.domain.ids import ReminderId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.schedule import Reminder, ReminderKind
from storage.work import StorageWork
from tests.storage.test_repositories import (
    ANA,
    BEN,
    BOTH,
    HERE,
    MINUTE,
    NOON,
    THERE,
    Store,
    opened,
)

MEMBER, DIGEST = ReminderKind.MEMBER, ReminderKind.DIGEST


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def planned(work: StorageWork, subject: str = ANA) -> Reminder:
    found = work.reminders.of(MEMBER, subject)
    assert found is not None
    return found


def test_a_subject_has_one_row_of_a_kind(store: Store) -> None:
    with store.unit() as work:
        work.reminders.plan(MEMBER, ANA, NOON)
        work.reminders.plan(DIGEST, ANA, NOON)
        first = planned(work)
        work.reminders.plan(MEMBER, ANA, NOON + MINUTE)
        moved = planned(work)
        assert moved.id == first.id
        assert moved.workspace == HERE
        assert moved.due_at == NOON + MINUTE
        assert work.reminders.get(first.id) == moved
        assert work.reminders.get(ReminderId("nothing")) is None
        assert work.reminders.of(MEMBER, BEN) is None
        digest = work.reminders.of(DIGEST, ANA)
        assert digest is not None
        assert digest.id != first.id


def test_a_new_instant_names_a_new_occurrence(store: Store) -> None:
    names = []
    with store.unit() as work:
        for due_at in (NOON, NOON + MINUTE, None, NOON):
            work.reminders.plan(MEMBER, ANA, due_at)
            names.append(planned(work).occurrence)
    assert names == [
        "2026-11-03T12:00:00+00:00",
        "2026-11-03T12:01:00+00:00",
        "",
        "2026-11-03T12:00:00+00:00",
    ]


def test_one_of_two_claims_wins(store: Store) -> None:
    with store.unit() as work:
        work.reminders.plan(MEMBER, ANA, NOON)
        seen = planned(work)
    with store.unit() as work:
        assert work.reminders.advance(seen, NOON + MINUTE)
    with store.unit() as work:
        assert not work.reminders.advance(seen, NOON + 2 * MINUTE)
        moved = planned(work)
        assert moved.due_at == NOON + MINUTE
        assert work.reminders.advance(moved, None)
        rests = planned(work)
        assert (rests.due_at, rests.occurrence) == (None, "")
        assert not work.reminders.advance(moved, NOON)
        assert work.reminders.advance(rests, NOON)


def test_all_are_moved_on_or_none(store: Store) -> None:
    with store.unit() as work:
        for one in (ANA, BEN):
            work.reminders.plan(MEMBER, one, NOON)
        moves = [(planned(work, ANA), NOON + MINUTE), (planned(work, BEN), None)]
        work.reminders.advance_all(moves)
        assert [planned(work, one).due_at for one in (ANA, BEN)] == [NOON + MINUTE, None]
        work.reminders.advance_all([])
    with pytest.raises(Conflict), store.unit() as work:
        work.reminders.advance_all([(planned(work, ANA), NOON), moves[1]])
    with store.look() as work:
        assert planned(work, ANA).due_at == NOON + MINUTE


def test_nudges_are_counted_by_thing(store: Store) -> None:
    with store.unit() as work:
        work.reminders.count_nudges({ANA: ["p1:what", "p2:how", "p1:what"]}, NOON)
        work.reminders.count_nudges({ANA: iter(["p1:what"])}, NOON + MINUTE)
        work.reminders.count_nudges({ANA: [], BEN: ["p1:what"]}, NOON)
        assert work.reminders.nudged(ANA) == {"p1:what": 2, "p2:how": 1}
        assert work.reminders.nudged(BEN) == {"p1:what": 1}


def test_due_are_the_oldest_of_all_workspaces(store: Store) -> None:
    with store.unit(THERE) as work:
        work.reminders.plan(MEMBER, ANA, NOON - MINUTE)
        elsewhere = planned(work).id
    with store.unit() as work:
        work.reminders.plan(MEMBER, ANA, NOON)
        work.reminders.plan(MEMBER, BEN, NOON + MINUTE)
        work.reminders.plan(MEMBER, "cem", None)
        mine = planned(work).id
        assert work.everywhere.due(NOON, 9) == [(THERE, elsewhere), (HERE, mine)]
        assert work.everywhere.due(NOON, 1) == [(THERE, elsewhere)]
        assert work.everywhere.due(NOON - 2 * MINUTE, 9) == []


def test_the_alarm_is_set_to_whatever_comes_first(store: Store) -> None:
    notice = Notice(key="ask", kind=NoticeKind.NEWS, due_at=NOON + 2 * MINUTE)
    with store.unit(THERE) as work:
        assert work.everywhere.next_due() is None
        work.reminders.plan(MEMBER, BEN, None)
        assert work.everywhere.next_due() is None
        work.reminders.plan(MEMBER, ANA, NOON + 3 * MINUTE)
        assert work.everywhere.next_due() == NOON + 3 * MINUTE
    with store.unit(HERE) as work:
        work.outbox.put(notice)
        assert work.everywhere.next_due() == NOON + 2 * MINUTE
        now = NOON + 2 * MINUTE
        (leased,) = work.everywhere.lease(now, now + MINUTE / 2, 9)
        assert work.everywhere.next_due() == now + MINUTE / 2
        assert work.outbox.sent(leased, None)
        assert work.everywhere.next_due() == NOON + 3 * MINUTE


def test_what_is_due_is_found_by_partial_indexes(tmp_path: Path) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    with opened("sqlite", tmp_path) as store:
        sa.event.listen(store.writer, "before_cursor_execute", lambda *a: asked.append(a[2:4]))
        with store.unit() as work:
            work.everywhere.due(NOON, 9)
            work.everywhere.lease(NOON, NOON + MINUTE, 9)
            work.everywhere.next_due()
        with closing(sqlite3.connect(store.writer.url.database or "")) as database:
            ways = [
                " ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {text}", facts))
                for text, facts in asked
                if not text.startswith("BEGIN")
            ]
    due, taking_over, taking, next_due = ways
    assert "ix_reminders_due_at" in due
    assert "ix_outbox_lease_until" in taking_over
    assert "ix_outbox_due_at" in taking
    assert all(name in next_due for name in ("reminders_due", "outbox_due", "outbox_lease"))
    assert not any("TEMP B-TREE FOR ORDER BY" in way for way in ways)
    # The rows to update are found by their key, not by walking through the outbox.
    assert "SEARCH outbox USING PRIMARY KEY" in taking
