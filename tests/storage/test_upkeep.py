from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.usecases.upkeep import Bygone, Chore, Key
from tests.storage.test_repositories import ANA, BOTH, HERE, MINUTE, NOON, THERE, Store, opened
from tests.storage.test_repositories_outbox import CARD, MESSAGE, NEWS

DAY = timedelta(days=1)
ALL_HOUSES = WorkspaceId("")


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_a_chore_is_claimed_once_until_its_time_comes_again(store: Store) -> None:
    def claimed() -> bool:
        with store.unit(ALL_HOUSES) as work:
            return work.upkeep.claim(Chore.HOUSEKEEPING, DAY)

    assert [claimed(), claimed()] == [True, False]
    store.clock.at = NOON + DAY - MINUTE
    assert not claimed()
    store.clock.at = NOON + DAY
    assert [claimed(), claimed()] == [True, False]
    store.clock.at = NOON + DAY - MINUTE
    assert not claimed(), "a clock that is a little behind another's"
    store.clock.at = NOON - 9 * DAY
    assert claimed(), "the other clock was wrong"
    with store.look(ALL_HOUSES) as work:
        assert work.upkeep.last(Chore.HOUSEKEEPING) == NOON - 9 * DAY
        assert work.upkeep.last(Chore.BACKUP) is None


def looked_through(store: Store, what: Bygone, limit: int) -> list[Key]:
    found: list[Key] = []
    after = None
    while True:
        with store.look() as work:
            part = work.everywhere.look_through(what, NOON, after, limit)
        found += part.old
        if (after := part.last) is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 99])
def test_what_is_old_is_found_in_every_workspace_and_forgotten(store: Store, limit: int) -> None:
    for days in (2, 0, 1, -1):
        store.clock.at = NOON - days * DAY
        for school in (HERE, THERE):
            with store.unit(school) as work:
                work.inbox.first(f"Ev{days}")
                work.drafts.put(ANA, f"draft {days}", b"x" * 9000)
    for what, names in ((Bygone.INBOX, "Ev{}"), (Bygone.DRAFTS, "draft {}")):
        keys = looked_through(store, what, limit)
        assert sorted((key[0], key[-1]) for key in keys) == sorted(
            (school, names.format(days)) for school in (HERE, THERE) for days in (1, 2)
        )
        with store.unit() as work:
            assert work.everywhere.forget(what, NOON, keys[:3]) == 3
            assert work.everywhere.forget(what, NOON, keys) == 1
            assert work.everywhere.forget(what, NOON, []) == 0
        assert looked_through(store, what, limit) == []
    with store.unit() as work:
        assert not work.inbox.first("Ev0")
        assert work.inbox.first("Ev2"), "long forgotten"


def test_what_came_anew_since_it_was_looked_at_stays(store: Store) -> None:
    store.clock.at = NOON - DAY
    with store.unit() as work:
        work.drafts.put(ANA, "template", b"old")
    keys = looked_through(store, Bygone.DRAFTS, 9)
    store.clock.at = NOON
    with store.unit() as work:
        work.drafts.put(ANA, "template", b"new")
        assert work.everywhere.forget(Bygone.DRAFTS, NOON, keys) == 0
        assert work.drafts.get(ANA, "template") == b"new"


def test_notices_that_are_over_go_and_messages_that_are_edited_stay(store: Store) -> None:
    old = NOON - DAY
    item = Notice(key="item:p1:i1", kind=NoticeKind.ITEM, due_at=old, plan=NEWS.plan, entry=1)
    over = [replace(NEWS, key=f"news:{end}", due_at=old) for end in ("sent", "cancelled", "failed")]
    waiting = replace(NEWS, key="waits", due_at=old)
    young = replace(NEWS, key="young", due_at=NOON)
    failed_item = replace(item, key="item:p1:i2")
    with store.unit() as work:
        for notice in (*over, item, failed_item, waiting, young, replace(CARD, due_at=old)):
            work.outbox.put(notice)
        for leased in work.everywhere.lease(NOON, NOON + MINUTE, 99):
            match leased.notice.key:
                case "news:cancelled":
                    work.outbox.cancel(leased, "why")
                case "news:failed" | "item:p1:i2":
                    work.outbox.give_up(leased, "why")
                case "waits":
                    work.outbox.retry(leased, old, "why")
                case _:
                    work.outbox.sent(leased, None if leased.notice == CARD else MESSAGE)
    keys = looked_through(store, Bygone.OUTBOX, 2)
    with store.unit() as work:
        work.everywhere.forget(Bygone.OUTBOX, NOON, keys)
        assert work.outbox.message("item:p1:i1") == MESSAGE
    left = {key for (key,) in store.run("SELECT key FROM outbox")}
    assert left >= {"item:p1:i1", "waits", "young"}
    assert not left & {"news:sent", "news:cancelled", "news:failed", "item:p1:i2"}
