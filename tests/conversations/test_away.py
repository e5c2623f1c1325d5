"""Scenario 7: Ben is away to Thursday, as it is told."""

from tests.support.talk.school import adds_template, fills_in, starts, team, tells_timetable
from tests.support.talk.stage import BOT, CHANNEL, Actor, Stage

UNIT = "Watershed inquiry"
OBJECTIVES = "What are the objectives?"
ASSESSMENT = "How do we assess?"
REMINDER = "This comes next for you"


async def rosas_and_bens(stage: Stage) -> tuple[Actor, Actor, Actor]:
    """Start a plan in which Ben owes “Assessment” on Wednesday."""
    maya, ben, rosa = await team(stage)
    await tells_timetable(ben, first=True)
    await tells_timetable(rosa)
    await adds_template(maya)
    await starts(maya, f'"{UNIT}" @Ben @Rosa two-steps', maya, ben, rosa)
    await maya.chooses("Open a step", "Assessment")
    await maya.clicks("Move date (Mon 23 Nov)", in_=ASSESSMENT)
    await maya.fills(**{"New date": "2026-11-18"})
    await maya.submits()
    await maya.sees("Date moved.")
    return maya, ben, rosa


async def test_7_away_and_his_step_waits(stage: Stage) -> None:
    maya, ben, rosa = await rosas_and_bens(stage)
    await ben.opens(CHANNEL)
    await ben.says("/coplan away to Thursday")
    await ben.sees("You are away to Thursday, 19 November: nothing reaches you until Friday.")
    await ben.sees("1 reminder moved.")
    await ben.sees("your steps wait for you")

    await maya.sees("Ben: away until Thu 19 Nov", in_="Every act is on record")
    await maya.chooses("Open a step", "Assessment")
    await maya.sees("Waits for Ben (away until Thu 19 Nov)")
    await maya.says("@Coplan next", thread=True)
    await maya.sees("Ben is away until Thu 19 Nov.")
    await maya.says("@Coplan digest", thread=True)
    await maya.sees("Ben is away until Thu 19 Nov")

    await fills_in_objectives(maya)
    before = await ben.counts_direct()
    await stage.clock.to("Fri 07:30")
    assert await ben.counts_direct() == before, "nothing reaches him"
    assert await rosa.counts_direct(REMINDER) == 0, "his step waits"
    await stage.clock.to("Fri 10:00")
    assert await ben.counts_direct() == before + 1, "one message, not two"
    await ben.opens(BOT)
    back = "Welcome back: what happened while you were away"
    await ben.sees("Mon 16 Nov to Thu 19 Nov: 2 acts by Maya (2), 1 field changed", in_=back)
    await ben.sees(f"{OBJECTIVES}: new: “They draw maps”", in_=back)
    await ben.sees("Waits on you (1 late): Assessment (was due Wed 18 Nov)", in_=back)
    await maya.opens(UNIT)
    await maya.sees(f"Ben: {ASSESSMENT}", in_="Every act is on record")
    await ben.clicks(ASSESSMENT, in_=back)
    await ben.fills(**{ASSESSMENT: "A poster"})
    await ben.submits()
    await ben.sees("It came after the due date; it counts all the same.")
    await stage.clock.to("Sat 12:00")
    assert await ben.counts_direct() == before + 1, "his answer stands where the catch-up stood"


async def fills_in_objectives(maya: Actor) -> None:
    """Write the objectives, and change them."""
    for verb, text in (("Fill in", "They read maps"), ("Change", "They draw maps")):
        await maya.opens(UNIT)
        await maya.chooses("Open a step", "Objectives")
        await fills_in(maya, f"{verb}: {OBJECTIVES}", OBJECTIVES, text)
        await maya.sees("Saved.")


async def test_7_away_and_his_step_passes_to_rosa(stage: Stage) -> None:
    _, ben, rosa = await rosas_and_bens(stage)
    await ben.opens(CHANNEL)
    await ben.says("/coplan away")
    await ben.sees_form("Away")
    await ben.fills(**{"To (the last day away)": "2026-11-19"})
    await ben.fills(**{"Who stands in for you?": "Rosa"})
    await ben.fills(**{"What waits on you meanwhile": "What others can do passes to my stand-in"})
    await ben.submits()
    await ben.sees("Rosa stands in, and what others can do of your steps passes to them.")
    await rosa.opens(UNIT)
    await rosa.sees("you stand in for Ben, who is away (Mon 16 Nov to Thu 19 Nov)")
    await rosa.sees("Ben: away until Thu 19 Nov; Rosa stands in", in_="Every act is on record")
    await rosa.says("@Coplan next", thread=True)
    await rosa.sees("for Ben, away until Thu 19 Nov")

    await stage.clock.to("Wed 11:49")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("Wed 11:51")
    await rosa.opens(BOT)
    await rosa.sees("Assessment: How do we assess? (for Ben, away until Thu 19 Nov, due today)")
    await fills_in(rosa, ASSESSMENT, ASSESSMENT, "A talk")
    await rosa.sees("Saved.")
    await stage.clock.to("Fri 10:00")
    await ben.opens(BOT)
    await ben.sees("1 act by Rosa (1)", in_="Welcome back")
    await ben.sees(f"{ASSESSMENT}: new: “A talk”", in_="Welcome back")


async def test_back_early_and_taken_back(stage: Stage) -> None:
    maya, ben, _ = await rosas_and_bens(stage)
    await ben.opens(CHANNEL)
    await ben.says("/coplan away Thursday")
    await ben.clicks("Only on Thu 19 Nov")
    await ben.sees("You are away from Thursday, 19 November to Thursday, 19 November")
    await ben.clicks("Undo")
    await ben.sees("Taken back: it is as it was before.")
    await ben.clicks("I am back")
    await ben.sees("Welcome back: reminders come again. 1 reminder moved.")
    await maya.sees_not("Ben: away until")
    await stage.clock.to("Wed 09:56")
    assert await ben.counts_direct(REMINDER) == 1, "as if nothing had been said"
