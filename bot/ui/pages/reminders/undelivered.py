"""What could not be delivered, said once to each whom it concerns, above their next answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.undelivered import IN_THEIR_HANDS, Cause, Undelivered
from bot.ui.actions import action
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Quote, Table, Text
from bot.ui.limits import BLOCKS, CARD_TEXT
from bot.ui.pages.reminders.wording import short
from bot.ui.pages.words import count
from bot.ui.spans import LocalTime, Spans, plain
from bot.usecases.reminders.undelivered import Told

MOST = 3
"""Things told at once; the others are counted."""
TITLE = 60
ROOM = 1_200
"""Characters that it may take together."""


def has_room(card: Card) -> bool:
    """Tell whether the card can say it, too, within the platforms' limits."""
    length = len(card.title) + sum(len(text) for block in card.blocks for text in _texts(block))
    return len(card.blocks) < BLOCKS and length + ROOM <= CARD_TEXT


def with_told(card: Card, told: tuple[Told, ...], zone: str) -> Card:
    """Return the card with what its reader, who lives in ``zone`` (IANA), is told above it."""
    spans = _spans(told, zone)
    return replace(
        card, summary=f"{plain(spans)} {card.summary}", blocks=(Text(spans), *card.blocks)
    )


def told_card(told: tuple[Told, ...], zone: str) -> Card:
    """Return what is written to one person, who lives in ``zone`` (IANA), about plans of theirs.

    Somebody who has not clicked yet may get it: what they asked for cannot be shown.
    """
    spans, (one, *others) = _spans(told, zone), told
    title = one.title if not others else count(len(told), "plan")
    steps = Buttons((Button("My next steps", action("next")),))
    return Card(title=title, summary=plain(spans), blocks=(Text(spans), steps))


def _spans(told: tuple[Told, ...], zone: str) -> Spans:
    lines = [_line(one, zone) for one in told[:MOST]]
    if len(told) > MOST:
        lines.append((f"{count(len(told) - MOST, 'thing')} more could not be delivered.",))
    lines.append((_ending(told),))
    return tuple(span for line in lines for span in (*line, " "))[:-1]


def _line(told: Told, zone: str) -> Spans:
    one = told.undelivered
    if not told.title:
        return _own(one, LocalTime(one.at, zone))
    title = f"“{short(told.title, TITLE)}”"
    if one.cause is Cause.LEFT:  # nothing of the plan's own need have failed
        return (f"One of the partners of {title} is no longer in the chat.",)
    if one.cause is Cause.DELETED and not one.mended:
        return (f"The channel of {title} was deleted.",)
    what = _WHAT.get(one.kind, "A message about {title} could not be posted").format(title=title)
    more = f", nor {count(one.count - 1, 'later message')}" if one.count > 1 else ""
    return (f"{what}{more}: {_why(one)}.",)


def _own(one: Undelivered, at: LocalTime) -> Spans:
    what = _OWN.get(one.kind, "A reminder")
    if one.cause is Cause.LEFT:
        return ("The chat did not know you any more: since ", at, " messages could not reach you.")
    if one.cause is Cause.UNKNOWN:
        return (
            f"It is not certain that {what[0].lower()}{what[1:]} of ",
            at,
            f" reached you: {_why(one)}.",
        )
    if one.count > 1:
        return (f"{one.count} messages since ", at, f" could not reach you: {_why(one)}.")
    return (f"{what} of ", at, f" could not reach you: {_why(one)}.")


def _why(one: Undelivered) -> str:
    own, now = not one.about, "were" if one.mended else "are"
    if one.cause is Cause.CLOSED:
        return f"your direct messages {now} closed to Coplan"
    if one.mended and not own and one.cause in IN_THEIR_HANDS - {Cause.UNFIT}:
        return "Coplan could not write there then"
    if one.kind is NoticeKind.PLAN_THREAD and one.cause in _NEVER_IN:
        return _NEVER_IN[one.cause]
    if one.cause is Cause.GONE:
        return "the place it was meant for is gone" if own else "its channel or thread is gone"
    return _CAUSES[one.cause]


def _ending(told: tuple[Told, ...]) -> str:
    closed = any(
        one.undelivered.cause is Cause.CLOSED and not one.undelivered.mended for one in told
    )
    again = " Open them for Coplan, and reminders come again." if closed else ""
    shut_out = [one for one in told if _out_of_place(one)]
    may = [one for one in shut_out if one.undelivered.cause in _WAY_BACK]
    ways = dict.fromkeys(_WAY_BACK[one.undelivered.cause] for one in may)
    hints = dict.fromkeys(_LETS_IN[on] for one in may for on in one.platforms & {*_LETS_IN})
    back = "".join(f" {way}" for way in (*ways, *hints, *_ways_on(shut_out)))
    return f"Nothing is lost: “next” shows everything that waits on you.{again}{back}"


def _ways_on(shut_out: list[Told]) -> Iterator[str]:
    """Yield how partners go on without that channel, or that thread of it."""
    if shut_out:
        yield _ELSEWHERE
    had_one = [one for one in shut_out if one.undelivered.kind is not NoticeKind.PLAN_THREAD]
    if any(one.undelivered.cause is Cause.GONE for one in had_one):
        yield _ANEW


def _out_of_place(told: Told) -> bool:
    """Tell whether it lies in the channel, so that a plan may need another one."""
    one = told.undelivered
    return bool(told.title) and one.cause in IN_THEIR_HANDS and not one.mended


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Text(spans) | Note(spans):
            yield plain(spans)
        case Quote(text):
            yield text
        case Bullets(items):
            yield from (f"{plain(item)}\n" for item in items)
        case Table(head, rows):
            yield from (f"{cell} " for row in (head, *rows) for cell in row)
        case _:
            return


_OWN: Mapping[NoticeKind, str] = {
    NoticeKind.DIGEST: "The weekly digest",
    NoticeKind.UNDELIVERED: "A message",
}
_WHAT: Mapping[NoticeKind, str] = {
    NoticeKind.PLAN_THREAD: "The thread of {title} could not be opened",
    NoticeKind.PLAN_CARD: "The card of {title} could not be brought up to date",
    NoticeKind.NEWS: "News of {title} could not be posted",
    NoticeKind.REMINDER: "A reminder for {title} could not be delivered",
    NoticeKind.CATCH_UP: "What happened in {title} meanwhile could not be told",
    NoticeKind.DIGEST: "The weekly digest of {title} could not be posted",
    NoticeKind.RECURRING: "A reminder that you set up for {title} could not be posted",
    NoticeKind.SCHOOL: "A change of the school's calendar could not be told in {title}",
}

_LET_IN = "If the channel is still there, let Coplan into it: what is missing comes then."
_LETS_IN: Mapping[str, str] = {"slack": "In Slack, “/invite @Coplan” there lets it in."}
"""How, by platform, where that is not plain to see."""
_WAY_BACK: Mapping[Cause, str] = {
    Cause.GONE: _LET_IN,
    Cause.REMOVED: _LET_IN,
    Cause.ARCHIVED: "Take the channel out of the archive, and let Coplan into it if it is not there"
    " any more: what is missing comes then.",
}
"""What to do about a channel, by why nothing can be shown there."""
_ELSEWHERE = (
    "To go on in another channel, say “plan” there, then choose “More…” and “Move it here”."
)
_NEVER_IN: Mapping[Cause, str] = {
    Cause.GONE: "Coplan does not see its channel",
    Cause.REMOVED: "Coplan may not write in its channel",
    Cause.UNFIT: "voice chats and private threads have none, and a forum that wants a tag must have"
    " one that everybody may use",
}
"""Why a thread was not opened. A channel in which Coplan never was is not gone."""
_ANEW = "If only its thread is gone: “plan” in its channel, “More…”, “Open its thread anew”."
_CAUSES: Mapping[Cause, str] = {
    Cause.REMOVED: "Coplan may not write there any more",
    Cause.ARCHIVED: "its channel is archived",
    Cause.DELETED: "its channel was deleted",
    Cause.UNFIT: "that place takes nothing of the kind",
    Cause.REFUSED: "the chat refused it",
    Cause.TRIED: "the chat did not take it, however often it was tried",
    Cause.UNKNOWN: "the connection was lost while it was sent, and nobody gets a thing twice",
    Cause.FAULT: "something went wrong on Coplan's side, and is in its log",
}
