"""Calendars that go out: what is in them, who may read them, and links that can be revoked."""

from dataclasses import replace
from datetime import date, timedelta

import icalendar

from bot.domain.contributions.acts import Source
from bot.domain.ids import PlanId
from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.undelivered import Cause, Undelivered
from bot.domain.timetable.published import Entry, FeedId
from bot.ui.actions import action
from bot.ui.cards import Quote
from bot.ui.pages.timetable.published import calendar_file, entries, feeds_page
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.timetable.publishing import own_feeds, read_feed
from tests.support.clicking import Bot, Hand, card, failed, summary

SOON = timedelta(days=2)


def feed_of(hand: Hand, home: str | None = None) -> FeedId:
    known = hand.bot.read(lambda work: work.feeds.of(hand.member.id))
    (feed,) = [feed for feed in known if feed.partnership == home]
    return feed.id


def home_of(hand: Hand, plan: PlanId) -> str:
    return hand.bot.plan(plan).partnership


def shown(bot: Bot, feed: FeedId) -> dict[str, Entry]:
    agenda = bot.read(lambda work: read_feed(work, feed))
    assert agenda is not None
    found = list(entries(agenda))
    assert len({one.uid for one in found}) == len(found)
    read = icalendar.Calendar.from_ical(calendar_file(agenda)).walk("VEVENT")
    assert [event["UID"] for event in read] == [one.uid for one in found]
    return {one.title: one for one in found}


async def propose(hand: Hand, plan: PlanId, purpose: str) -> None:
    start = int((hand.bot.clock.now() + SOON).timestamp())
    done = action("session.save", plan, str(start), str(start + 1800))
    assert not failed(await hand.submits(done, purpose=purpose))


async def test_a_calendar_has_sessions_due_dates_and_the_digest(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await ana.submits(action("step.duesave", plan, "form"), due="2026-12-04")
    await propose(ana, plan, "Talk of rivers")
    page = await ana.presses(await ana.clicks("feeds"), "Make a link: my own")
    assert "With a link: What waits on you, and all your sessions." in summary(page)
    found = shown(bot, feed_of(ana))
    talk = found["Talk of rivers · Rivers"]
    assert (talk.start, talk.busy, talk.sure) == (bot.clock.now() + SOON, True, False)
    assert any(one.day == date(2026, 12, 4) for one in found.values())
    assert found["Coplan: weekly digest"].weekly
    uids = {one.uid for one in found.values()}
    await ben.clicks(action("session.yes", plan, bot.plan(plan).sessions[0].id))
    again = shown(bot, feed_of(ana))
    assert again["Talk of rivers · Rivers"].sure
    assert {one.uid for one in again.values()} == uids


async def test_a_partnership_has_one_of_its_own(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    duty = {"text": "Book the bus", "owner": ana.member.id, "due": "2026-12-09"}
    assert not failed(await ana.submits(action("duty.save", plan), **duty))
    page = await ben.clicks("feeds")
    await ben.presses(page, f"Make a link: {ana.member.name}")
    found = shown(bot, feed_of(ben, home_of(ben, plan)))
    dated = [step for step in bot.plan(plan).steps if step.due]
    assert dated
    for state in dated:
        step = bot.plan(plan).template.step(state.key)
        assert step is not None
        assert found[f"Due: {step.title} · Rivers"].day == state.due
    bus = found["Due: Book the bus · Rivers"]
    assert (bus.day, bus.about) == (date(2026, 12, 9), f"For: {ana.member.name}.")
    slot = found[f"All free: {ana.member.name} and {ben.member.name}"]
    assert slot.start is not None
    assert not slot.busy
    saved = card(await ben.presses(await ben.clicks("feeds"), f"Save {ana.member.name} as a file"))
    assert saved.files[0].name == "coplan.ics"
    assert saved.files[0].content.startswith(b"BEGIN:VCALENDAR")


async def test_what_is_declined_or_over_is_not_in_it(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await propose(ana, plan, "Talk")
    await ana.clicks("feeds.open")
    await ben.clicks("feeds.open")
    await ben.clicks(action("session.no", plan, bot.plan(plan).sessions[0].id))
    assert "Talk · Rivers" not in shown(bot, feed_of(ben))
    assert "Talk · Rivers" in shown(bot, feed_of(ana))
    bot.clock.set(bot.clock.now() + 2 * SOON)
    assert "Talk · Rivers" not in shown(bot, feed_of(ana))


async def test_a_link_that_was_revoked_leads_nowhere(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    assert bot.plan(plan)
    await ana.clicks("feeds.open")
    first = feed_of(ana)
    await ben.clicks(action("feeds.close", first))
    assert feed_of(ana) == first, "only its member revokes it"
    await ana.presses(await ana.clicks("feeds"), "New link: my own")
    second = feed_of(ana)
    assert bot.read(lambda work: read_feed(work, first)) is None
    assert bot.read(lambda work: read_feed(work, second)) is not None
    gone = await ana.presses(await ana.clicks("feeds"), "Remove link: my own")
    assert "With a link" not in summary(gone)
    assert bot.read(lambda work: read_feed(work, second)) is None
    assert not failed(await ana.clicks(action("feeds.close", second)))


async def test_nobody_reads_the_calendar_of_partners_they_do_not_have(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    cara = bot.person("Cara")
    await cara.says("help")
    assert failed(await cara.clicks(action("feeds.open", home_of(ana, plan))))
    assert failed(await cara.clicks(action("feeds.file", home_of(ana, plan))))
    await ben.clicks(action("feeds.open", home_of(ana, plan)))
    feed = feed_of(ben, home_of(ana, plan))

    def without_ben(work: Work) -> None:
        (home,) = work.partnerships.of_member(ana.member.id)
        work.partnerships.save(replace(home, members=(ana.member.id,)))

    bot.write(without_ben)
    assert bot.read(lambda work: read_feed(work, feed)) is None


async def test_whoever_is_no_longer_in_the_chat_reads_nothing(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    assert plan
    await ana.clicks("feeds.open")
    feed = feed_of(ana)
    lost = Undelivered(
        member=ana.member.id,
        about="",
        kind=NoticeKind.REMINDER,
        cause=Cause.CLOSED,
        at=bot.clock.now(),
    )
    bot.write(lambda work: work.undelivered.note(lost))
    assert bot.read(lambda work: read_feed(work, feed)) is not None
    bot.write(lambda work: work.undelivered.note(replace(lost, cause=Cause.LEFT)))
    assert bot.read(lambda work: read_feed(work, feed)) is None
    bot.write(lambda work: work.undelivered.mended("", ana.member.id))
    assert bot.read(lambda work: read_feed(work, feed)) is not None


async def test_without_an_address_there_are_files_only(ana: Hand, plan: PlanId) -> None:
    assert plan
    await ana.clicks("feeds.open")
    actor = Actor(member=ana.member, place=ana.place, source=Source())
    found = ana.bot.read(lambda work: own_feeds(work, actor, None))
    page = card(feeds_page(None, found))
    assert "COPLAN_PUBLIC_URL" in str(page.blocks)
    assert not any(isinstance(block, Quote) for block in page.blocks)
    assert "link" not in page.summary
