"""What people type by mistake, or out of curiosity: a clear word, and nothing lost or changed."""

from tests.support.talk.core import CoreStage
from tests.support.talk.school import TEMPLATE, adds_template, starts
from tests.support.talk.stage import Stage

CARD = "Every act is on record"
HOSTILE = "<script>alert(1)</script> *bold* <!channel> @everyone &amp; [x](javascript:alert(1))"


async def test_words_that_are_none(stage: Stage) -> None:
    ana = await stage.person("Ana")
    await ana.says("/coplan frobnicate the plan")
    await ana.sees("I do not know “frobnicate”. You could say:")
    await ana.says("/coplan")
    await ana.sees("You could say:")
    await ana.says("/coplan plan")
    await ana.sees("You have no plan here yet.")
    await ana.says('/coplan history "Nothing"')
    await ana.sees("None of your plans is called “Nothing”.")
    await ana.says('/coplan start "Rivers" fifteen-steps')
    await ana.sees("There is no template called “fifteen-steps”.")
    await ana.says(f"/coplan start {'x' * 10_000}")
    await ana.sees("10,000 characters; at most 120 fit.")
    await ana.says("/coplan start")
    await ana.submits()
    await ana.sees("Please answer this one.")
    await ana.fills(**{"What are you planning?": "\u200b \u200b"})
    await ana.submits()
    await ana.sees("is empty: write a few words.")
    await ana.dismisses_form()
    await ana.says("/coplan next")
    await ana.sees("You have no open plan here. Start one")


async def test_markup_and_mentions_are_shown_literally(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await starts(ana, '"<b>Rivers</b> *&amp;*" @Ben', ana, ben)
    await ben.sees("<b>Rivers</b> *&amp;*", in_=CARD)
    question = "What shall we plan?"
    await ana.clicks("My next steps", in_=CARD)
    await ana.clicks(question)
    await ana.fills(**{question: HOSTILE})
    await ana.submits()
    await ana.form_closes()
    await ben.clicks("History", in_=CARD)
    await ben.sees(HOSTILE)
    await ben.chooses("Open a step", "Develop the form")
    await ben.sees(HOSTILE)


async def test_a_platform_that_lets_10_000_characters_through(core: CoreStage) -> None:
    """A browser's input stops at the limit; the core must not count on that."""
    ana = await core.person("Ana")
    await starts(ana, '"Rivers"', ana)
    question = "What shall we plan?"
    await ana.clicks("My next steps", in_=CARD)
    await ana.clicks(question)
    await ana.fills(**{question: "x" * 10_000})
    await ana.submits()
    await ana.sees("10,000 characters; at most 3,000 fit. Shorten it.")
    assert len(await ana.answer_in_form(question)) == 10_000
    await ana.fills(**{question: "x" * 3000})
    await ana.submits()
    await ana.form_closes()
    await ana.clicks("History", in_=CARD)
    await ana.sees("x" * 200)
    await ana.chooses("Open a step", "Develop the form")
    await ana.clicks("Move date (Mon 23 Nov)")
    await ana.fills(**{"New date": "31 February"})  # Discord has no date picker
    await ana.submits()
    await ana.sees("There is no 31 February.")


async def test_dates_zones_and_hours(stage: Stage) -> None:
    ana = await stage.person("Ana")
    await ana.says("/coplan settings")
    await ana.clicks("Change")
    hours = {"Quiet from": "09:00", "Quiet until": "08:30"}
    await ana.fills(Reminders="Light: one reminder", **hours)
    await ana.submits()
    await ana.sees("From 09:00 until 08:30 is most of the day.")
    await ana.fills(**{"Quiet from": "21:00", "Quiet until": "06:30"})
    await ana.submits()
    await ana.sees("Reminders: Light: one reminder.", in_="Your settings")
    await ana.clicks("Time zone")
    await ana.fills(**{"Time zone": "Mars/Base"})
    await ana.submits()
    await ana.sees("Mars/Base")
    await ana.fills(**{"Time zone": "America/New_York"})
    await ana.submits()
    await ana.sees("quiet from 21:00 to 06:30. Time zone: America/New_York")

    await ana.opens("Coplan")
    await ana.says("timetable")
    await ana.clicks("School calendar")
    await ana.clicks("Say when school is")
    school = {
        "First day of school": "2026-11-16",
        "Last day of school": "2027-06-25",
        "Clock times, one period a line": "P1 08:00-09:00\nP2 08:30-09:30",
    }
    await ana.fills(**school)
    await ana.submits()
    await ana.sees("overlap")
    await ana.fills(**{"Clock times, one period a line": "P1 08:00-09:00\nP2 09:10-10:10"})
    await ana.submits()
    await ana.sees("Days Mon, Tue, Wed, Thu and Fri")
    await ana.clicks("Closures, labels and terms")
    await ana.fills(**{"Closed days, one a line": "31 February Carnival"})
    await ana.submits()
    await ana.sees("There is no 31 February.")
    await ana.fills(
        **{"Closed days, one a line": "18 November unplanned Snow\n21 Dec to 1 Jan Winter"}
    )
    await ana.submits()
    await ana.sees("2026-11-18 unplanned Snow")
    await ana.sees("2026-12-21 to 2027-01-01 planned Winter")

    await ana.says("timetable")
    await ana.clicks("Tap it in")
    await ana.clicks("P1: free")
    await ana.clicks("P2: free")
    await ana.clicks("P2: lesson")
    await ana.sees("P2: planning")
    await ana.clicks("Next: day Tue")
    await ana.sees("P1: free", in_="Day Tue")
    await ana.clicks("That is my week")
    await ana.sees("Is this your week?")
    await ana.clicks("Yes, save it")
    await ana.clicks("Look at my timetable")
    await ana.sees("lesson", in_="Your next free period")
    await ana.sees("planning", in_="Your next free period")


async def test_templates_good_and_bad(stage: Stage) -> None:
    ana = await stage.person("Ana")
    await adds_template(ana, TEMPLATE.replace("    title: Assessment\n", ""))
    await ana.sees("line 8")
    assert "Objectives" in await ana.answer_in_form("Or paste it here")
    await ana.fills(**{"Or paste it here": TEMPLATE.replace("label:", "lable:", 1)})
    await ana.submits()
    await ana.sees("lable")
    await ana.fills(**{"Or paste it here": "a: &a [x, x]\nb: [*a, *a]"})
    await ana.submits()
    await ana.sees("Nothing was changed")
    await ana.fills(**{"Or paste it here": ""})
    await ana.uploads("Template file (YAML)", "two.yaml", TEMPLATE.encode())
    await ana.submits()
    await ana.form_closes()
    await ana.sees("“Two steps” is there, with 2 steps.")
    await ana.clicks("Start a plan")
    await ana.fills(**{"What are you planning?": "Rivers", "Which steps?": "Two steps"})
    await ana.submits()
    await ana.sees("Started “Rivers” with nobody yet: 2 steps.")
