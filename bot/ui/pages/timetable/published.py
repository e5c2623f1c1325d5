"""Calendars that go out, in words: their entries, and the page of their links."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import WorkspaceId
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan, PlanState, Session
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.sessions import agreed, lapsed
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.domain.timetable.published import Entry, FeedId
from bot.domain.timetable.slots import CommonSlot
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, File, Note, Quote, Style, Text
from bot.ui.exports.ics import ics
from bot.ui.limits import shorten
from bot.ui.pages.reminders.wording import thing_name
from bot.ui.pages.words import count, listed, people
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.acting import View
from bot.usecases.timetable.publishing import Agenda, OwnFeeds, Published

LinkOf = Callable[[WorkspaceId, FeedId], str]
"""Returns the address of a calendar."""
_SESSIONS = {WaitingKind.MEET, WaitingKind.ACCEPT_SESSION, WaitingKind.ADD_MINUTES}
"""What a session's own entry says already."""
_DIGEST = timedelta(minutes=15)
_MANY = 5
"""Calendars on one card."""
_WHOSE = 40
"""Characters of the partners' names on a button."""


def calendar_file(agenda: Agenda) -> bytes:
    """Return the calendar as an iCalendar file."""
    return ics(_name(agenda), agenda.viewer.zone, entries(agenda), agenda.now)


def entries(agenda: Agenda) -> Iterator[Entry]:
    """Yield what a calendar shows: sessions, due dates, digests and common slots."""
    now = agenda.now
    for view in agenda.views:
        yield from _sessions(view, now)
        if view.plan.state is PlanState.ACTIVE:
            yield from _own_dues(view) if agenda.home is None else _all_dues(view)
    for home in agenda.homes:
        yield _digest(home.digest, home, now)
    if agenda.home is not None:
        yield from (_slot(agenda.home, slot, agenda) for slot in agenda.slots)


def _sessions(view: View, now: datetime) -> Iterator[Entry]:
    for session in view.plan.sessions:
        if view.viewer.id in session.declined or lapsed(view.plan, session, now):
            continue
        yield Entry(
            uid=f"session-{session.id}@coplan",
            title=f"{_purpose(session)} · {view.plan.title}",
            about=_about(view, session),
            start=session.start,
            end=session.end,
            busy=True,
            sure=agreed(view.plan, session),
        )


def _purpose(session: Session) -> str:
    return " ".join(session.purpose.split()) or "Session"


def _about(view: View, session: Session) -> str:
    who = people(name_of(view.names, member) for member in view.plan.members)
    state = "Agreed." if agreed(view.plan, session) else "Not yet agreed by all."
    return "\n".join(filter(None, (f"With {who}.", session.medium, state)))


def _own_dues(view: View) -> Iterator[Entry]:
    """Yield what waits on the viewer with a date, each thing once, on its earliest day."""
    earliest: dict[str, tuple[date, Waiting]] = {}
    for waiting in view.waiting(view.viewer.id):
        due = waiting.date_in(view.viewer.zone)
        if due is None or waiting.kind in _SESSIONS:
            continue
        if waiting.thing not in earliest or due < earliest[waiting.thing][0]:
            earliest[waiting.thing] = due, waiting
    for thing, (due, waiting) in earliest.items():
        yield _due(view.plan, thing, due, thing_name(view.plan, waiting), "It waits on you.")


def _all_dues(view: View) -> Iterator[Entry]:
    """Yield the open steps and responsibilities of a plan that have a date."""
    plan = view.plan
    for step in plan.template.steps:
        state = plan.step(step.key)
        if state is not None and state.due and status(plan, step.key) is not StepStatus.DONE:
            yield _due(plan, f"step:{step.key}", state.due, step.title, "")
    for duty in plan.responsibilities:
        if duty.due is not None and duty.done_at is None:
            owner = name_of(view.names, duty.owner) if duty.owner else "together"
            yield _due(plan, f"responsibility:{duty.id}", duty.due, duty.text, f"For: {owner}.")


def _due(plan: Plan, thing: str, day: date, title: str, about: str) -> Entry:
    return Entry(
        uid=f"due-{plan.id}-{thing}@coplan",
        title=f"Due: {' '.join(title.split())} · {plan.title}",
        about=about,
        day=day,
    )


def _digest(digest: DigestSlot, home: Partnership, now: datetime) -> Entry:
    """Return the weekly digest, from the week before ``now`` on."""
    zone = ZoneInfo(digest.zone)
    day = now.astimezone(zone).date() - timedelta(days=7)
    day += timedelta(days=(digest.weekday - day.weekday()) % 7)
    start = datetime.combine(day, digest.at, zone).astimezone(UTC)
    return Entry(
        uid=f"digest-{home.id}@coplan",
        title="Coplan: weekly digest",
        start=start,
        end=start + _DIGEST,
        weekly=True,
        zone=digest.zone,
    )


def _slot(home: Partnership, slot: CommonSlot, agenda: Agenda) -> Entry:
    who = people(name_of(agenda.names, member) for member in home.members)
    return Entry(
        uid=f"slot-{home.id}-{slot.start:%Y%m%dT%H%M}@coplan",
        title=f"All free: {who}",
        about="A time to plan together. Propose it with “when”.",
        start=slot.start,
        end=slot.end,
        sure=False,
    )


def _name(agenda: Agenda) -> str:
    """Return what the calendar is called."""
    return "Coplan" if agenda.home is None else f"Coplan with {_partners(agenda)}"


def _partners(agenda: Agenda) -> str:
    members = agenda.home.members if agenda.home else ()
    return people(name_of(agenda.names, m) for m in members if m != agenda.viewer.id)


def file_page(agenda: Agenda) -> Reply:
    """Return the calendar as a file."""
    says = f"{_name(agenda)}: a calendar as it is now. Open it with your calendar's program."
    return CardReply(
        card=Card(
            title="Calendar",
            summary=says,
            blocks=(Text((says,)), Note(("Only you get it here.",))),
            files=(File("coplan.ics", "text/calendar", calendar_file(agenda)),),
        )
    )


def feeds_page(link_of: LinkOf | None, result: OwnFeeds) -> Reply:
    """Return the calendars with their links, or without where this Coplan has no address."""
    shown, more = result.calendars[:_MANY], len(result.calendars[_MANY:])
    blocks = [block for one in shown for block in _calendar(link_of, one)]
    linked = listed(_title(one) for one in shown if one.feed)
    says = "Your sessions, due dates and digests in your own calendar. "
    says += f"With a link: {linked}." if linked and link_of else ""
    return CardReply(
        card=Card(
            title="Calendars",
            summary=says.strip(),
            blocks=(
                *blocks,
                *((Note((f"{count(more, 'more partnership')} not shown here.",)),) if more else ()),
                Note((_LINK_NOTE if link_of else _NO_LINKS,)),
            ),
        ),
        replaces=True,
    )


_LINK_NOTE = (
    "Whoever has a link can read that calendar, so keep it to yourself. “New link” and "
    "“Remove link” make the old one useless. Seen by you."
)
_NO_LINKS = (
    "Links to subscribe to need an address of this Coplan on the web (COPLAN_PUBLIC_URL and "
    "COPLAN_SECRET_KEYS, set by whoever runs it). A file can be saved as it is. Seen by you."
)


def _calendar(link_of: LinkOf | None, one: Published) -> Iterator[Block]:
    home = one.agenda.home.id if one.agenda.home else ""
    yield Text((_title(one),))
    whose = shorten(_partners(one.agenda) or "my own", _WHOSE)
    buttons = [Button(f"Save {whose} as a file", action("feeds.file", home))]
    if link_of is not None and one.feed is not None:
        yield Quote(link_of(one.agenda.viewer.workspace, one.feed.id))
        buttons.append(Button(f"New link: {whose}", action("feeds.open", home)))
        buttons.append(
            Button(f"Remove link: {whose}", action("feeds.close", one.feed.id), Style.DANGER)
        )
    elif link_of is not None:
        style = Style.PLAIN if home else Style.PRIMARY
        buttons.append(Button(f"Make a link: {whose}", action("feeds.open", home), style))
    yield Buttons(tuple(buttons))


def _title(one: Published) -> str:
    """Return what a calendar is, in words."""
    if one.agenda.home is None:
        return "What waits on you, and all your sessions"
    return f"All dates with {_partners(one.agenda)}, and when you are all free"
