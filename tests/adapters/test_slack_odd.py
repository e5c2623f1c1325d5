"""What Slack sends in other shapes than usual: it counts, once; or it changes nothing at all."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.slack.origins import identity
from bot.domain.ids import WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.cards import Card
from bot.ui.pages.problems import SENT_BEFORE
from tests.support.faults import Fault
from tests.support.slack import payloads
from tests.support.slack.deliveries import Answer, Kind, Transport
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.filling import used
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Json, Message, User
from tests.support.slack_house import Running, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        made.user("Ben")
        yield made


@pytest.fixture
def ana(fake: FakeSlack) -> SlackUser:
    return fake.user("Ana")


@pytest.fixture
async def run(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made


def cards(who: SlackUser) -> list[Message]:
    return [message for message in who.channel.messages if message.metadata]


def mentioned(who: SlackUser, text: str, ts: str, **event: object) -> Json:
    fake = who.fake
    inner = {
        "type": "app_mention",
        "user": who.me.id,
        "text": f"<@{fake.team.bot.id}> {text}",
        "ts": ts,
        "channel": who.channel.id,
    }
    return payloads.event(fake.world, fake.team, inner | event)


async def test_one_message_that_is_told_of_in_two_events_takes_effect_once(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    ts = fake.world.ts()
    for _ in range(2):
        await fake.transport.deliver("events_api", mentioned(ana, 'start "Rivers"', ts))
    await fake.transport.deliver("events_api", mentioned(ana, 'start "Rivers"', fake.world.ts()))
    await run.settle()
    assert len(cards(ana)) == 2


async def test_a_mention_that_is_told_of_as_a_message_alone(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    told = {"type": "message", "channel_type": "channel"}
    await fake.transport.deliver(
        "events_api", mentioned(ana, 'start "Rivers"', fake.world.ts(), **told)
    )
    talk = mentioned(ana, "", fake.world.ts(), **told)
    talk["event"]["text"] = 'start "Bridges", <@U0OTHER>'
    await fake.transport.deliver("events_api", talk)
    ts = fake.world.ts()
    for event in (told, {}):
        await fake.transport.deliver("events_api", mentioned(ana, "next", ts, **event))
    await run.settle()
    assert len(cards(ana)) == 1
    assert fake.api.counts["chat.postEphemeral"] == 2, "one answer to each"


async def test_what_is_null_is_not_there(run: Running, fake: FakeSlack, ana: SlackUser) -> None:
    body = mentioned(ana, 'start "Rivers"', fake.world.ts(), channel_type=None, thread_ts=None)
    nothing = {"authorizations": None, "view": None, "actions": None, "response_urls": None}
    await fake.transport.deliver("events_api", body | nothing)
    await run.settle()
    assert len(cards(ana)) == 1


async def test_a_direct_message_whose_kind_of_channel_is_not_told(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    ana.goes_to_app()
    own = fake.world.open_im(fake.team, ana.me.id)
    body = mentioned(ana, "help", fake.world.ts(), type="message", channel=own.id)
    await fake.transport.deliver("events_api", body)
    await run.settle()
    assert ana.sees("What Coplan does")


async def test_acts_whose_triggers_do_not_tell_them_apart(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    """Whoever speaks for Slack may have one for all, or none: what is the same comes again."""

    async def says(text: str, **told: object) -> None:
        command = payloads.command(fake.world, fake.team, ana.me, ana.channel, f"/coplan {text}")
        url = fake.world.answer_url(fake.team, ana.me.id, ana.channel.id)
        body = {**command, "trigger_id": "1.1.a", "response_url": url, **told}
        kept = {key: each for key, each in body.items() if each is not None}
        for _ in range(2):
            assert (await fake.transport.deliver("slash_commands", kept)).acknowledged
            await run.settle()

    await says('start "Rivers"')
    await says('start "Bridges"')
    await says('start "Towers"', trigger_id=None)
    assert len(cards(ana)) == 3
    before = len(fake.responded)
    await says("next")
    assert len(fake.responded) - before == 2


async def test_blocks_without_ids_and_views_without_a_type_are_used_as_any(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    def bare(payload: Json) -> Json:
        actions = [
            {key: told for key, told in each.items() if key != "block_id"}
            for each in payload.get("actions", ())
        ]
        view = {key: told for key, told in payload.get("view", {}).items() if key != "type"}
        return {**payload, **({"actions": actions} if actions else {"view": view})}

    transport = fake.transport
    fake.transport = Changing(real=transport, change=bare)
    await ana.command('/coplan start "Rivers"')
    await run.settle()
    await ana.clicks("My next steps")
    await run.settle()
    await ana.clicks("What shall we plan?")
    await run.settle()
    ana.filling.fill("What shall we plan?", "A week at the river")
    await ana.submits()
    await run.settle()
    assert ana.sees("Saved.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing(Transport):
    """Delivers interactions in another shape."""

    real: Transport
    change: Callable[[Json], Json]

    async def deliver(self, kind: Kind, payload: Json) -> Answer:
        changed = self.change(payload) if kind == "interactive" else payload
        return await self.real.deliver(kind, changed)


async def test_a_double_click_is_one(run: Running, fake: FakeSlack, ana: SlackUser) -> None:
    """Slack delivers it as two clicks, each with a trigger of its own."""
    await ana.command('/coplan start "Rivers" @Ben')
    await ana.command("/coplan log")
    await run.settle()
    await ana.clicks("Talk")
    await run.settle()
    message, block, button = ana.find("Ben, 0–5 min", None)
    for _ in range(2):  # at once, then one after the other
        twice = [ana.uses(message, used(block, button)) for _ in range(2)]
        assert all(each.acknowledged for each in await asyncio.gather(*twice))
        assert (await ana.uses(message, used(block, button))).acknowledged
        await run.settle()
        await ana.clicks("My next steps")  # something else in between: it is meant to count again
    await ana.command("/coplan history")
    await run.settle()
    assert str(ana).count("Ana logged outside work") == 2
    assert fake.problems() == []


async def test_a_double_click_opens_one_form(run: Running, fake: FakeSlack, ana: SlackUser) -> None:
    await ana.command('/coplan start "Rivers" @Ben')
    await ana.command("/coplan next")
    await run.settle()
    message, block, button = ana.find("What shall we plan?", None)
    twice = [ana.uses(message, used(block, button)) for _ in range(2)]
    assert all(each.acknowledged for each in await asyncio.gather(*twice))
    await run.settle()
    assert fake.api.counts["views.open"] == 1
    assert fake.problems() == []


async def test_a_form_that_is_sent_off_again_keeps_what_was_changed_since(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    """Slack says "trouble connecting" where no acknowledgement came; the form is still there."""
    await ana.command('/coplan start "Rivers"')
    await run.settle()
    await ana.clicks("What shall we plan?")
    await run.settle()
    filling = ana.filling
    filling.fill("What shall we plan?", "A week at the river")
    state = filling.state()
    sent = payloads.submission(fake.world, fake.team, ana.me, filling.view, state)
    assert (await fake.transport.deliver("interactive", sent)).acknowledged
    filling.fill("What shall we plan?", "A week at the sea")
    await ana.submits()
    await run.settle()
    assert list(ana.filling.errors.values()) == [SENT_BEFORE]
    await ana.closes()
    await ana.command("/coplan history")
    await run.settle()
    assert "A week at the river" in str(ana)
    assert "A week at the sea" not in str(ana)


async def test_what_happens_in_another_workspace_is_not_ours(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    """With one app-level token Slack sends what happens wherever the app is installed."""
    other = fake.within(fake.world.team("elsewhere"))
    fake.world.channel(other.team, "staff")
    other.transport, eve = fake.transport, other.user("Eve")
    assert (await eve.command('/coplan start "Hills"')).acknowledged
    await eve.mentions('start "Hills"')
    gone = payloads.event(fake.world, other.team, {"type": "app_uninstalled"})
    await fake.transport.deliver("events_api", gone)
    await run.settle()
    here = WorkspaceId(f"slack:{fake.team.id}")
    members = await run.house.door.read(here, lambda work: work.members.all())
    assert members == []
    assert not run.listening.done()
    await ana.command('/coplan start "Rivers"')
    await run.settle()
    assert len(cards(ana)) == 1


@pytest.mark.parametrize(
    ("code", "gone", "cause"),
    [
        ("channel_not_found", True, Cause.LEFT),
        ("channel_not_found", False, Cause.CLOSED),
        ("is_archived", True, Cause.LEFT),
        ("user_disabled", True, Cause.LEFT),
        ("messages_tab_disabled", False, Cause.CLOSED),
    ],
)
async def test_somebody_who_is_not_found_has_left_unless_slack_shows_them_still(
    run: Running, fake: FakeSlack, ana: SlackUser, code: str, gone: bool, cause: Cause
) -> None:
    ana.me.deleted = gone
    fake.faults.next("chat.postMessage", Fault(answer="error", error=code))
    messenger = await run.slack.messengers.within(run.workspace)
    card = Card(title="Hello", summary="Hello.", blocks=())
    with pytest.raises(NotDelivered) as refusal:
        await messenger.direct(identity(ana.me.id), card, "k")
    assert (refusal.value.permanent, refusal.value.cause) == (True, cause)


@pytest.mark.parametrize("told", [{}, {"ts": ""}, {"ts": 5}, {"ts": "1.2", "channel": {"id": 1}}])
async def test_an_answer_that_does_not_say_what_was_shown_leaves_it_open(
    run: Running, fake: FakeSlack, ana: SlackUser, told: Json
) -> None:
    fake.api.shaped = lambda _, __: {"ok": True, **told}
    messenger = await run.slack.messengers.within(run.workspace)
    with pytest.raises(OutcomeUnknown):
        await messenger.direct(identity(ana.me.id), Card(title="Hello", summary="Hello."), "k")


async def test_slack_s_own_bot_is_no_partner_although_slack_calls_it_a_person(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    fake.team.users["USLACKBOT"] = User(id="USLACKBOT", name="Slackbot")
    await ana.command('/coplan start "Rivers" @Ben @Slackbot')
    await run.settle()
    assert any("Nobody here is called @" in each.text for each in ana.channel.messages)
    assert cards(ana) == []


async def test_whom_slack_does_not_find_is_no_partner(
    run: Running, fake: FakeSlack, ana: SlackUser
) -> None:
    fake.faults.every("users.info", 1, Fault(answer="error", error="user_not_found"))
    await ana.command('/coplan start "Rivers" @Ben')
    await run.settle()
    assert any("Nobody here is called @" in each.text for each in ana.channel.messages)
    assert cards(ana) == []
    fake.faults.clear()


async def test_what_is_shown_twice_can_be_taken_back(run: Running, ana: SlackUser) -> None:
    messenger = await run.slack.messengers.within(run.workspace)
    card = Card(title="Hello", summary="Hello.", blocks=())
    first, second = [await messenger.direct(identity(ana.me.id), card, key) for key in "ab"]
    await messenger.withdraw(second)
    assert [message.ts for message in ana.direct()] == [first.message]
    with pytest.raises(NotDelivered):
        await messenger.withdraw(second)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_suggestion", "action_id": "CANARY", "block_id": "b", "value": "CANARY"},
        {"type": "app_rate_limited", "minute_rate_limited": 1518467820},
        {"type": "view_closed", "view": {"type": "modal", "id": "V1", "title": "CANARY"}},
        {"type": "CANARY"},
        {"ssl_check": "1", "token": "CANARY"},
    ],
)
async def test_what_nobody_waits_for_is_acknowledged_and_not_printed(
    run: Running, fake: FakeSlack, body: Json, caplog: pytest.LogCaptureFixture
) -> None:
    assert run.listening
    with caplog.at_level(logging.DEBUG):
        answer = await fake.transport.deliver("interactive", body | {"team_id": fake.team.id})
    assert answer.acknowledged
    assert not [r for r in caplog.records if r.levelno > logging.INFO and "CANARY" in r.message]


async def test_a_form_s_answers_without_a_type_or_inputs_break_nothing(
    run: Running, fake: FakeSlack
) -> None:
    body = {
        "type": "view_submission",
        "team": {"id": fake.team.id},
        "user": {"id": fake.user("Ben").me.id},
        "view": {"id": "V1", "callback_id": "settings.save"},
    }
    assert run.listening
    with capture_logs() as logs:
        assert (await fake.transport.deliver("interactive", body)).acknowledged
    told = {each["event"]: each["log_level"] for each in logs}
    assert told["slack_payload_unreadable"] == "warning"
    assert "error" not in told.values()


@pytest.mark.parametrize("others", [0, 99, 100, 250])
async def test_a_history_of_several_pages_is_read_to_its_end(
    fake: FakeSlack, tmp_path: Path, others: int
) -> None:
    fake.team.scopes |= {"channels:history"}
    channel, began = fake.channel("planning"), datetime.fromtimestamp(fake.world.now(), UTC)
    stamps = [fake.world.ts() for _ in range(others)]
    channel.messages += [Message(ts=ts, channel=channel.id, user="U1") for ts in stamps]
    place = Place(platform="slack", kind=PlaceKind.CHANNEL, channel=channel.id)
    async with running(fake, tmp_path / "coplan.db") as run, asyncio.timeout(60):
        messenger = await run.slack.messengers.within(run.workspace)
        shown = await messenger.post(place, Card(title="Rivers", summary="Rivers."), "a key")
        assert await messenger.find(place, "a key", began - timedelta(hours=1)) == shown
        assert await messenger.find(place, "another", began - timedelta(hours=1)) is None
