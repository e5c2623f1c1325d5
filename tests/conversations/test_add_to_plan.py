"""Words of the chat come into a plan where somebody picks the message, and in no other way."""

import json

from tests.support.talk.school import starts
from tests.support.talk.stage import CHANNEL, Actor, Stage

AS = "As what?"
TEXT = "What is written down"


async def test_a_message_of_a_partner_is_added_credited_and_taken_back(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await starts(ana, '"Rivers" @Ben', ana, ben)
    await ben.says("We meet at the <museum> at noon, @Ana", thread=True)
    await ana.picks("at noon")
    await ana.sees_form("Add to plan")
    await ana.sees("Goes into “Rivers”. Seen by you and Ben")
    await ana.sees("Ben is credited for the words.")
    assert await ana.answer_in_form(TEXT) == "We meet at the <museum> at noon, @Ana"
    await ana.submits()
    await ana.sees("Please answer this one.")
    await ana.fills(**{AS: "A decision"})
    await ana.submits()
    await ana.form_closes()
    await ana.sees("The message is a decision now. Ben is credited for the words.")
    await ben.sees("Ana credited you for “Ana wrote down a decision”.")
    await ben.sees_not("The message is a decision now.")
    assert await ana.counts("at noon") == 1, "the message itself stays, and is quoted to nobody"
    await ben.clicks("Look at the entry")
    await ben.sees("Link: ")

    await ana.clicks("Undo", in_="The message is a decision now.")
    await ana.sees("Undone")
    found = await exported(ana)
    assert found["decisions"] == []
    kinds = ["decided", "credited", "undone"]
    assert [entry["kind"] for entry in found["log"]][-3:] == kinds


async def test_talk_in_the_channel_into_one_of_several_plans(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await starts(ana, '"Rivers" @Ben', ana, ben)
    for actor in (ana, ben):
        await actor.opens(CHANNEL)
    await ana.says('/coplan start "Alone" short-form')
    await ana.sees("Started “Alone”")
    long = "Who brings the nets? " * 60
    await ben.says(long, ("nets.txt", b"12"))
    await ana.picks("Who brings the nets?")
    await ana.sees("Which plan?")
    await ana.sees("Shortened: of 1,275 characters, 1,000 fit.")
    await ana.sees("Seen by the partners of the plan")
    assert (await ana.answer_in_form(TEXT)).startswith("Ben: Who brings the nets?")
    await ana.fills(
        **{
            "Which plan?": "Rivers",
            AS: "A resource, with the link",
            TEXT: "Nets",
            "Link to the message": "",
        }
    )
    await ana.submits()
    await ana.form_closes()
    await ana.sees("The message is a resource now. Ben is credited for the words.")
    await ana.opens("Rivers")
    await ana.clicks("Add…", in_="0 of 9 steps done")
    await ana.sees("Resource: Nets")
    await ben.opens("Rivers")
    await ben.sees("Ana credited you for “Ana added a resource”.")


async def test_a_comment_with_what_somebody_wrote_is_told_once(stage: Stage) -> None:
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await starts(ana, '"Rivers" @Ben', ana, ben)
    await ben.says("Mind the weather", thread=True)
    await ana.picks("Mind the weather")
    await ana.fills(**{AS: "A comment on “Develop the form”"})
    await ana.submits()
    await ana.sees("The message is a comment on “Develop the form” now.")
    await ben.sees("Ana commented on “Develop the form” with what")
    assert await ben.counts("Ana commented on “Develop the form” with what") == 1
    assert await ben.counts("credited you") == 0
    await ben.clicks("Open the step", in_="Ana commented on")
    await ben.sees("Mind the weather", in_="Develop the form")


async def test_without_a_plan_one_is_offered(stage: Stage) -> None:
    ana = await stage.person("Ana")
    await ana.says("Shall we plan something?")
    await ana.picks("Shall we plan something?")
    await ana.sees("You have no plan here yet.")
    await ana.clicks("Start a plan")
    await ana.sees_form("Start a plan")
    await ana.dismisses_form()


async def exported(actor: Actor) -> dict[str, list[dict[str, object]]]:
    """Export the plan of the open thread."""
    await actor.clicks("More…", in_="0 of 9 steps done")
    await actor.clicks("Export")
    await actor.sees("Markdown to read, HTML to print, JSON to import again.")
    found: dict[str, list[dict[str, object]]] = json.loads(await actor.downloads(".json"))
    return found
