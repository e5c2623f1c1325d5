"""A plan as an outline: what Markdown and HTML both show, in one wording.

Every text in it is data; the writers escape it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.imported import from_file
from bot.domain.planning.plan import Answer, AnswerKey, Challenge, StepState
from bot.domain.planning.progress import StepStatus, status
from bot.domain.planning.template import Field, Step
from bot.ui.exports.exported import Exported, day
from bot.ui.exports.files import file_name, has_files, left_out
from bot.ui.exports.references import in_order
from bot.ui.exports.words import (
    STATES,
    band_words,
    before_after,
    challenge_words,
    place,
    what,
    work_words,
)
from bot.ui.spans import Link


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Coplan's own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A member's own words, with whose they are and when."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file: its name, and its content where it goes with the export."""

    name: str
    content: bytes | None

    @property
    def label(self) -> str:
        """Return the name, and whether the file is missing."""
        return self.name if self.content is not None else f"{self.name} (left out)"


Cell = str | Link | Attached


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; every row is as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Line | Quoted | Grid


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...] = ()
    parts: "tuple[Part, ...]" = ()


_STATUS = {
    StepStatus.OPEN: "open",
    StepStatus.SIGN_OFF: "waits for agreement",
    StepStatus.DONE: "done",
}


def outline(exported: Exported) -> Part:
    """Return the whole plan; sections with nothing in them are left out."""
    plan = exported.plan
    sections = (
        Part("Partners", (_partners(exported),)),
        Part("Steps", (), tuple(_step(exported, step) for step in plan.template.steps)),
        Part("Decisions", tuple(_quoted(exported, d.text, d.by, d.at) for d in plan.decisions)),
        Part("Challenges", (), tuple(_challenge(exported, c) for c in plan.challenges)),
        Part("Responsibilities", _responsibilities(exported)),
        Part("Resources", _resources(exported)),
        Part("Minutes", tuple(_minutes(exported))),
        Part("Sessions", _sessions(exported)),
        Part("Comments", tuple(_comments(exported))),
        Part("Outside work", _outside(exported)),
        Part("Contribution log", _log(exported)),
    )
    return Part(
        plan.title,
        tuple(Line(text) for text in _facts(exported)),
        tuple(section for section in sections if section.blocks or section.parts),
    )


def _facts(exported: Exported) -> Iterator[str]:
    plan = exported.plan
    yield f"State: {STATES[plan.state]}"
    yield f"Template: {plan.template.title}"
    yield f"Started by {exported.name(plan.started_by)}, {exported.when(plan.started_at)}"
    if plan.origin:
        yield "Made from an earlier plan"
    yield f"Exported {exported.when(exported.exported_at)}; times are in {exported.zone}"


def _partners(exported: Exported) -> Grid:
    rows = tuple(
        (
            exported.name(partner.member),
            partner.role or "–",
            exported.when(partner.joined_at),
            exported.when(partner.left_at) if partner.left_at else "–",
        )
        for partner in exported.plan.partners
    )
    return Grid(("Name", "Role", "Joined", "Left"), rows)


def _step(exported: Exported, step: Step) -> Part:
    state = exported.plan.step(step.key) or StepState(key=step.key)
    answers = in_order(exported.plan)
    fields = tuple(
        Part(field.label, tuple(_answered(exported, step, field, answers))) for field in step.fields
    )
    return Part(
        step.title, tuple(Line(text) for text in _step_facts(exported, step, state)), fields
    )


def _step_facts(exported: Exported, step: Step, state: StepState) -> Iterator[str]:
    due = f"due {day(state.due)}" if state.due else "no due date"
    due = "runs throughout" if step.throughout else due
    yield f"{_STATUS[status(exported.plan, step.key)].capitalize()}, {due}"
    if state.turn:
        yield f"Turn: {exported.name(state.turn)}"
    if state.signed:
        yield f"Agreed: {exported.people(state.signed)}"
    if state.reopened_by:
        yield f"Reopened by {exported.name(state.reopened_by)}"


def _answered(
    exported: Exported, step: Step, field: Field, answers: list[tuple[AnswerKey, Answer]]
) -> Iterator[Block]:
    found = [(k, a) for k, a in answers if (k.step, k.field) == (step.key, field.key)]
    for key, answer in found:
        note = f"{exported.name(answer.by)}, {exported.when(answer.at)}"
        about = (
            "" if key.respondent in {None, answer.by} else f"For {exported.name(key.respondent)}: "
        )
        yield Quoted(answer.text, f"{about}{note}, revision {_revision(exported, key)}")
    if not found:
        yield Line("Not answered yet." if field.required else "Not answered (it need not be).")


def _revision(exported: Exported, key: AnswerKey) -> int:
    """Return how many texts of the answer there have been, as the log tells."""
    saves = [
        e.act
        for e in exported.entries
        if (e.act.step, e.act.field, e.act.member_about) == (key.step, key.field, key.respondent)
        and ActKind.ANSWER_SAVED in {e.act.kind, e.act.detail.get("kind")}
    ]
    return max(1, len(saves) + bool(saves and saves[0].before))


def _quoted(exported: Exported, text: str, by: str, at: datetime) -> Quoted:
    return Quoted(text, f"{exported.name(by)}, {exported.when(at)}")


def _said(text: str, quoted: Quoted) -> Block:
    """Return the quotation, or only who and when where nothing was written."""
    return quoted if text else Line(quoted.note)


def _challenge(exported: Exported, challenge: Challenge) -> Part:
    closed = challenge.closed_at
    blocks: list[Block] = [
        _said(challenge.text, _quoted(exported, challenge.text, challenge.by, challenge.at)),
        Line(f"Closed {exported.when(closed)}" if closed else "Open"),
    ]
    if challenge.remedies:
        blocks.append(Grid(("Remedies tried",), tuple((text,) for text in challenge.remedies)))
    return Part(challenge_words(challenge.kind), tuple(blocks))


def _grid(head: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> tuple[Block, ...]:
    return (Grid(head, tuple(rows)),) if rows else ()


def _responsibilities(exported: Exported) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            duty.text,
            exported.name(duty.owner) if duty.owner else "together",
            day(duty.due),
            f"{exported.when(duty.done_at)}, {exported.name(duty.done_by or '')}"
            if duty.done_at
            else "–",
        )
        for duty in exported.plan.responsibilities
    ]
    return _grid(("What", "Who", "By when", "Done"), rows)


def _resources(exported: Exported) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            Link(resource.title, resource.link) if resource.link else resource.title,
            exported.name(resource.by),
            exported.when(resource.at),
        )
        for resource in exported.plan.resources
    ]
    return _grid(("Resource", "Added by", "When"), rows)


def _minutes(exported: Exported) -> Iterator[Block]:
    for kept in exported.plan.minutes:
        note = f"{exported.name(kept.by)}, {exported.when(kept.at)}, {kept.minutes} minutes"
        yield _said(kept.text, Quoted(kept.text, note))


def _sessions(exported: Exported) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            exported.when(session.start),
            exported.when(session.end),
            session.purpose,
            session.medium,
            exported.name(session.by),
            exported.people(session.accepted),
            exported.people(session.declined),
        )
        for session in exported.plan.sessions
    ]
    head = ("From", "To", "Purpose", "Medium", "Proposed by", "Accepted", "Declined")
    return _grid(head, rows)


def _comments(exported: Exported) -> Iterator[Block]:
    for comment in exported.plan.comments:
        note = f"{exported.name(comment.by)}, {exported.when(comment.at)}, on "
        yield Quoted(comment.text, note + place(exported, comment.step, comment.field))


def _outside(exported: Exported) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            work_words(work.kind),
            band_words(work.band),
            exported.name(work.by),
            exported.name(work.partner),
            exported.when(work.at),
            exported.when(work.confirmed_at) if work.confirmed_at else "not yet",
            work.note,
            Link(work.link, work.link) if work.link else "",
            _attached(exported, work.file),
        )
        for work in exported.plan.outside
    ]
    head = ("What", "How long", "Who", "With", "When", "Confirmed", "Note", "Link", "File")
    return (*_grid(head, rows), *_about_files(exported))


def _attached(exported: Exported, file: str) -> Cell:
    found = exported.files.get(file)
    return Attached(file_name(found), found.content) if found else ""


def _about_files(exported: Exported) -> Iterator[Line]:
    if has_files(exported):
        yield Line("The files are in the HTML and the JSON export.")
    if missing := left_out(exported.files.values()):
        yield Line(f"{missing}.")


def _log(exported: Exported) -> tuple[Block, ...]:
    rows: list[tuple[Cell, ...]] = [
        (
            str(entry.number),
            exported.when(entry.act.at, entry.source.zone),
            exported.name(entry.act.by) + (" (says the file)" if from_file(entry) else ""),
            what(exported, entry.act),
            *before_after(exported, entry.act),
        )
        for entry in exported.entries
    ]
    return _grid(("No.", "When", "Who", "What", "Before", "After"), rows)
