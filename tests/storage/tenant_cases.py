"""A case, or more, for each method of each port: what one workspace does while another does too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import (
    ChangeId,
    MemberId,
    PartnershipId,
    PlanId,
    RecurringId,
    ReminderId,
    WorkspaceId,
)
from bot.domain.members import Identity
from bot.domain.places import MessageRef
from bot.domain.planning.plan import Plan
from bot.domain.reminders.notices import TOO_LATE, Leased, Notice, NoticeKind
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.reminders.snoozing import Snooze
from bot.domain.reminders.undelivered import Cause, Undelivered
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.changes import CalendarChange
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.published import Feed, FeedId
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.installations import Installation
from bot.usecases.linking import LinkCode
from bot.usecases.upkeep import Chore
from storage.tables import metadata
from storage.work import StorageWork
from tests.storage.test_repositories import (
    ANA,
    BEN,
    HERE,
    MINUTE,
    NOON,
    THREAD,
    a_calendar,
    a_member,
    a_partnership,
    a_plan,
    a_template,
)
from tests.storage.test_repositories_recurring import a_reminder

Do = Callable[[StorageWork, int], object]
KIND = ReminderKind.MEMBER
SOME_CHORES = list(Chore)
SOME_IDS = [f"i{n}" for n in range(1, 13)]


def plan_id(n: int) -> PlanId:
    return PlanId(f"p{n % 2}")


def member_id(n: int) -> MemberId:
    return (ANA, BEN)[n % 2]


def some_plan(work: StorageWork, n: int) -> Plan:
    """Return the plan, added now if it is not there yet."""
    known = work.plans.get(plan_id(n))
    if known is None:
        known = replace(a_plan(plan_id(n), work.workspace), template=a_template(f"t{n}"))
        work.plans.add(known)
    return known


def put_thread(work: StorageWork, n: int) -> None:
    some_plan(work, n)
    place = replace(THREAD, thread=f"{n}")
    work.plans.set_card(plan_id(n), MessageRef(place=place, message=f"{work.workspace}"))


def link_plan(work: StorageWork, n: int) -> None:
    some_plan(work, n)
    work.plans.link(plan_id(n), replace(THREAD, platform="discord", thread=f"{n}"))


def append(work: StorageWork, n: int) -> None:
    plan = some_plan(work, n)
    act = Act(kind=ActKind.DECIDED, by=ANA, at=NOON, after=f"{work.workspace} {n}")
    number = len(work.log.of_plan(plan.id)) + n % 3  # now and then one that is taken, or none
    work.log.append([Entry(plan=plan.id, number=number, act=act)])


def a_notice(n: int) -> Notice:
    kind = (NoticeKind.NEWS, NoticeKind.PLAN_CARD)[n % 2]
    return Notice(key=f"n{n % 2}", kind=kind, due_at=NOON + n * MINUTE, plan=plan_id(n))


def a_message(n: int) -> Notice:
    kind = (NoticeKind.REMINDER, NoticeKind.CATCH_UP, NoticeKind.DIGEST)[n % 3]
    return replace(a_notice(n), kind=kind, member=member_id(n))


def lease(work: StorageWork, n: int) -> Leased:
    """Put a notice and lease it, here only: the runtime's own lease takes everybody's."""
    work.outbox.put(a_notice(n))
    table, until = metadata.tables["outbox"], NOON + MINUTE
    _connection(work).execute(
        sa.update(table)
        .where(table.c.workspace == work.workspace, table.c.key == f"n{n % 2}")
        .values(state="leased", epoch=1, lease_until=until)
    )
    return Leased(
        workspace=work.workspace,
        notice=a_notice(n),
        attempts=1,
        epoch=1,
        wanted=n,
        until=until,
        first_due_at=NOON,
    )


def undelivered(n: int) -> Undelivered:
    return Undelivered(
        member=member_id(n),
        about=plan_id(n) if n % 2 else "",
        kind=(NoticeKind.PLAN_CARD, NoticeKind.REMINDER)[n % 2],
        cause=Cause.CLOSED,
        at=NOON + n * MINUTE,
    )


def an_installation(work: StorageWork, n: int) -> Installation:
    return Installation(secret=own(work, n), facts=own(work, n), at=NOON + n * MINUTE)


def advance(work: StorageWork, n: int) -> object:
    seen = work.reminders.of(KIND, member_id(n))
    return seen and work.reminders.advance(seen, NOON + n * MINUTE)


def advance_all(work: StorageWork, n: int) -> object:
    seen = [row for row in work.reminders.planned() if row.subject in {ANA, member_id(n)}]
    work.reminders.advance_all([(row, NOON + n * MINUTE) for row in seen])
    return seen


def an_absence(n: int) -> Absence:
    first = NOON.date() + timedelta(days=n)
    return Absence(first=first, last=first, stand_in=member_id(n + 1), passes=n > 1)


def away(work: StorageWork, n: int) -> object:
    """Let one absence come, and stay beside at most one other."""
    seen = work.absent.of([member_id(n)]).get(member_id(n), ())
    one = an_absence(n)
    work.absent.replace(member_id(n), seen, tuple({*seen[-1:], one}))
    return work.absent.of([ANA, BEN])


def a_snooze(n: int) -> Snooze:
    until = NOON if n % 2 else None
    return Snooze(key=f"p{n % 2}:thing", plan=plan_id(n), step=f"s{n}", until=until)


def keep_change(work: StorageWork, n: int) -> None:
    work.times.keep_change(
        CalendarChange(
            id=ChangeId(f"c{n % 2}"),
            by=member_id(n),
            at=NOON,
            before=a_calendar(),
            after=replace(a_calendar(), cycle=("A", own(work, n))),
            moved=n,
            stood={member_id(n): NOON, member_id(n + 1): None},
            told=(PartnershipId(own(work, n)),),
            undone=n > 1,
        )
    )


def _connection(work: StorageWork) -> sa.Connection:
    return work.everywhere._connection  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def reminder(work: StorageWork, n: int) -> RecurringReminder:
    """Return the reminder of that number, added now if it is not there yet."""
    known = work.recurring.get(RecurringId(f"r{n % 2}"))
    if known is None:
        known = replace(
            a_reminder(RecurringId(f"r{n % 2}"), work.workspace),
            partnership=PartnershipId(f"s{n % 2}"),
        )
        work.recurring.add(known)
    return known


def a_feed(work: StorageWork, n: int) -> object:
    """Add the feed of that number unless it is there, and return it."""
    which = FeedId(f"f{n}")
    if work.feeds.get(which) is None:
        home = PartnershipId(own(work, n)) if n % 2 else None
        work.feeds.add(Feed(id=which, member=member_id(n), partnership=home, at=NOON + n * MINUTE))
    return work.feeds.get(which)


def cancel_too_late(work: StorageWork, n: int) -> object:
    """Cancel a notice whose time has passed, and return all that are unsent."""
    work.outbox.cancel(lease(work, n), TOO_LATE)
    return sorted(work.outbox.unsent(["n0", "n1"]))


def own(work: StorageWork, n: int) -> str:
    """Return a text that names the workspace: found in another one, it gives itself away."""
    return f"{work.workspace} {n}"


# One case, or more, for each method of each port; ``n`` is 0 to 3 and chooses ids and contents.
CASES: dict[str, Do] = {
    "members.by_identity": lambda w, n: w.members.by_identity(
        Identity(platform="slack", user=f"U-{member_id(n)}")
    ),
    "members.users": lambda w, _: w.members.users("slack", [ANA, BEN]),
    "members.join": lambda w, n: w.members.join(
        member_id(n), Identity(platform="discord", user=f"D-{n}")
    ),
    "members.joined": lambda w, n: w.members.joined(member_id(n)),
    "members.part": lambda w, n: w.members.part(member_id(n + 1), "discord"),
    "members.by_identity, joined": lambda w, n: w.members.by_identity(
        Identity(platform="discord", user=f"D-{n}")
    ),
    "members.get": lambda w, _: w.members.get([ANA, BEN]),
    "members.all": lambda w, _: w.members.all(),
    "members.save": lambda w, n: w.members.save(
        replace(a_member(member_id(n), w.workspace), name=own(w, n))
    ),
    "plans.get": lambda w, n: w.plans.get(plan_id(n)),
    "plans.add": some_plan,
    "plans.save": lambda w, n: w.plans.save(
        replace(
            some_plan(w, n), title=own(w, n), partners=a_plan("", HERE, member_id(n // 2)).partners
        )
    ),
    "plans.save, stale": lambda w, n: w.plans.save(
        replace(a_plan(plan_id(n), w.workspace), entries=n)
    ),
    "plans.of_member": lambda w, n: w.plans.of_member(member_id(n)),
    "plans.of_partnership": lambda w, _: w.plans.of_partnership(PartnershipId("s1")),
    "plans.at": lambda w, n: w.plans.at(replace(THREAD, thread=f"{n}")),
    "plans.card": lambda w, n: w.plans.card(plan_id(n)),
    "plans.card, linked": lambda w, n: w.plans.card(plan_id(n), "discord"),
    "plans.link": link_plan,
    "plans.place_on": lambda w, n: w.plans.place_on(plan_id(n), "discord"),
    "plans.unlink": lambda w, n: w.plans.unlink(plan_id(n + 1), "discord"),
    "codes.put": lambda w, n: w.codes.put(
        LinkCode(hash=f"h{n}", member=member_id(n), plan=plan_id(n), until=NOON), NOON
    ),
    "codes.get": lambda w, n: w.codes.get(f"h{n}"),
    "codes.drop": lambda w, n: w.codes.drop(f"h{n - 1}"),
    "plans.set_card": put_thread,
    "plans.forget_card": lambda w, n: (
        w.plans.forget_card(plan_id(n + 1)),
        w.plans.card(plan_id(n)),
    ),
    "log.append": append,
    "log.of_plan": lambda w, n: w.log.of_plan(plan_id(n), newest=n),
    "log.entry": lambda w, n: w.log.entry(plan_id(n), 1),
    "log.since": lambda w, _: w.log.since([PlanId("p0"), PlanId("p1")], NOON),
    "partnerships.get": lambda w, n: w.partnerships.get(PartnershipId(f"s{n % 2}")),
    "partnerships.at": lambda w, _: w.partnerships.at(THREAD),
    "partnerships.of_member": lambda w, n: w.partnerships.of_member(member_id(n)),
    "partnerships.save": lambda w, n: w.partnerships.save(
        replace(a_partnership(f"s{n % 2}", w.workspace), members=(member_id(n // 2),))
    ),
    "times.hold_calendar": lambda w, n: w.times.hold_calendar(f"s{n % 2}"),
    "times.calendar": lambda w, n: w.times.calendar(f"s{n % 2}"),
    "times.schools": lambda w, _: w.times.schools(),
    "times.save_calendar": lambda w, n: w.times.save_calendar(
        replace(a_calendar(), cycle=("A", own(w, n)), school=f"s{n % 2}")
    ),
    "times.keep_change": keep_change,
    "times.change": lambda w, n: w.times.change(ChangeId(f"c{n % 2}")),
    "times.timetables": lambda w, _: w.times.timetables([ANA, BEN]),
    "times.hours": lambda w, _: w.times.hours([ANA, BEN]),
    "times.save_timetable": lambda w, n: w.times.save_timetable(
        member_id(n), Timetable(cells={("A", "P1"): Cell(use=Use.DUTY, what=own(w, n))})
    ),
    "times.save_hours": lambda w, n: w.times.save_hours(
        member_id(n), WeeklyHours(spans=((n, NOON.time(), (NOON + n * MINUTE + MINUTE).time()),))
    ),
    "times.source": lambda w, n: w.times.source(member_id(n)),
    "times.sources": lambda w, _: w.times.sources(),
    "times.keep_source": lambda w, n: w.times.keep_source(
        member_id(n), Source(secret=own(w, n), person="Ana")
    ),
    "templates.own": lambda w, _: w.templates.own(),
    "templates.save": lambda w, n: w.templates.save(
        replace(a_template(f"t{n % 2}"), about=own(w, n))
    ),
    "drafts.put": lambda w, n: w.drafts.put(member_id(n), "template", own(w, n).encode()),
    "drafts.get": lambda w, n: w.drafts.get(member_id(n), "template"),
    "drafts.drop": lambda w, n: w.drafts.drop(member_id(n + 1), "template"),
    "files.put": lambda w, n: w.files.put(some_plan(w, n).id, w.ids.new(), own(w, n), b""),
    "files.about": lambda w, n: w.files.about(plan_id(n)),
    "files.get": lambda w, n: [w.files.get(plan_id(n), one) for one in SOME_IDS],
    "recurring.get": lambda w, n: w.recurring.get(RecurringId(f"r{n % 2}")),
    "recurring.of_partnership": lambda w, n: w.recurring.of_partnership(PartnershipId(f"s{n % 2}")),
    "recurring.add": reminder,
    "recurring.save": lambda w, n: w.recurring.save(
        replace(reminder(w, n), text=own(w, n), revision=reminder(w, n).revision + 1)
    ),
    "recurring.save, stale": lambda w, n: w.recurring.save(reminder(w, n)),
    "recurring.move": lambda w, n: w.recurring.move(
        RecurringId(f"r{n % 2}"), PartnershipId(f"s{n // 2}"), plan_id(n)
    ),
    "reminders.of": lambda w, n: w.reminders.of(KIND, member_id(n)),
    "reminders.get": lambda w, _: [w.reminders.get(ReminderId(one)) for one in SOME_IDS],
    "reminders.hold": lambda w, _: w.reminders.hold(ReminderId(one) for one in SOME_IDS),
    "reminders.plan": lambda w, n: w.reminders.plan(KIND, member_id(n), NOON + n * MINUTE),
    "reminders.advance": advance,
    "reminders.advance_all": advance_all,
    "reminders.planned": lambda w, _: w.reminders.planned(),
    "reminders.zone_rules": lambda w, _: w.reminders.zone_rules(),
    "reminders.follow_zone_rules": lambda w, n: w.reminders.follow_zone_rules(own(w, n)),
    "reminders.nudged": lambda w, n: w.reminders.nudged(member_id(n)),
    "reminders.count_nudges": lambda w, n: w.reminders.count_nudges(
        {member_id(n): ["p1:what"], ANA: []}, NOON + n * MINUTE
    ),
    "absent.of": lambda w, _: w.absent.of([ANA, BEN]),
    "absent.covered_by": lambda w, n: w.absent.covered_by(member_id(n)),
    "absent.replace": away,
    "snoozes.of": lambda w, n: w.snoozes.of(member_id(n)),
    "snoozes.held": lambda w, n: w.snoozes.held([plan_id(n), plan_id(n + 1)]),
    "snoozes.put": lambda w, n: w.snoozes.put(member_id(n // 2), [a_snooze(n)]),
    "snoozes.drop": lambda w, n: w.snoozes.drop(member_id(n), [f"p{n % 2}:thing", own(w, n)]),
    "outbox.put": lambda w, n: w.outbox.put(a_notice(n)),
    "outbox.put_all": lambda w, n: sorted(w.outbox.put_all([a_notice(n), a_notice(n + 1)])),
    "outbox.messages": lambda w, n: (
        w.outbox.put(replace(a_message(n), key=f"reminder:r{n}:{own(w, n)}")),
        w.outbox.messages(ANA),
    ),
    "outbox.message": lambda w, n: w.outbox.message(f"n{n % 2}"),
    "outbox.known": lambda w, n: w.outbox.known(f"n{n % 2}"),
    "outbox.suspect": lambda w, n: w.outbox.suspect(lease(w, n)),
    "outbox.sent": lambda w, n: w.outbox.sent(
        lease(w, n), MessageRef(place=THREAD, message=own(w, n))
    ),
    "outbox.follow": lambda w, n: (
        w.outbox.follow(THREAD.platform, THREAD.channel, f"{THREAD.channel}{n}"),
        w.outbox.message(f"n{n % 2}"),
    ),
    "outbox.cancel": lambda w, n: w.outbox.cancel(lease(w, n), own(w, n)),
    "outbox.retry": lambda w, n: w.outbox.retry(lease(w, n), NOON, own(w, n)),
    "outbox.give_up": lambda w, n: w.outbox.give_up(lease(w, n), own(w, n)),
    "outbox.limit": lambda w, n: w.outbox.limit(f"slack/C{n % 2}", NOON + n * MINUTE, NOON),
    "outbox.unsent": cancel_too_late,
    "outbox.put, leased": lambda w, n: lease(w, n).notice,
    "undelivered.note": lambda w, n: w.undelivered.note(undelivered(n)),
    "undelivered.note, another cause": lambda w, n: w.undelivered.note(
        replace(undelivered(n), cause=Cause.GONE, kind=NoticeKind.NEWS)
    ),
    "undelivered.waits": lambda w, n: w.undelivered.waits(member_id(n)),
    "undelivered.left": lambda w, n: w.undelivered.left(member_id(n)),
    "undelivered.note, of one who left": lambda w, n: w.undelivered.note(
        replace(undelivered(n), about="", cause=Cause.LEFT)
    ),
    "undelivered.left, then": lambda w, n: w.undelivered.left(member_id(n)),
    "undelivered.untold": lambda w, n: w.undelivered.untold(member_id(n)),
    "undelivered.causes": lambda w, n: w.undelivered.causes(undelivered(n).about),
    "undelivered.tell": lambda w, n: w.undelivered.tell(member_id(n)),
    "undelivered.mended": lambda w, n: w.undelivered.mended(
        plan_id(n) if n % 2 else "", None if n % 2 else member_id(n)
    ),
    "undelivered.note, at last": lambda w, n: w.undelivered.note(undelivered(n)),
    "feeds.of": lambda w, n: w.feeds.of(member_id(n)),
    "feeds.get": lambda w, n: w.feeds.get(FeedId(f"f{n}")),
    "feeds.add": a_feed,
    "feeds.drop": lambda w, n: w.feeds.drop(FeedId(f"f{n}")),
    "feeds.add, again": a_feed,
    "upkeep.claim": lambda w, n: w.upkeep.claim(SOME_CHORES[n % 2], n * MINUTE),
    "upkeep.note": lambda w, n: w.upkeep.note(SOME_CHORES[n % 2], NOON),
    "upkeep.last": lambda w, n: w.upkeep.last(SOME_CHORES[n % 2]),
    "installations.get": lambda w, _: w.installations.get(),
    "installations.save": lambda w, n: w.installations.save(an_installation(w, n)),
    "installations.drop": lambda w, n: w.installations.drop(NOON + n * MINUTE),
    "installations.reseal": lambda w, n: w.installations.reseal(own(w, n), own(w, n + 1)),
    "installations.save, at last": lambda w, _: w.installations.save(an_installation(w, 9)),
    "installations.organisation": lambda w, _: w.installations.organisation(),
    "installations.reached": lambda w, n: w.installations.reached(
        WorkspaceId(own(w, n)) if n else None
    ),
    "inbox.first": lambda w, n: w.inbox.first(f"Ev{n}"),
    "inbox.seen": lambda w, n: w.inbox.seen(f"Ev{n}"),
}
