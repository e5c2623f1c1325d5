"""The address of one's calendar: kept under a key, read again, forgotten."""

from collections.abc import Iterator

import pytest

from adapters.files.recognising import recognise
from adapters.slack.keyring import Keyring, new_key
from bot.chat.ports import ThreadWorkshop
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.domain.errors import InvalidInput
from bot.domain.timetable.feeds import calendar_address
from bot.domain.timetable.grid import Grid
from bot.usecases.vault import Vault
from tests.support.clicking import Bot, Hand, button, buttons, card, failed, summary
from tests.ui.test_pages_limits import within
from tests.usecases.test_timetable_feed import ART, MEETING, MORE_ART, feed, saved, school

ADDRESS = "https://calendar.example/secret-4711/ana.ics"
BOTH = "https://calendar.example/secret-4712/all.ics"
WEB: dict[str, bytes] = {}


def read(data: bytes, name: str) -> Grid:
    """Read a file, or what stands in a small web at its address."""
    address = calendar_address(data.decode("utf-8", "replace"))
    if not address:
        return recognise(data, name)
    if address not in WEB:
        raise InvalidInput(what="There is nothing at that address.", remedy="Look it up again.")
    return recognise(WEB[address], "")


def with_vault(bot: Bot, vault: Vault | None) -> None:
    bot.router = Router(bot.door, routes(read, vault=vault), ThreadWorkshop())


@pytest.fixture
def vault(bot: Bot) -> Iterator[Keyring]:
    WEB.update(
        {ADDRESS: feed("Ana", ART, MORE_ART), BOTH: feed("A. Other", MEETING) + feed("Mrs X", ART)}
    )
    vault = Keyring(new_key())
    with_vault(bot, vault)
    yield vault
    WEB.clear()


async def gives(hand: Hand, address: str = ADDRESS) -> str:
    back = await hand.says(f"timetable {address}")
    assert not failed(back), back
    within(back)
    return str(card(back).blocks)


async def keeps(hand: Hand) -> None:
    await school(hand)
    assert "the address is kept, sealed" in await gives(hand)
    assert not failed(await hand.clicks("tt.save"))


def labels(shown: object) -> list[str]:
    return [one.label for one in buttons(card(shown))]  # type: ignore[arg-type]


@pytest.mark.usefixtures("vault")
async def test_a_calendar_is_read_again_and_what_changed_is_told(bot: Bot, ana: Hand) -> None:
    await keeps(ana)
    stored = str(bot.everything())
    assert "4711" not in stored, "an address is a secret"
    assert "calendar.example" not in stored
    shown = await ana.says("timetable")
    within(shown)
    again = await ana.presses(shown, "Read my calendar again")
    assert "Nothing is other than in your saved timetable." in str(card(again).blocks)
    WEB[ADDRESS] = feed("Ana", ART, MORE_ART, MEETING)
    again = await ana.presses(shown, "Read my calendar again")
    assert "1 period is other than in your saved timetable" in str(card(again).blocks)
    assert set(saved(bot, ana).cells) == {("A", "P1")}, "nothing is saved before it is said"
    await ana.presses(again, "Yes, save it")
    assert set(saved(bot, ana).cells) == {("A", "P1"), ("A", "P3")}
    assert "Read my calendar again" in labels(await ana.says("timetable"))


@pytest.mark.usefixtures("vault")
async def test_what_goes_wrong_when_it_is_read_again_changes_nothing(bot: Bot, ana: Hand) -> None:
    await keeps(ana)
    shown = await ana.says("timetable")
    before = bot.everything()
    WEB.clear()
    gone = await ana.presses(shown, "Read my calendar again")
    assert failed(gone)
    assert "There is nothing at that address." in summary(gone)
    WEB[ADDRESS] = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    assert failed(await ana.presses(shown, "Read my calendar again"))
    for vault in (Keyring(new_key()), None):
        with_vault(bot, vault)
        other = await ana.presses(shown, "Read my calendar again")
        assert failed(other)
        assert "cannot be opened any more" in summary(other)
        assert "COPLAN" not in summary(other)
    assert bot.everything() == before


@pytest.mark.usefixtures("vault")
async def test_it_is_forgotten_when_somebody_says_so(bot: Bot, ana: Hand) -> None:
    await keeps(ana)
    shown = await ana.says("timetable")
    forgotten = await ana.presses(shown, "Forget its address")
    assert "Read my calendar again" not in labels(forgotten)
    assert set(saved(bot, ana).cells) == {("A", "P1")}
    late = await ana.presses(shown, "Read my calendar again")
    assert failed(late)
    assert "No address of a calendar of yours is kept." in summary(late)
    assert failed(await bot.person("New").clicks("tt.again"))


@pytest.mark.usefixtures("vault")
async def test_a_week_that_is_not_saved_yet_does_not_bring_it_back(bot: Bot, ana: Hand) -> None:
    await keeps(ana)
    again = await ana.clicks("tt.again")
    assert not failed(await ana.clicks("tt.forget"))
    assert not failed(await ana.presses(again, "Yes, save it"))
    assert "Read my calendar again" not in labels(await ana.says("timetable"))
    assert bot.read(lambda work: work.times.sources()) == {}


@pytest.mark.usefixtures("vault")
async def test_tapping_keeps_it_and_another_table_does_not(bot: Bot, ana: Hand) -> None:
    await keeps(ana)
    await ana.clicks("tt.tap")
    await ana.clicks("tt.week")
    assert not failed(await ana.clicks("tt.save"))
    assert "Read my calendar again" in labels(await ana.says("timetable"))
    await ana.submits("tt.read", text="day,period,subject\nA,P2,Bio")
    assert "Read my calendar again" in labels(await ana.says("timetable")), "it is not saved yet"
    await ana.clicks("tt.save")
    assert "Read my calendar again" not in labels(await ana.says("timetable"))
    await gives(ana)
    await ana.clicks("tt.save")
    await ana.submits("tt.hourssave", hours="weekdays 9-12")
    assert "Read my calendar again" not in labels(await ana.says("timetable"))
    assert bot.read(lambda work: work.times.sources()) == {}


@pytest.mark.usefixtures("vault")
async def test_whose_calendar_it_is_of_several_is_kept_too(bot: Bot, ana: Hand) -> None:
    await school(ana)
    asked = await ana.says(f"timetable {BOTH}")
    assert card(asked).title == "Who are you?"
    await ana.submits("tt.read", text=BOTH, person="Mrs X")
    await ana.clicks("tt.save")
    again = await ana.presses(await ana.says("timetable"), "Read my calendar again")
    assert card(again).title == "Is this your week?"
    assert "of Mrs X" in summary(again)
    assert button(again, "Yes, save it")
    source = bot.read(lambda work: work.times.source(ana.member.id))
    assert source is not None
    assert source.person == "Mrs X"


@pytest.mark.usefixtures("vault")
async def test_without_a_key_it_is_said_that_it_is_not_kept(bot: Bot, ana: Hand) -> None:
    with_vault(bot, None)
    await school(ana)
    told = await gives(ana)
    assert "The address is not kept here" in told
    assert "COPLAN_SECRET_KEYS" in told
    assert not failed(await ana.clicks("tt.save"))
    assert "Read my calendar again" not in labels(await ana.says("timetable"))
    assert "calendar.example" not in str(bot.everything())
