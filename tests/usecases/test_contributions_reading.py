"""What the history shows: names, remarks where they belong, and every text whole."""

import re

import pytest

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind
from bot.ui.actions import action
from bot.ui.cards import Card, Quote
from bot.ui.replies import Reply
from tests.support.clicking import Bot, Hand, buttons, card, failed, menus
from tests.ui.test_pages_limits import within


def quotes(shown: Card) -> list[str]:
    return [block.text for block in shown.blocks if isinstance(block, Quote)]


async def test_no_id_is_ever_shown(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Tides", ben, template="coplan-coteach-coassess")
    await ana.clicks(action("step.hand", plan, "coplan"), ben.member.id)
    handed = bot.log(plan)[-1].number
    assert not failed(await ana.clicks(action("undo", plan, str(handed))))
    for hand in (ana, ben):
        await hand.submits(action("field.save", plan, "coteach", "taught", "0"), text="x")
    await ana.submits(action("field.save", plan, "coteach", "changed", "0"), text="x")
    await ana.clicks(action("step.reopen", plan, "coteach"))
    await ana.clicks(action("step.close", plan, "coteach"))
    ids = {ana.member.id, ben.member.id}
    pages = [await ana.clicks(action("hist", plan))]
    pages += [
        await ana.clicks(action("entry.pick", plan), str(entry.number)) for entry in bot.log(plan)
    ]
    for page in pages:
        shown = re.sub(r"action=Action\(.*?\)\)|Option\(value='[^']*'", "", str(card(page)))
        words = set(re.findall(r"\w+", shown))
        assert not ids & words


async def test_a_platform_is_called_by_its_name(bot: Bot, ana: Hand, plan: PlanId) -> None:
    code = re.search(r"is ([0-9A-Z-]+)\.", card(await ana.says("link")).summary)
    assert code
    identity = Identity(platform="discord", user="d-ana")
    place = Place(platform="discord", kind=PlaceKind.CHANNEL, channel="c1")
    person = Person(identity=identity, name="ana_gamer")
    there = Hand(bot=bot, person=person, workspace=WorkspaceId("discord:G1"), place=place)
    assert not failed(await there.says(f"link {code[1]}"))
    page = card(await ana.clicks(action("hist", plan)))
    assert "Discord" in quotes(page)
    assert "discord" not in quotes(page)


async def test_remarks_are_found_where_their_entry_is(ana: Hand, ben: Hand, plan: PlanId) -> None:
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="A")
    await ana.submits(action("field.save", plan, "form", "class", "0"), text="B")
    await ben.submits(action("dispute.save", plan, "2"), text="that was mine")
    await ben.submits(action("note.save", plan, "2"), text="see the minutes")
    await ana.clicks(action("credit", plan, "2"), ben.member.id)
    spoken = "“Ana wrote \u2018What shall we plan?\u2019”"
    for page in (
        await ben.clicks(action("hist", plan, "form", "idea")),
        await ben.clicks(action("hist", plan)),
        await ben.clicks(action("hist", plan, "form")),
    ):
        told = str(card(page).blocks)
        assert f"disputed {spoken}" in told
        assert f"added a note to {spoken}" in told
        assert f"credited Ben for {spoken}" in told
    other = await ben.clicks(action("hist", plan, "form", "class"))
    assert "disputed" not in str(card(other).blocks)
    entry = await ana.clicks(action("entry.pick", plan), "2")
    told = str(card(entry).blocks)
    assert "that was mine" in told
    assert "see the minutes" in told
    assert "credited Ben" in told
    whole = await ana.chooses(entry, "Ben disputed an entry on “What shall we plan?”")
    assert quotes(card(whole)) == ["that was mine"]
    assert spoken in card(whole).summary


async def test_many_remarks_fit(ana: Hand, ben: Hand, plan: PlanId) -> None:
    for number in range(7):
        await ben.submits(action("note.save", plan, "1"), text=f"{number} {'note ' * 190}")
    page = await ana.clicks(action("entry.pick", plan), "1")
    within(page)
    assert "3 earlier remarks" in str(page)
    within(await ana.clicks(action("hist", plan)))


async def test_a_page_of_long_revisions_fits(ana: Hand, plan: PlanId) -> None:
    for number in range(8):
        text = f"{number} {'word ' * 590}"
        await ana.submits(action("field.save", plan, "form", "idea", str(number)), text=text)
    page = await ana.clicks(action("hist", plan, "form", "idea"))
    within(page)
    assert len(quotes(card(page))) == 8
    assert all(len(text) > 100 for text in quotes(card(page)))


@pytest.mark.parametrize("text", ["word " * 590 + "end", "x" * 2990, "Zeile\n" * 490 + "end"])
async def test_every_revision_can_be_read_whole(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId, text: str
) -> None:
    first, second = f"1 {text}", f"2 {text}"
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text=first)
    await ana.submits(action("field.save", plan, "form", "idea", "1"), text=second)
    page = await ben.clicks(action("entry.pick", plan), str(bot.log(plan)[-1].number))
    assert await read_through(ben, page) == first + second
    assert "Read on" not in [b.label for b in buttons(card(page))][1:]


async def read_through(hand: Hand, page: Reply) -> str:
    """Return all that is quoted on the page and those after it."""
    read = "".join(quotes(card(page)))
    within(page)
    while any(b.label == "Read on" for b in buttons(card(page))):
        page = await hand.presses(page, "Read on")
        within(page)
        read += "".join(quotes(card(page)))
        assert any(b.label == "Read back" for b in buttons(card(page)))
    return read


async def test_a_part_that_is_not_there_is_the_last_one(ana: Hand, plan: PlanId) -> None:
    page = await ana.clicks(action("entry.pick", plan, "1", "999"))
    assert card(page).title == "One entry"


async def test_a_field_is_found_without_its_thread(ana: Hand, ben: Hand, plan: PlanId) -> None:
    for words in ("idea", "What shall we plan?"):
        shown = await ana.says(f"history {words}")
        assert card(shown).title == "History: What shall we plan?"
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="Of rivers")
    await ana.starts("Hills", ben)
    which = await ana.says("history What shall we plan?")
    assert [option.label for option in menus(card(which))[0].options] == ["Rivers", "Hills"]
    chosen = await ana.chooses(which, "Rivers")
    assert card(chosen).title == "History: What shall we plan?"
    assert "Of rivers" in str(chosen)
    assert failed(await ana.says("history nothing of the kind"))
    await ana.starts("Short", ben, template="short-form")
    assert not failed(await ana.says("history Short"))
