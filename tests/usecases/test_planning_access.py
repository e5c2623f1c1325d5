"""Who is no partner learns nothing: not that a plan exists, nor what an id of it would do."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.inbound import Upload
from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.places import MessageRef, PlaceKind
from bot.domain.places import Place as Where
from bot.ui.actions import action
from tests.support.clicking import TABLE, Bot, Hand, failed, opened, summary

UNKNOWN = "There is no such plan here, or you are not one of its partners."

# Every route whose first argument is a plan: the rest of its arguments, and its form's answers.
OF_A_PLAN: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "plan.show": ((), {}),
    "plan": ((), {}),
    "plan.next": ((), {}),
    "next.more": (("4",), {}),
    "plan.add": ((), {}),
    "plan.more": ((), {}),
    "plan.rename": ((), {}),
    "plan.renamed": ((), {"title": "Mine now"}),
    "plan.finish": (("anyway",), {}),
    "plan.archive": ((), {}),
    "plan.reopen": ((), {}),
    "plan.copy": ((), {}),
    "plan.leave": ((), {}),
    "plan.move": ((), {}),
    "link": ((), {}),
    "link.off": (("discord",), {}),
    "plan.export": ((), {}),
    "log": ((), {}),
    "when": ((), {}),
    "when.more": (("5",), {}),
    "when.apart": ((), {}),
    "history": ((), {}),
    "digest": ((), {}),
    "export": ((), {}),
    "partner.form": ((), {}),
    "partner.add": ((), {}),
    "partner.remove": ((), {}),
    "role.pick": ((), {}),
    "role.take": (("scribe",), {}),
    "undo": (("1",), {}),
    "step.pick": (("form",), {}),
    "step.show": (("form",), {}),
    "step.sign": (("form",), {}),
    "step.reopen": (("form",), {}),
    "step.close": (("form",), {}),
    "step.hand": (("form",), {}),
    "step.due": (("form",), {}),
    "step.duesave": (("form",), {"due": "Friday"}),
    "field.open": (("form", "idea"), {}),
    "field.save": (("form", "idea", "0"), {"text": "Mine"}),
    "field.choose": (("1", "0", "mine"), {}),
    "comment.form": (("form",), {}),
    "comment.save": (("form",), {"text": "Mine"}),
    "item.form": (("decision",), {}),
    "decision.save": ((), {"text": "Mine"}),
    "challenge.save": ((), {"kind": "other", "text": "Mine"}),
    "challenges": ((), {}),
    "remedy.try": (("{challenge}",), {}),
    "remedy.form": (("{challenge}",), {}),
    "remedy.save": (("{challenge}",), {"text": "Mine"}),
    "challenge.close": (("{challenge}",), {}),
    "duty.save": ((), {"text": "Mine", "owner": "together"}),
    "duty.done": (("{duty}",), {}),
    "resource.save": ((), {"title": "Mine"}),
    "minutes.save": ((), {"minutes": "5"}),
    "message.save": ((), {"kind": "decision", "text": "Mine"}),
    "session.form": (("1795507200", "1795509900"), {}),
    "session.save": (("1795507200", "1795509900"), {"purpose": "Mine"}),
    "session.own": ((), {}),
    "session.ownsave": (
        (),
        {"day": "tomorrow", "start": "16:00", "until": "17:00", "purpose": "Mine"},
    ),
    "session.show": (("{session}",), {}),
    "session.yes": (("{session}",), {}),
    "session.no": (("{session}",), {}),
    "out.kind": (("talk",), {}),
    "out.log": (("talk", "0-5", "{ana}"), {}),
    "out.form": ((), {}),
    "out.save": ((), {"kind": "talk", "band": "0-5", "partner": "x"}),
    "out.show": (("{outside}",), {}),
    "out.yes": (("{outside}",), {}),
    "out.file": (("{file}",), {}),
    "hist": ((), {}),
    "entry.pick": (("1",), {}),
    "note.form": (("1",), {}),
    "note.save": (("1",), {"text": "Mine"}),
    "dispute.form": (("1",), {}),
    "dispute.save": (("1",), {"text": "Mine"}),
    "credit": (("1",), {}),
    "digest.form": ((), {}),
    "digest.save": ((), {"weekday": "2", "at": "8:30"}),
    "remind": ((), {}),
    "remind.new": ((), {}),
    "remind.save": ((), {"when": "Sundays 18:00", "text": "Mine"}),
    "remind.open": (("{reminder}",), {}),
    "remind.change": (("{reminder}", "1"), {"when": "Sundays 18:00", "text": "Mine"}),
    "remind.stop": (("{reminder}",), {}),
}
CHOOSING = {"step.hand": "{ana}", "partner.remove": "{ana}", "remedy.try": "0", "credit": "{ana}"}
FREE = {
    "start", "next", "timetable", "settings", "help", "start.form", "start.save",
    "remind.add", "message.form", "place.back", "template.form", "template.save", "import.form",
    "import.save", "link.use", "link.forget",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    bot: Bot
    ana: Hand
    rosa: Hand
    """She was a partner, and left."""
    plan: PlanId
    ids: dict[str, str]


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with opened(tmp_path_factory.mktemp("access")) as bot:
        ana, ben, rosa = bot.person("Ana"), bot.person("Ben"), bot.person("Rosa")
        await ben.clicks("next")
        plan = await ana.starts("Rivers", ben, rosa)
        await ana.submits(action("challenge.save", plan), kind="other", text="It rains")
        await ana.submits(action("duty.save", plan), text="Book the bus", owner="together")
        soon = int((bot.clock.now() + timedelta(days=1)).timestamp())
        await ana.submits(action("session.save", plan, str(soon), str(soon + 60)), purpose="Talk")
        await rosa.submits(
            action("out.save", plan),
            kind="talk",
            band="0-5",
            partner=ana.member.id,
            files={"file": (Upload(name="a.txt", content=b"a"),)},
        )
        assert not failed(await rosa.clicks(action("plan.leave", plan)))
        await ana.says("remind Sundays 18:00: post your notes")
        now = bot.plan(plan)
        reminders = bot.read(lambda work: work.recurring.of_partnership(now.partnership))
        ids = {
            "reminder": reminders[0].id,
            "ana": ana.member.id,
            "challenge": now.challenges[0].id,
            "duty": now.responsibilities[0].id,
            "session": now.sessions[0].id,
            "outside": now.outside[0].id,
            "file": now.outside[0].file,
        }
        yield Place(bot=bot, ana=ana, rosa=rosa, plan=plan, ids=ids)


def test_every_route_is_in_the_list_or_needs_no_plan(place: Place) -> None:
    rest = {name for name in TABLE if name not in OF_A_PLAN and name not in FREE}
    free = {"tt", "school", "noschool", "settings", "away", "later", "feeds"}
    assert {name.split(".")[0] for name in rest} <= free
    assert place.plan


@pytest.mark.parametrize("route", sorted(OF_A_PLAN))
async def test_nobody_but_a_partner_gets_anywhere(place: Place, route: str) -> None:
    words, answers = OF_A_PLAN[route]
    given = [word.format_map(place.ids) for word in words]
    choice = CHOOSING.get(route, "").format_map(place.ids)
    elsewhere = place.bot.person("Ana", WorkspaceId("elsewhere"))
    before = place.bot.plan(place.plan), place.bot.log(place.plan)
    for who in (place.bot.person("Eve"), place.rosa, elsewhere):
        if (who, route) == (place.rosa, "undo"):
            continue  # she may take back that she left
        theirs, nobodys = [
            await who.submits(action(route, plan, *given), **answers)
            if not choice
            else await who.clicks(action(route, plan, *given), choice)
            for plan in (place.plan, "0" * 26)
        ]
        assert theirs == nobodys
        assert failed(theirs)
        assert UNKNOWN in summary(theirs), summary(theirs)
    assert (place.bot.plan(place.plan), place.bot.log(place.plan)) == before


async def test_who_left_may_come_back_by_undoing_it_and_nothing_else(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        ana, ben = bot.person("Ana"), bot.person("Ben")
        plan = await ana.starts("Rivers", ben)
        await ana.submits(action("decision.save", plan), text="We go")
        gone = await ben.clicks(action("plan.leave", plan))
        assert "You left the plan" in summary(gone)
        decided = next(e.number for e in bot.log(plan) if e.act.kind == "decided")
        assert failed(await ben.clicks(action("undo", plan, str(decided))))
        assert failed(await ben.clicks(action("undo", plan, "99")))
        assert not failed(await ben.presses(gone, "Undo"))
        assert bot.plan(plan).partner(ben.member.id) is not None


async def test_the_thread_of_a_plan_says_nothing_to_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        ana, ben = bot.person("Ana"), bot.person("Ben")
        plan = await ana.starts("Rivers", ben)
        thread = await in_thread(bot, plan)
        assert "Rivers" in summary(await ana.at(thread).says("plan"))
        for verb in ("plan", "history", "digest", "export", "log", "when", "history idea"):
            reply = await bot.person("Eve").at(thread).says(verb)
            assert UNKNOWN in summary(reply), verb


async def in_thread(bot: Bot, plan: PlanId) -> Where:
    where = Where(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")
    bot.write(lambda work: work.plans.set_card(plan, MessageRef(place=where, message="t1")))
    return where
