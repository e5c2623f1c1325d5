"""Public holidays of a country: suggested, and closed when somebody says so."""

from datetime import date

from tests.support.clicking import Bot, Hand, card, failed, form, summary, wrong
from tests.usecases.test_timetable_own import school


async def test_holidays_are_suggested_and_closed_on_a_word(bot: Bot, ana: Hand) -> None:
    await school(ana)
    asked = form(await ana.presses(await ana.clicks("school"), "Public holidays"))
    shown = await ana.submits(asked.action, country="germany", region="be")
    assert "public holidays of germany be are school days by your calendar." in summary(shown)
    assert "Good Friday" in str(card(shown).blocks)
    assert "25 Dec" in str(card(shown).blocks)
    before = bot.read(lambda work: work.times.calendar())
    assert before is not None
    assert before.closures == (), "nothing is closed yet"
    saved = await ana.presses(shown, "Close ")
    assert not failed(saved)
    now = bot.read(lambda work: work.times.calendar())
    assert now is not None
    assert now.label_on(date(2026, 12, 25)) is None
    assert now.label_on(date(2027, 3, 26)) is None
    assert {one.kind.value for one in now.closures} == {"planned"}
    again = await ana.submits(asked.action, country="DEU", region="BE")
    assert "closed already" in summary(again)
    await ana.presses(saved, "Undo")
    assert bot.read(lambda work: work.times.calendar()) == before


async def test_what_is_not_known_is_said_in_the_form(ana: Hand) -> None:
    assert failed(await ana.clicks("school.holidays")), "there is no calendar"
    await school(ana)
    asked = form(await ana.clicks("school.holidays"))
    assert "germany" in wrong(await ana.submits(asked.action, country="Germny"))["country"]
    assert wrong(await ana.submits(asked.action, country="  "))["country"]
    told = wrong(await ana.submits(asked.action, country="DE", region="XX"))["region"]
    assert "Known are: BB, BE" in told
    assert failed(await ana.clicks("school.holidaytake"))
