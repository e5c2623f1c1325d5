"""A reminder is put off, and comes again when it is wanted."""

from tests.support.talk.school import adds_template, starts, team, tells_timetable
from tests.support.talk.stage import BOT, Stage

UNIT = "Watershed inquiry"
REMINDER = "This comes next for you"
AGAIN = "You asked to hear of this again now."


async def test_tomorrow_and_then_waiting_on_my_partner(stage: Stage) -> None:
    maya, ben, _ = await team(stage)
    await tells_timetable(ben, first=True)
    await adds_template(maya)
    await starts(maya, f'"{UNIT}" @Ben two-steps', maya, ben)
    await maya.chooses("Open a step", "Assessment")
    await maya.clicks("Move date (Mon 23 Nov)", in_="How do we assess?")
    await maya.fills(**{"New date": "2026-11-18"})
    await maya.submits()
    await maya.sees("Date moved.")

    await stage.clock.to("Wed 09:56")  # an A-day: Ben is free in period 3
    assert await ben.counts_direct(REMINDER) == 1
    await ben.opens(BOT)
    await ben.clicks("Later: tomorrow", in_=REMINDER)
    await ben.sees("“Assessment”: again Thu 19 Nov, 08:50, if it still waits.")
    await stage.clock.to("Thu 08:49")
    assert await ben.counts_direct(REMINDER) == 1
    await stage.clock.to("Thu 08:51")
    assert await ben.counts_direct(REMINDER) == 2
    await ben.clicks("Waiting on my partner", in_=AGAIN)
    await ben.sees("“Assessment”: again in your next free period after a partner has acted.")
    await maya.says("@Coplan next", thread=True)
    await maya.sees("Ben waits for you in “Assessment”.")
    await stage.clock.to("Fri 10:00")
    assert await ben.counts_direct(REMINDER) == 2, "no follow-up while he waits"
    await ben.says("next")
    await ben.sees("waiting on your partner")
    await maya.opens(UNIT)
    await maya.chooses("Open a step", "Assessment")
    await maya.clicks("Comment", in_="How do we assess?")
    await maya.fills(**{"Your comment": "By a poster?"})
    await maya.submits()
    await stage.clock.to("Fri 10:10")
    assert await ben.counts_direct(REMINDER) == 3, "she has acted, and he is free"
