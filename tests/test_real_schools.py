"""Two real schools: a plan walked through three weeks, reminders judged by the timetable files.

The judge knows the file, the calendar told in the chat and nothing of ``bot.domain``.
"""

import csv
import io
import random  # noqa: TID251 - seeded
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.planning.plan import PlanState
from tests.support.talk.chat import Message
from tests.support.talk.core import CoreActor, CoreStage, core_stage
from tests.support.talk.recorder import Recorder
from tests.support.talk.stage import BOT, START
from tests.support.talk.walking import Walker, assert_logged_once, only_plan, walk_to_the_end

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "fet"
SCHOOLS = ("hopwood", "khomastura")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data/fet"
)

FIRST = date(2026, 11, 16)
CLOSED = date(2026, 11, 25)
"""A Wednesday in the middle of the three weeks."""
WEEKS = 3
TITLE = "Old maps, new maps"
DUE = {
    "Develop the form": "2026-11-19",
    "Identify partners": "2026-11-20",
    "Initiate a session": "2026-11-25",
    "Complete the form": "2026-11-27",
    "Collaborate": "2026-12-01",
    "Assess": "2026-12-03",
}
SEVEN = {f"Pd{n}": (time(7 + n, 30), time(8 + n, 15)) for n in range(1, 8)}


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school as its file tells it: teachers by their place in it, never by name.

    ``bells`` are the clock times of its periods, ``cycle`` its days in order.
    """

    file: str
    teachers: tuple[int, int]
    zone: str
    cycle: tuple[str, ...]
    bells: dict[str, tuple[time, time]]

    @property
    def content(self) -> bytes:
        return (DATA / self.file / f"{self.file}_timetable.csv").read_bytes()

    def lessons(self) -> dict[str, set[tuple[str, str]]]:
        """Return every teacher's lessons as (day, period), in the order of the file."""
        found: dict[str, set[tuple[str, str]]] = {}
        for row in csv.DictReader(io.StringIO(self.content.decode("utf-8-sig"))):
            for name in row["Teachers"].split("+"):
                if name.strip():
                    found.setdefault(name.strip(), set()).add((row["Day"], row["Hour"]))
        return found

    def names(self) -> tuple[str, str]:
        every = list(self.lessons())
        return every[self.teachers[0]], every[self.teachers[1]]

    def day(self, when: date) -> str | None:
        """Return the day of the cycle, counted day by day; None where there is no school."""
        if not self.open(when):
            return None
        if len(self.cycle) == 5:
            return self.cycle[when.weekday()]
        days = (FIRST + timedelta(days=n) for n in range((when - FIRST).days))
        return self.cycle[sum(map(self.open, days)) % len(self.cycle)]

    def open(self, when: date) -> bool:
        return when.weekday() < 5 and when != CLOSED

    def free_in(self, name: str, at: datetime) -> str:
        """Return the free period that runs at an instant; AssertionError when there is none."""
        local = at.astimezone(ZoneInfo(self.zone))
        day = self.day(local.date())
        assert day is not None, f"there is no school on {local:%a %d %b}"
        running = [p for p, (start, end) in self.bells.items() if start <= local.time() < end]
        assert running, f"no period runs at {local:%a %H:%M}"
        [period] = running
        assert (day, period) not in self.lessons()[name], f"a lesson runs: {day} {period}"
        return f"{day} {period}"


HOPWOOD = School(
    file="hopwood",
    teachers=(5, 2),  # busy, five common periods in the week
    zone="Europe/London",
    cycle=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    bells={
        "9.30 - 11.00": (time(9, 30), time(11)),
        "11.15 - 12.45": (time(11, 15), time(12, 45)),
        "13.00 - 15.15": (time(13), time(15, 15)),
        "15.30 - 17.30": (time(15, 30), time(17, 30)),
        "18.15 - 20.15": (time(18, 15), time(20, 15)),
    },
)
KHOMASTURA = School(
    file="khomastura",
    teachers=(12, 1),  # five free periods in seven days, and not one in common
    zone="Asia/Hebron",
    cycle=tuple(f"Day{n}" for n in range(1, 8)),
    bells=SEVEN,
)


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("school", [HOPWOOD, KHOMASTURA], ids=SCHOOLS)
async def test_three_weeks_of_a_real_school(
    school: School, seed: int, tmp_path: Path, recorder: Recorder
) -> None:
    start = START.replace(tzinfo=ZoneInfo(school.zone)).astimezone(UTC)
    async with core_stage(tmp_path, recorder, start) as stage:
        one, two = await stage.person("Uno", school.zone), await stage.person("Duo", school.zone)
        names = dict(zip(("Uno", "Duo"), school.names(), strict=True))
        await imports_by_menu(one, school, names["Uno"])
        await imports_by_name(two, school, names["Duo"])
        await closes_a_day(one)
        await one.opens("planning")
        await one.says(f'/coplan start "{TITLE}" @Duo')
        await moves_dates(one)
        plan = await only_plan(stage, one)
        walkers = (Walker(one), Walker(two))

        await live(stage, walkers, start + timedelta(weeks=WEEKS), random.Random(seed))
        await walk_to_the_end(walkers)

        ended = await only_plan(stage, one)
        assert ended.state is PlanState.FINISHED
        await assert_logged_once(stage, plan.id, walkers)
        for actor in (one, two):
            told = list(reminders(stage, actor))
            assert len(told) >= 2, f"{actor.name} was reminded {len(told)} times"
            for message in told:
                assert school.free_in(names[actor.name], message.at)
            assert len({message.at for message in told}) == len(told)
        assert sum(1 for actor in (one, two) for _ in reminders(stage, actor)) >= 8


@pytest.mark.parametrize("school", [HOPWOOD, KHOMASTURA], ids=SCHOOLS)
def test_the_judge_knows_lessons_closures_and_the_night(school: School) -> None:
    name, zone = school.names()[0], ZoneInfo(school.zone)
    taught = sorted(school.lessons()[name])
    wednesday = datetime.combine(CLOSED, time(11, 30), zone)
    with pytest.raises(AssertionError, match="no school"):
        school.free_in(name, wednesday)
    with pytest.raises(AssertionError, match="no period"):
        school.free_in(name, datetime.combine(FIRST, time(3), zone))
    day, period = taught[0]
    when = next(d for n in range(9) if school.day(d := FIRST + timedelta(days=n)) == day)
    with pytest.raises(AssertionError, match="a lesson runs"):
        school.free_in(name, datetime.combine(when, school.bells[period][0], zone))
    if len(school.cycle) == 7:
        after = [school.day(CLOSED + timedelta(days=n)) for n in (-1, 0, 1)]
        assert after == ["Day7", None, "Day1"], "the cycle waits for the closed day"


async def live(
    stage: CoreStage, walkers: tuple[Walker, Walker], until: datetime, luck: random.Random
) -> None:
    """Let three weeks pass: whoever is reminded mostly does something, now and then unasked."""
    heard = {walker.actor.name: 0 for walker in walkers}
    while stage.time.now() < until:
        await stage.clock.to(min(stage.time.now() + timedelta(hours=1), until))
        for walker in walkers:
            told = len(list(reminders(stage, walker.actor)))
            reminded, heard[walker.actor.name] = told > heard[walker.actor.name], told
            if luck.random() < (0.8 if reminded else 0.003):
                for _ in range(luck.randint(1, 2)):
                    await walker.does_next()


def reminders(stage: CoreStage, actor: CoreActor) -> Iterator[Message]:
    """Yield what the bot reminded somebody of; the digest comes in its own slot."""
    shown = stage.chat.shown.items()
    sent = {message.id for key, message in shown if key.startswith("reminder:")}
    for message in stage.chat.messages:
        if message.channel == f"dm.{actor.user}" and message.id in sent:
            yield message


async def imports_by_menu(actor: CoreActor, school: School, name: str) -> None:
    """Send the file to the bot, choose the own name, say when school is, save."""
    await actor.opens(BOT)
    await actor.says("timetable", ("timetable.csv", school.content))
    await actor.sees("Which one are you?")
    await actor.chooses("Your name in the table", name)
    await actor.clicks("Say when school is")
    first = "First day of school" if len(school.cycle) == 5 else "A date that is a “Day1”"
    bells = "\n".join(f"{p} {a:%H:%M}-{b:%H:%M}" for p, (a, b) in school.bells.items())
    standing = await actor.answer_in_form("Clock times, one period a line")
    assert [line.partition(" ")[0] for line in standing.splitlines()] == [
        line.partition(" ")[0] for line in bells.splitlines()
    ]
    await actor.fills(
        **{
            first: FIRST.isoformat(),
            "Last day of the school year": "2027-06-25",
            "Clock times, one period a line": bells,
        }
    )
    await actor.submits()
    await actor.form_closes()
    await saves(actor, school, name)


async def imports_by_name(actor: CoreActor, school: School, name: str) -> None:
    """Upload the file in the form together with the own name in it."""
    await actor.opens(BOT)
    await actor.says("timetable")
    await actor.clicks("Paste or upload a timetable")
    await actor.uploads("Or a file (.ics, .csv, .xlsx, .xml …)", "timetable.csv", school.content)
    await actor.fills(**{"Your name in it": f"  {name.upper()} "})
    await actor.submits()
    await actor.form_closes()
    await saves(actor, school, name)


async def saves(actor: CoreActor, school: School, name: str) -> None:
    lessons = school.lessons()[name]
    await actor.sees(f"I read {len(lessons)} lessons of {name}")
    await actor.clicks("Yes, save it")
    await actor.sees("Saved. Reminders come in your free periods only.")


async def closes_a_day(actor: CoreActor) -> None:
    """Enter a closure."""
    await actor.says("timetable")
    await actor.clicks("School calendar")
    await actor.clicks("Closures, labels and terms")
    await actor.fills(**{"Closed days, one a line": f"{CLOSED} unplanned Storm"})
    await actor.submits()
    await actor.form_closes()


async def moves_dates(actor: CoreActor) -> None:
    """Put every date of the plan within the three weeks."""
    await actor.opens(TITLE)
    for step, due in DUE.items():
        await actor.chooses("Open a step", step)
        [move] = [label for label in actor.offers() if label.startswith("Move date")]
        await actor.clicks(move)
        await actor.fills(**{"New date": due})
        await actor.submits()
        await actor.sees("Date moved.")
