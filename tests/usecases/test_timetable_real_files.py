"""Files of real schools in the chat: each becomes somebody's week, and says what is unclear."""

from pathlib import Path

import pytest

from adapters.files.recognising import recognise
from bot.chat.inbound import Upload
from bot.domain.timetable.timetable import Use
from bot.ui.forms import TextInput
from tests.support.clicking import Bot, Hand, card, failed, form, summary
from tests.ui.test_pages_limits import within

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
FILES = sorted(
    path
    for pattern in ("fet/*/*_solved.fet", "fet/*/*.xml", "fet/*/*.csv", "asc/*.xml", "untis/*.TXT")
    for path in DATA.glob(pattern)
)
YEAR = {"first": "2026-08-24", "until": "2027-06-18", "zone": "Europe/Berlin"}

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data"
)


def upload(path: Path) -> Upload:
    return Upload(name=path.name, content=path.read_bytes())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_a_real_school_starts_in_a_minute(path: Path, bot: Bot, ana: Hand) -> None:
    sent = upload(path)
    grid = recognise(sent.content, sent.name)
    teacher = max(grid.lessons, key=lambda name: len(grid.lessons[name]))

    back = await ana.submits("tt.read", files={"file": (sent,)})
    assert "Which one are you?" in summary(back)
    within(back)
    back = await ana.clicks("tt.who", teacher)
    if "say which one is 1" in str(card(back).blocks):
        back = await ana.presses(back, "1 is Monday")
    assert f"I read {len(grid.lessons[teacher])} lessons of {teacher}" in summary(back)
    within(back)
    asked = form(await ana.clicks("tt.school"))
    [bells] = [
        one.initial for one in asked.inputs if isinstance(one, TextInput) and one.key == "bells"
    ]
    week = (
        {} if "weekdays" not in {one.key for one in asked.inputs} else {"weekdays": tuple("01234")}
    )
    assert not failed(await ana.submits("tt.schoolsave", **YEAR, bells=bells, **week))
    assert "Your times are saved" in summary(await ana.clicks("tt.save"))

    saved = bot.read(lambda work: work.times.timetables([ana.member.id]))[ana.member.id]
    lessons = {place for place, cell in saved.cells.items() if cell.use is Use.LESSON}
    assert len(lessons) == len(grid.lessons[teacher])
    absent = {place for place, cell in saved.cells.items() if cell.use is Use.ABSENT}
    assert len(absent) == len(grid.absences.get(teacher, frozenset()) - grid.lessons[teacher])

    again = await ana.submits("tt.read", files={"file": (sent,)})
    again = await ana.clicks("tt.who", teacher)
    if "say which one is 1" in str(card(again).blocks):
        again = await ana.presses(again, "1 is Monday")
    assert "Nothing is other than in your saved timetable" in str(card(again).blocks)
