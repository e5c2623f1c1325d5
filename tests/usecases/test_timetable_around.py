"""Time around school and the library's schedule: told in a form, kept, and told why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.members import Around, Library, LibraryMode
from bot.domain.timetable.availability import free_periods
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities
from tests.support.clicking import Bot, Hand, card, failed, form, summary, wrong
from tests.usecases.test_timetable_own import school

ANSWERS: dict[str, str | tuple[str, ...]] = {
    "before": "0", "after": "30", "library": "mixed", "weekdays": ("3",), "months": "oct, 3",
}  # fmt: skip


async def test_it_is_asked_kept_and_shown_again(ana: Hand) -> None:
    asked = form(await ana.presses(await ana.says("timetable"), "Around school, library"))
    saved = await ana.submits(asked.action, **ANSWERS)
    assert "You would plan up to 30 minutes after school." in summary(saved)
    assert "flexible on Wednesday, in Mar and in Oct, else fixed." in summary(saved)
    kept = ana.member.preferences
    assert kept.around == Around(after=30)
    assert kept.library == Library(mode=LibraryMode.MIXED, weekdays=(3,), months=(3, 10))
    again = form(await ana.clicks("tt.around"))
    assert [getattr(one, "initial", None) for one in again.inputs] == [
        "0", "30", "mixed", ("3",), "Mar, Oct",
    ]  # fmt: skip
    await ana.submits("settings.save", nudges="light", where="direct", days=("1", "2"),
                      quiet_from="20:00", quiet_until="07:00")  # fmt: skip
    assert (ana.member.preferences.around, ana.member.preferences.library) == (
        kept.around,
        kept.library,
    )


async def test_what_cannot_be_is_said_in_the_form(ana: Hand) -> None:
    await ana.says("help")
    assert (
        "no month"
        in wrong(await ana.submits("tt.aroundsave", **{**ANSWERS, "months": "13"}))["months"]
    )
    nothing = {**ANSWERS, "weekdays": (), "months": ""}
    assert wrong(await ana.submits("tt.aroundsave", **nothing))["weekdays"]
    odd = {**ANSWERS, "before": "7", "library": "?"}
    assert "within school only" not in summary(await ana.submits("tt.aroundsave", **odd))
    assert ana.member.preferences.library.mode is LibraryMode.NONE
    off = await ana.submits("tt.aroundsave", before="0", after="0", library="none", months="")
    assert "You plan within school only." in summary(off)


async def test_a_librarian_hears_which_fixed_class_is_why(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(ana)
    await ana.submits("tt.aroundsave", **{**ANSWERS, "after": "0", "library": "fixed"})
    await ben.says("help")
    days, periods = ("Mon", "Tue", "Wed", "Thu", "Fri"), ("P1", "P2", "P3")

    def timetables(work: Work) -> None:
        fixed = {(d, p): Cell(use=Use.LESSON, what="4B") for d in days for p in periods}
        others = {k: Cell(use=Use.LESSON, what="Bio") for k in fixed if k != ("Tue", "P2")}
        work.times.save_timetable(ana.member.id, Timetable(cells=fixed))
        work.times.save_timetable(ben.member.id, Timetable(cells=others))

    bot.write(timetables)
    plan = await ana.starts("Rivers", ben)
    assert plan
    shown = await ana.says("when")
    assert not failed(shown)
    blocks = str(card(shown).blocks)
    assert "Your fixed class with 4B is why you cannot meet on" in blocks
    assert "Ben is free then, and 1 more time like it." in blocks
    assert "4B" not in str(card(await ben.says("when")).blocks), "nobody else is told"


async def test_who_teaches_only_groups_that_are_off_is_off(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(ana)
    await ben.says("help")
    given = {"labels": "", "terms": "", "planned": "shift", "unplanned": "shift"}
    closures = "2026-11-24 planned (only Grade 9) Midterm"
    assert not failed(await ana.submits("school.save", closures=closures, **given))
    asked = form(await ana.presses(await ana.clicks("school"), "My groups"))
    assert asked.inputs[0].hint == "For example Grade 9"
    saved = await ana.submits(asked.action, groups="grade  9")
    assert "You teach grade 9." in summary(saved)

    def off(hand: Hand) -> bool:
        one = bot.read(lambda work: availabilities(work, [hand.member.id]))[hand.member.id]
        assert one.calendar is not None
        return one.calendar.closed_on(date(2026, 11, 24))

    assert off(ana)
    assert not off(ben)
    await ana.submits(asked.action, groups="Grade 9, Grade 10")
    assert not off(ana), "Grade 10 has school"
    assert wrong(await ana.submits(asked.action, groups=",".join(map(str, range(30)))))["groups"]
    assert "whole school" in summary(await ana.submits(asked.action, groups=""))


async def test_a_short_day_is_typed_with_the_bells_and_ends_early(bot: Bot, ana: Hand) -> None:
    await school(ana)
    bot.write(lambda work: work.times.save_timetable(ana.member.id, Timetable()))
    shown = form(await ana.clicks("school.bells"))
    typed = f"{shown.inputs[0].initial}\n\n[until 9:00: 2026-11-24]"  # type: ignore[union-attr]
    assert not failed(await ana.submits(shown.action, bells=typed, until="2027-06-18"))

    def ends(day: int) -> list[str]:
        one = bot.read(lambda work: availabilities(work, [ana.member.id]))[ana.member.id]
        start = datetime(2026, 11, day, tzinfo=UTC)
        found = free_periods(one, start, start + timedelta(days=1))
        return [f"{free.period} {free.end.astimezone(ZoneInfo(one.zone)):%H:%M}" for free in found]

    assert ends(24) == ["P1 08:45", "P2 09:00"]
    assert ends(25) == ["P1 08:45", "P2 09:35", "P3 10:40"]
    again = form(await ana.clicks("school.bells"))
    assert "[until 09:00: 2026-11-24]" in again.inputs[0].initial  # type: ignore[union-attr]
