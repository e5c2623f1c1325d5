"""What partners remind themselves of, and the change of clocks between two of them."""

from datetime import datetime, timedelta

from tests.support.talk.stage import BOT, CHANNEL, Stage

LONDON, NEW_YORK = "Europe/London", "America/New_York"
DIGEST, REMINDER = "This week: Rivers", "Reminder: post your notes"


async def test_a_reminder_of_their_own(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await ana.says('/coplan start "Rivers" @Ben')
    await ana.says("/coplan remind")
    await ana.sees("You have no reminders of your own yet.")
    await ana.says("/coplan remind Sundays 25:00: post your notes")
    await ana.sees("“25:00” is no time of the day.")
    await ana.says("/coplan remind Sundays 18:00: post your notes")
    await ana.sees("post your notes every Sunday at 18:00; next: Sun 22 Nov, 18:00")
    await ana.sees("Seen by you and Ben, and by everybody who can read the plan's thread.")

    await ben.opens("Rivers")
    await ben.sees("Ana set up a reminder: every Sunday at 18:00 (Europe/Berlin): post your notes")
    await stage.clock.to("Sun 17:59")
    assert await ben.counts("Reminder: post your notes") == 0
    await stage.clock.to("Sun 18:00")
    assert await ben.counts("Reminder: post your notes") == 1
    await ben.sees("You get this because Ana set it up for all of you: every Sunday at 18:00.")

    await ben.clicks("Change", in_="Reminder: post your notes")
    assert await ben.answer_in_form("When") == "every Sunday at 18:00"
    await ben.fills(When="every second Friday 8:30 bring")
    await ben.submits()
    await ben.sees("“bring” is not understood")
    await ben.fills(When="every second Friday 8:30")
    await ben.submits()
    await ben.sees("every 2 weeks on Friday at 08:30")
    await ben.sees("next: Fri 27 Nov, 08:30, then Fri 11 Dec, 08:30")

    await stage.clock.to("Fri 09:00")
    await stage.clock.to("Fri 09:00")  # 4 December: none
    assert await ben.counts("Reminder: post your notes") == 2
    await ana.opens("Rivers")
    await ana.clicks("Stop", in_="Reminder: post your notes")
    await ana.sees("Stopped. It comes no more.")
    await ana.clicks("Undo", in_="Stopped. It comes no more.")
    await stage.clock.to("Fri 09:00")
    assert await ben.counts("Reminder: post your notes") == 3


async def test_the_clocks_change_in_america_first(stage: Stage) -> None:
    """Product scenario 10: a digest and a reminder, Sundays at 18:00 in London."""
    await stage.person("Ana")  # a playground has somebody in it to let others in
    lena = await stage.person("Lena", LONDON)
    noah = await stage.person("Noah", NEW_YORK)
    await lena.says('/coplan start "Rivers" @Noah')
    await lena.opens("Rivers")
    await lena.says("/coplan remind Sundays 18:00: post your notes", thread=True)
    await lena.sees("post your notes every Sunday at 18:00; next: Sun 22 Nov, 18:00")
    await lena.says("/coplan digest", thread=True)
    await lena.clicks("Change when it comes")
    await lena.fills(**{"It comes every": "Sunday", "At": "18:00"})
    await lena.submits()
    await lena.sees("Saved: the digest comes every Sunday at 18:00.")

    await noah.opens(CHANNEL)
    await noah.says("/coplan remind")
    await noah.sees("every Sunday at 18:00 (Europe/London); next: Sun 22 Nov, 13:00")
    # America changes its clocks on 14 March, Britain on the 28th.
    for actor in (lena, noah):
        await actor.opens("Rivers")
    await stage.clock.to(datetime.fromisoformat("2027-03-07T17:50+00:00"))
    digests, reminders = await lena.counts(DIGEST), await lena.counts(REMINDER)
    sundays = {
        "2027-03-07T18:00+00:00": "Sun 14 Mar, 14:00",
        "2027-03-14T18:00+00:00": "Sun 21 Mar, 14:00",
        "2027-03-21T18:00+00:00": "Sun 28 Mar, 13:00",
        "2027-03-28T18:00+01:00": "Sun 4 Apr, 13:00",
    }
    for number, (sunday, next_in_new_york) in enumerate(sundays.items(), start=1):
        at = datetime.fromisoformat(sunday)
        await stage.clock.to(at - timedelta(minutes=1))
        assert await noah.counts(REMINDER) == reminders + number - 1
        await stage.clock.to(at)
        for actor in (lena, noah):
            assert await actor.counts(DIGEST) == digests + number
            assert await actor.counts(REMINDER) == reminders + number
        await noah.opens(BOT)
        await noah.says("digest")
        await noah.sees(f"The next digest comes {next_in_new_york}")
        await noah.says("remind")
        await noah.sees(f"(Europe/London); next: {next_in_new_york}")
        await noah.opens("Rivers")
