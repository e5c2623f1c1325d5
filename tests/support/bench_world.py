"""The world of the benchmark: many plans like one that is half done, each with its whole log."""

import random  # noqa: TID251 - seeded
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from bot.chat.inbound import Inbound, Submitted
from bot.domain.ids import PlanId, RandomIds, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import AnswerKey
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support.clicking import HERE, MONDAY, PLATFORM, Bot, Hand, opened, summary
from tests.support.fake_clock import FakeClock

PLANS_OF_A_TEAM = 4
TEAM = ("Ana", "Ben", "Rosa")
STEP, FIELD = "form", "idea"
WRITTEN = (
    ("form", "idea"), ("form", "class"), ("form", "when"), ("form", "why"),
    ("partners", "expertise"), ("partners", "strengths"), ("partners", "growth"),
    ("session", "times"), ("session", "medium"),
)  # fmt: skip
BODY = "We read the river from its spring to the sea, and ask at each bend who lives by it. " * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The platform that everybody is on, the workspace and the channel they meet in."""

    platform: str = PLATFORM
    workspace: WorkspaceId = HERE
    channel: str = "staff"

    @property
    def place(self) -> Place:
        return Place(platform=self.platform, kind=PlaceKind.CHANNEL, channel=self.channel)

    def hand(self, bot: Bot, name: str) -> Hand:
        hand = bot.person(name, self.workspace)
        who = Identity(platform=self.platform, user=name.casefold())
        return replace(hand, person=replace(hand.person, identity=who), place=self.place)


@dataclass(slots=True)
class World:
    """A running bot and the plans in which acts are measured, with one partner of each."""

    bot: Bot
    where: Where
    plans: list[tuple[PlanId, Person]]
    revisions: dict[PlanId, int] = field(default_factory=dict)
    """The revision of the field that stands in each plan: what its partner has seen."""
    entries: dict[PlanId, int] = field(default_factory=dict)
    """Entries in the log of each plan; the next is also the number of the next revision."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    keys: RandomIds = field(default_factory=RandomIds)

    async def act(self, at: int, *, text: str = BODY) -> Reply:
        """Save the field of one plan, as the form of that plan's partner sends it."""
        plan, person = self.plans[at % len(self.plans)]
        number, base = next(self.numbers), self.revisions[plan]
        inbound = Inbound(
            workspace=self.where.workspace,
            person=person,
            place=self.where.place,
            what=Submitted(
                action=action("field.save", plan, STEP, FIELD, str(base)).encode(),
                values={"text": (f"Act {number}. {text}",)},
            ),
            key=f"delivery-{self.keys.new()}",
            message=f"message-{number}",
        )
        reply = await self.bot.router.handle(inbound)
        if summary(reply).startswith("Saved."):
            self.entries[plan] += 1
            self.revisions[plan] = self.entries[plan]
        return reply


HOME = Where()


@asynccontextmanager
async def world(
    folder: Path, plans: int, *, entries: int = 100, where: Where = HOME
) -> AsyncIterator[World]:
    """Open (and build, if it is not there) a world of so many plans of so many entries each.

    Acts are measured in up to 100 plans that lie anywhere among them.
    """
    built = _is_built(folder)
    async with opened(folder, FakeClock(MONDAY), RandomIds()) as bot:
        if not built:
            await _pattern(bot, where, entries)
    if not built:
        _multiply(folder / "coplan.db", plans)
    async with opened(folder, FakeClock(MONDAY), RandomIds()) as bot:
        yield World(bot, where, *_measured(bot, where.workspace))


def _is_built(folder: Path) -> bool:
    folder.mkdir(exist_ok=True)
    return (folder / "coplan.db").exists()


def _measured(
    bot: Bot, workspace: WorkspaceId
) -> tuple[list[tuple[PlanId, Person]], dict[PlanId, int], dict[PlanId, int]]:
    """Return plans to act in, the revision that stands in each and the length of its log."""
    with bot.writer.connect() as connection:
        ids = sorted(row[0] for row in connection.exec_driver_sql("SELECT id FROM plans"))
    random.Random(7).shuffle(ids)
    found, revisions, entries = [], {}, {}
    for one in ids[:100]:
        plan = bot.plan(one, workspace)
        members = bot.read(
            lambda work, plan=plan: work.members.get(plan.members),  # type: ignore[misc]
            workspace,
        )
        member = next(iter(members.values()))
        found.append((plan.id, Person(identity=member.identity, name=member.name)))
        key = AnswerKey(step=STEP, field=FIELD)
        revisions[plan.id] = plan.answers[key].revision
        entries[plan.id] = plan.entries
    return found, revisions, entries


async def _pattern(bot: Bot, where: Where, entries: int) -> None:
    """Make the plan that all others are copies of: three partners, answers, items, its log."""
    team = [where.hand(bot, name) for name in TEAM]
    for hand in team:
        await hand.clicks("next")
    plan = await team[0].starts("Watershed inquiry", *team[1:])
    await team[1].submits(action("decision.save", plan), text=BODY)
    await team[2].submits(action("comment.save", plan, STEP), text=BODY, field=FIELD)
    await team[0].submits(action("duty.save", plan), text="Book the bus", owner="together", due="")
    await team[0].submits(action("resource.save", plan), title="A map", link="https://example.org")
    saves = 0
    while len(bot.log(plan, where.workspace)) < entries:
        step, key = WRITTEN[saves % len(WRITTEN)]
        await _save(team[saves % 3], plan, step, key, f"{saves} {BODY}")
        saves += 1
    first = bot.plan(plan, where.workspace).answers
    assert any(key.step == STEP and key.field == FIELD for key in first)


async def _save(who: Hand, plan: PlanId, step: str, key: str, text: str) -> None:
    member = who.member.id
    standing = [
        answer.revision
        for at, answer in who.bot.plan(plan, who.workspace).answers.items()
        if (at.step, at.field) == (step, key) and at.respondent in {None, member}
    ]
    base = str(standing[0] if standing else 0)
    await who.submits(action("field.save", plan, step, key, base), text=text)


def _multiply(file: Path, plans: int) -> None:
    """Copy the one plan of the database until there are so many, all under ids of their own."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA synchronous=OFF")
        pattern = {table: _rows(db, table) for table in _COPIED}
        ids = RandomIds()
        for number in range(1, plans):
            if number % PLANS_OF_A_TEAM == 0 or number == 1:
                swap = _new_team(pattern, ids)
                _insert(db, pattern, swap, ("members", "partnerships", "partnership_members"))
            fresh = {**swap, pattern["plans"][0]["id"]: ids.new()}
            _insert(db, pattern, fresh, ("plans", "plan_partners", "contributions", "outbox"))
            keys = [(row["workspace"], ids.new(), row["at"]) for row in pattern["contributions"]]
            db.executemany("INSERT INTO inbox (workspace, key, at) VALUES (?, ?, ?)", keys)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_COPIED = (
    "members", "partnerships", "partnership_members", "plans", "plan_partners",
    "contributions", "outbox",
)  # fmt: skip

Rows = list[dict[str, object]]


def _rows(db: sqlite3.Connection, table: str) -> Rows:
    found = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of this file's own
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _new_team(pattern: dict[str, Rows], ids: RandomIds) -> dict[object, str]:
    old = [row["id"] for table in ("members", "partnerships") for row in pattern[table]]
    return {one: ids.new() for one in old}


def _insert(
    db: sqlite3.Connection,
    pattern: dict[str, Rows],
    swap: dict[object, str],
    tables: tuple[str, ...],
) -> None:
    for table in tables:
        rows = [tuple(_swapped(n, v, swap) for n, v in row.items()) for row in pattern[table]]
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - as above


def _swapped(name: str, value: object, swap: dict[object, str]) -> object:
    if name in {"body", "key", "user"} and isinstance(value, str):
        for old, new in swap.items():
            value = value.replace(str(old), new)
        return value if name != "user" else f"{value}-{next(iter(swap.values()))}"
    return swap.get(value, value)
