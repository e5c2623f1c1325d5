"""10,000 spoilt payloads of every kind that comes in: nothing breaks, and nothing changes."""

import asyncio
import copy
import random  # noqa: TID251 - seeded
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog

from tests.support.examples import IN_CI
from tests.support.mutating import Where, paths, spoilt
from tests.support.slack import payloads
from tests.support.slack.deliveries import Answer, Kind, Transport
from tests.support.slack.world import Json
from tests.support.stored import changed, state
from tests.support.talk.chatting import PATIENCE
from tests.support.talk.school import tells_timetable
from tests.support.talk.slack import SlackStage, slack_stage

MANY = 10_000 if IN_CI else 1_000
BATCH = 25
"""Payloads delivered at once."""
EFFECTS = {
    ("user_id",), ("user", "id"), ("channel_id",), ("view", "id"),
    ("view", "callback_id"), ("view", "private_metadata"), ("actions",), ("actions", 0),
    ("actions", 0, "action_id"), ("container",), ("event",), ("event", "type"), ("event", "user"),
    ("event", "channel"), ("event", "ts"), ("event_id",),
}  # fmt: skip
"""What an act cannot do without."""
TELLING = {
    ("trigger_id",), ("response_url",), ("action_ts",), ("actions", 0, "action_ts"),
    ("view", "hash"),
}  # fmt: skip
"""By what acts are told apart: with another one it is another act."""


@dataclass(slots=True)
class Recording(Transport):
    """Keeps a copy of everything that is delivered."""

    real: Transport
    kept: list[tuple[Kind, Json]] = field(default_factory=list)

    async def deliver(self, kind: Kind, payload: Json) -> Answer:
        self.kept.append((kind, payload))
        return await self.real.deliver(kind, payload)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[SlackStage]:
    async with slack_stage(tmp_path) as made:
        yield made
        made.fake.api.made.clear()  # what spoilt payloads made Coplan ask for


async def samples(stage: SlackStage) -> list[tuple[Kind, Json]]:
    """Return payloads of every kind, from a day of two people."""
    kept = stage.fake.transport = Recording(stage.fake.transport)
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await tells_timetable(ana, first=True)
    await ana.says('/coplan start "Rivers" @Ben')
    await ben.opens("Rivers")
    await ben.clicks("My next steps")
    await ana.opens("Rivers")
    await ana.chooses("Open a step", "Develop the form")
    await ana.clicks("Fill in: What shall we plan?")
    await ana.fills(**{"What shall we plan?": "A week at the river"})
    await ana.submits()
    await ana.says("@Coplan next", thread=True)
    await ben.opens("planning")
    await ben.says("/coplan start")
    await ben.fills(**{"What are you planning?": "Lakes", "With whom?": "Ana"})
    await ben.submits()
    await ben.opens("Coplan")
    await ben.says("timetable", ("mine.csv", b"Day;Period;Subject\nA;P1;Maths"))
    await ben.user.opens_home()
    await stage.quiet()
    await ben.user.clicks_at_home("What shall we plan?")
    await stage.quiet()
    await ben.dismisses_form()
    await ben.user.clicks_at_home("Choose a plan", "Lakes")
    await stage.quiet()
    await ben.dismisses_form()

    await ben.user.shortcut("start.form")
    await stage.quiet()
    await ben.dismisses_form()
    channel = stage.fake.channel("planning")
    await ben.opens("planning")
    await ana.opens("planning")
    await ana.says("Bring nets, @Ben", ("nets.txt", b"12"))
    await ben.picks("Bring nets")
    await ben.fills(**{"Which plan?": "Lakes", "As what?": "A decision"})
    await ben.submits()
    await ben.form_closes()
    world, team = stage.fake.world, stage.fake.team
    person = {"user": ana.user.me.id, "channel": channel.id, "team": team.id}
    for inner in (
        {"type": "member_joined_channel", **person},
        {"type": "member_left_channel", **person},
        {"type": "channel_archive", **person},
        {"type": "channel_deleted", "channel": "C0ELSEWHERE"},
        {"type": "channel_id_changed", "old_channel_id": "G0OLD", "new_channel_id": "C0NEW"},
        {"type": "channel_rename", "channel": {"id": channel.id, "name": "new", "created": 1}},
        {"type": "user_change", "user": {"id": ana.user.me.id, "name": "ana"}},
    ):
        kept.kept.append(("events_api", payloads.event(world, team, dict(inner))))
    stage.fake.transport = kept.real
    return kept.kept


def fresh(stage: SlackStage, kind: Kind, payload: Json) -> Json:
    """Return the payload as if it were another delivery, which was never there before."""
    made, world, team = copy.deepcopy(payload), stage.fake.world, stage.fake.team
    if kind == "events_api":
        if "ts" in made["event"]:
            made["event"]["ts"] = world.ts()
        return made | {"event_id": world.id("Ev0")}
    user = made.get("user_id") or made["user"]["id"]
    if made.get("type") == "view_submission":
        made["view"]["hash"] = world.id("h.")
    return made | {"trigger_id": world.trigger(team, user)}


async def delivered(stage: SlackStage, batch: list[tuple[Kind, Json]]) -> list[Answer]:
    """Deliver payloads at once, each a single time; how soon each is taken is not judged here."""
    stage.fake.sockets.retries, stage.fake.sockets.ack_within = (), PATIENCE
    return await asyncio.gather(*(stage.fake.sockets.deliver(*each) for each in batch))


async def unchanged(
    stage: SlackStage, path: Path, make: Callable[[], tuple[Kind, Json, Where]]
) -> None:
    """Deliver many spoilt payloads: all are acknowledged, none changes a thing, nothing breaks."""
    await stage.quiet()
    before = state(path)
    slowest = 0.0
    with structlog.testing.capture_logs() as logs:
        for _ in range(MANY // BATCH):
            made = [make() for _ in range(BATCH)]
            answers = await delivered(stage, [(kind, payload) for kind, payload, _ in made])
            late = [at for (*_, at), a in zip(made, answers, strict=True) if not a.acknowledged]
            assert late == []
            slowest = max(slowest, *(each.took for each in answers))
            assert changed(before, path) == [], [(kind, at) for kind, _, at in made]
        await stage.quiet()
        assert changed(before, path) == []
    broken = [e for e in logs if e["log_level"] in {"error", "critical"}]
    assert broken == []
    print(f"{MANY} payloads, the slowest acknowledged after {slowest:.2f} s")


async def test_spoilt_payloads_of_what_was_done_already(stage: SlackStage, tmp_path: Path) -> None:
    """Whatever else is spoilt, a delivery that has taken effect takes none again."""
    rng = random.Random(11)
    known = await samples(stage)
    await stage.is_down_until("07:30")  # what is remembered now is remembered in the store

    def make() -> tuple[Kind, Json, Where]:
        kind, payload = rng.choice(known)
        made = spoilt(rng, payload)
        while made[1] in TELLING:
            made = spoilt(rng, payload)
        return (kind, *made)

    await unchanged(stage, tmp_path / "slack.db", make)


async def test_spoilt_payloads_that_never_came_before(stage: SlackStage, tmp_path: Path) -> None:
    """Of every act a part is spoilt that it cannot do without."""
    rng = random.Random(12)
    known = await samples(stage)

    def make() -> tuple[Kind, Json, Where]:
        kind, payload = rng.choice(known)
        where = rng.choice([at for at in paths(payload) if at in EFFECTS])
        return (kind, *spoilt(rng, fresh(stage, kind, payload), where))

    await unchanged(stage, tmp_path / "slack.db", make)
    whole = [(kind, fresh(stage, kind, payload)) for kind, payload in known]
    before = state(tmp_path / "slack.db")
    await delivered(stage, whole)
    assert changed(before, tmp_path / "slack.db"), "whole ones do take effect"
