"""The school of the stories: A and B days, eight periods, and how people tell it."""

import asyncio

from tests.support.talk.stage import BOT, CHANNEL, Actor, Stage

BELLS = """P1 08:00-08:45
P2 08:50-09:35
P3 09:55-10:40
P4 10:45-11:30
P5 11:50-12:35
P6 12:40-13:25
P7 14:00-14:45
P8 14:50-15:35"""

FREE = {
    "Maya": {"A": "3 5 8", "B": "1 5 7"},
    "Ben": {"A": "3 6", "B": "2 6 8"},
    "Rosa": {"A": "5", "B": "2"},
    "Ana": {"A": "1 3", "B": "2 6"},
}
"""The free periods; all others are lessons. Nobody shares one with Rosa and another."""


def table(name: str) -> str:
    """Return somebody's timetable as they would paste it."""
    rows = ["Day;Period;Subject"]
    for day, free in FREE[name].items():
        rows += [f"{day};P{n};Class {n}{day.lower()}" for n in range(1, 9) if str(n) not in free]
    return "\n".join(rows)


async def tells_timetable(actor: Actor, text: str = "", *, first: bool = False) -> None:
    """Paste a timetable in the conversation with the bot, look at it, and save it.

    Whoever is ``first`` is asked when school is: 16 November is an A-day.
    """
    await actor.opens(BOT)
    await actor.says("timetable")
    await actor.clicks("Paste or upload a timetable")
    await actor.fills(**{"Paste it here": text or table(actor.name)})
    await actor.submits()
    await actor.sees("Is this your week?")
    if first:
        await actor.clicks("Say when school is")
        await says_when_school_is(actor)
    await actor.clicks("Yes, save it")
    await actor.sees("Saved. Reminders come in your free periods only.")
    await actor.opens(CHANNEL)


async def says_when_school_is(actor: Actor) -> None:
    """Fill in the form that asks when the days A and B are."""
    await actor.fills(
        **{
            "A date that is a “A”": "2026-11-16",
            "Last day of the school year": "2027-06-25",
            "Clock times, one period a line": BELLS,
        }
    )
    await actor.submits()
    await actor.form_closes()


async def team(stage: Stage) -> tuple[Actor, Actor, Actor]:
    """Return Maya, the librarian, and the teachers Ben and Rosa."""
    maya, ben, rosa = await asyncio.gather(
        stage.person("Maya"), stage.person("Ben"), stage.person("Rosa")
    )
    return maya, ben, rosa


TEMPLATE = """key: two-steps
title: Two steps
steps:
  - key: objectives
    title: Objectives
    fields:
      - {key: objectives, label: "What are the objectives?"}
  - key: assessment
    title: Assessment
    weeks: 0
    fields:
      - {key: assessment, label: "How do we assess?"}
"""


async def adds_template(actor: Actor, text: str = TEMPLATE) -> None:
    """Paste a template of the workspace's own."""
    await actor.says("/coplan settings")
    await actor.clicks("Add a template")
    await actor.fills(**{"Or paste it here": text})
    await actor.submits()


async def starts(maya: Actor, words: str, *others: Actor) -> None:
    """Start a plan in the channel; everybody opens its thread."""
    await maya.says(f"/coplan start {words}")
    title = words.split('"')[1]
    await asyncio.gather(*(actor.opens(title) for actor in (maya, *others)))


async def fills_in(actor: Actor, label: str, question: str, text: str) -> None:
    """Open a field by its button, write into it and send it."""
    await actor.clicks(label)
    await actor.fills(**{question: text})
    await actor.submits()
