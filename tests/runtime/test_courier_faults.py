"""Every fault of a messenger with every kind of notice, counted where people read."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from adapters.playground.deliveries import Outcome
from adapters.playground.faults import FaultKind
from bot.config import Guarantee
from bot.domain.ids import PlanId, ReminderId
from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.manner import PATIENT, Manner
from bot.runtime.ticking import tick
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import give_up
from tests.support.clicking import failed, summary
from tests.support.examples import cases
from tests.support.post_office import PostOffice, post_office

HOUR = timedelta(hours=1)
AGAIN = Manner(delivery=Guarantee.AT_LEAST_ONCE)


async def rivers(office: PostOffice) -> PlanId:
    """Let Ana and Ben have a plan whose thread is open; everything is told."""
    ana, ben = await office.person("Ana"), await office.person("Ben")
    plan = await ana.starts("Rivers", ben)
    await office.settles(timedelta(minutes=1))
    return plan


async def opens_thread(office: PostOffice, _: PlanId) -> str:
    ana, ben = await office.person("Ana"), await office.person("Ben")
    return f"thread:{await ana.starts('Lakes', ben)}"


async def renames(office: PostOffice, plan: PlanId) -> str:
    ana = await office.person("Ana")
    await ana.submits(f"plan.renamed|{plan}", title="Rivers and lakes")
    return f"card:{plan}"


async def comments(office: PostOffice, plan: PlanId) -> str:
    ana = await office.person("Ana")
    step = office.bot.plan(plan).template.steps[0].key
    assert not failed(await ana.submits(f"comment.save|{plan}|{step}", text="We need boots"))
    return _newest(office, "news:")


async def logs_outside(office: PostOffice, plan: PlanId) -> str:
    ana, ben = await office.person("Ana"), await office.person("Ben")
    assert not failed(await ana.clicks(f"out.log|{plan}|talk|0-5|{ben.member.id}"))
    return _newest(office, "item:")


async def comes_due(office: PostOffice, _: PlanId) -> str:
    return await _due(office, ReminderKind.MEMBER, (await office.person("Ana")).member.id)


async def comes_back(office: PostOffice, plan: PlanId) -> str:
    ana = await office.person("Ana")
    assert not failed(await ana.says("away today"))
    await office.settles(timedelta(hours=16))  # the plan's card is brought up to date at midnight
    return await comes_due(office, plan)


async def digest_comes(office: PostOffice, plan: PlanId) -> str:
    partnership, ana = office.bot.plan(plan).partnership, (await office.person("Ana")).member.id
    return f"{await _due(office, ReminderKind.DIGEST, partnership)}%:{ana}"


async def closes_school(office: PostOffice, _: PlanId) -> str:
    ana = await office.person("Ana")
    now = office.bot.clock.now().date()
    year = {"first": f"{now}", "until": f"{now + timedelta(days=200)}", "zone": "Europe/Berlin"}
    await ana.submits("school.newsave", days="Mon, Tue, Wed, Thu, Fri", bells="P1 8-9", **year)
    assert "No school" in summary(await ana.says("noschool tomorrow to Friday"))
    return "school:"


async def own_reminder_comes(office: PostOffice, plan: PlanId) -> str:
    ana = await office.person("Ana")
    assert not failed(await ana.says("remind Sundays 18:00: post your notes"))
    await office.settles(timedelta(minutes=1))
    [own] = office.bot.read(
        lambda work: work.recurring.of_partnership(office.bot.plan(plan).partnership)
    )
    await _due(office, ReminderKind.RECURRING, own.id)
    return f"recurring:{own.id}:"


async def starts_in_vain(office: PostOffice, _: PlanId) -> str:
    ana = await office.person("Ana")
    await ana.starts("Lakes")

    def unit(work: Work) -> None:
        for held in work.everywhere.lease(work.now, work.now + timedelta(minutes=1), 99):
            give_up(work, held, "code", Cause.REMOVED)

    office.bot.write(unit)
    return f"undelivered:{ana.member.id}:"


async def _due(office: PostOffice, kind: ReminderKind, subject: str) -> str:
    """Let nothing but that reminder be due, now; return how its notice's key begins."""
    row = office.bot.read(lambda work: work.reminders.of(kind, subject))
    assert row is not None
    assert row.due_at is not None
    office.bot.clock.set(row.due_at)
    for _, other in office.bot.read(lambda work: work.everywhere.due(office.bot.clock.now(), 99)):
        if other != row.id:
            office.bot.write(partial(_forget, other))
    return f"{'reminder' if kind is ReminderKind.MEMBER else 'digest'}:"


def _forget(other: ReminderId, work: Work) -> None:
    seen = work.reminders.get(other)
    assert seen is not None
    assert work.reminders.advance(seen, None)


def _newest(office: PostOffice, key: str) -> str:
    """Return the one notice of that kind that waits to be sent."""
    [found] = [k for k, (state, _) in office.notices(key).items() if state == "pending"]
    return found


CASES: Mapping[NoticeKind, Callable[[PostOffice, PlanId], Awaitable[str]]] = {
    NoticeKind.PLAN_THREAD: opens_thread,
    NoticeKind.PLAN_CARD: renames,
    NoticeKind.NEWS: comments,
    NoticeKind.ITEM: logs_outside,
    NoticeKind.REMINDER: comes_due,
    NoticeKind.CATCH_UP: comes_back,
    NoticeKind.DIGEST: digest_comes,
    NoticeKind.SCHOOL: closes_school,
    NoticeKind.RECURRING: own_reminder_comes,
    NoticeKind.UNDELIVERED: starts_in_vain,
}
DIRECT = {
    NoticeKind.REMINDER,
    NoticeKind.CATCH_UP,
    NoticeKind.DIGEST,
    NoticeKind.UNDELIVERED,
}
"""Kinds that go to one person alone."""
POSTED = [kind for kind in CASES if kind is not NoticeKind.PLAN_CARD]
"""Kinds that become messages; a plan's card is edited in place."""
ONCE = [k for k in POSTED if k not in {NoticeKind.PLAN_THREAD, NoticeKind.UNDELIVERED}]
"""Kinds that the setting is about: a plan without a thread could not be worked on, and what could
not be delivered is told with the next answer, too."""
IN_DOUBT = cases(list(product(ONCE, (FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER))))


def test_every_kind_has_a_case() -> None:
    assert set(CASES) == set(NoticeKind)


async def goes_wrong_once(office: PostOffice, kind: NoticeKind, fault: FaultKind) -> str:
    """Let all that is due with a notice of that kind meet the fault once; return its key."""
    plan = await rivers(office)
    key = await CASES[kind](office, plan)
    await office.goes_wrong(fault, seconds=40 if fault is FaultKind.LIMITED else 1, left=None)
    await office.service.settle()
    await office.goes_well()
    return key


PASSING = [
    FaultKind.BUSY,
    FaultKind.LIMITED,
    FaultKind.LOST_BEFORE,
    FaultKind.LOST_AFTER,
    FaultKind.SLOW,
]


@pytest.mark.parametrize(("kind", "fault"), cases(list(product(POSTED, PASSING))))
async def test_nothing_is_lost_and_nothing_doubled_where_it_can_look(
    tmp_path: Path, kind: NoticeKind, fault: FaultKind
) -> None:
    async with post_office(tmp_path) as office:
        key = await goes_wrong_once(office, kind, fault)
        at_first = len(office.copies(key))
        assert at_first == (1 if fault in {FaultKind.LOST_AFTER, FaultKind.SLOW} else 0)
        await office.settles(HOUR)
        assert len(office.copies(key)) == 1
        assert [state for state, _ in office.notices(key).values()] == ["sent"]
        assert Outcome.EARLY not in await office.outcomes(), "sent into a limited channel"
        for hand in office.hands.values():
            assert office.untold(hand) == (), "it arrived, so there is nothing to tell"


@pytest.mark.parametrize("kind", cases(POSTED))
async def test_what_takes_too_long_is_sent_again_when_it_is_not_there(
    tmp_path: Path, kind: NoticeKind
) -> None:
    async with post_office(tmp_path, Manner(send_seconds=0.3)) as office:
        key = await goes_wrong_once(office, kind, FaultKind.SLOW)
        assert Outcome.CUT_OFF in await office.outcomes()
        assert office.copies(key) == []
        await office.settles(HOUR)
        assert len(office.copies(key)) == 1


@pytest.mark.parametrize("fault", PASSING)
async def test_a_card_shows_how_things_stand_after_any_fault(
    tmp_path: Path, fault: FaultKind
) -> None:
    async with post_office(tmp_path) as office:
        key = await goes_wrong_once(office, NoticeKind.PLAN_CARD, fault)
        await office.settles(HOUR)
        [card] = office.copies("thread:")
        assert "Rivers and lakes" in card
        assert office.notices(key)[key][0] == "sent"


@pytest.mark.parametrize(("kind", "fault"), IN_DOUBT)
async def test_at_most_once_where_it_cannot_look(
    tmp_path: Path, kind: NoticeKind, fault: FaultKind
) -> None:
    async with post_office(tmp_path, lookable=False) as office:
        key = await goes_wrong_once(office, kind, fault)
        await office.settles(HOUR)
        assert len(office.copies(key)) == (fault is FaultKind.LOST_AFTER)
        assert set(office.notices(key).values()) == {("failed", "outcome unknown")}
        [told] = office.untold(office.hands["Ana"])
        assert told.undelivered.cause is Cause.UNKNOWN
        assert "for you" in summary(await office.hands["Ana"].says("next")), "the item stays"


@pytest.mark.parametrize(("kind", "fault"), IN_DOUBT)
async def test_at_least_once_where_it_cannot_look(
    tmp_path: Path, kind: NoticeKind, fault: FaultKind
) -> None:
    async with post_office(tmp_path, AGAIN, lookable=False) as office:
        key = await goes_wrong_once(office, kind, fault)
        await office.settles(HOUR)
        assert len(office.copies(key)) == 1 + (fault is FaultKind.LOST_AFTER)
        assert [state for state, _ in office.notices(key).values()] == ["sent"]


@pytest.mark.parametrize("fault", [FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER])
async def test_a_plan_gets_a_thread_whatever_the_setting(tmp_path: Path, fault: FaultKind) -> None:
    async with post_office(tmp_path, lookable=False) as office:
        key = await goes_wrong_once(office, NoticeKind.PLAN_THREAD, fault)
        await office.settles(HOUR)
        assert len(office.copies(key)) == 1 + (fault is FaultKind.LOST_AFTER)
        assert office.bot.read(lambda w: w.plans.card(PlanId(key.removeprefix("thread:"))))


async def test_what_is_old_when_it_first_meets_a_limit_is_not_given_up(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        key = await digest_comes(office, await rivers(office))
        await tick(office.bot.door, office.bot.clock)
        office.bot.clock.move(days=3)  # nothing ran; or it was put off, for nobody was free
        await office.goes_wrong(FaultKind.LIMITED, seconds=40)
        await office.settles(timedelta(days=1))
        assert len(office.copies(key)) == 1


GIVEN_UP = [
    (kind, fault, cause)
    for kind in CASES
    for fault, cause in (
        (FaultKind.CLOSED, Cause.CLOSED),
        (FaultKind.GONE, Cause.GONE),
        (FaultKind.BUSY, Cause.TRIED),
        (FaultKind.LIMITED, Cause.TRIED),
    )
    # Only who is written to directly can be closed, and only a channel can be gone.
    if fault is not (FaultKind.GONE if kind in DIRECT else FaultKind.CLOSED)
    # An own reminder is too late after the hour of a limit: the next digest tells of it.
    and (kind, fault) != (NoticeKind.RECURRING, FaultKind.LIMITED)
    # A thread is tried for a week: it has tests of its own, below.
    and (kind, fault) != (NoticeKind.PLAN_THREAD, FaultKind.BUSY)
]


@pytest.mark.parametrize(("kind", "fault", "cause"), cases(GIVEN_UP, 2))
async def test_given_up_and_said_once_to_those_whom_it_concerns(
    tmp_path: Path, kind: NoticeKind, fault: FaultKind, cause: Cause
) -> None:
    async with post_office(tmp_path) as office:
        plan = await rivers(office)
        key = await CASES[kind](office, plan)
        await office.goes_wrong(fault, seconds=3600, left=None)
        await office.settles(timedelta(days=3))
        assert office.copies(key) == [], "nothing was shown"
        assert "failed" in {state for state, _ in office.notices(key).values()}
        most = PATIENT if fault is not FaultKind.LIMITED else 24 + PATIENT
        assert max(one.attempts for one in await office.play.deliveries.last()) <= most
        assert Outcome.EARLY not in await office.outcomes()
        concerned = ["Ana"] if kind in DIRECT else ["Ana", "Ben"]
        if (kind, fault) == (NoticeKind.PLAN_THREAD, FaultKind.GONE):
            concerned = ["Ben"]  # Ana, who asked for it, was written to
        for name in concerned:
            hand = office.hands[name]
            assert cause in {one.undelivered.cause for one in office.untold(hand)}
            page = summary(await hand.says("next"))
            assert "could not" in page
            assert "Nothing is lost: “next” shows everything that waits on you." in page
            assert "could not" not in summary(await hand.says("next")), "said once"


@pytest.mark.parametrize("fault", [FaultKind.BUSY, FaultKind.LOST_BEFORE])
async def test_half_an_hour_of_outage_costs_no_thread_of_a_plan(
    tmp_path: Path, fault: FaultKind
) -> None:
    async with post_office(tmp_path, lookable=False) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(fault, left=None)
        began = office.bot.clock.now()
        await ana.starts("Rivers", ben)
        await office.goes_to(began + timedelta(minutes=30))
        assert office.copies("thread:") == []
        await office.goes_well()
        await office.goes_to(began + timedelta(minutes=50))
        assert len(office.copies("thread:")) == 1
        assert office.untold(ana) == ()


async def test_an_item_that_changed_meanwhile_is_brought_up_to_date_when_it_is_found(
    tmp_path: Path,
) -> None:
    async with post_office(tmp_path) as office:
        key = await goes_wrong_once(office, NoticeKind.ITEM, FaultKind.LOST_AFTER)
        ben = office.hands["Ben"]
        _, plan, item = key.split(":")
        assert not failed(await ben.clicks(f"out.yes|{plan}|{item}"))
        await office.settles(HOUR)
        [shown] = office.copies(key)
        assert "confirmed" in shown.casefold()


async def test_an_item_of_unknown_fate_is_posted_when_it_changes(tmp_path: Path) -> None:
    async with post_office(tmp_path, lookable=False) as office:
        key = await goes_wrong_once(office, NoticeKind.ITEM, FaultKind.LOST_BEFORE)
        await office.settles(HOUR)
        assert office.copies(key) == []
        _, plan, item = key.split(":")
        assert not failed(await office.hands["Ben"].clicks(f"out.yes|{plan}|{item}"))
        await office.settles(HOUR)
        [shown] = office.copies(key)
        assert "confirmed" in shown.casefold()
