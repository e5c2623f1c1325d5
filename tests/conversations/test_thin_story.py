"""One thin story through every floor, played by two people at two windows."""

from tests.support.talk.school import tells_timetable
from tests.support.talk.stage import REMINDER, Stage


async def test_from_start_to_digest(stage: Stage) -> None:
    await thin_story(stage)


async def thin_story(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await ana.says('/coplan start "Rivers" @Ben')
    await ana.sees("Started “Rivers” with Ben: 9 steps.")
    await ben.opens("Rivers")
    await ben.sees("0 of 9 steps done")

    await tells_timetable(ben, first=True)
    await tells_timetable(ana)

    await ana.opens("Rivers")
    await ana.clicks("My next steps")
    await ana.clicks("What shall we plan?")
    await ana.fills(**{"What shall we plan?": "A week at the river"})
    await ana.submits()
    await ana.sees("Saved. Seen by you and Ben.")

    await ben.opens("Rivers")
    await ben.clicks("My next steps")
    await ben.sees("Identify partners")
    assert await ben.counts_direct(REMINDER) == 0

    await stage.clock.to("Fri 14:00")
    await ben.opens("planning")
    await ben.says("/coplan digest")
    await ben.sees("This week: Rivers")
    await ben.sees("A week at the river")
    await ben.sees("0 of 9 steps done", in_="This week: Rivers")  # the picture, in words

    await stage.clock.to("Fri 20:00")  # the first steps are due on Monday the 23rd, a B-day
    assert await ben.counts_direct(REMINDER) == 0
    await stage.clock.to("Mon 08:45")
    assert await ben.counts_direct(REMINDER) == 0
    await stage.clock.to("next free period of Ben")  # P2
    assert await ben.counts_direct(REMINDER) == 1
    await ben.sees_direct("P2 is free")
    await stage.clock.to("Mon 22:00")
    assert await ben.counts_direct(REMINDER) == 1

    await ben.opens("Rivers")
    await ben.clicks("History", in_="Every act is on record")
    await ben.sees("Ana wrote “What shall we plan?” · Mon 16 Nov")
    await ben.sees("A week at the river")
    await stage.clock.to("Tue 10:00")  # the partnership's digest came at nine
    await ben.sees_direct("Nothing new since last week.")
    await ana.sees_direct("Nothing new since last week.")
