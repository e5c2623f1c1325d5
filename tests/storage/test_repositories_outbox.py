from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import PartnershipId, PlanId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, Notice, NoticeKind, Shown
from bot.usecases.reminders.ports import SomeTakenOver
from tests.storage.test_repositories import (
    ANA,
    BOTH,
    HERE,
    MINUTE,
    NOON,
    THERE,
    THREAD,
    Store,
    opened,
)

NEWS = Notice(key="news:p1:3", kind=NoticeKind.NEWS, due_at=NOON, plan=PlanId("p1"), entry=3)
CARD = Notice(key="card:p1", kind=NoticeKind.PLAN_CARD, due_at=NOON, plan=PlanId("p1"))
DIGEST = Notice(
    key="digest:s1:1",
    kind=NoticeKind.DIGEST,
    due_at=NOON - MINUTE,
    partnership=PartnershipId("s1"),
    member=ANA,
)
MESSAGE = MessageRef(place=THREAD, message="1700.9")
LATER = replace(NEWS, key="news:p1:4", due_at=NOON + MINUTE, entry=4)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def put(store: Store, *notices: Notice) -> None:
    with store.unit() as work:
        for notice in notices:
            work.outbox.put(notice)


def lease(store: Store, now: datetime = NOON, limit: int = 99) -> list[Leased]:
    with store.unit() as work:
        return work.everywhere.lease(now, now + MINUTE, limit)


def test_of_several_only_the_new_ones_are_put(store: Store) -> None:
    put(store, NEWS)
    with store.unit() as work:
        assert work.outbox.put_all([NEWS, DIGEST]) == {DIGEST.key}
        assert work.outbox.put_all([NEWS, DIGEST]) == frozenset()
        assert work.outbox.put_all([]) == frozenset()
        assert work.outbox.put_all([LATER, LATER]) == {LATER.key}, "one named twice is one"
    assert [one.notice for one in lease(store, NOON + MINUTE)] == [DIGEST, NEWS, LATER]


def test_a_lease_says_everything_and_holds_for_a_while(store: Store) -> None:
    put(store, NEWS, DIGEST)
    until = NOON + MINUTE
    digest, news = lease(store)
    assert digest == Leased(
        workspace=HERE,
        notice=DIGEST,
        attempts=1,
        epoch=1,
        wanted=1,
        until=until,
        first_due_at=NOON - MINUTE,
    )
    assert news.notice == NEWS
    assert lease(store, until) == []
    again = lease(store, until + MINUTE)
    assert [(one.attempts, one.epoch, one.orphaned) for one in again] == [(1, 2, 1)] * 2


def test_a_try_counts_from_its_beginning_on_and_being_left_behind_beside_it(
    store: Store,
) -> None:
    put(store, NEWS, DIGEST)
    digest, news = lease(store)
    with store.unit() as work:
        assert work.everywhere.begin([digest]) == [True]
        assert work.outbox.suspect(news)
    again = lease(store, NOON + 2 * MINUTE)
    assert [(one.attempts, one.orphaned, one.doubtful) for one in again] == [
        (2, 1, True),
        (1, 1, False),
    ]
    with store.unit() as work:
        assert work.everywhere.begin([digest]) == [False], "the lease is somebody else's"
        assert not work.outbox.suspect(news)
        assert work.outbox.suspect(again[1])
        assert work.everywhere.begin([again[1]]) == [True]
    (_, last) = lease(store, NOON + 4 * MINUTE)
    assert (last.attempts, last.orphaned, last.doubtful) == (2, 2, True), "one try is counted once"
    with store.unit() as work:
        assert work.outbox.retry(last, NOON + 4 * MINUTE, "busy", doubtful=True)
    (told,) = (one for one in lease(store, NOON + 4 * MINUTE) if one.notice.key == last.notice.key)
    assert (told.attempts, told.orphaned) == (3, 0), "whoever had it is alive"


def test_of_several_leases_all_stand_or_nothing_is_written(store: Store) -> None:
    put(store, NEWS, DIGEST, CARD)
    held = lease(store)
    with store.unit() as work:
        assert work.outbox.retry(held[0], NOON + 9 * MINUTE, "busy")
    shown = [Shown(leased=one, message=MESSAGE) for one in held]
    for tell in (
        lambda work: work.everywhere.begin(held),
        lambda work: work.everywhere.sent(shown),
    ):
        with pytest.raises(SomeTakenOver), store.unit() as work:
            tell(work)
    states = "SELECT state, doubtful, attempts FROM outbox ORDER BY state"
    with store.unit() as work:
        assert work.everywhere.sent(shown[:1]) == [False]
        assert work.everywhere.begin(held[1:]) == [True, True]
        assert work.everywhere.sent(shown[1:]) == [True, True]
        assert work.everywhere.begin([]) == work.everywhere.sent([]) == []
        assert work.outbox.message(held[1].notice.key) == MESSAGE
    assert [tuple(row) for row in store.run(states)] == [
        ("pending", False, 1),
        ("sent", False, 1),
        ("sent", False, 1),
    ]


def test_only_what_is_due_is_leased_the_oldest_first(store: Store) -> None:
    put(store, NEWS, DIGEST, replace(NEWS, key="later", due_at=NOON + MINUTE))
    assert [one.notice.key for one in lease(store, limit=1)] == [DIGEST.key]
    assert [one.notice.key for one in lease(store)] == [NEWS.key]
    assert lease(store) == []


def test_what_ran_out_is_taken_over_before_what_is_new(store: Store) -> None:
    put(store, NEWS)
    lease(store)
    put(store, DIGEST)
    later = NOON + 2 * MINUTE
    assert [one.notice.key for one in lease(store, later, 1)] == [NEWS.key]
    assert [one.notice.key for one in lease(store, later, 1)] == [DIGEST.key]


def test_the_same_fact_is_told_once(store: Store) -> None:
    put(store, NEWS, replace(NEWS, due_at=NOON - MINUTE))
    (leased,) = lease(store)
    assert (leased.notice, leased.wanted) == (NEWS, 1)
    with store.unit() as work:
        assert work.outbox.sent(leased, MESSAGE)
    put(store, NEWS)
    assert lease(store, NOON + 9 * MINUTE) == []


@pytest.mark.parametrize("end", ["sent", "cancel", "retry", "give_up"])
def test_only_the_standing_lease_is_heard(store: Store, end: str) -> None:
    def tell(leased: Leased) -> bool:
        with store.unit() as work:
            return {
                "sent": lambda: work.outbox.sent(leased, MESSAGE),
                "cancel": lambda: work.outbox.cancel(leased, "nothing to say"),
                "retry": lambda: work.outbox.retry(leased, NOON + 9 * MINUTE, "busy"),
                "give_up": lambda: work.outbox.give_up(leased, "gone"),
            }[end]()

    put(store, NEWS)
    (first,) = lease(store)
    (second,) = lease(store, NOON + 2 * MINUTE)
    assert not tell(first)
    assert lease(store, NOON + 2 * MINUTE) == []
    assert tell(second)
    assert not tell(second)


def test_ends_are_kept_with_their_reasons(store: Store) -> None:
    notices = [replace(NEWS, key=f"news:{n}") for n in range(3)]
    put(store, *notices)
    leased = lease(store)
    with store.unit() as work:
        work.outbox.sent(leased[0], MESSAGE)
        work.outbox.cancel(leased[1], "nothing to say")
        work.outbox.give_up(leased[2], "the channel is gone")
    rows = store.run("SELECT key, state, reason, sent_as, lease_until FROM outbox ORDER BY key")
    message = (
        '{"platform":"slack","kind":"thread","channel":"C1","thread":"1700.1","message":"1700.9"}'
    )
    assert rows == [
        ("news:0", "sent", "", message, None),
        ("news:1", "cancelled", "nothing to say", None, None),
        ("news:2", "failed", "the channel is gone", None, None),
    ]


def test_a_retry_waits_until_its_instant_and_counts_attempts(store: Store) -> None:
    put(store, NEWS)
    (leased,) = lease(store)
    with store.unit() as work:
        assert work.outbox.retry(leased, NOON + 3 * MINUTE, "rate limited")
    assert lease(store, NOON + 2 * MINUTE) == []
    (again,) = lease(store, NOON + 3 * MINUTE)
    assert (again.attempts, again.epoch) == (2, 2)
    assert again.notice.due_at == NOON + 3 * MINUTE


def test_a_waiting_card_goes_out_once_at_the_earlier_instant(store: Store) -> None:
    put(store, replace(CARD, due_at=NOON + MINUTE), CARD, replace(CARD, due_at=NOON + MINUTE))
    (leased,) = lease(store)
    assert (leased.notice, leased.wanted) == (CARD, 3)


def test_a_thread_asked_for_again_is_tried_now_or_anew_but_never_beside_itself(
    store: Store,
) -> None:
    wanted = Notice(
        key="thread:p1", kind=NoticeKind.PLAN_THREAD, due_at=NOON + MINUTE, plan=PlanId("p1")
    )
    put(store, replace(wanted, due_at=NOON + 9 * MINUTE), wanted)
    (leased,) = lease(store, NOON + MINUTE)
    put(store, wanted)
    assert lease(store, NOON + MINUTE) == [], "somebody is opening it"
    with store.unit() as work:
        assert work.outbox.give_up(leased, "outcome unknown", doubtful=True)
    assert lease(store, NOON + 9 * MINUTE) == []
    put(store, replace(wanted, due_at=NOON + 9 * MINUTE))
    (again,) = lease(store, NOON + 9 * MINUTE)
    assert (again.attempts, again.wanted, again.doubtful) == (1, 1, True)
    assert again.first_due_at == NOON + MINUTE, "so far back its message is looked for"


@pytest.mark.parametrize("end", ["sent", "cancel", "give_up"])
def test_a_card_that_is_over_is_sent_anew(store: Store, end: str) -> None:
    put(store, CARD)
    (leased,) = lease(store)
    with store.unit() as work:
        if end == "sent":
            work.outbox.sent(leased, MESSAGE)
        else:
            getattr(work.outbox, end)(leased, "why")
    assert lease(store, NOON + 9 * MINUTE) == []
    put(store, replace(CARD, due_at=NOON + 9 * MINUTE))
    assert lease(store, NOON + 8 * MINUTE) == []
    (again,) = lease(store, NOON + 9 * MINUTE)
    assert (again.attempts, again.epoch, again.wanted) == (1, 2, 2)


@pytest.mark.parametrize("end", ["sent", "cancel", "give_up"])
def test_a_card_changed_while_it_was_being_sent_is_sent_once_more(store: Store, end: str) -> None:
    put(store, CARD)
    (leased,) = lease(store)
    put(store, replace(CARD, due_at=NOON + MINUTE / 2))
    assert lease(store, NOON + MINUTE) == []
    with store.unit() as work:
        if end == "sent":
            assert work.outbox.sent(leased, MESSAGE)
        else:
            assert getattr(work.outbox, end)(leased, "why")
    (again,) = lease(store, NOON + MINUTE)
    assert (again.attempts, again.epoch, again.wanted) == (1, 2, 2)
    with store.unit() as work:
        assert not work.outbox.sent(leased, None)
        assert work.outbox.sent(again, None)
    assert lease(store, NOON + 9 * MINUTE) == []


def test_an_edit_without_a_message_of_its_own_keeps_the_known_one(store: Store) -> None:
    put(store, CARD)
    for message in (MESSAGE, None):
        (leased,) = lease(store)
        with store.unit() as work:
            work.outbox.sent(leased, message)
        put(store, CARD)
    ((known,),) = store.run("SELECT sent_as FROM outbox")
    assert "1700.9" in str(known)


def test_notices_of_all_workspaces_are_leased(store: Store) -> None:
    put(store, NEWS)
    with store.unit(THERE) as work:
        work.outbox.put(NEWS)
    found = lease(store)
    assert [(one.workspace, one.notice) for one in found] == [(HERE, NEWS), (THERE, NEWS)]


def test_couriers_side_by_side_take_different_notices(tmp_path: Path) -> None:
    with opened("postgres", tmp_path) as store:
        put(store, *(replace(NEWS, key=f"news:{n}") for n in range(6)))
        with store.unit() as one, store.unit() as other:
            first = one.everywhere.lease(NOON, NOON + MINUTE, 4)
            second = other.everywhere.lease(NOON, NOON + MINUTE, 4)
        assert (len(first), len(second)) == (4, 2)
        keys = {leased.notice.key for leased in (*first, *second)}
        assert len(keys) == 6


def test_the_backlog_is_what_nobody_is_sending(store: Store) -> None:
    def backlog(now: datetime) -> tuple[int, int, datetime | None]:
        with store.look() as work:
            found = work.everywhere.backlog(now)
        return found.waiting, found.due, found.oldest

    assert backlog(NOON) == (0, 0, None)
    put(store, NEWS, DIGEST, replace(CARD, due_at=NOON + MINUTE))
    with store.unit(THERE) as work:
        work.outbox.put(NEWS)
    assert backlog(NOON - 2 * MINUTE) == (4, 0, None)
    assert backlog(NOON) == (4, 3, NOON - MINUTE)
    lease(store, limit=1)
    assert backlog(NOON) == (3, 2, NOON)
    lease(store)
    assert backlog(NOON + MINUTE) == (1, 1, NOON + MINUTE)


def test_what_failed_is_due_until_it_is_sent(store: Store) -> None:
    put(store, NEWS, DIGEST)
    failed, put_off = lease(store)
    assert failed.notice.key == DIGEST.key
    later = NOON + timedelta(hours=1)
    with store.unit() as work:
        work.outbox.retry(failed, later, "refused")
        work.outbox.retry(put_off, later, "not now", counted=False)
    with store.look() as work:
        found = work.everywhere.backlog(NOON + MINUTE)
    assert (found.waiting, found.due, found.oldest) == (2, 1, NOON - MINUTE)
