import asyncio
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.chat.inbound import Inbound, Said, Submitted, Upload
from bot.chat.ports import ThreadWorkshop
from bot.chat.reading.planning import nothing
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.chat.routing import Route, shows, takes, writes
from bot.chat.saying import plainly, verb
from bot.domain import errors
from bot.domain.timetable.grid import Grid
from bot.ui.actions import action
from bot.ui.cards import Card, Text
from bot.ui.pages.help import VERBS
from bot.ui.pages.problems import OLD_FORM
from bot.ui.replies import CardReply, FormReply, Reply
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from tests.support.clicking import (
    Bot,
    Hand,
    button,
    buttons,
    card,
    failed,
    form,
    summary,
    wrong,
)

STALE = "That button is from an older message"


def no_table(_: bytes, __: str) -> Grid:
    raise AssertionError("no table was sent")


def answer(words: str) -> Reply:
    return CardReply(card=Card(title=words, summary=words, blocks=(Text((words,)),)))


def with_routes(bot: Bot, **more: Route) -> None:
    """Let the bot know more routes."""
    bot.router = Router(bot.door, {**routes(no_table), **more}, ThreadWorkshop())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (Said(parts=("next",)), "next"),
        (Said(parts=("  NEXT  please ",)), "next"),
        (Said(parts=()), ""),
        (Said(parts=("",)), ""),
        (Said(parts=("start",)), "start.form"),
        (Said(parts=('start "Rivers"',)), "start"),
        (Said(parts=("timetable",)), "timetable"),
        (Said(parts=("timetable",), files=(Upload(name="a.csv", content=b""),)), "tt.read"),
        (Said(parts=(), files=(Upload(name="a.csv", content=b""),)), "tt.read"),
        (Said(parts=(" ",), files=(Upload(name="a.csv", content=b""),)), "tt.read"),
        (Said(parts=("next",), files=(Upload(name="a.csv", content=b""),)), "next"),
        (Said(parts=("Start.Form",)), "start.form"),
        (Said(parts=("link",)), "link"),
        (Said(parts=("link Watershed",)), "link"),
        (Said(parts=('link "River birds"',)), "link"),
        (Said(parts=("link K7QF2-M9PXA",)), "link.use"),
        (Said(parts=("link k7qf2 m9pxa",)), "link.use"),
        (Said(parts=("link code: what was it",)), "link.use"),
        (Said(parts=("link Code club",)), "link"),
        (Said(parts=("settings please",)), "settings"),
        (Said(parts=("settings zone",)), "settings"),
        (Said(parts=("settings timezone: Mars",)), "settings.zone"),
        (Said(parts=("settings timezone:Mars",)), "settings.zone"),
        (Said(parts=("settings Europe/Berlin",)), "settings.zone"),
        (Said(parts=("settings London",)), "settings.zone"),
        (Said(parts=("settings time zone new york.",)), "settings.zone"),
        (Said(parts=("next?",)), "next"),
        (Said(parts=("Hi Coplan, what’s next?",)), "next"),
        (Said(parts=("/coplan next",)), "next"),
        (Said(parts=('/Coplan start "Rivers"',)), "start"),
        (Said(parts=("/coplan",)), "/coplan"),
        (Said(parts=("show me the plan Rivers",)), "plan"),
        (Said(parts=("plans",)), "plan"),
        (Said(parts=("reminders",)), "remind"),
        (Said(parts=("please remind Sundays 18:00: say please",)), "remind.add"),
        (Said(parts=("No school tomorrow",)), "noschool"),
        (Said(parts=("time table",)), "timetable"),
        (Said(parts=("could you please start",)), "start.form"),
        (Said(parts=("start a new plan",)), "start.form"),
        (Said(parts=("start Plan B",)), "start"),
        (Said(parts=("I'm away until Thursday",)), "away"),
        (Said(parts=("link K7QF2 M9PXA please",)), "link.use"),
        (Said(parts=("the start of term is near",)), "the"),
        (Said(parts=("what shall we plan?",)), "what"),
        (Said(parts=("strat",)), "strat"),
    ],
)
def test_which_verb_was_said(said: Said, meant: str) -> None:
    assert verb(said) == meant


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("noschool tomorrow snow, please", "noschool tomorrow snow"),
        ("digest now", "digest"),
        ("Plan: Rivers", "plan Rivers"),
        ('start "Say please"', 'start "Say please"'),
        ("remind Sundays 18:00: say please", "remind Sundays 18:00: say please"),
        ("banana please", "banana please"),
    ],
)
def test_what_only_surrounds_the_words_is_left_out(typed: str, plain: str) -> None:
    assert plainly(Said(parts=(typed,))).parts == (plain,)


def test_a_mention_before_the_verb(bot: Bot) -> None:
    assert verb(Said(parts=(bot.person("Ben").person, " when"))) == "when"


async def test_words_that_are_no_verb_give_the_three_that_fit(ana: Hand, ben: Hand) -> None:
    reply = await ana.says("banana split")
    assert [b.label for b in buttons(card(reply))] == ["Start", "Timetable", "Log"]
    assert "“banana”" in summary(reply)
    await ana.starts("Rivers", ben)
    reply = await ana.says("")
    assert [b.label for b in buttons(card(reply))] == ["Next", "Plan", "Timetable"]
    assert summary(reply).startswith("You could say:")
    await ana.submits("tt.hourssave", hours="weekdays after 16:00")
    reply = await ana.says("hm")
    assert [b.label for b in buttons(card(reply))] == ["Next", "Plan", "When"]


@pytest.mark.parametrize(
    ("typed", "near"), [("nxt", "next"), ("strat Rivers", "start"), ("no shool", ""), ("hm", "")]
)
async def test_a_slip_of_a_verb_is_asked_about_and_does_nothing(
    bot: Bot, ana: Hand, typed: str, near: str
) -> None:
    await ana.says("next")
    before = bot.everything()
    reply = await ana.says(typed)
    assert (f"Did you mean “{near}”?" in summary(reply)) == bool(near)
    assert buttons(card(reply))[0].label == (near.capitalize() or "Start")
    before["inbox"] = bot.everything()["inbox"]
    assert bot.everything() == before


@pytest.mark.parametrize("name", VERBS)
async def test_every_verb_that_may_be_meant_has_a_button_that_works(
    ana: Hand, ben: Hand, name: str
) -> None:
    await ana.starts("Rivers", ben)
    reply = await ana.says(f"{name}x")
    assert buttons(card(reply))[0].label == name.capitalize()
    pressed = await ana.presses(reply, name.capitalize())
    assert isinstance(pressed, FormReply) or not failed(pressed)


async def test_the_words_behind_a_verb_are_the_same_however_it_is_asked_for(
    ana: Hand, ben: Hand
) -> None:
    await ana.starts("Rivers", ben)
    plain = await ana.says("plan Rivers")
    for typed in ("Plan: Rivers", "please show me the plan Rivers", "plans Rivers please!"):
        assert await ana.says(typed) == plain


async def test_a_very_long_word_that_is_no_verb(ana: Hand) -> None:
    assert len(summary(await ana.says("x" * 10_000))) < 200


async def test_the_buttons_of_the_three_verbs_work(ana: Hand) -> None:
    reply = await ana.says("hm")
    assert form(await ana.presses(reply, "Start")).title == "Start a plan"
    assert "timetable" in summary(await ana.presses(reply, "Timetable"))


@pytest.mark.parametrize("old", ["gone.away|1", "", "|", "plan", "plan.show", "\x00", "é" * 500])
async def test_an_action_that_is_no_more_is_a_stale_button(ana: Hand, old: str) -> None:
    clicked = await ana.clicks(old)
    if old != "plan":
        assert summary(clicked).startswith(STALE)
        assert wrong(await ana.submits(old)) == {"": OLD_FORM}, "with all that was written"


@pytest.mark.parametrize("name", ["start.form", "tt.read", "field.save", "banana"])
async def test_saying_the_name_of_a_route_is_no_way_in(ana: Hand, name: str) -> None:
    reply = await ana.says(f"{name} x")
    assert isinstance(reply, CardReply) or name in {"start.form", "tt.read"}


async def test_a_known_problem_is_a_page_with_a_remedy(ana: Hand) -> None:
    reply = await ana.says("plan Nothing of that name")
    assert failed(reply)
    assert "Say “plan” alone" in summary(reply)


async def test_errors_of_a_form_stay_in_the_form(ana: Hand) -> None:
    assert wrong(await ana.submits("start.save", title="  ", template="")) == {
        "title": "The title is empty: write a few words."
    }


async def test_errors_of_an_answer_outside_a_form_are_a_page(ana: Hand) -> None:
    reply = await ana.says('start "   "')
    assert failed(reply)
    assert "The title is empty" in summary(reply)


async def test_an_unknown_error_gives_a_reference_and_logs_no_text(bot: Bot, ana: Hand) -> None:
    def broken(_: Work, __: Actor, ___: None) -> str:
        raise RuntimeError("secret words of a member")

    with_routes(bot, help=shows(nothing, broken, answer))
    before = bot.everything()
    with capture_logs() as logs:
        reply = await ana.says("help with my secret words")
    (entry,) = logs
    assert entry["event"] == "act_failed"
    assert entry["reference"] in summary(reply)
    assert failed(reply)
    assert "secret" not in summary(reply)
    assert "secret" not in json.dumps({k: v for k, v in entry.items() if k != "exc_info"})
    assert before["plans"] == bot.everything()["plans"]


async def test_an_error_while_showing_or_reading_is_answered_too(bot: Bot, ana: Hand) -> None:
    def show(_: object) -> Reply:
        raise KeyError("x")

    def read(_: Inbound) -> None:
        raise ZeroDivisionError

    def run(_: Work, __: Actor, ___: object) -> None:
        return None

    with_routes(
        bot,
        help=shows(nothing, run, show),
        digest=shows(nothing, run, show, slow=True),
        next=shows(read, run, answer),
    )
    with capture_logs() as logs:
        for verb_ in ("help", "digest", "next"):
            assert failed(await ana.says(verb_))
    assert len({entry["reference"] for entry in logs}) == 3


async def test_the_same_delivery_takes_effect_once(bot: Bot, ana: Hand, ben: Hand) -> None:
    for _ in range(3):
        reply = await ana.says('start "Rivers" nine-step', ben.person, key="delivery-1")
    assert summary(reply).startswith("That is done already.")
    assert len(bot.read(lambda w: w.plans.of_member(ana.member.id))) == 1


async def test_the_same_delivery_many_times_at_once(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    acts = (
        ana.submits(action("decision.save", plan), text="We take the river", key="same")
        for _ in range(20)
    )
    replies = await asyncio.gather(*acts)
    assert sum(not failed(reply) for reply in replies) == 1
    assert len(bot.plan(plan).decisions) == 1


async def test_a_delivery_without_a_key_is_always_new(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    for _ in range(2):
        await ana.submits(action("decision.save", plan), text="Twice", key="")
    assert len(bot.plan(plan).decisions) == 2


async def test_a_delivery_whose_act_was_refused_may_be_repeated(ana: Hand) -> None:
    refused = await ana.submits("start.save", title="", key="again")
    assert wrong(refused)
    again = await ana.submits("start.save", title="Rivers", key="again")
    assert "Started" in summary(again)


async def test_reading_does_not_write(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.clicks("next")
    before = bot.everything()
    for read in ("next", f"plan.show|{plan}", f"hist|{plan}", "settings", "timetable", "school"):
        assert not failed(await ana.clicks(read))
    assert bot.everything() == before


async def test_somebody_unseen_is_stored_on_a_route_that_reads(bot: Bot, ana: Hand) -> None:
    assert "You have no open plan here" in summary(await ana.says("next"))
    assert not ana.member.reachable
    await ana.clicks("next")
    assert ana.member.reachable
    renamed = replace(ana.person, name="Ana María", zone=None)
    await replace(ana, person=renamed).says("next")
    assert (ana.member.name, ana.member.zone) == ("Ana María", "Europe/Berlin")
    assert len(bot.read(lambda w: w.members.all())) == 1


async def test_many_first_sights_at_once_are_one_member(bot: Bot, ana: Hand) -> None:
    await asyncio.gather(*(ana.says("next") for _ in range(20)))
    assert len(bot.read(lambda w: w.members.all())) == 1


async def test_bytes_are_parsed_before_the_unit_of_work(bot: Bot, ana: Hand) -> None:
    seen: list[str] = []

    def prepare(read: str) -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            seen.append("prepared beside the loop")
        return f"{read}, prepared"

    def run(work: Work, _: Actor, command: str) -> str:
        assert work.now
        seen.append(f"ran with {command}")
        return command

    with_routes(bot, help=takes(lambda _: "read", prepare, run, answer))
    assert summary(await ana.says("help")) == "read, prepared"
    assert seen == ["prepared beside the loop", "ran with read, prepared"]


async def test_what_cannot_be_parsed_changes_nothing(bot: Bot, ana: Hand) -> None:
    def prepare(_: object) -> object:
        raise errors.InvalidInput(what="That is no table.", remedy="Send one.")

    def run(_: Work, __: Actor, ___: object) -> str:
        raise AssertionError("it must not run")

    with_routes(bot, help=takes(nothing, prepare, run, answer))
    before = bot.everything()
    assert summary(await ana.says("help", key="x")) == "That is no table. Send one."
    assert bot.everything() == before


async def test_a_unit_that_fails_leaves_no_trace_of_the_delivery(bot: Bot, ana: Hand) -> None:
    def run(work: Work, actor: Actor, _: None) -> str:
        work.drafts.put(actor.id, "x", b"half")
        raise errors.UnknownPlan

    with_routes(bot, help=writes(nothing, run, answer))
    await ana.says("next")
    before = bot.everything()
    assert failed(await ana.says("help"))
    assert bot.everything() == before


async def test_the_log_keeps_where_an_act_was_done(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben)
    await ana.submits(action("decision.save", plan), text="Yes")
    last = bot.log(plan)[-1]
    assert (last.source.platform, last.source.place) == ("playground", "staff")
    assert (last.source.message, last.source.zone) == ("m2", "Europe/Berlin")


async def test_when_the_store_is_closed_it_says_so(bot: Bot, ana: Hand) -> None:
    await bot.door.close()
    assert "it is starting or stopping" in summary(await ana.says("next"))


async def test_a_button_found_by_its_label(ana: Hand) -> None:
    assert button(await ana.says("next"), "Start").action.name == "start.form"


async def test_a_table_that_cannot_be_read_stays_in_its_form(ana: Hand) -> None:
    assert "text" in wrong(await ana.submits("tt.read", text="", person=""))
    reply = await ana.does(Submitted(action="tt.read", values={"text": ("nonsense",)}))
    assert failed(reply)
