"""A full disk while members click: who was told "Saved" is on record, the others were told why."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bot.domain.ids import PlanId
from bot.ui.actions import action
from bot.ui.replies import Reply
from tests.support.clicking import Bot, Hand, failed, opened, summary
from tests.support.full_disk import filled, small_disk

LONG = "x" * 900


async def started(bot: Bot) -> tuple[Hand, Hand, PlanId]:
    ana, ben = bot.person("Ana"), bot.person("Ben")
    await ben.clicks("next")
    return ana, ben, await ana.starts("Rivers", ben)


async def comments(
    bot: Bot, plan: PlanId, hands: Iterable[Hand], name: str, count: int = 20
) -> dict[str, Reply]:
    """Let the members comment all at once; return each one's answer by the comment's text."""
    texts = [
        (hand, f"{name} {n} {hand.person.name} {LONG}") for hand in hands for n in range(count)
    ]
    replies = await asyncio.gather(
        *(hand.submits(action("comment.save", plan, "form"), text=text) for hand, text in texts)
    )
    assert bot.rows()
    return {text: reply for (_, text), reply in zip(texts, replies, strict=True)}


def told_the_truth(bot: Bot, plan: PlanId, replies: dict[str, Reply], reason: str) -> int:
    """Fail unless exactly what was answered "Saved" is on record; return how many were not."""
    kept = [entry.act.after for entry in bot.log(plan)]
    for text, reply in replies.items():
        assert kept.count(text) == (not failed(reply)), summary(reply)
        if failed(reply):
            assert reason in summary(reply)
            assert "Nothing was changed" in summary(reply)
    entries = bot.log(plan)
    assert [entry.number for entry in entries] == list(range(1, bot.plan(plan).entries + 1))
    assert [c.text for c in bot.plan(plan).comments] == [t for t in kept if LONG in t]
    return sum(map(failed, replies.values()))


async def test_the_disk_fills_while_members_click(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=1500) as disk:
        async with opened(disk) as bot:
            ana, ben, plan = await started(bot)
            assert not told_the_truth(bot, plan, await comments(bot, plan, [ana, ben], "a", 3), "")
            with filled(disk):
                refused = await comments(bot, plan, [ana, ben], "b")
                assert told_the_truth(bot, plan, refused, "the disk is full") > 30
                assert not failed(await ana.clicks("next")), "looking still works"
                assert not failed(await ben.clicks(action("hist", plan)))
            after = await comments(bot, plan, [ana, ben], "c", 3)
            assert not told_the_truth(bot, plan, after, "the disk is full")


async def test_the_database_may_not_grow_while_members_click(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        ana, ben, plan = await started(bot)
        pages = limited(bot, more=12)
        replies = await comments(bot, plan, [ana, ben], "a")
        refused = told_the_truth(bot, plan, replies, "the disk is full")
        assert 0 < refused < len(replies)
        assert limited(bot, more=10_000) > pages
        after = await comments(bot, plan, [ana, ben], "b", 3)
        assert not told_the_truth(bot, plan, after, "the disk is full")


async def test_somebody_new_while_the_disk_is_full_is_told_too(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=900) as disk:
        async with opened(disk) as bot:
            await started(bot)
            with filled(disk):
                eve = bot.person("Eve " + "x" * 60_000)
                assert "the disk is full" in summary(await eve.says("next"))
            assert not failed(await bot.person("Eve").says("next"))


def limited(bot: Bot, *, more: int) -> int:
    """Let the database grow by so many pages, on the writer's only connection; return its limit."""
    with bot.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit = connection.exec_driver_sql(f"PRAGMA max_page_count={pages + more}").scalar_one()
        return int(limit)
