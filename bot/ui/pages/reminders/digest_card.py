"""The weekly digest: at most twelve lines, and a picture when there is something to show."""

from collections.abc import Iterator
from contextlib import suppress

from bot.domain.planning.plan import Plan
from bot.ui.actions import action
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Picture, Text
from bot.ui.charts import Bar, Day, week_png, week_words
from bot.ui.limits import CARD_TITLE
from bot.ui.pages.planning.next_button import next_button
from bot.ui.pages.reminders.wording import (
    FEWER,
    FEWER_WAY,
    changed_line,
    field_name,
    short,
    thing_name,
    to_do,
)
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.pages.words import away_until, day, due, instead_of, people
from bot.ui.spans import LocalTime, Span, Spans, Strong, plain
from bot.ui.studio import NotDrawn
from bot.usecases.reminders.digesting import DigestView, DueSoon, FieldChange, PartnerNext
from bot.usecases.reminders.reading import Thing

OWN = 2
PARTNERS = 3
CHANGES = 3
CHANGES_WITH_OWN = 2
MISSED = 2
DUE = 3
"""With the title, slots, the question and when the next one comes these make twelve lines."""
SHORT = 40
"""Characters of a text that is quoted or named within a line."""


def digest_card(view: DigestView) -> Card:
    """Return the digest; with a viewer their own part comes first, and when the next one comes.

    Draws a picture (some 20 ms): not to be called inside a unit of work.
    """
    title = _title(view)
    lines = tuple(_lines(view))
    last = tuple(_last(view))
    blocks: list[Block] = [Bullets(lines)] if len(lines) > 1 else [Text(lines[0])]
    if view.news:
        with suppress(NotDrawn):  # it comes without one, rather than not at all
            blocks.append(_picture(view))
    blocks += [Note(line) for line in last]
    blocks.append(_buttons(view))
    told = " ".join(_sentence(plain(line)) for line in (*lines, *last))
    return Card(title=title, summary=f"{title}. {told}{_whose_times(view)}", blocks=tuple(blocks))


def _zone(view: DigestView) -> str:
    """Return the reader's zone; what several read has the zone the digest comes in."""
    return view.viewer.zone if view.viewer is not None else view.slot.zone


def _whose_times(view: DigestView) -> str:
    """Return whose the summary's times are, where those who read it have several zones.

    The card itself needs no word of it: it shows each reader their own time.
    """
    several = view.viewer is None and {one.member.zone for one in view.partners} - {_zone(view)}
    told = view.missed or (view.slots and view.news)
    return f" Times are those of {_zone(view)}." if several and told else ""


def _title(view: DigestView) -> str:
    if len(view.plans) == 1:
        return short(f"This week: {view.plans[0].title}", CARD_TITLE)
    return f"This week in your {len(view.plans)} plans"


def _lines(view: DigestView) -> Iterator[Spans]:
    """Yield the lines: the reader's own part, and then what concerns everybody."""
    yield from (_own(thing, view) for thing in view.own[:OWN])
    yield from _missed(view)
    if not view.news:
        yield ("Nothing new since last week.",)
        return
    yield from _partners([one for one in view.partners if one.thing or one.away], view)
    most = (CHANGES_WITH_OWN if view.viewer else CHANGES) - bool(view.missed)
    yield from (_change(one, view) for one in view.changed[:most])
    if view.due:
        yield (_due(view),)
    if view.slots:
        yield _slots(view)
    yield (_question(view),)


def _own(thing: Thing, view: DigestView) -> Spans:
    what = _short(to_do(thing.plan, thing.waiting))
    facts = (
        instead_of(_short(thing.owner), thing.until) if thing.owner else "",
        "waiting on your partner" if thing.held else "",
        due(thing.waiting.date_in(view.slot.zone), view.today),
    )
    return ("For you: ", Strong(what), _aside(thing.plan, view, *facts))


def _missed(view: DigestView) -> Iterator[Spans]:
    """Yield which of the partners' own reminders an outage swallowed: the latest of each."""
    latest = {one.reminder.id: one for one in sorted(view.missed, key=lambda one: one.at)}
    if not latest:
        return
    spans: list[Span] = []
    for one in list(latest.values())[-MISSED:]:
        at = LocalTime(one.at, _zone(view))
        spans += ["; " if spans else "Fell into an outage, so it is late: "]
        spans += [f"“{_short(one.reminder.text)}” (", at, ")"]
    rest = len(latest) - MISSED
    yield (*spans, f"; {rest} more") if rest > 0 else tuple(spans)


def _partners(waiting: list[PartnerNext], view: DigestView) -> Iterator[Spans]:
    """Yield what comes next for the partners, named by the step."""
    named = waiting if len(waiting) <= PARTNERS else waiting[: PARTNERS - 1]
    yield from (_partner(one, view) for one in named)
    if rest := waiting[len(named) :]:
        yield (f"Other steps wait for {people(_short(one.member.name) for one in rest)}",)


def _partner(one: PartnerNext, view: DigestView) -> Spans:
    name = _short(one.member.name)
    if one.away is not None:
        passed = f"; {_short(one.stand_in)} stands in" if one.stand_in else ""
        return (f"{name} is {away_until(one.away)}{passed}",)
    if one.thing is None:
        return (f"Nothing waits for {name}",)
    step = _short(thing_name(one.thing.plan, one.thing.waiting))
    by = one.thing.waiting.date_in(one.member.zone)
    when = _aside(one.thing.plan, view, day(by) if by else "")
    if one.thing.held:
        return (f"{name} waits for a partner in ", Strong(step), when)
    holds = ""
    if one.holds is not None:
        held = _short(thing_name(one.holds.plan, one.holds.waiting))
        holds = f"; {name} waits for a partner in {held}"
    owner = f", {instead_of(_short(one.thing.owner), None)}" if one.thing.owner else ""
    return (Strong(step), f" waits for {name}{owner}{when}{holds}")


def _change(one: FieldChange, view: DigestView) -> Spans:
    """Return what became of a field; its words only to a partner, not to a whole channel."""
    of = _aside(one.plan, view)
    if view.viewer is None:
        return (Strong(field_name(one, SHORT)), f" {'was changed' if one.before else 'is new'}{of}")
    return (*changed_line(one, SHORT), of)


def _due(view: DigestView) -> str:
    def told(one: DueSoon) -> str:
        return f"{_short(one.title)}{_aside(one.plan, view, day(one.due))}"

    rest = f"; {len(view.due) - DUE} more" if len(view.due) > DUE else ""
    return f"Due in the next seven days: {'; '.join(map(told, view.due[:DUE]))}{rest}"


def _slots(view: DigestView) -> Spans:
    spans: list[Span] = []
    for slot in view.slots:
        spans += ["; " if spans else "You all have free: ", LocalTime(slot.start, _zone(view))]
    return tuple(spans)


def _question(view: DigestView) -> str:
    """Return the one question: about a date that has passed, a time to meet, or an obstacle."""
    if view.overdue:
        one = view.overdue[-1]
        of = _aside(one.plan, view)
        return f"Is {day(one.due)} still the right date for “{_short(one.title)}”{of}?"
    challenges = [c for plan in view.plans for c in plan.challenges if c.closed_at is None]
    if challenges:
        about = _short(challenges[0].text) if view.viewer else ""
        return f"What could be tried next about {f'“{about}”' if about else 'the challenge'}?"
    if view.slots:
        return "Would one of these times suit you all for a session?"
    return "What should everybody know before next week?"


def _last(view: DigestView) -> Iterator[Spans]:
    if view.planned is not None:
        yield ("This was planned for ", LocalTime(view.planned, view.slot.zone), " and comes late.")
    if view.viewer is not None and view.next_at is not None:
        yield ("The next digest comes ", LocalTime(view.next_at, _zone(view)), f". {FEWER_WAY}")


def _buttons(view: DigestView) -> Buttons:
    first = next(iter(view.own), None)
    if first is None:
        return Buttons((Button("What waits on me", action("next")), FEWER))
    return Buttons((next_button(first.plan, first.waiting, primary=True), FEWER))


def _picture(view: DigestView) -> Picture:
    titles = told_apart(view.plans, _reader(view)).values()
    bars = tuple(Bar(title, plan.steps) for title, plan in zip(titles, view.progress, strict=True))
    days = tuple(Day(f"{date:%a}", count) for date, count in view.days)
    return Picture(week_png(bars, days), week_words(bars, days))


def _aside(plan: Plan, view: DigestView, *facts: str) -> str:
    """Return in brackets the plan's title, where the digest is about several, and the facts."""
    several = len(view.plans) > 1
    title = told_apart(view.plans, _reader(view), SHORT).get(plan.id, "") if several else ""
    told = ", ".join(filter(None, (f"“{title}”" if title else "", *facts)))
    return f" ({told})" if told else ""


def _reader(view: DigestView) -> Reader:
    names = {member.id: member.name for member in view.members}
    return Reader(zone=_zone(view), names=names, member=view.viewer.id if view.viewer else None)


def _short(text: str) -> str:
    return short(text, SHORT)


def _sentence(line: str) -> str:
    return line if line.endswith((".", "?", "!", "”")) else f"{line}."
