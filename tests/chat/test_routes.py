"""Every route of the table, with what it asks for, with less, and with garbage."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.chat.inbound import Clicked, Said, Shared, Submitted, Upload
from bot.chat.ports import ThreadWorkshop
from bot.chat.router import Router
from bot.chat.routing import Answers
from bot.domain.ids import PlanId, RandomIds, WorkspaceId
from bot.ui.actions import action
from bot.ui.pages import help as help_pages
from bot.ui.replies import FormReply, Reply
from bot.usecases.ports import Door, Work
from storage.engine import begin
from storage.work import make_work
from tests.support.clicking import TABLE, Bot, Hand, leads, store
from tests.support.examples import examples
from tests.support.hostile import NASTY
from tests.ui.test_pages_limits import within

T = TypeVar("T")
BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nBreak 09:35-09:55 (break)\nP3 09:55-10:40"
WEEK = "day,period,subject\nMon,P1,Bio\nTue,P2,Art\nWed,P3,Bio\nThu,P1,Bio\nFri,P2,Art\n"


class RollingBack(Door):
    """A door behind which everything works and nothing stays."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._make = make_work(bot.clock, RandomIds())

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        with begin(self._bot.writer) as connection:
            return unit(self._make(connection, workspace))

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return self._bot.door.read_now(workspace, unit)


@dataclass(repr=False)
class World:
    """A bot with one plan that holds one of everything, and who plans it."""

    bot: Bot
    ana: Hand
    ben: Hand
    plan: PlanId
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)


async def furnished(bot: Bot) -> tuple[Hand, Hand, PlanId]:
    """Start a plan and do a bit of everything in it."""
    ana, ben = bot.person("Ana"), bot.person("Ben")
    await ben.clicks("next")
    await ana.submits(
        "school.newsave",
        days="Mon, Tue, Wed, Thu, Fri",
        first="2026-08-24",
        until="2027-06-18",
        bells=BELLS,
        zone="Europe/Berlin",
    )
    await ana.submits("tt.read", text=WEEK, person="Ana")
    await ana.clicks("tt.save")
    plan = await ana.starts("Rivers", ben)
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="A river")
    await ben.submits(action("field.save", plan, "form", "idea", "0"), text="A lake")
    await ben.submits(action("comment.save", plan, "form"), text="Good", field="idea")
    await ana.submits(action("decision.save", plan), text="We go there")
    await ana.submits(action("challenge.save", plan), kind="other", text="It rains")
    await ben.submits(
        action("duty.save", plan), text="Book the bus", owner="together", due="Friday"
    )
    await ana.submits(action("resource.save", plan), title="A map", link="https://example.org/m")
    await ana.submits(action("minutes.save", plan), minutes="20", text="Quick")
    soon = int((bot.clock.now() + timedelta(days=1)).timestamp())
    await ana.submits(
        action("session.save", plan, str(soon), str(soon + 2700)), purpose="Talk", medium="phone"
    )
    await ben.submits(
        action("out.save", plan),
        kind="talk",
        band="0-5",
        partner=ana.member.id,
        note="In the corridor",
        files={"file": (Upload(name="a.txt", content=b"hello"),)},
    )
    await ana.says("remind Sundays 18:00: post your notes")
    return ana, ben, plan


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with store(tmp_path_factory.mktemp("routes")) as bot, asyncio.Runner() as runner:
        ana, ben, plan = runner.run(furnished(bot))
        bot.router = Router(RollingBack(bot), TABLE, ThreadWorkshop())
        yield World(bot, ana, ben, plan, runner)


def reminder_of(world: World) -> str:
    """Return the partners' own reminder."""
    home = world.bot.plan(world.plan).partnership
    return world.bot.read(lambda work: work.recurring.of_partnership(home))[0].id


def words_of(world: World) -> st.SearchStrategy[str]:
    """Return arguments: ids, keys and numbers that fit somewhere, and garbage."""
    plan = world.bot.plan(world.plan)
    items = [
        one.id
        for kind in (
            plan.challenges, plan.responsibilities, plan.sessions, plan.outside, plan.decisions,
        )
        for one in kind
    ]  # fmt: skip
    fitting = [
        plan.id, *plan.members, *items, "form", "idea", "partners", "session", "document",
        reminder_of(world),
        "decision", "minutes", "responsibility", "challenge", "0", "1", "2", "3", "999", "-1",
        "999999999999", "4102444800", "1795507200", "mine", "theirs", "both", "anyway", "talk",
        "0-5", "Mon", "P1", "", *(e.act.detail["file"] for e in world.bot.log(plan.id)
        if "file" in e.act.detail),
    ]  # fmt: skip
    return st.one_of(st.sampled_from(fitting), garbage())


def garbage() -> st.SearchStrategy[str]:
    # A lone surrogate comes out of JSON, and no database takes it.
    return st.one_of(st.sampled_from([*NASTY, "\ud800", "\x00"]), st.text(max_size=40))


ANSWERS = {
    "text": ["A text", "x" * 10_000, WEEK],
    "title": ["Rivers", "x" * 121],
    "template": ["nine-step", "handy-5", "none"],
    "kind": ["talk", "other", "time", "decision", "comment:form", "resource"],
    "band": ["0-5", "60"],
    "owner": ["together"],
    "due": ["Friday", "31 February", "2026-12-01", "tomorrow"],
    "minutes": ["45", "0", "99999999", "²"],
    "purpose": ["Plan together"],
    "medium": ["phone"],
    "days": ["Mon, Tue", "A,B", "1", "9"],
    "first": ["2026-08-24", "never"],
    "until": ["2027-06-18", "2020-01-01", "9999-12-31"],
    "bells": [BELLS, "P1 25:00-26:00", "P1"],
    "weekdays": ["0", "6", "9"],
    "zone": ["Europe/Berlin", "Europe/Nowhere", "../etc/passwd", "a\x00b"],
    "closures": ["2026-12-21 to 2027-01-01 planned Winter", "31 February", "to to to"],
    "labels": ["2026-11-30 = Mon", "2026-11-30 = -", "= x", "2026-11-30 = Nope"],
    "terms": ["2026-08-24 to 2026-12-18 Autumn", "2026-12-18 to 2026-08-24 x"],
    "planned": ["shift", "skip"],
    "unplanned": ["skip"],
    "hours": ["weekdays after 16:00; Sat 10-12", "whenever"],
    "quiet_from": ["20:00", "25", "2-30:77"],
    "quiet_until": ["07:00", "7am", ""],
    "start": ["16:00", "2", "soon"],
    "nudges": ["off", "normal"],
    "person": ["Ana"],
    "link": ["https://example.org", "javascript:alert(1)"],
    "field": ["idea", "none"],
    "note": ["https://example.org/x", "A note"],
    "partner": [],
    "when": ["Sundays 18:00", "every 2 weeks on Monday 8:00", "31 February 18:00", "Sundays 25:00"],
}


def submissions(world: World) -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    members = list(world.bot.plan(world.plan).members)

    def answers(fitting: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
        one = st.one_of(st.sampled_from([*fitting, *members]), garbage())
        return st.lists(one, max_size=2).map(tuple)

    return st.fixed_dictionaries({}, optional={k: answers(v) for k, v in ANSWERS.items()})


FILES = st.one_of(
    st.none(),
    st.sampled_from(
        [
            Upload(name="a.csv", content=WEEK.encode()),
            Upload(name="a.json", content=b'{"coplan_plan": 1}'),
            Upload(name="a.yaml", content=b"key: x\ntitle: y\nsteps: []"),
            Upload(name="", content=b"\xff\xfe\x00"),
        ]
    ),
)


def checked(reply: Reply, logs: list[Any]) -> None:
    """Fail for an answer that says that something went wrong, or that no platform can show."""
    assert not [entry for entry in logs if entry["event"] == "act_failed"], logs
    within(reply)


@settings(max_examples=examples(350), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_garbage_makes_any_route_fail(world: World, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TABLE)))
    arguments = data.draw(st.lists(words_of(world), max_size=5))
    if data.draw(st.booleans()):
        arguments = [world.plan, *arguments]
    encoded = "|".join((name, *(one.replace("|", "") for one in arguments)))
    who = data.draw(st.sampled_from([world.ana, world.ben, world.bot.person("Eve")]))
    what: Clicked | Submitted
    if data.draw(st.booleans()):
        what = Clicked(action=encoded, choice=data.draw(words_of(world)))
    else:
        sent = data.draw(FILES)
        what = Submitted(
            action=encoded,
            values=data.draw(submissions(world)),
            people={"partners": (world.bot.person(data.draw(garbage())).person,)},
            files={"file": (sent,)} if sent else {},
        )
    with capture_logs() as logs:
        reply = world.runner.run(who.does(what))
    checked(reply, logs)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    verb=st.sampled_from([*help_pages.VERBS, ""]),
    parts=st.lists(
        st.one_of(garbage(), st.sampled_from(['"Rivers"', "idea", "@", "Sundays 18:00:"])),
        max_size=4,
    ),
    person=st.booleans(),
    file=FILES,
)
def test_no_words_make_any_verb_fail(
    world: World, verb: str, parts: list[str], person: bool, file: Upload | None
) -> None:
    people = (world.ben.person,) if person else ()
    said = Said(parts=(" ".join([verb, *parts]), *people), files=(file,) if file else ())
    with capture_logs() as logs:
        reply = world.runner.run(world.ana.does(said))
    checked(reply, logs)


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.one_of(st.just("message.form"), st.sampled_from(sorted(TABLE))),
    text=st.one_of(garbage(), st.just("x" * 50_000)),
    link=st.one_of(garbage(), st.just("https://example.org/" + "x" * 600)),
    author=st.one_of(st.none(), garbage()),
    files=st.lists(garbage(), max_size=3),
)
def test_no_message_makes_any_route_fail(
    world: World, name: str, text: str, link: str, author: str | None, files: list[str]
) -> None:
    wrote = None if author is None else replace(world.ben.person, name=author)
    what = Shared(action=name, text=text, author=wrote, link=link, files=tuple(files))
    with capture_logs() as logs:
        reply = world.runner.run(world.ana.does(what))
    checked(reply, logs)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_route_without_any_argument_answers(world: World, name: str) -> None:
    with capture_logs() as logs:
        for what in (Clicked(action=name), Submitted(action=name, values={})):
            checked(world.runner.run(world.ana.does(what)), logs)


def test_routes_that_open_a_form_only_read_and_never_parse() -> None:
    for route in TABLE.values():
        if route.answers is Answers.FORM:
            assert not route.changes
            assert route.prepare is None


def test_every_verb_has_a_route_and_words_that_explain_it() -> None:
    assert set(help_pages.VERBS) <= set(TABLE)
    assert all(help_pages.VERBS.values())


VISITS: dict[str, tuple[str, ...]] = {
    "field.open": ("form", "idea"),
    "step.due": ("form",),
    "comment.form": ("form",),
    "item.form": ("decision",),
    "session.form": ("1795507200", "1795509900"),
    "note.form": ("1",),
    "dispute.form": ("1",),
    "later.form": ("2026-11-30",),
}


FORMS = {name for name, route in TABLE.items() if route.answers is Answers.FORM}


# tt.school asks about a timetable that was pasted: tests/usecases/test_timetable_importing.py;
# message.form about a message: test_no_message_makes_any_route_fail
@pytest.mark.parametrize("name", sorted(FORMS - {"tt.school", "when.apart", "message.form"}))
def test_every_form_opens(world: World, name: str) -> None:
    args = VISITS.get(name, ())
    if name == "remedy.form":
        args = (world.bot.plan(world.plan).challenges[0].id,)
    if name == "remind.open":
        args = (reminder_of(world),)
    first = world.ana.member.id if name == "later.form" else world.plan
    reply = world.runner.run(world.ana.clicks(action(name, first, *args)))
    assert isinstance(reply, FormReply), reply
    within(reply)


def test_buttons_and_menus_lead_to_routes_that_exist(world: World) -> None:
    """Walk: every button and menu reachable from the verbs by clicks that only read."""
    seen: set[str] = set()
    waiting = [world.runner.run(world.ana.says(verb)) for verb in help_pages.VERBS]
    while waiting:
        reply = waiting.pop()
        within(reply)
        for clicked in leads(reply):
            if clicked.action + clicked.choice in seen:
                continue
            seen.add(clicked.action + clicked.choice)
            name = clicked.action.split("|")[0]
            assert name in TABLE, name
            answer = world.runner.run(world.ana.does(clicked))
            if not TABLE[name].changes:
                waiting.append(answer)
    assert len({one.split("|")[0] for one in seen}) > 40, "hardly a button was found"


def test_the_world_stays_as_it_was(world: World) -> None:
    before = world.bot.everything()
    world.runner.run(world.ana.submits(action("decision.save", world.plan), text="Gone again"))
    assert world.bot.everything() == before
