"""Partners come and go, hand steps on, sign them off, reopen them, and take things back."""

from tests.support.talk.school import fills_in, starts, team
from tests.support.talk.stage import Stage

CARD = "Every act is on record"
QUESTIONS = ("What shall we do?", "For whom?", "By when?", "How will we know it worked?")


async def test_a_late_joiner_a_hand_off_a_leave_and_undo(stage: Stage) -> None:
    maya, ben, rosa = await team(stage)
    await starts(maya, '"Rivers" @Ben', maya, ben, rosa)
    await rosa.clicks("My next steps", in_=CARD)
    await rosa.sees("There is no such plan here, or you are not one of its partners.")

    await maya.clicks("More…", in_=CARD)
    await maya.clicks("Add a partner")
    await maya.fills(**{"Who joins?": "Rosa"})
    await maya.submits()
    await maya.sees(
        "Added. Seen by you, Ben and Rosa, and by everybody who can read the plan's thread."
    )
    await rosa.sees("Maya added Rosa.")
    await rosa.sees("@Rosa, welcome to “Rivers”: 0 of 9 steps done.")
    await rosa.clicks("My next steps", in_="welcome to “Rivers”")
    await rosa.clicks("What do you know well that helps here?", in_="Only visible to you")
    await rosa.fills(**{"What do you know well that helps here?": "Old maps"})
    await rosa.submits()
    await rosa.sees("Saved. Seen by you, Maya and Ben.")

    await maya.chooses("Open a step", "Develop the form")
    await maya.chooses("Hand this step to…", "Ben")
    await maya.sees("Handed on.")
    await ben.sees("@Ben, your turn. Maya handed “Develop the form” to Ben.")
    await ben.clicks("My next steps", in_="your turn")
    await ben.sees("What shall we plan?", in_="Only visible to you")

    await ben.clicks("More…", in_=CARD)
    await ben.clicks("Leave")
    await ben.sees("You left the plan. What you did stays on record.")
    await maya.sees("Ben left the plan.")
    await ben.clicks("My next steps", in_=CARD)
    await ben.sees("There is no such plan here, or you are not one of its partners.")
    await maya.sees("answers only by Maya and Rosa.", in_=CARD)
    await ben.clicks("Undo", in_="You left the plan.")
    await ben.sees("Undone: it is as it was before.")
    await maya.sees("answers only by Maya, Ben and Rosa.", in_=CARD)


async def test_undo_from_the_thread_and_a_second_click(stage: Stage) -> None:
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben', maya, ben)
    await maya.clicks("More…", in_=CARD)
    await maya.clicks("Rename")
    await maya.fills(**{"New title": "Streams"})
    await maya.submits()
    await maya.sees("Renamed.")
    await ben.sees("Streams", in_=CARD)
    await ben.clicks_twice("Undo", in_="Maya renamed the plan")
    await ben.sees("Undone: it is as it was before.")
    await ben.sees("Rivers", in_=CARD)
    assert await ben.counts("Undone: it is as it was before.") == 1, "the second click does nothing"
    await maya.clicks("History", in_=CARD)
    await maya.sees("Ben took back: renamed the plan")


async def test_sign_off_reopen_finish_and_old_cards(stage: Stage) -> None:
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben short-form', maya, ben)
    await ben.clicks("My next steps", in_=CARD)
    await ben.sees("Nothing waits on you now. Your partners have their turns.")
    await maya.clicks("My next steps", in_=CARD)
    for question in QUESTIONS[:3]:
        await fills_in(maya, question, question, "As we said")
    await fills_in(maya, "Who does what?", "Who does what?", "Ben brings the maps")
    await maya.clicks("How will we know it worked?")
    await maya.fills(**{"How will we know it worked?": "We ask them"})
    await maya.submits()
    await ben.sees("to be signed off by Ben", in_=CARD)
    await ben.clicks("My next steps", in_=CARD)
    await ben.clicks("Sign off “The plan in five answers”")
    await ben.sees("Ben brings the maps")

    await ben.clicks("Sign off")
    await ben.sees("Signed off.")
    await ben.sees("1 of 1 step done", in_=CARD)
    await maya.chooses("Open a step", "The plan in five answers")
    await maya.clicks("Open it again")
    await maya.sees("Open again: change what you like, then close it.")
    await ben.sees("open again", in_=CARD)
    await maya.chooses("Open a step", "The plan in five answers")
    await maya.clicks("Close this step")
    await maya.sees("Closed.")
    await ben.clicks("My next steps", in_=CARD)
    await ben.clicks("Sign off “The plan in five answers”")
    await ben.clicks("Sign off")
    await maya.clicks("More…", in_=CARD)
    await maya.clicks("Finish")
    await maya.sees("Finished. Well done, all of you.")
    await ben.sees("finished", in_="Use it again")


async def test_archived_while_a_form_was_open(stage: Stage) -> None:
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben', maya, ben)
    question = "What do you know well that helps here?"
    await ben.clicks("My next steps", in_=CARD)
    await ben.clicks(question, in_="Only visible to you")
    await ben.fills(**{question: "A long text that nobody wants to write twice"})
    await maya.clicks("More…", in_=CARD)
    await maya.clicks("Archive")
    await maya.sees("Archived. Nobody is reminded of it any more.")

    await ben.submits()
    await ben.sees("“Rivers” is archived, so nothing was saved.")
    assert await ben.answer_in_form(question) == "A long text that nobody wants to write twice"
    await maya.clicks("Reopen the plan", in_=CARD)
    await maya.sees("Open again.")
    await ben.submits()
    await ben.form_closes()
    await ben.sees("Saved.")
    await maya.clicks("History", in_=CARD)
    await maya.sees("A long text that nobody wants to write twice")


async def test_a_session_is_proposed_and_accepted(stage: Stage) -> None:
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben', maya, ben)
    await maya.clicks("When are we free?", in_=CARD)
    await maya.sees("No timetable yet of you and Ben: working hours are assumed.")
    await maya.clicks("Propose Tue 17 Nov, 09:00")
    await maya.fills(**{"What for?": "Agree on the map", "Where or how?": "Library"})
    await maya.submits()
    await maya.sees("Proposed. Your partners are asked in the plan's thread.")
    await ben.sees("Tue 17 Nov, 09:00", in_="Session: Agree on the map")
    await ben.sees("Library", in_="Session: Agree on the map")
    await ben.clicks("I can come", in_="who can come?")
    await ben.sees("Accepted.")
    await ben.sees("Agreed. Maya and Ben can.")
    await ben.clicks("My next steps", in_=CARD)  # not twice at once: that would be one click
    await ben.clicks("I can come", in_="Agreed.")
    await ben.sees("Nothing changed: that is how it stands already.")
    await maya.sees("Ben accepted a session")
    await maya.clicks("Add…", in_=CARD)
    await maya.sees("Agree on the map", in_="Add to “Rivers”")
