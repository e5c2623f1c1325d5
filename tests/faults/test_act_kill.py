"""SIGKILL while members click: what they were told is saved is there, and nothing is there twice.

Each act has a key of its own; what was not acknowledged before the kill is done again with the same
key.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import PlanId, RandomIds
from bot.domain.planning.plan import Plan
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support import kill
from tests.support.clicking import HERE, Bot, Hand, failed, opened, store, summary
from tests.support.teaching_team import CountingIds

TEAMS = (("Ana", "Ben"), ("Cy", "Dee"), ("Ana", "Cy", "Eve"))
FIELDS = ("idea", "class", "when")
LONGEST = 0.3
WRITTEN = {
    ActKind.ANSWER_SAVED, ActKind.ANSWER_ASIDE, ActKind.COMMENTED, ActKind.OUTSIDE_LOGGED,
}  # fmt: skip


def test_what_was_answered_is_there_once(tmp_path: Path) -> None:
    asyncio.run(prepared(tmp_path))
    chance, rounds = kill.chance(), kill.rounds(default=20)
    done: Counter[str] = Counter()
    for number in range(rounds):
        with kill.Victim(click_for_ever, tmp_path, done) as victim:
            after = chance.randint(1, 20) if number % 2 else 0
            done.update(victim.killed_after(seconds=chance.uniform(0, LONGEST), after=after))
    with kill.Victim(click_for_ever, tmp_path, done) as victim:
        done.update(victim.killed_after(seconds=120, promises=60))
    assert sum(done.values()) >= 60 + rounds, "hardly anything was acknowledged"
    with store(tmp_path, ids=CountingIds()) as bot:
        consistent(bot, done)
    print(f"{rounds} kills, {sum(done.values())} acts answered")


def test_the_equipment_finds_acts_that_are_answered_too_early(tmp_path: Path) -> None:
    asyncio.run(prepared(tmp_path))
    with kill.Victim(click_for_ever, tmp_path, {}, True) as victim:
        promised = Counter(victim.killed_after(seconds=60, promises=80))
    with store(tmp_path, ids=CountingIds()) as bot:
        there = Counter(text.rpartition("-")[0] for text in texts_of(bot))
    assert any(there[who] < count for who, count in promised.items())


def consistent(bot: Bot, done: Counter[str]) -> None:
    """Fail if anything answered is missing, anything is doubled, or a plan is not its log."""
    plans = plans_of(bot)
    texts = Counter(texts_of(bot))
    for who, count in done.items():
        missing = [f"{who}-{n}" for n in range(count) if f"{who}-{n}" not in texts]
        assert not missing, f"lost: {missing[:5]}"
    doubled = [text for text, count in texts.items() if count > 1]
    assert not doubled, f"doubled: {doubled[:5]}"
    for plan in plans:
        entries = bot.log(plan.id)
        assert [e.number for e in entries] == list(range(1, plan.entries + 1))
        same_as_log(plan, entries)


def plans_of(bot: Bot) -> list[Plan]:
    members = bot.read(lambda w: w.members.all())
    plans = {p.id: p for m in members for p in bot.read(lambda w, m=m: w.plans.of_member(m.id))}  # type: ignore[misc]
    assert len(plans) == len(TEAMS)
    return list(plans.values())


def texts_of(bot: Bot) -> list[str]:
    return [
        entry.act.after
        for plan in plans_of(bot)
        for entry in bot.log(plan.id)
        if entry.act.kind in WRITTEN
    ]


def same_as_log(plan: Plan, entries: list[Entry]) -> None:
    """Fail if the plan does not hold exactly what its log says was done."""
    saved = [e for e in entries if e.act.kind is ActKind.ANSWER_SAVED]
    for key, answer in plan.answers.items():
        last = [e for e in saved if (e.act.step, e.act.field) == (key.step, key.field)][-1]
        assert (answer.text, answer.revision) == (last.act.after, last.number)
    assert {(e.act.step, e.act.field) for e in saved} == {(k.step, k.field) for k in plan.answers}
    for kind, kept in (
        (ActKind.COMMENTED, [c.text for c in plan.comments]),
        (ActKind.OUTSIDE_LOGGED, [w.note for w in plan.outside]),
    ):
        assert kept == [e.act.after for e in entries if e.act.kind is kind]


async def prepared(folder: Path) -> None:
    """Make the plans that the members will click in, and note their ids for the child."""
    made = []
    async with opened(folder, ids=RandomIds()) as bot:
        for number, (first, *others) in enumerate(TEAMS):
            hands = [bot.person(name) for name in others]
            for hand in hands:
                await hand.clicks("next")
            plan = await bot.person(first).starts(f"Plan {number}", *hands)
            made.append(plan)
    (folder / "plans.json").write_text(json.dumps(made))


def click_for_ever(folder: Path, done: Mapping[str, int], too_early: bool = False) -> None:
    asyncio.run(child(folder, done, too_early=too_early))


async def child(folder: Path, done: Mapping[str, int], *, too_early: bool) -> None:
    """Let every member of every plan click for ever, and say whose act was answered."""
    plans = [PlanId(one) for one in json.loads((folder / "plans.json").read_text())]
    async with opened(folder, ids=RandomIds()) as bot:

        async def clicking(plan: PlanId, name: str, partner: str) -> None:
            who = f"{name}-{plan}"
            hand = bot.person(name)
            other = bot.read(lambda w: w.members.by_identity(bot.person(partner).person.identity))
            assert other is not None
            number = done.get(who, 0)
            while True:
                if too_early:
                    kill.acknowledge(who)
                reply = await one_act(hand, plan, f"{who}-{number}", number, other.id)
                assert said_so(reply), reply
                if not too_early:
                    kill.acknowledge(who)
                number += 1
                if number % 50 == 0:
                    await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            for plan, team in zip(plans, TEAMS, strict=True):
                for at, name in enumerate(team):
                    group.create_task(clicking(plan, name, team[at - 1]))


async def one_act(hand: Hand, plan: PlanId, text: str, number: int, partner: str) -> Reply:
    """Do the act that has this number, under the key that belongs to it."""
    match number % 4:
        case 0:
            route = action("comment.save", plan, "form")
            return await hand.submits(route, text=text, field="", key=text)
        case 1:
            route = action("out.save", plan)
            answers = {"kind": "talk", "band": "0-5", "partner": partner, "note": text}
            return await hand.submits(route, key=text, **answers)
        case _:
            field = FIELDS[number % len(FIELDS)]
            found = hand.bot.plan(plan, HERE).answers
            base = next((a.revision for k, a in found.items() if k.field == field), 0)
            route = action("field.save", plan, "form", field, str(base))
            return await hand.submits(route, text=text, key=text)


def said_so(reply: Reply) -> bool:
    """Tell whether the reply says that the act is on record (now, or from before the kill)."""
    return not failed(reply) or summary(reply).startswith("That is done already")
