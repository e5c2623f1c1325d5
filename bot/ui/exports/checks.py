"""Whether the parts of an imported plan fit one another."""

from collections.abc import Collection, Iterator

from bot.domain.contributions.acts import Entry
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.outside import BANDS, KINDS
from bot.domain.planning.plan import Plan
from bot.domain.planning.template import By
from bot.templates.reading import Fault
from bot.ui.exports.references import FILE


def check(plan: Plan, entries: tuple[Entry, ...], files: Collection[str]) -> list[Fault]:
    """Return what does not fit, with its place in the document; ``files`` are references."""
    return [
        *_partners(plan),
        *_steps(plan),
        *_answers(plan),
        *_comments(plan),
        *_items(plan),
        *_kinds(plan),
        *_log(plan, entries),
        *_files(plan, entries, files),
    ]


def _partners(plan: Plan) -> Iterator[Fault]:
    if not plan.active_partners:
        yield Fault(("partners",), "hold nobody who is still there")
    if len(set(plan.members)) < len(plan.members):
        yield Fault(("partners",), "hold somebody twice")
    for n, partner in enumerate(plan.partners):
        if partner.role and partner.role not in plan.template.roles:
            yield Fault(("partners", n, "role"), "is no role of the template")


def _steps(plan: Plan) -> Iterator[Fault]:
    if [state.key for state in plan.steps] != [step.key for step in plan.template.steps]:
        yield Fault(("steps",), "are not the steps of the template, in its order")


def _answers(plan: Plan) -> Iterator[Fault]:
    for n, (key, answer) in enumerate(plan.answers.items()):
        step = plan.template.step(key.step)
        field = step.field(key.field) if step else None
        if field is None:
            yield Fault(("answers", n), "answers no field of the template")
        elif (field.by is By.EACH) is (key.respondent is None):
            yield Fault(("answers", n, "respondent"), "goes with fields that each answers, only")
        elif key.respondent and key.respondent not in {p.member for p in plan.partners}:
            yield Fault(("answers", n, "respondent"), "is none of the partners")
        if not answer.text:
            yield Fault(("answers", n, "text"), "is empty")


def _known(plan: Plan, step: str, field: str) -> bool:
    found = plan.template.step(step)
    return found is not None and (not field or found.field(field) is not None)


def _comments(plan: Plan) -> Iterator[Fault]:
    for n, comment in enumerate(plan.comments):
        if not _known(plan, comment.step, comment.field):
            yield Fault(("comments", n), "is on no step or field of the template")


def _items(plan: Plan) -> Iterator[Fault]:
    for n, session in enumerate(plan.sessions):
        if session.end <= session.start:
            yield Fault(("sessions", n, "end"), "must be after the start")
    for n, duty in enumerate(plan.responsibilities):
        if (duty.done_by is None) is not (duty.done_at is None):
            yield Fault(("responsibilities", n), "must say both who did it and when, or neither")


def _kinds(plan: Plan) -> Iterator[Fault]:
    for n, challenge in enumerate(plan.challenges):
        if challenge.kind not in BY_KEY:
            yield Fault(("challenges", n, "kind"), f"must be one of {', '.join(BY_KEY)}")
    for n, work in enumerate(plan.outside):
        if work.kind not in KINDS:
            yield Fault(("outside", n, "kind"), f"must be one of {', '.join(KINDS)}")
        if work.band not in BANDS:
            yield Fault(("outside", n, "band"), f"must be one of {', '.join(BANDS)}")


def _log(plan: Plan, entries: tuple[Entry, ...]) -> Iterator[Fault]:
    for n, entry in enumerate(entries):
        act = entry.act
        if (act.step or act.field) and not _known(plan, act.step, act.field):
            yield Fault(("log", n), "is about no step or field of the template")
        if act.entry is not None and not 1 <= act.entry <= len(entries):
            yield Fault(("log", n, "entry"), "is the number of no entry")


def _files(plan: Plan, entries: tuple[Entry, ...], files: Collection[str]) -> Iterator[Fault]:
    unknown = "names none of the “files”"
    for n, work in enumerate(plan.outside):
        if work.file and work.file not in files:
            yield Fault(("outside", n, FILE), unknown)
    for n, entry in enumerate(entries):
        if FILE in entry.act.detail and entry.act.detail[FILE] not in files:
            yield Fault(("log", n, "detail", FILE), unknown)
    used = {work.file for work in plan.outside} | {e.act.detail.get(FILE, "") for e in entries}
    for n, ref in enumerate(files):
        if ref not in used:
            yield Fault(("files", n), "belongs to nothing in the plan")
