"""One entry of the log: its texts whole, what was said about it, and what can be said."""

from collections.abc import Iterator

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.imported import from_file
from bot.domain.planning.undo import undoable
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Divider, Note, Option, Quote, Select, Text
from bot.ui.forms import Form, TextInput
from bot.ui.limits import OPTION_LABEL, shorten
from bot.ui.pages.audience import seen_by
from bot.ui.pages.contributions.acts import readable, who_did
from bot.ui.pages.contributions.history import SHOWN, when
from bot.ui.replies import CardReply, FormReply, Reply
from bot.ui.spans import Link, Strong
from bot.usecases.contributions.history import EntryView

PART = 1800
"""Characters of the entry's texts on one page; the rest of the card is for what is around them."""
REMARKS = 4
REMARK = 200
_TOLD = 400


def entry_page(result: EntryView) -> Reply:
    """Return one entry with what can be said about it; a long text has several pages."""
    view, act = result.view, result.entry.act
    before, after = readable(view, act, act.before), readable(view, act, act.after)
    parts = list(_parts((("Before", before), ("After", after))))
    at = min(result.part, len(parts) - 1)
    told = who_did(view, act, result.spoken_of)
    told += " (says the file it came in)" if from_file(result.entry) else ""
    blocks: list[Block] = [Text((shorten(told, _TOLD), " · ", when(view, result.entry)))]
    for heading, text in parts[at]:
        blocks += [Divider(), Text((Strong(heading),)), Quote(text)]
    if "link" in act.detail:
        blocks.append(Note(("Link: ", Link(act.detail["link"], act.detail["link"]))))
    blocks += [*_turning(result, at, len(parts)), *_remarks(result)]
    blocks += [*_controls(result), *_each_remark(result)]
    pages = f" (part {at + 1} of {len(parts)})" if len(parts) > 1 else ""
    return CardReply(
        card=Card(
            title=f"One entry{pages}",
            summary=f"{told}. Before: {before[:SHOWN]} After: {after[:SHOWN]}",
            blocks=tuple(blocks),
        ),
        replaces=True,
    )


_Part = list[tuple[str, str]]


def _parts(texts: tuple[tuple[str, str], ...]) -> Iterator[_Part]:
    """Yield the pages: each a list of headings and pieces of text, nothing left out."""
    page: _Part = []
    room = PART
    for heading, text in texts:
        at = 0
        while at < len(text):
            if room < min(len(text) - at, PART // 4):
                yield page
                page, room = [], PART
            piece = _piece(text[at:], room)
            page.append((f"{heading}, going on" if at else heading, piece))
            room -= len(piece)
            at += len(piece)
    yield page


def _piece(text: str, room: int) -> str:
    """Return the beginning of ``text`` that fits, up to the end of a word if there is one."""
    if len(text) <= room:
        return text
    end = max(text.rfind(blank, 0, room) for blank in " \n") + 1
    return text[: end if end > room // 2 else room]


def _turning(result: EntryView, at: int, pages: int) -> Iterator[Block]:
    """Yield the buttons that turn the pages of a long text."""
    place = result.view.plan.id, str(result.entry.number)
    buttons = []
    if at:
        buttons.append(Button("Read back", action("entry.pick", *place, str(at - 1))))
    if at + 1 < pages:
        buttons.append(Button("Read on", action("entry.pick", *place, str(at + 1))))
    if buttons:
        yield Buttons(tuple(buttons))


def _remarks(result: EntryView) -> Iterator[Block]:
    """Yield what was said about the entry, the newest last."""
    view = result.view
    shown = result.remarks[-REMARKS:]
    if not shown:
        return
    yield Divider()
    earlier = len(result.remarks) - len(shown)
    if earlier:
        yield Note((f"{earlier} earlier remarks on it are in the plan's history.",))
    for one in shown:
        words = who_did(view, one.act, result.entry.act)
        said = f": {one.act.after}" if one.act.after and one.act.kind in _WRITTEN else ""
        yield Note((shorten(f"{words}{said}", REMARK), " · ", when(view, one)))


def _each_remark(result: EntryView) -> Iterator[Block]:
    """Yield the menu that opens each of these remarks whole."""
    options = tuple(
        Option(str(one.number), shorten(who_did(result.view, one.act), OPTION_LABEL))
        for one in result.remarks[-REMARKS:]
    )
    if options:
        where = action("entry.pick", result.view.plan.id)
        yield Select(where, "What was said about it…", options)


_WRITTEN = {ActKind.ANNOTATED, ActKind.DISPUTED}


def _controls(result: EntryView) -> Iterator[Block]:
    plan, viewer, entry = result.view.plan, result.view.viewer, result.entry
    number = str(entry.number)
    buttons = [
        Button("Add a note", action("note.form", plan.id, number)),
        Button("Dispute", action("dispute.form", plan.id, number)),
    ]
    if undoable(entry.act.kind):
        buttons.insert(0, Button("Undo", action("undo", plan.id, number)))
    if "file" in entry.act.detail:
        file = action("out.file", plan.id, entry.act.detail["file"])
        buttons.append(Button("Get the file", file))
    yield Buttons(tuple(buttons))
    others = [m for m in plan.members if m != viewer.id]
    if entry.act.by == viewer.id and entry.act.kind is not ActKind.CREDITED and others:
        yield Select(
            action("credit", plan.id, number),
            "We wrote this together: credit…",
            tuple(Option(m, shorten(name_of(result.view.names, m), OPTION_LABEL)) for m in others),
        )


def note_form(result: EntryView) -> Reply:
    """Return the form of a note on an entry."""
    return _remark_form(result, dispute=False)


def dispute_form(result: EntryView) -> Reply:
    """Return the form that disputes an entry."""
    return _remark_form(result, dispute=True)


def _remark_form(result: EntryView, *, dispute: bool) -> Reply:
    route = "dispute.save" if dispute else "note.save"
    seen = seen_by(result.view, ActKind.DISPUTED if dispute else ActKind.ANNOTATED)
    number = str(result.entry.number)
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
            note=f"Nothing is overwritten: both stand in the history. {seen}",
        )
    )
