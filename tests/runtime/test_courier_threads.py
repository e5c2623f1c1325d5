"""A plan gets its thread, however long the chat took nothing when it was started; and gets one."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.playground.faults import FaultKind
from bot.domain.ids import PlanId
from bot.domain.reminders.undelivered import Cause
from bot.runtime.manner import PATIENT
from tests.support.clicking import failed, summary
from tests.support.post_office import STAFF, PostOffice, post_office

HOUR = timedelta(hours=1)


async def started(office: PostOffice, fault: FaultKind) -> PlanId:
    """Let a plan be started while the chat is out, and three hours pass."""
    ana, ben = await office.person("Ana"), await office.person("Ben")
    await office.goes_wrong(fault, left=None)
    plan = await ana.starts("Rivers", ben)
    await office.goes_to(office.bot.clock.now() + 3 * HOUR)
    assert office.copies("thread:") == []
    return plan


async def touched(office: PostOffice, plan: PlanId) -> None:
    await office.hands["Ana"].submits(f"plan.renamed|{plan}", title="Rivers and lakes")


@pytest.mark.parametrize("fault", [FaultKind.BUSY, FaultKind.LOST_BEFORE])
async def test_after_a_long_outage_the_thread_comes_by_itself(
    tmp_path: Path, fault: FaultKind
) -> None:
    async with post_office(tmp_path) as office:
        plan = await started(office, fault)
        await office.goes_well()
        await office.settles(2 * HOUR)
        [_] = office.copies("thread:")
        assert office.bot.read(lambda work: work.plans.card(plan)) is not None
        assert office.untold(office.hands["Ben"]) == (), "it is there: nothing is to be told"


async def test_meanwhile_the_partners_are_told_once(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        await started(office, FaultKind.BUSY)
        page = summary(await office.hands["Ben"].says("next"))
        assert "The thread of “Rivers” could not be opened: the chat did not take it" in page
        await office.goes_to(office.bot.clock.now() + 3 * HOUR)
        assert "could not" not in summary(await office.hands["Ben"].says("next"))


@pytest.mark.parametrize("fault", [FaultKind.BUSY, FaultKind.LOST_BEFORE])
async def test_whoever_touches_the_plan_after_the_outage_does_not_wait_for_its_thread(
    tmp_path: Path, fault: FaultKind
) -> None:
    async with post_office(tmp_path) as office:
        plan = await started(office, fault)
        await office.goes_well()
        await touched(office, plan)
        await office.settles(timedelta(minutes=2))
        [card] = office.copies("thread:")
        assert "Rivers and lakes" in card


async def test_after_an_outage_of_weeks_a_touch_opens_it(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        plan = await started(office, FaultKind.BUSY)
        await office.settles(timedelta(days=20))
        assert office.notices("thread:") == {f"thread:{plan}": ("failed", "busy")}, "not for ever"
        await office.goes_well()
        await touched(office, plan)
        await office.settles(HOUR)
        assert len(office.copies("thread:")) == 1


async def test_what_may_be_shown_is_looked_for_when_it_is_asked_for_again(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(FaultKind.LOST_AFTER)
        await office.goes_wrong(FaultKind.BUSY, left=None)
        plan = await ana.starts("Rivers", ben)
        await office.goes_to(office.bot.clock.now() + 3 * HOUR)
        assert len(office.copies("thread:")) == 1, "it stands, and nobody knows"
        await office.goes_well()
        await touched(office, plan)
        await office.settles(2 * HOUR)
        assert len(office.copies("thread:")) == 1
        assert office.bot.read(lambda work: work.plans.card(plan)) is not None


async def test_where_nobody_can_look_it_is_not_shown_over_and_over_again(tmp_path: Path) -> None:
    async with post_office(tmp_path, lookable=False) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(FaultKind.LOST_AFTER, left=None)
        plan = await ana.starts("Rivers", ben)
        await office.settles(timedelta(days=1))
        assert len(office.copies("thread:")) == PATIENT
        assert {one.undelivered.cause for one in office.untold(ben)} == {Cause.UNKNOWN}
        await office.goes_well()
        await touched(office, plan)
        await office.settles(HOUR)
        assert len(office.copies("thread:")) == PATIENT + 1
        assert office.bot.read(lambda work: work.plans.card(plan)) is not None


async def test_a_plan_that_changes_partners_before_it_has_a_thread_gets_one(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        plan = await started(office, FaultKind.BUSY)
        cleo = await office.person("Cleo")
        added = {"partners": (cleo.person,)}
        assert not failed(await office.hands["Ana"].submits(f"partner.add|{plan}", people=added))
        await office.goes_well()
        await office.settles(2 * HOUR)
        assert len(office.copies("thread:")) == 1


async def test_whoever_asked_for_a_thread_that_cannot_be_opened_is_written_to_once(
    tmp_path: Path,
) -> None:
    async with post_office(tmp_path) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(FaultKind.GONE, f"#{STAFF}", left=None)
        plan = await ana.starts("Rivers", ben)
        await office.settles(timedelta(minutes=1))
        [told] = office.copies("undelivered:")
        assert "could not be opened: Coplan does not see its channel" in told
        assert office.untold(ana) == ()
        [_] = office.untold(ben)
        await touched(office, plan)
        await office.settles(timedelta(minutes=10))
        assert len(office.copies("undelivered:")) == 1, "she knows"


async def test_whoever_cannot_be_written_to_hears_of_it_with_the_next_answer(
    tmp_path: Path,
) -> None:
    async with post_office(tmp_path) as office:
        ana = await office.person("Ana")
        await office.goes_wrong(FaultKind.GONE, f"#{STAFF}", left=None)
        await office.goes_wrong(FaultKind.CLOSED, left=None)
        await ana.starts("Rivers")
        await office.settles(timedelta(minutes=1))
        page = summary(await ana.says("help"))
        assert "The thread of “Rivers” could not be opened" in page
        assert "A message of Mon 23 Nov, 09:00 could not reach you" in page


async def test_what_works_by_then_is_not_written_of(tmp_path: Path) -> None:
    async with post_office(tmp_path) as office:
        ana, ben = await office.person("Ana"), await office.person("Ben")
        await office.goes_wrong(FaultKind.GONE, f"#{STAFF}")
        await office.goes_wrong(FaultKind.LIMITED, "@ana", seconds=60)
        plan = await ana.starts("Rivers", ben)
        await office.settles(timedelta(seconds=30))
        await touched(office, plan)
        await office.settles(HOUR)
        assert len(office.copies("thread:")) == 1
        assert office.copies("undelivered:") == []
