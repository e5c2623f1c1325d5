from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Conflict
from bot.domain.ids import PartnershipId, PlanId, RecurringId, WorkspaceId
from bot.domain.reminders.notices import TOO_LATE, Notice, NoticeKind
from bot.domain.reminders.recurrence import Recurrence, Weekly
from bot.domain.reminders.recurrence_code import coded, decoded
from bot.domain.reminders.recurring import RecurringReminder, RecurringState
from storage.mapping.recurring import recurring_of, recurring_row
from storage.work import StorageWork
from tests.domain.test_reminders_recurrence import rules
from tests.storage.test_repositories import ANA, BOTH, HERE, MINUTE, NOON, Store, opened

OURS = PartnershipId("s1")


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def a_reminder(id_: str = "r1", workspace: WorkspaceId = HERE) -> RecurringReminder:
    return RecurringReminder(
        workspace=workspace,
        id=RecurringId(id_),
        partnership=OURS,
        plan=PlanId("p1"),
        by=ANA,
        text="Post your notes",
        rule=Recurrence(pattern=Weekly(weekdays=(6,)), at=time(18), zone="Europe/London"),
        created_at=NOON,
    )


@given(rules)
def test_every_rule_is_one_line_and_comes_back(rule: Recurrence) -> None:
    meant = replace(rule, at=rule.at.replace(fold=0))
    assert decoded(coded(meant)) == meant
    assert "\n" not in coded(meant)


@given(rules, st.sampled_from(RecurringState), st.integers(1, 10**6), st.text(max_size=50))
def test_a_row_holds_the_whole_reminder(
    rule: Recurrence, state: RecurringState, revision: int, text: str
) -> None:
    meant = replace(
        a_reminder(),
        rule=replace(rule, at=rule.at.replace(fold=0)),
        state=state,
        revision=revision,
        text=text,
    )

    class Row:
        def __getattr__(self, name: str) -> object:
            return {**recurring_row(meant), "workspace": HERE}[name]

    assert recurring_of(Row()) == meant  # type: ignore[arg-type]


def test_what_was_stopped_is_not_listed(store: Store) -> None:
    first, second = a_reminder(), replace(a_reminder("r2"), created_at=NOON + MINUTE)
    with store.unit() as work:
        for one in (second, first, replace(a_reminder("r3"), partnership=PartnershipId("s2"))):
            work.recurring.add(one)
        assert work.recurring.of_partnership(OURS) == [first, second]
        assert work.recurring.get(RecurringId("nothing")) is None
    stopped = replace(first, state=RecurringState.STOPPED, revision=2)
    with store.unit() as work:
        work.recurring.save(stopped)
    with store.look() as work:
        assert work.recurring.of_partnership(OURS) == [second]
        assert work.recurring.get(first.id) == stopped


def test_one_of_two_saves_wins(store: Store) -> None:
    with store.unit() as work:
        work.recurring.add(a_reminder())
    changed = replace(a_reminder(), text="Hers", revision=2)
    with store.unit() as work:
        work.recurring.save(changed)
    with pytest.raises(Conflict), store.unit() as work:
        work.recurring.save(replace(changed, text="His"))
    with store.unit() as work:
        work.recurring.move(changed.id, PartnershipId("s2"), PlanId("p2"))
        moved = replace(changed, partnership=PartnershipId("s2"), plan=PlanId("p2"))
        assert work.recurring.get(changed.id) == moved


def test_only_what_waits_or_came_too_late_is_unsent(store: Store) -> None:
    def put(work: StorageWork, key: str) -> None:
        notice = Notice(key=key, kind=NoticeKind.RECURRING, due_at=NOON, partnership=OURS)
        work.outbox.put(notice)

    reasons = {"a": TOO_LATE, "b": "nothing to say", "c": TOO_LATE, "d": "", "e": TOO_LATE}
    with store.unit() as work:
        for key in reasons:
            put(work, key)
    with store.unit() as work:
        for leased in work.everywhere.lease(NOON, NOON + timedelta(minutes=1), 9):
            if why := reasons[leased.notice.key]:
                assert work.outbox.cancel(leased, why)
            else:
                assert work.outbox.sent(leased, None)
    with store.unit() as work:
        put(work, "waits")
        assert work.outbox.unsent([*reasons, "waits", "nothing"]) == {"a", "c", "e", "waits"}
        assert work.outbox.unsent(iter(["b"])) == work.outbox.unsent([]) == frozenset()
