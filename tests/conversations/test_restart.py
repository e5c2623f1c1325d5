"""A restart while messages are due, and somebody who cannot be written to: scenario 9."""

from tests.support.talk.school import starts
from tests.support.talk.stage import BOT, CHANNEL, REMINDER, Actor, Stage

EXAM = "Exam in biology"
STRENGTHS = "What do you know well that helps here?"
CLOSED = "could not reach you: your direct messages are closed to Coplan"


async def group(stage: Stage) -> tuple[Actor, Actor, Actor]:
    """Return Ana and Ben in Berlin and Li in Lisbon, with a plan, and all have used the bot."""
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    li = await stage.person("Li", "Europe/Lisbon")
    await starts(ana, f'"{EXAM}" @Ben @Li', ana, ben, li)
    for actor in (ana, ben, li):
        await actor.clicks("My next steps")
    return ana, ben, li


async def test_9_restart(stage: Stage) -> None:
    ana, ben, li = await group(stage)
    await stage.clock.to("Sun 12:00")
    await stage.closes_messages("Li")
    await ana.opens(EXAM)
    public = await ana.counts("Li")
    await stage.is_down_until("Mon 10:30")  # reminders were planned for the morning

    for actor in (ana, ben):
        assert await actor.counts_direct(REMINDER) == 1, "what came due in the outage comes once"
        await actor.opens(BOT)
        await actor.sees("comes late", in_=REMINDER)
    assert await li.counts_direct(REMINDER) == 0

    await li.opens(EXAM)
    await li.clicks(STRENGTHS, in_="Only visible to you")  # from before the restart
    await li.sees_form("Identify partners")
    await li.dismisses_form()
    assert await li.counts("could not") == 0, "a form has no room for it"
    await li.clicks("My next steps", in_="Every act is on record")
    await li.sees(CLOSED)
    await li.sees("Nothing is lost: “next” shows everything that waits on you.")
    assert await li.counts("could not") == 1
    await li.opens(CHANNEL)
    told = await li.counts("could not")  # what only Li sees may stand in the channel
    await li.says("/coplan next")
    await li.sees("Identify partners", in_="for you")
    assert await li.counts("could not") == told

    for place in (CHANNEL, EXAM):
        await ana.opens(place)
        await ana.sees_not("could not")
    assert await ana.counts("Li") == public, "nobody is named in public"

    await stage.opens_messages()
    await stage.clock.to("Wed 18:00")
    assert await li.counts_direct(REMINDER) == 1, "the follow-up reaches Li"
    await li.says("/coplan next")
    assert await li.counts("could not") == told


async def test_messages_that_stay_closed_are_told_of_once(stage: Stage) -> None:
    _, _, li = await group(stage)
    await stage.clock.to("Sun 12:00")
    await stage.closes_messages("Li")
    await stage.clock.to("Mon 12:00")
    await li.opens(CHANNEL)
    await li.says("/coplan next")
    await li.sees(CLOSED)
    await stage.clock.to("Fri 18:00")  # the follow-up cannot reach Li either
    await li.says("/coplan next")
    await li.sees("Identify partners", in_="for you")
    assert await li.counts("could not") == 1
    assert await li.counts_direct(REMINDER) == 0
