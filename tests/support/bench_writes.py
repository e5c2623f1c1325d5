"""What reminders are measured beside: all that Coplan writes down of each, and nothing else.

The same rows of the same schools, by Coplan's own statements: claimed (moved on, put into the
outbox, counted), leased, begun and marked, in lots of two hundred. Nobody works out what is to be
said and when next, nothing is composed or sent, and no thread waits for another.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.domain.ids import EVERYWHERE, MemberId, RandomIds, ReminderId, WorkspaceId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.notices import Leased, Notice, NoticeKind, Shown
from bot.domain.reminders.schedule import Reminder
from bot.usecases.ports import Work
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.work import StorageWork, make_work
from tests.support.bench_peers import A_CHUNK, Cost, Watch
from tests.support.bench_school import DUE, PLATFORM, build
from tests.support.fake_clock import FakeClock

A_LEASE, A_WEEK = timedelta(minutes=1), timedelta(days=7)
A_THING = "p-0-0:answer:partners:"


def write_down(url: str, many: int) -> Cost:
    """Build the schools in the database of ``url``; return what writing costs, each of so many."""
    build(url, many)
    writer, reader = make_writer(url), make_reader(url)
    door = Door(writer, reader, make_work(FakeClock(DUE), RandomIds()))
    try:
        watch, marked = Watch(), 0
        while _claimed(door):
            marked += _marked(door)
        cost = watch.each(many)
    finally:
        writer.dispose()
        reader.dispose()
    assert marked == many, f"{marked} of {many} were marked"
    return cost


def _claimed(door: Door[StorageWork]) -> bool:
    """Claim a lot, one unit of work a school; tell whether anything was due."""
    spaces: defaultdict[WorkspaceId, list[ReminderId]] = defaultdict(list)
    for workspace, reminder in door.read_now(EVERYWHERE, lambda w: w.everywhere.due(DUE, A_CHUNK)):
        spaces[workspace].append(reminder)
    for workspace, reminders in spaces.items():
        door.write_now(workspace, partial(_claim, reminders=reminders))
    return bool(spaces)


def _claim(work: Work, reminders: Sequence[ReminderId]) -> None:
    rows = work.reminders.hold(reminders)
    work.reminders.advance_all([(row, DUE + A_WEEK) for row in rows])
    work.outbox.put_all([_notice(row) for row in rows])
    work.reminders.count_nudges({MemberId(row.subject): (A_THING,) for row in rows}, DUE)


def _notice(row: Reminder) -> Notice:
    key = f"reminder:{row.id}:{row.occurrence}"
    member = MemberId(row.subject)
    return Notice(key=key, kind=NoticeKind.REMINDER, due_at=DUE, member=member)


def _marked(door: Door[StorageWork]) -> int:
    """Lease, begin and mark what was claimed; return how many."""
    marked = 0
    while lot := door.write_now(EVERYWHERE, _lease):
        door.write_now(EVERYWHERE, partial(_begin, lot=lot))
        marked += sum(door.write_now(EVERYWHERE, partial(_mark, lot=lot)))
    return marked


def _lease(work: Work) -> list[Leased]:
    return work.everywhere.lease(DUE, DUE + A_LEASE, A_CHUNK)


def _begin(work: Work, lot: Sequence[Leased]) -> Sequence[bool]:
    return work.everywhere.begin(lot)


def _mark(work: Work, lot: Sequence[Leased]) -> Sequence[bool]:
    return work.everywhere.sent([_shown(one) for one in lot])


def _shown(leased: Leased) -> Shown:
    place = Place(platform=PLATFORM, kind=PlaceKind.DIRECT, channel=str(leased.notice.member))
    return Shown(leased=leased, message=MessageRef(place=place, message=leased.notice.key))
