"""A file that was logged with outside work leaves with the plan and comes back with it."""

import json

from bot.chat.inbound import Upload
from bot.domain.ids import PlanId
from bot.ui.actions import action
from bot.usecases.planning.attached import FILES_BYTES, attached
from bot.usecases.ports import Work
from tests.support.clicking import Bot, Hand, card, summary

MIB = 1024 * 1024


async def logs(ana: Hand, ben: Hand, plan: PlanId, name: str, content: bytes) -> None:
    answers = {"kind": "talk", "band": "0-5", "partner": ben.member.id, "note": name}
    sent = {"file": (Upload(name=name, content=content),)}
    await ana.submits(action("out.save", plan), files=sent, **answers)


async def exported(hand: Hand, plan: PlanId) -> dict[str, bytes]:
    files = card(await hand.clicks("export", plan)).files
    return {file.name.rpartition(".")[2]: file.content for file in files}


async def brought_in(bot: Bot, hand: Hand, content: bytes) -> tuple[PlanId, str]:
    sent = {"file": (Upload(name="r.json", content=content),)}
    said = summary(await hand.submits("import.save", files=sent))
    return bot.read(lambda w: w.plans.of_member(hand.member.id))[-1].id, said


async def opens(bot: Bot, hand: Hand, plan: PlanId) -> list[tuple[str, bytes]]:
    """Return the files that somebody gets by the buttons of the plan's history."""
    found = []
    for entry in bot.log(plan):
        if "file" in entry.act.detail:
            page = await hand.clicks(action("entry.pick", plan), str(entry.number))
            file = card(await hand.presses(page, "Get the file")).files[0]
            found.append((file.name, file.content))
    return found


async def test_a_file_goes_out_and_comes_in(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    sent = [("notes.pdf", b"%PDF \x00\xff"), ("empty.txt", b"")]
    for name, content in sent:
        await logs(ana, ben, plan, name, content)
    first = await exported(ana, plan)
    came, said = await brought_in(bot, ana, first["json"])
    assert "Imported “Rivers”" in said
    assert "Not in the file" not in said
    assert await opens(bot, ana, came) == sent
    assert {w.file for w in bot.plan(came).outside}.isdisjoint(
        w.file for w in bot.plan(plan).outside
    )
    again = json.loads((await exported(ana, came))["json"])
    before = json.loads(first["json"])
    assert again["files"] == before["files"]
    assert again["outside"] == before["outside"]


async def test_a_stranger_gets_nothing_of_it(bot: Bot, ana: Hand, ben: Hand, plan: PlanId) -> None:
    await logs(ana, ben, plan, "notes.pdf", b"ours")
    eve = bot.person("Eve")
    came, _ = await brought_in(bot, eve, (await exported(ana, plan))["json"])
    theirs = bot.plan(plan).outside[0].file
    assert "no longer part of" in summary(await eve.clicks(action("out.file", came, theirs)))
    assert await opens(bot, eve, came) == [("notes.pdf", b"ours")]


async def test_a_file_of_work_taken_back_is_in_the_log_still(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await logs(ana, ben, plan, "notes.pdf", b"ours")
    await ana.clicks(action("undo", plan, "2"))
    assert bot.plan(plan).outside == ()
    came, _ = await brought_in(bot, ana, (await exported(ana, plan))["json"])
    assert await opens(bot, ana, came) == [("notes.pdf", b"ours")]


async def test_what_is_too_large_is_left_out_and_said(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await logs(ana, ben, plan, "first.bin", bytes(4 * MIB))
    await logs(ana, ben, plan, "second.bin", bytes(3 * MIB))
    await logs(ana, ben, plan, "third.txt", b"small")
    shown = card(await ana.clicks("export", plan))
    told = "Left out, as an export holds at most 6 MiB of files (the history has them): second.bin"
    assert told in str(shown.blocks)
    assert "hold everything" not in str(shown.blocks)
    came, said = await brought_in(bot, ana, shown.files[2].content)
    assert "Not in the file, so not here: second.bin." in said
    assert [(name, len(content)) for name, content in await opens(bot, ana, came)] == [
        ("first.bin", 4 * MIB),
        ("third.txt", 5),
    ]
    assert [bool(work.file) for work in bot.plan(came).outside] == [True, False, True]


async def test_many_files_are_never_loaded_all(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    for number in range(5):
        await logs(ana, ben, plan, f"{number}.bin", bytes(2 * MIB))

    def look(work: Work) -> list[int]:
        entries = work.log.of_plan(plan)
        return [len(f.content or b"") for f in attached(work, bot.plan(plan), entries).values()]

    loaded = bot.read(look)
    assert sum(loaded) <= FILES_BYTES
    assert loaded == [2 * MIB, 2 * MIB, 2 * MIB, 0, 0]
