"""Who wrote what, when, before and after."""

from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.planning.undo import undoable
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Divider, Note, Option, Quote, Select, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import BLOCK_TEXT, OPTION_LABEL, shorten
from bot.ui.pages.contributions.acts import did, readable, who_did
from bot.ui.pages.words import seen_by
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import LocalTime, Strong
from bot.usecases.contributions.history import HistoryView
from bot.usecases.planning.acting import View

SHOWN = 220
"""Characters of a text in the list; the entry's own page shows it whole."""
WHOLE = BLOCK_TEXT // 2


def history_page(result: HistoryView) -> Reply:
    """Return a page of the log, the newest first."""
    view = result.view
    title = f"History: {_about(result)}"
    blocks: list[Block] = []
    for entry in result.entries:
        blocks += _entry(view, entry)
    if not result.entries:
        blocks.append(Text(("Nothing has been written here yet.",)))
    blocks += _controls(result)
    latest = who_did(view, result.entries[0].act) if result.entries else "nothing yet"
    return CardReply(
        card=Card(title=title[:150], summary=f"{title}. Latest: {latest}.", blocks=tuple(blocks)),
        replaces=True,
    )


def _about(result: HistoryView) -> str:
    step = result.view.plan.template.step(result.step)
    if step is None:
        return result.view.plan.title
    field = step.field(result.field)
    return field.label if field else step.title


def _entry(view: View, entry: Entry) -> list[Block]:
    act = entry.act
    blocks: list[Block] = [
        Text((Strong(name_of(view.names, act.by)), f" {did(view, act)} · ", _when(view, entry)))
    ]
    before, after = readable(view, act, act.before), readable(view, act, act.after)
    if before:
        blocks.append(Note((f"before: {shorten(before, SHOWN)}",)))
    if after:
        blocks.append(Quote(shorten(after, SHOWN)))
    return blocks


def _when(view: View, entry: Entry) -> LocalTime:
    return LocalTime(entry.act.at, view.viewer.zone)


def _controls(result: HistoryView) -> list[Block]:
    plan, entries = result.view.plan, result.entries
    if not entries:
        return []
    options = tuple(
        Option(
            str(e.number),
            shorten(who_did(result.view, e.act), OPTION_LABEL),
        )
        for e in entries
    )
    blocks: list[Block] = [Select(action("entry.pick", plan.id), "Look at an entry…", options)]
    if result.more:
        older = action("hist", plan.id, result.step, result.field, str(entries[-1].number))
        blocks.append(Buttons((Button("Older entries", older),)))
    blocks.append(Note((seen_by(result.view),)))
    return blocks


def entry_page(result: HistoryView) -> Reply:
    """Return one entry, whole, with what can be said about it."""
    view, entry = result.view, result.entries[0]
    act = entry.act
    before, after = readable(view, act, act.before), readable(view, act, act.after)
    blocks: list[Block] = [Text((who_did(view, act), " · ", _when(view, entry)))]
    if before:
        blocks += [Divider(), Text((Strong("Before"),)), Quote(shorten(before, WHOLE))]
    if after:
        blocks += [Divider(), Text((Strong("After"),)), Quote(shorten(after, WHOLE))]
    if "link" in act.detail:
        blocks.append(Note((f"Link: {act.detail['link']}",)))
    return CardReply(
        card=Card(
            title="One entry",
            summary=f"{who_did(view, act)}. Before: {before[:SHOWN]} After: {after[:SHOWN]}",
            blocks=(*blocks, *_remarks(view, entry)),
        ),
        replaces=True,
    )


def _remarks(view: View, entry: Entry) -> tuple[Block, ...]:
    plan, number = view.plan, str(entry.number)
    buttons = [
        Button("Add a note", action("note.form", plan.id, number)),
        Button("Dispute", action("dispute.form", plan.id, number)),
    ]
    if undoable(entry.act.kind):
        buttons.insert(0, Button("Undo", action("undo", plan.id, number)))
    if "file" in entry.act.detail:
        file = action("out.file", plan.id, entry.act.detail["file"])
        buttons.append(Button("Get the file", file))
    others = [m for m in plan.members if m != view.viewer.id]
    credit = Select(
        action("credit", plan.id, number),
        "We wrote this together: credit…",
        tuple(Option(m, shorten(name_of(view.names, m), OPTION_LABEL)) for m in others),
    )
    own = entry.act.by == view.viewer.id and entry.act.kind is not ActKind.CREDITED
    return (Buttons(tuple(buttons)), *((credit,) if own and others else ()))


def note_form(result: HistoryView) -> Reply:
    """Return the form of a note on an entry."""
    return _remark_form(result, dispute=False)


def dispute_form(result: HistoryView) -> Reply:
    """Return the form that disputes an entry."""
    return _remark_form(result, dispute=True)


def _remark_form(result: HistoryView, *, dispute: bool) -> Reply:
    route = "dispute.save" if dispute else "note.save"
    number = str(result.entries[0].number)
    return FormReply(
        form=Form(
            title="Dispute an entry" if dispute else "Note on an entry",
            action=action(route, result.view.plan.id, number),
            inputs=(
                TextInput(
                    key="text",
                    label="What is not right?" if dispute else "Your note",
                    multiline=True,
                    max_length=1000,
                ),
            ),
            note=f"Nothing is overwritten: both stand in the history. {seen_by(result.view)}",
        )
    )
