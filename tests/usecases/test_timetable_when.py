"""`when`: people never seen before, a plan of just these people, many with long names."""

from bot.chat.inbound import Said
from bot.domain.ids import PlanId
from bot.ui.actions import action
from bot.ui.cards import Bullets
from bot.ui.forms import TextInput
from bot.ui.pages import help as help_pages
from tests.support.clicking import TABLE, Bot, Hand, button, buttons, card, failed, form, summary
from tests.ui.test_pages_limits import within

NAMES = [
    f"{number} Wolfeschlegelsteinhausenbergerdorff-Montgomery the {number}th"
    for number in range(19)
]


async def test_whoever_was_never_seen_can_be_named(bot: Bot, ana: Hand) -> None:
    found = await ana.says("when", bot.person("Stranger").person)
    assert "of you and Stranger" in summary(found)


async def test_no_verb_fails_for_a_person_never_seen(bot: Bot, ana: Hand) -> None:
    await ana.starts("Rivers")
    reading = [verb for verb in help_pages.VERBS if not TABLE[verb].changes]
    for number, verb in enumerate(["when", *reading]):
        reply = await ana.does(Said(parts=(f"{verb} ", bot.person(f"New {number}").person)))
        assert "read-only" not in str(reply), verb
        assert "Something went wrong" not in str(reply), verb
        assert "cannot reach its database" not in str(reply), verb


async def test_only_a_plan_of_just_these_people_gets_the_session(bot: Bot, ana: Hand) -> None:
    ben, cara = bot.person("Ben"), bot.person("Cara")
    await ana.starts("Rivers", ben, cara)
    found = await ana.says("when", ben.person)
    assert not [b for b in buttons(card(found)) if b.label.startswith("Propose")]
    assert "start a plan with just these people" in str(card(found).blocks)
    pair = await ana.starts("Towns", ben)
    assert button(await ana.says("when", ben.person), "Propose").action.args[0] == pair


async def test_twenty_people_with_long_names(bot: Bot, ana: Hand) -> None:
    others = [bot.person(name) for name in NAMES]
    plan = await ana.starts("Rivers", *others)
    for at, other in enumerate(others):
        await other.submits("tt.hourssave", hours="Mon 8-18" if at % 2 else "Tue 8-18")
    none = await ana.clicks(f"when|{plan}")
    assert card(none).title == "No common time"
    within(none)
    for other in others:
        await other.submits("tt.hourssave", hours="weekdays 8-18")
    found = await ana.clicks(f"when|{plan}")
    within(found)
    assert not failed(found)


async def test_lines_and_buttons_tell_one_zone(bot: Bot) -> None:
    ana = bot.person("Ana", zone="Europe/Berlin")
    ben = bot.person("Ben")
    await ana.starts("Rivers", ben)
    assert not failed(await ana.submits("settings.zonesave", zone="America/New_York"))
    found = await ana.says("when")
    told = button(found, "Propose").label.removeprefix("Propose ")
    assert told in str(card(found).blocks[1])
    assert "Times are those of America/New_York." in str(card(found).blocks)


async def never_together(ana: Hand, ben: Hand) -> PlanId:
    plan = await ana.starts("Rivers", ben)
    assert not failed(await ana.submits("tt.hourssave", hours="Mon, Wed 8:00-12:00"))
    assert not failed(await ben.submits("tt.hourssave", hours="Tue 8:00-12:00; Wed 13:00-18:00"))
    return plan


async def test_without_a_common_time_the_offer_is_told_to_the_others_in_two_taps(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await never_together(ana, ben)
    none = await ana.says("when")
    within(none)
    assert card(none).title == "No common time"
    asked = await ana.presses(none, "Plan apart like this")
    assert form(asked).note.endswith("by everybody who can read the plan's thread.")
    (told,) = form(asked).inputs
    assert isinstance(told, TextInput)
    assert told.initial.startswith("Let us plan apart, one after another (times of Europe/Berlin)")
    assert "Ben on Tue 24 Nov, 08:00–12:00" in told.initial
    assert not failed(await ana.fills(asked, text=told.initial))
    (comment,) = bot.plan(plan).comments
    assert comment.text == told.initial


async def test_the_open_step_is_handed_to_whoever_is_free(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await never_together(ana, ben)
    none = await ana.says("when")
    await ana.chooses(none, "Ben, free Tue 24 Nov, 08:00")
    assert bot.plan(plan).steps[0].turn == ben.member.id


async def test_a_session_at_a_time_of_one_s_own(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await never_together(ana, ben)
    asked = await ana.presses(await ana.says("when"), "Propose another time")
    assert form(asked).inputs[1].hint == "In your time zone: Europe/Berlin"
    for wrong_one, says in (
        ({"day": "31 February", "start": "16", "until": "17"}, "There is no 31 February"),
        ({"day": "", "start": "16", "until": "17"}, "Say on which day."),
        ({"day": "today", "start": "7:00", "until": "8:00"}, "That time is over already"),
        ({"day": "tomorrow", "start": "soon", "until": "17"}, "no time of the day"),
        ({"day": "tomorrow", "start": "16:00", "until": "16:00"}, "start and the end are the same"),
        ({"day": "tomorrow", "start": "7:00", "until": "22:00"}, "more than 12 hours"),
        ({"day": "2027-03-28", "start": "02:00", "until": "03:00"}, "The clocks go forward then"),
    ):
        assert says in summary(await ana.fills(asked, purpose="Go", medium="", **wrong_one))
    assert bot.plan(plan).sessions == ()
    late = {
        "day": "tomorrow",
        "start": "23:30",
        "until": "0:15",
        "purpose": "Go",
        "medium": "phone",
    }
    assert "Proposed." in summary(await ana.fills(asked, **late))
    (made,) = bot.plan(plan).sessions
    assert (made.start.isoformat(), made.end.isoformat()) == (
        "2026-11-24T22:30:00+00:00",
        "2026-11-24T23:15:00+00:00",
    )


async def test_the_offer_is_over_when_there_is_a_common_time(ana: Hand, ben: Hand) -> None:
    plan = await never_together(ana, ben)
    await ben.submits("tt.hourssave", hours="Mon 8:00-12:00")
    over = await ana.clicks(action("when.apart", plan))
    assert "there is a common time now" in summary(over)


async def test_every_common_slot_can_be_reached_and_proposed(ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    page = await ana.says("when")
    seen: list[str] = []
    while True:
        within(page)
        labels = [b.label for b in buttons(card(page))]
        seen += [label for label in labels if label.startswith("Propose ") and "…" not in label]
        more = [label for label in labels if label.endswith(" more")]
        if not more:
            break
        page = await ana.presses(page, more[0])
    assert summary(page).startswith(f"{len(seen)} common slots of you and Ben")
    assert len(set(seen)) == len(seen) > 5
    assert button(await ana.presses(page, "Back to the first"), "Propose").label == seen[0]
    beyond = await ana.clicks(action("when.more", plan, "5000"))
    assert "Back to the first" in [b.label for b in buttons(card(beyond))]
    assert not [b for b in buttons(card(beyond)) if b.label.endswith(" more")]


async def test_people_without_a_plan_of_their_own_get_all_slots_listed(
    ana: Hand, ben: Hand
) -> None:
    shown = await ana.says("when", ben.person)
    within(shown)
    (lines,) = [block for block in card(shown).blocks if isinstance(block, Bullets)]
    assert summary(shown).startswith(f"{len(lines.items)} common slots")
