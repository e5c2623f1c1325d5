"""Two workspaces interleaved at random, with the same people, titles and words in both.

Nothing of one is reachable from the other: not by its ids, not in any reply, card, export, digest,
history, file or message; and each is what it would be if the other did not exist.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.chat.inbound import Upload
from bot.domain.ids import PlanId, RandomIds, WorkspaceId
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support.clicking import MONDAY, Bot, Hand, card, failed, store, summary
from tests.support.examples import examples

A, B = WorkspaceId("wa"), WorkspaceId("wb")
NAMES = ("Ana", "Ben", "Rosa")
TITLES = ("Rivers", "Towns")
FIELDS = ("idea", "class", "when")
OWN = """
key: own
title: {title}
steps:
- key: one
  title: One
  fields: [{{key: a, label: A}}]
"""
UNKNOWN = "There is no such plan here, or you are not one of its partners."


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does somewhere; ``pick`` chooses among what there is."""

    where: WorkspaceId
    who: str
    what: str
    pick: int
    number: int


@dataclass(slots=True)
class Told:
    """Everything a workspace's people were shown."""

    replies: list[str] = field(default_factory=list)

    def keep(self, reply: Reply) -> Reply:
        self.replies.append(repr(reply))
        return reply


ACTS = (
    "start", "field", "comment", "decision", "duty", "challenge", "resource", "outside", "session",
    "hours", "settings", "template", "sign", "rename", "next", "plan", "history", "digest",
    "export", "when", "log", "timetable",
)  # fmt: skip


def acts() -> st.SearchStrategy[list[Act]]:
    one = st.tuples(
        st.sampled_from([A, B]),
        st.sampled_from(NAMES),
        st.sampled_from(ACTS),
        st.integers(0, 5),
    )
    numbered = st.lists(one, min_size=4, max_size=25)
    return numbered.map(lambda made: [Act(*parts, number) for number, parts in enumerate(made)])


class School:
    """One store with both workspaces in it, and what has been shown in each."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.told = {A: Told(), B: Told()}
        self.messages = {A: list[str](), B: list[str]()}

    def hand(self, where: WorkspaceId, name: str) -> Hand:
        return self.bot.person(name, where)

    def plans(self, where: WorkspaceId, name: str) -> list[PlanId]:
        def look(work):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            found = work.members.by_identity(self.hand(where, name).person.identity)
            return [plan.id for plan in work.plans.of_member(found.id)] if found else []

        return self.bot.read(look, where)

    async def do(self, act: Act) -> None:
        """Do it at its own minute, whatever else was done before; keep what was shown."""
        self.bot.clock.set(MONDAY + timedelta(minutes=act.number))
        hand, told = self.hand(act.where, act.who), self.told[act.where]
        plans = self.plans(act.where, act.who)
        if act.what == "start" or not plans:
            told.keep(await self.started(act))
            return
        plan = plans[act.pick % len(plans)]
        for reply in await self.done(act, hand, plan):
            told.keep(reply)
        self.messages[act.where] += [repr(one) for one in self.bot.told(act.where)]

    async def started(self, act: Act) -> Reply:
        others = [self.hand(act.where, name).person for name in NAMES if name != act.who]
        title = TITLES[act.pick % len(TITLES)]
        return await self.hand(act.where, act.who).says(f'start "{title}"', *others)

    async def done(self, act: Act, hand: Hand, plan: PlanId) -> list[Reply]:
        text = canary(act.where, act.number)
        forms: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
            "field": ("field.save", ("form", FIELDS[act.pick % 3], "0"), {"text": text}),
            "comment": ("comment.save", ("form",), {"text": text}),
            "decision": ("decision.save", (), {"text": text}),
            "duty": ("duty.save", (), {"text": text, "owner": "together", "due": "Friday"}),
            "challenge": ("challenge.save", (), {"kind": "other", "text": text}),
            "resource": ("resource.save", (), {"title": text, "link": ""}),
            "rename": ("plan.renamed", (), {"title": text}),
        }
        if act.what in forms:
            route, words, answers = forms[act.what]
            return [await hand.submits(action(route, plan, *words), **answers)]
        if act.what in {"outside", "session", "template", "hours", "settings"}:
            return [await self.other(act, hand, plan, text)]
        if act.what == "sign":
            return [await hand.clicks(action("step.sign", plan, "form"))]
        if act.what == "history":
            return [await hand.clicks(action("hist", plan))]
        if act.what in {"digest", "export", "when", "log"}:
            return [await hand.clicks(act.what, plan)]
        return [await hand.says(act.what)]

    async def other(self, act: Act, hand: Hand, plan: PlanId, text: str) -> Reply:
        partners = [m for m in self.bot.plan(plan, act.where).members if m != hand.member.id]
        start = int((MONDAY + timedelta(days=1, hours=act.number % 5)).timestamp())
        match act.what:
            case "outside":
                return await hand.submits(
                    action("out.save", plan),
                    kind="talk",
                    band="0-5",
                    partner=partners[0],
                    note=text,
                    files={"file": (Upload(name=f"{text}.txt", content=text.encode()),)},
                )
            case "session":
                times = (str(start), str(start + 1800))
                return await hand.submits(action("session.save", plan, *times), purpose=text)
            case "template":
                yaml = OWN.format(title=text)
                return await hand.submits("template.save", text=yaml)
            case "hours":
                return await hand.submits("tt.hourssave", hours=f"Mon {7 + act.pick}-18")
            case _:
                zone = ("Europe/Berlin", "America/New_York")[act.pick % 2]
                return await hand.submits("settings.zonesave", zone=zone)


def canary(where: WorkspaceId, number: int) -> str:
    return f"canary-{where}-{number}"


async def walked(done: Iterable[Act], folder: Path) -> tuple[School, list[str]]:
    """Do the acts in a fresh store; return it, and the JSON of every plan of A, normalised."""
    with store(folder, ids=RandomIds()) as bot:
        school = School(bot)
        for act in done:
            await school.do(act)
        if school.plans(B, "Ana"):
            await look_at_everything(school)
            await reach_across(school)
        return school, await exports(school, A)


async def look_at_everything(school: School) -> None:
    """Let everybody in both workspaces look at all they can see."""
    for where in (A, B):
        for name in NAMES:
            hand = school.hand(where, name)
            for verb in ("next", "plan", "history", "export", "when", "start", "hm"):
                school.told[where].keep(await hand.says(verb))
            for plan in school.plans(where, name):
                for route in ("plan.show", "hist", "plan.add", "challenges"):
                    school.told[where].keep(await hand.clicks(action(route, plan)))


async def reach_across(school: School) -> None:
    """Use B's ids in A: every answer is the one that an id of nothing gets."""
    hand = school.hand(A, "Ana")
    for plan in school.plans(B, "Ana")[:2]:
        of_b = school.bot.plan(plan, B)
        before = school.bot.log(plan, B)
        for route, words, answers in REACHES:
            theirs = await hand.submits(action(route, plan, *words), **answers)
            nobodys = await hand.submits(action(route, "0" * 26, *words), **answers)
            assert theirs == nobodys, (route, theirs, nobodys)
            assert failed(theirs)
            assert UNKNOWN in summary(theirs)
        assert school.bot.log(plan, B) == before
        assert school.bot.plan(plan, B) == of_b


REACHES: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("plan.show", (), {}),
    ("plan.next", (), {}),
    ("export", (), {}),
    ("digest", (), {}),
    ("when", (), {}),
    ("hist", (), {}),
    ("hist", ("form", "idea"), {}),
    ("entry.pick", ("1",), {}),
    ("step.show", ("form",), {}),
    ("step.sign", ("form",), {}),
    ("field.open", ("form", "idea"), {}),
    ("field.save", ("form", "idea", "0"), {"text": "theirs"}),
    ("comment.save", ("form",), {"text": "theirs"}),
    ("decision.save", (), {"text": "theirs"}),
    ("plan.renamed", (), {"title": "theirs"}),
    ("plan.archive", (), {}),
    ("plan.copy", (), {}),
    ("plan.leave", (), {}),
    ("undo", ("1",), {}),
    ("out.show", ("x",), {}),
    ("out.file", ("x",), {}),
    ("out.save", (), {"kind": "talk", "band": "0-5", "partner": "x", "note": "theirs"}),
)


async def exports(school: School, where: WorkspaceId) -> list[str]:
    """Return every plan of the workspace as JSON. Ids are references in it, instants are told."""
    found = []
    for name in NAMES:
        for plan in school.plans(where, name):
            reply = await school.hand(where, name).clicks("export", plan)
            text = next(f.content for f in card(reply).files if f.name.endswith(".json")).decode()
            document = json.loads(text)
            del document["exported_at"]
            document["people"].sort(key=lambda person: person["name"])
            found.append(file_ids(json.dumps(document, sort_keys=True)))
    return found


def file_ids(document: str) -> str:
    """Return the document with the ids of files, which are random, in the order they occur."""
    numbers: dict[str, str] = {}
    return re.sub(
        r'"file": "([0-9a-z]{26})"',
        lambda m: f'"file": "f{numbers.setdefault(m[1], str(len(numbers)))}"',
        document,
    )


# Shrinking would take minutes: an example that fails is short enough.
@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(done=acts())
def test_nothing_of_one_is_reachable_from_the_other(done: list[Act]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both, alone = Path(folder) / "both", Path(folder) / "alone"
        both.mkdir()
        alone.mkdir()
        school, of_a = asyncio.run(walked(done, both))
        for where, other in ((A, B), (B, A)):
            shown = "\n".join((*school.told[where].replies, *school.messages[where]))
            assert f"canary-{other}" not in shown
        _, of_a_alone = asyncio.run(walked([act for act in done if act.where == A], alone))
        assert of_a == of_a_alone


async def test_the_walk_really_shows_what_is_written(tmp_path: Path) -> None:
    """The canaries do appear, in their own workspace: so the test above can find them."""
    numbers = count()
    every = [Act(where, "Ana", what, 0, next(numbers)) for where in (A, B) for what in ACTS]
    school, of_a = await walked(every, tmp_path)
    for where in (A, B):
        shown = "\n".join(school.told[where].replies)
        made = re.findall(rf"canary-{where}-\d+", shown)
        assert len(set(made)) >= 9, sorted(set(made))
        assert any(f"canary-{where}" in message for message in school.messages[where])
    assert of_a
    assert canary(A, ACTS.index("comment")) in of_a[0]


async def test_the_same_delivery_key_in_two_workspaces_is_two_deliveries(tmp_path: Path) -> None:
    with store(tmp_path) as bot:
        for where in (A, B):
            reply = await bot.person("Ana", where).says('start "Rivers"', key="same")
            assert "Started" in summary(reply)
        assert failed(await bot.person("Ana", A).says('start "Rivers"', key="same"))


async def test_a_draft_a_calendar_and_a_template_stay_in_their_workspace(tmp_path: Path) -> None:
    with store(tmp_path) as bot:
        ana = bot.person("Ana", A)
        table = "day,period,subject\nMon,P1,Bio\n"
        assert not failed(await ana.submits("tt.read", text=table, person="Ana"))
        there = bot.person("Ana", B)
        assert failed(await there.clicks("tt.save"))
        yaml = OWN.format(title="Own")
        await ana.submits("template.save", text=yaml)
        assert "own" in repr(await ana.says("start"))
        assert failed(await there.says('start "Rivers" own'))
        await ana.submits(
            "school.newsave",
            days="Mon,Tue",
            first="2026-08-24",
            until="2027-06-18",
            bells="P1 08:00-08:45",
            zone="Europe/Berlin",
        )
        assert "I do not know the school's days" in summary(await there.clicks("school"))


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_empty_in_one_stays_empty(tmp_path: Path, name: str) -> None:
    with store(tmp_path) as bot:
        others = [bot.person(one, A).person for one in NAMES if one != name]
        await bot.person(name, A).says('start "Rivers"', *others)
        assert "You have no open plan here" in summary(await bot.person(name, B).says("next"))
        assert bot.told(B) == []
