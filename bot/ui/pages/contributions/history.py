"""Who wrote what, when, before and after."""

from bot.domain.contributions.acts import Act, Entry
from bot.domain.planning.imported import from_file
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Note, Option, Quote, Select, Text
from bot.ui.limits import CARD_TEXT, CARD_TITLE, OPTION_LABEL, shorten
from bot.ui.pages.audience import record_seen_by
from bot.ui.pages.contributions.acts import did, readable, who_did
from bot.ui.pages.planning.choices import choose_plan
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import LocalTime, Strong, plain
from bot.usecases.contributions.history import FieldChoice, HistoryView
from bot.usecases.planning.acting import View
from bot.usecases.planning.reading import Choice

SHOWN = 220
"""Characters of a text in the list at most; the entry's own page shows it whole."""
LEAST = 20
_WHAT = 180
_BEFORE = "before: "


def history_reply(result: HistoryView | Choice | FieldChoice) -> Reply:
    """Return a page of the log, or the choice whose."""
    match result:
        case HistoryView():
            return history_page(result)
        case FieldChoice(plans=plans, step=step, field=field):
            return choose_plan(plans, action("hist", "", step, field))
        case Choice():
            return choose_plan(result, action("hist"))


def history_page(result: HistoryView) -> Reply:
    """Return a page of the log, the newest first."""
    title = shorten(f"History: {_about(result)}", CARD_TITLE)
    seen = record_seen_by(result.view)
    heads = [_head(result, entry) for entry in result.entries]
    used = sum(len(plain(head.spans)) for head in heads) + len(title) + len(seen)
    texts = [_texts(result.view, entry.act) for entry in result.entries]
    most = _fitting([len(text) for pair in texts for text in pair if text], CARD_TEXT - used)
    blocks: list[Block] = []
    for head, (before, after) in zip(heads, texts, strict=True):
        blocks.append(head)
        blocks += [Note((shorten(before, most),))] if before else []
        blocks += [Quote(shorten(after, most))] if after else []
    if not result.entries:
        blocks.append(Text(("Nothing has been written here yet.",)))
    blocks += _controls(result, seen)
    latest = _told(result, result.entries[0]) if result.entries else "nothing yet"
    return CardReply(
        card=Card(title=title, summary=f"{title}. Latest: {latest}.", blocks=tuple(blocks)),
        replaces=True,
    )


def when(view: View, entry: Entry) -> LocalTime:
    """Return when an entry was made, in the reader's zone."""
    return LocalTime(entry.act.at, view.viewer.zone)


def _about(result: HistoryView) -> str:
    step = result.view.plan.template.step(result.step)
    if step is None:
        return result.view.plan.title
    field = step.field(result.field)
    return field.label if field else step.title


def _spoken_of(result: HistoryView, act: Act) -> Act | None:
    return result.spoken_of.get(act.entry) if act.entry is not None else None


def _told(result: HistoryView, entry: Entry) -> str:
    told = who_did(result.view, entry.act, _spoken_of(result, entry.act))
    return f"{told} (says the file it came in)" if from_file(entry) else told


def _head(result: HistoryView, entry: Entry) -> Text:
    act = entry.act
    what = shorten(did(result.view, act, _spoken_of(result, act)), _WHAT)
    name = name_of(result.view.names, act.by)
    return Text((Strong(name), f" {what} · ", when(result.view, entry)))


def _texts(view: View, act: Act) -> tuple[str, str]:
    before, after = readable(view, act, act.before), readable(view, act, act.after)
    return f"{_BEFORE}{before}" if before else "", after


def _fitting(lengths: list[int], room: int) -> int:
    """Return to how many characters each text is cut so that all of them have room."""
    most = SHOWN
    while most > LEAST and sum(min(length, most) for length in lengths) > room:
        most -= 1
    return most


def _controls(result: HistoryView, seen: str) -> list[Block]:
    plan, entries = result.view.plan, result.entries
    if not entries:
        return []
    options = tuple(
        Option(str(one.number), shorten(_told(result, one), OPTION_LABEL)) for one in entries
    )
    blocks: list[Block] = [Select(action("entry.pick", plan.id), "Look at an entry…", options)]
    if result.more:
        older = action("hist", plan.id, result.step, result.field, str(entries[-1].number))
        blocks.append(Buttons((Button("Older entries", older),)))
    blocks.append(Note((seen,)))
    return blocks
