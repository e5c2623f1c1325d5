"""Study groups with hours in words, closures, and plans that travel as files."""

import json
from typing import Any

from tests.support.talk.school import fills_in, starts, team, tells_timetable
from tests.support.talk.stage import BOT, CHANNEL, REMINDER, Actor, Stage

CARD = "Every act is on record"


async def test_a_study_group_in_two_time_zones(stage: Stage) -> None:
    ana = await stage.person("Ana")
    li = await stage.person("Li", "America/New_York")
    for actor in (ana, li):
        await actor.opens(BOT)
        await actor.says("timetable")
        await actor.clicks("Weekly hours in words")
        await actor.fills(**{"When can you plan?": "whenever"})
        await actor.submits()
        await actor.sees("whenever")
        await actor.fills(**{"When can you plan?": "weekdays after 16:00"})
        await actor.submits()
        await actor.sees("Saved.")
        await actor.opens(CHANNEL)
    await starts(ana, '"Statistics" @Li study-group', ana, li)
    await li.clicks("My next steps")
    await fills_in(
        li,
        "What do you already know well?",
        "What do you already know well?",
        "Medians and quartiles",
    )
    await stage.clock.to("Sun 12:00")
    await stage.clock.to("Mon 16:30")
    assert await ana.counts_direct(REMINDER) == 1
    assert await li.counts_direct(REMINDER) == 0, "it is half past ten in New York"
    await stage.clock.to("Mon 23:30")
    assert await ana.counts_direct(REMINDER) == 1
    assert await li.counts_direct(REMINDER) == 1
    await li.opens(BOT)
    await li.sees("What will you explain to the others?", in_="You asked for reminders")


async def test_a_planned_closure_moves_a_reminder(stage: Stage) -> None:
    rosa, ben = await stage.person("Rosa"), await stage.person("Ben")
    await tells_timetable(rosa, first=True)
    await starts(rosa, '"Rivers" @Ben', rosa)
    await rosa.clicks("My next steps")
    await rosa.opens(BOT)
    await rosa.says("timetable")
    await rosa.clicks("School calendar")
    await rosa.clicks("Closures, labels and terms")
    await rosa.fills(**{"Closed days, one a line": "2026-11-23 Training"})
    await rosa.submits()
    await rosa.sees("1 closure")
    await stage.clock.to("Fri 11:00")
    assert await rosa.counts_direct(REMINDER) == 0
    await stage.clock.to("Fri 12:00")  # the last free period before the day that is closed
    assert await rosa.counts_direct(REMINDER) == 1
    await stage.clock.to("Mon 23:00")
    assert await rosa.counts_direct(REMINDER) == 1, "nothing comes on a day without school"
    assert await ben.counts_direct(REMINDER) == 0


async def test_a_file_without_a_word_is_a_timetable(stage: Stage) -> None:
    ana = await stage.person("Ana")
    await ana.opens(BOT)
    await ana.says("", ("week.csv", b"Mon,P1,Science 8a\nTue,P2,Science 8b\n"))
    await ana.sees("I read 2 lessons on Mon and Tue.")
    await ana.says("", ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100)))
    await ana.sees("This is a picture, not a table in text form.")
    await ana.says("", ("ana.csv", b"Mon,P1,8a\n"), ("ben.csv", b"Tue,P2,8b\n"))
    await ana.sees("These are 2 files, and one timetable is read at a time.")


async def test_a_plan_travels_as_a_file(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await starts(ana, '"Rivers" @Ben', ana, ben)
    await ana.clicks("My next steps")
    await fills_in(ana, "What shall we plan?", "What shall we plan?", "A week, “at” the <river>")
    await ana.clicks("Add…", in_=CARD)
    await ana.clicks("Decision")
    await ana.fills(**{"What did you decide?": "We meet outside"})
    await ana.submits()
    await ana.sees("Saved.")
    first = await exported(ana)

    await ana.opens(CHANNEL)
    await ana.says("/coplan settings")
    await ana.clicks("Import a plan")
    await ana.uploads("The exported plan (JSON)", "plan.json", b"{}")
    await ana.submits()
    await ana.sees("is not a plan exported by Coplan")
    await ana.uploads("The exported plan (JSON)", "plan.json", json.dumps(first).encode())
    await ana.submits()
    await ana.form_closes()
    await ana.sees("Started “Rivers” with Ben")
    second = await exported(ana)
    assert equal_part(second) == equal_part(first)
    assert [entry["kind"] for entry in second["log"]][:-1] == [e["kind"] for e in first["log"]]


async def test_where_there_is_no_other_platform_there_is_no_code_for_one(stage: Stage) -> None:
    maya, ben, _ = await team(stage)
    await starts(maya, '"Watershed inquiry" @Ben', maya, ben)
    await maya.says("/coplan link")
    await maya.sees("There is no other platform here to bring a plan to.")


async def exported(actor: Actor) -> dict[str, Any]:
    """Export the newest plan in the channel, by its thread's button."""
    await actor.opens("Rivers")
    await actor.clicks("More…", in_=CARD)
    await actor.clicks("Export")
    await actor.sees("Markdown to read, HTML to print, JSON to import again.")
    for ending, text in ((".md", b"A week"), (".html", b"&lt;river&gt;")):
        assert text in await actor.downloads(ending)
    found: dict[str, Any] = json.loads(await actor.downloads(".json"))
    return found


def equal_part(document: dict[str, Any]) -> dict[str, Any]:
    """Return all of the document but when it was exported, and its log."""
    return {k: v for k, v in document.items() if k not in {"exported_at", "log"}}
