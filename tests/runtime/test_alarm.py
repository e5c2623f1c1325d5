import asyncio
import threading
from datetime import datetime, timedelta

from structlog.testing import capture_logs

from bot.domain.errors import Unavailable
from bot.runtime import alarm as alarms
from bot.runtime import service
from bot.runtime.alarm import Alarm
from tests.runtime.waiting import until
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import at


class Work:
    """Counts the calls, and fails as often as it is told."""

    def __init__(self, failures: int = 0, error: Exception | None = None) -> None:
        self.calls = 0
        self.failures = failures
        self.error = error or RuntimeError("down")
        self.due: datetime | None = None
        self.running = 0
        self.at: list[float] = []
        """When each call began, by the loop's clock."""

    async def __call__(self) -> None:
        self.calls += 1
        self.at.append(asyncio.get_running_loop().time())
        self.running += 1
        assert self.running == 1, "one at a time"
        await asyncio.sleep(0.01)
        self.running -= 1
        if self.failures:
            self.failures -= 1
            raise self.error

    async def next_due(self) -> datetime | None:
        return self.due


async def test_it_rings_at_the_start_and_when_woken() -> None:
    work = Work()
    alarm = Alarm(FakeClock(at(2, 6)), work, work.next_due)
    alarm.wake()
    alarm.start()
    await until(lambda: work.calls >= 1)
    alarm.wake()
    await until(lambda: work.calls >= 2)
    await alarm.stop()
    alarm.wake()
    await asyncio.sleep(0.05)
    assert work.calls == 2


async def test_many_wakes_are_few_calls_from_any_thread() -> None:
    work = Work()
    alarm = Alarm(FakeClock(at(2, 6)), work, work.next_due)
    alarm.start()
    await until(lambda: work.calls >= 1)
    threads = [threading.Thread(target=alarm.wake) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    await asyncio.sleep(0.1)
    await alarm.stop()
    assert 2 <= work.calls <= 4


async def test_it_rings_regularly_whatever_the_clock_says() -> None:
    work = Work()
    alarm = Alarm(FakeClock(at(2, 6)), work, work.next_due, every=0.05)
    alarm.start()
    await until(lambda: work.calls >= 4)
    await alarm.stop()
    assert work.calls >= 4, "and the clock stood still all the while"


async def test_it_rings_at_the_next_due_instant() -> None:
    clock, work = FakeClock(at(2, 6)), Work()
    work.due = clock.now() + timedelta(seconds=0.2)
    alarm = Alarm(clock, work, work.next_due)
    alarm.start()
    await until(lambda: work.calls >= 2)
    assert 0.1 < work.at[1] - work.at[0] < alarms.EVERY, "not before, nor at the regular ring"
    work.due = None
    await asyncio.sleep(0.3)
    await alarm.stop()
    assert work.calls == 2


async def test_what_should_have_been_done_does_not_make_it_spin() -> None:
    clock, work = FakeClock(at(2, 6)), Work()
    work.due = clock.now() - timedelta(hours=1)
    alarm = Alarm(clock, work, work.next_due)
    alarm.start()
    await asyncio.sleep(0.2)
    await alarm.stop()
    assert work.calls == 1


async def test_a_failure_is_tried_again_after_a_pause() -> None:
    work = Work(failures=2)
    alarm = Alarm(FakeClock(at(2, 6)), work, work.next_due, first_pause=0.01)
    alarm.start()
    await until(lambda: work.calls >= 3)
    await asyncio.sleep(0.1)
    await alarm.stop()
    assert work.calls == 3


async def test_a_store_that_cannot_be_used_is_waited_for_in_plain_words() -> None:
    work = Work(failures=2, error=Unavailable(reason="the disk is full"))
    alarm = Alarm(FakeClock(at(2, 6)), work, work.next_due, first_pause=0.01)
    with capture_logs() as logs:
        alarm.start()
        await until(lambda: work.calls >= 3)
        await alarm.stop()
    assert [(log["event"], log["log_level"]) for log in logs] == [("alarm_waits", "warning")] * 2
    assert all("the disk is full" in log["reason"] for log in logs)


def test_after_an_outage_it_rings_before_anything_seems_wrong() -> None:
    assert alarms.LONGEST_PAUSE + alarms.EVERY < service.LONGEST_PAUSE
