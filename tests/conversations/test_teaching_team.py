"""The first week of a librarian and two teachers: scenarios 1 to 6, as they are told."""

import asyncio

from tests.support.talk.school import (
    adds_template,
    fills_in,
    starts,
    team,
    tells_timetable,
)
from tests.support.talk.stage import BOT, CHANNEL, REMINDER, Actor, Stage

UNIT = "Watershed inquiry"
OBJECTIVES = "What are the objectives?"
STEPS = (
    "Develop the form",
    "Identify partners",
    "Initiate a session",
    "Document everything",
    "Complete the form",
    "Make time",
    "Collaborate",
    "Confront challenges",
    "Assess",
)


async def test_1_start(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await maya.says(f'/coplan start "{UNIT}" @Ben @Rosa')
    await maya.sees(f"Started “{UNIT}” with Ben and Rosa: 9 steps.")
    await maya.form_closes()  # no settings were asked
    for actor in (maya, ben, rosa):
        await actor.opens(UNIT)
        for title in STEPS:
            await actor.sees(title, in_="Every act is on record")
        await actor.sees("Maya: What shall we plan?")
    await maya.clicks("My next steps")
    await maya.clicks("What shall we plan?")
    await maya.sees_form("Develop the form")
    for actor in (ben, rosa):
        await actor.clicks("My next steps")
        await actor.sees("Identify partners", in_="Only visible to you")
        await actor.clicks("What do you know well that helps here?", in_="Only visible to you")
        await actor.sees_form("Identify partners")


async def test_2_timetable(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await tells_timetable(ben, first=True)
    await ben.opens(BOT)
    await ben.says("timetable")
    await ben.sees("Class 1a", in_="Your timetable")
    await tells_timetable(maya)
    await ben.opens(CHANNEL)
    await ben.says("/coplan when @Maya")
    # On A-days both are free in P3; it is a gap in Ben's day and in Maya's.
    await ben.sees("5 common slots of you and Maya in the next two weeks. The cheapest first:")
    await ben.sees("Mon 16 Nov, 09:55–10:40 · 45 min · single gap for all")

    ana = await stage.person("Ana")
    await ana.opens(BOT)
    await ana.says("timetable")
    await ana.clicks("Weekly hours in words")
    await ana.fills(**{"When can you plan?": "weekdays 10:00-11:00"})
    await ana.submits()
    await ana.sees("Saved.")
    await ana.opens(CHANNEL)
    await ana.says("/coplan when @Ben")
    await ana.sees("Mon 16 Nov, 10:00–10:40 · 40 min, part of a period")

    await tells_timetable(rosa)
    await starts(maya, f'"{UNIT}" @Ben @Rosa', maya)
    await maya.clicks("When are we free?")
    await maya.sees("There is no time in the next two weeks when you, Ben and Rosa are all free.")
    await maya.sees("Plan apart in time instead: each in a free period, one after another.")
    await maya.sees("Rosa: Mon 16 Nov, 11:50–12:35 (P5)")


async def test_3_free_period_reminder(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await tells_timetable(rosa, first=True)
    await adds_template(maya)
    await starts(maya, f'"{UNIT}" @Ben @Rosa two-steps', maya, rosa)
    await owes(maya, "Assessment", "2026-11-18")  # Wednesday, an A-day
    await owes(maya, "Objectives", "2026-11-20")  # Friday, an A-day

    await stage.clock.to("Wed 11:49")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("next free period of Rosa")
    assert f"{await stage.clock.now():%a %H:%M}" == "Wed 10:50", "UTC: period 5 begins"
    assert await rosa.counts_direct(REMINDER) == 1
    await rosa.opens(BOT)
    await rosa.sees("Wed P5 is free", in_="Assessment")
    await fills_in(rosa, "How do we assess?", "How do we assess?", "A poster and a talk")
    await rosa.sees("Saved.")

    await stage.clock.to("Fri 07:10")
    await rosa.opens(UNIT)
    await rosa.clicks("My next steps")
    await fills_in(rosa, OBJECTIVES, OBJECTIVES, "They can read a river map")
    await stage.clock.to("Sat 12:00")
    told = "no other in the whole week; the one says by now that her answer is saved"
    assert await rosa.counts_direct(REMINDER) == 0, told
    assert await ben.counts_direct(REMINDER) == 0


async def owes(maya: Actor, step: str, due: str) -> None:
    """Hand a step to Rosa and date it."""
    await maya.chooses("Open a step", step)
    await maya.clicks(
        "Move date (Mon 23 Nov)", in_="How do" if step == "Assessment" else "What are"
    )
    await maya.fills(**{"New date": due})
    await maya.submits()
    await maya.sees("Date moved.")
    await maya.chooses("Open a step", step)
    await maya.chooses("Hand this step to…", "Rosa")
    await maya.sees("Handed on.")


async def test_4_snow_day(stage: Stage) -> None:
    maya, rosa = await closes_tomorrow(stage)
    await stage.clock.to("Tue 20:00")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("Wed 08:49")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("Wed 08:50")  # the next B-day: on it Rosa is free in period 2
    assert await rosa.counts_direct(REMINDER) == 1
    await maya.clicks("Undo", in_="1 reminder moved")
    await maya.sees("There is school on Tue 17 Nov again.")
    await stage.clock.to("Thu 20:00")
    assert await rosa.counts_direct(REMINDER) <= 2, "one reminder and one follow-up"


async def test_snow_day_taken_back(stage: Stage) -> None:
    maya, rosa = await closes_tomorrow(stage)
    await maya.clicks("Undo", in_="1 reminder moved")
    await maya.sees("There is school on Tue 17 Nov again. Taken back.")
    await maya.sees("1 reminder moved back; it is of others.")
    await rosa.sees("This was taken back.")
    await rosa.sees_not("Maya: no school on")
    await stage.clock.to("Tue 08:49")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("Tue 08:50")
    assert await rosa.counts_direct(REMINDER) == 1


async def closes_tomorrow(stage: Stage) -> tuple[Actor, Actor]:
    """Let a reminder of Rosa's wait for tomorrow, a B-day, and Maya say that there is no school."""
    maya, ben, rosa = await team(stage)
    await tells_timetable(rosa, first=True)
    await adds_template(maya)
    await starts(maya, f'"{UNIT}" @Ben @Rosa two-steps', maya, ben, rosa)
    await owes(maya, "Assessment", "2026-11-17")
    await maya.opens(CHANNEL)
    await maya.says("/coplan noschool tomorrow Snow")
    await maya.sees("No school on Tue 17 Nov (Snow).")
    await maya.sees("the cycle waits, as your school does, and Wed 18 Nov is day B.")
    await maya.sees("1 reminder moved; it is of others.")
    await rosa.sees("Maya: no school on Tue 17 Nov (Snow).")
    assert await rosa.counts("Maya: no school on Tue 17 Nov") == 1
    return maya, rosa


async def test_5_provenance(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await adds_template(maya)
    await starts(maya, f'"{UNIT}" @Ben @Rosa two-steps', maya, ben, rosa)
    await opens_objectives(ben)
    await ben.fills(**{OBJECTIVES: "They can read a map"})
    await ben.submits()
    await ben.sees("Saved. Seen by you, Maya and Rosa.")
    await stage.clock.to("Mon 09:30")
    await opens_objectives(rosa)
    assert await rosa.answer_in_form(OBJECTIVES) == "They can read a map"
    await rosa.fills(**{OBJECTIVES: "They can read and draw a map"})
    await rosa.submits()
    await rosa.sees("Saved.")
    await shows_history(maya)
    await maya.sees("Rosa wrote “What are the objectives?” · Mon 16 Nov, 09:30")
    await maya.sees("They can read and draw a map")
    await maya.sees("before: They can read a map")
    await maya.sees("Ben wrote “What are the objectives?” · Mon 16 Nov, 07:0")

    texts = {"Ben": "Ben's words", "Rosa": "Rosa's words"}
    for keep in ("Keep both", "Keep mine", "other"):
        await both_save(ben, rosa, texts)
        [loser] = [a for a in (ben, rosa) if await a.counts("Nothing is lost: both texts are")]
        winner = rosa if loser is ben else ben
        await loser.sees(texts[winner.name], in_="Two texts for")
        await loser.sees(texts[loser.name], in_="Two texts for")
        await loser.clicks(f"Keep {winner.name}'s" if keep == "other" else keep)
        await loser.sees_not("Nothing is lost: both texts are")
        await opens_objectives(maya)
        standing = await maya.answer_in_form(OBJECTIVES)
        await maya.dismisses_form()
        assert (texts[loser.name] in standing) == (keep != "other")
        assert (texts[winner.name] in standing) == (keep != "Keep mine")
        texts = {name: f"{text} again" for name, text in texts.items()}
    await shows_history(maya)
    for text in ("Ben's words again again", "Rosa's words again again"):
        await maya.sees(text)
    await maya.sees("at the same time as somebody else (kept beside)")


async def both_save(ben: Actor, rosa: Actor, texts: dict[str, str]) -> None:
    """Let both open the field, write, and save in the same second."""
    for actor in (ben, rosa):
        await opens_objectives(actor)
        await actor.fills(**{OBJECTIVES: texts[actor.name]})
    await asyncio.gather(ben.submits(), rosa.submits())
    for actor in (ben, rosa):
        await actor.form_closes()


async def opens_objectives(actor: Actor) -> None:
    await actor.chooses("Open a step", "Objectives")
    verb = "Change" if await actor.counts(f"Change: {OBJECTIVES}") else "Fill in"
    await actor.clicks(f"{verb}: {OBJECTIVES}")


async def shows_history(actor: Actor) -> None:
    await actor.clicks("History", in_="Every act is on record")


async def test_6_hallway(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await starts(maya, f'"{UNIT}" @Ben @Rosa', maya, ben, rosa)
    await maya.says("@Coplan log", thread=True)
    await maya.clicks("Talk")
    await maya.clicks("Ben, 0–5 min")
    await maya.sees("Logged. Ben is asked to confirm it.")
    await ben.sees("Maya logged: Talk, 0–5 min, with Ben.")
    await rosa.clicks("Yes, confirm it")
    await rosa.sees("Only the partner named in the entry can confirm it.")
    await ben.clicks("Yes, confirm it")
    await ben.sees("Confirmed. Thank you.")
    await rosa.sees("Confirmed.", in_="Maya logged")
    await shows_history(maya)
    await maya.sees("logged outside work with Ben: Talk, 0–5 min")
    await maya.sees("Ben confirmed outside work of Maya")
