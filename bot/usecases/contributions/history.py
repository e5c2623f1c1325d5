"""Who wrote what, when, before and after; and remarks on single entries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import errors
from bot.domain.contributions import remarks
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import Plan, PlanState
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, acted, view_of
from bot.usecases.planning.reading import Choice, ShowPlan, choice_of, find
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHistory:
    """The log of a plan, of one step, or of one field; ``before`` pages back from a number.

    A ``field`` without a ``step`` is the name that somebody typed of either.
    """

    plan: PlanId | None = None
    title: str = ""
    step: str = ""
    field: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """Entries, the newest first; ``more`` tells whether older ones exist.

    ``spoken_of`` are the acts that the remarks among them are about, by the number of the entry.
    """

    view: View
    entries: tuple[Entry, ...]
    spoken_of: Mapping[int, Act]
    step: str
    field: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry, the act it speaks about if it is a remark, and the remarks about it by number.

    ``part`` counts the pages of a text that is longer than one from 0.
    """

    view: View
    entry: Entry
    spoken_of: Act | None
    remarks: tuple[Entry, ...]
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChoice:
    """Several of the member's plans have the step or field that was named."""

    plans: Choice
    step: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Say something about an entry: a note, a dispute, or credit to a partner."""

    plan: PlanId
    entry: int
    text: str = ""
    to: MemberId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowEntry:
    """Show one entry; ``part`` of its texts, from 0."""

    plan: PlanId
    entry: int
    part: int = 0


PAGE = 8
"""Entries on one page: whole texts are long, cards are not."""


def history(work: Work, actor: Actor, command: ShowHistory) -> HistoryView | Choice | FieldChoice:
    """Return a page of the log; a bare word may name a step or field instead of a plan."""
    match _meant(work, actor, command):
        case (plan, step, field):
            return _page(work, actor, plan, step=step, field=field, before=command.before)
        case choice:
            return choice


def entry_view(work: Work, actor: Actor, command: ShowEntry) -> EntryView:
    """Return one entry by itself."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    around = work.log.of_plan(plan.id, step=entry.act.step, field=entry.act.field)
    spoken_of = work.log.entry(plan.id, entry.act.entry) if entry.act.entry else None
    return EntryView(
        view=view_of(work, actor.member, plan),
        entry=entry,
        spoken_of=spoken_of.act if spoken_of else None,
        remarks=tuple(one for one in around if one.act.entry == entry.number),
        part=command.part,
    )


def annotate(work: Work, actor: Actor, command: Remark) -> Acted:
    """Add a note to an entry."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    change = remarks.annotate(plan, entry, by=actor.id, text=command.text, at=work.now)
    return acted(work, actor, plan, change)


def dispute(work: Work, actor: Actor, command: Remark) -> Acted:
    """Dispute an entry."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    change = remarks.dispute(plan, entry, by=actor.id, text=command.text, at=work.now)
    return acted(work, actor, plan, change)


def credit(work: Work, actor: Actor, command: Remark) -> Acted:
    """Credit a partner for an entry of one's own."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    if command.to is None:
        raise errors.UnknownItem(thing="partner", title=plan.title)
    if _credited(work, entry, command.to):
        return Acted(view=view_of(work, actor.member, plan), entries=())
    change = remarks.credit(plan, entry, by=actor.id, to=command.to, at=work.now)
    return acted(work, actor, plan, change)


def _credited(work: Work, entry: Entry, to: MemberId) -> bool:
    """Tell whether the entry is credited to that partner already."""
    about = work.log.of_plan(entry.plan, step=entry.act.step, field=entry.act.field)
    return any(
        e.act.kind is ActKind.CREDITED and (e.act.entry, e.act.member_about) == (entry.number, to)
        for e in about
    )


_Place = tuple[str, str]
_Meant = tuple[Plan, str, str]
_Look = Callable[[Plan, str], _Place | None]


def _meant(work: Work, actor: Actor, command: ShowHistory) -> Choice | FieldChoice | _Meant:
    here = work.plans.at(actor.place) if command.title else None
    if here is not None:
        plan = plan_for(work, actor.id, here)
        named = _field_named(plan, command.title)
        if named is not None:
            return (plan, *named)
    try:
        found = find(work, actor, ShowPlan(plan=command.plan, title=command.title))
    except errors.InvalidInput:
        active = [p for p in work.plans.of_member(actor.id) if p.state is PlanState.ACTIVE]
        fields = _fields(active, command.title, _field_named) or _fields(
            active, command.title, _field_like
        )
        return _among(work, actor, [f for f in fields if f[0].id == here] or fields, command.title)
    return found if isinstance(found, Choice) else (found, *_within(found, command))


def _within(plan: Plan, command: ShowHistory) -> _Place:
    """Return the step and field of the plan that are meant; ``UnknownTitle`` where none is."""
    words = command.field
    if command.step or not words:
        return command.step, words
    place = _field_named(plan, words) or _field_like(plan, words)
    if place is None:
        raise errors.UnknownTitle(
            what=f"No one question of “{plan.title}” is called “{words}”.",
            remedy="Say “history” and the plan's title to see all of it.",
        )
    return place


def _fields(plans: Sequence[Plan], words: str, look: _Look) -> list[_Meant]:
    """Return in which of the plans there is a step or field of those words, and which."""
    named = ((plan, look(plan, words)) for plan in plans)
    return [(plan, *place) for plan, place in named if place is not None]


def _among(
    work: Work, actor: Actor, found: Sequence[_Meant], words: str
) -> Choice | FieldChoice | _Meant:
    """Return the one that was found, or the choice; ``InvalidInput`` where there is none."""
    if not found:
        raise errors.UnknownTitle(
            what=f"None of your plans is called “{words[:120]}”.",
            remedy="It is no question in them either. Say “plan” alone to see all of yours.",
        )
    if len(found) == 1:
        return found[0]
    choice = choice_of(work, actor, (plan for plan, _, _ in found))
    places = {(step, field) for _, step, field in found}
    if len(places) > 1:  # other templates: the plan first, and then its field
        return choice
    step, field = places.pop()
    return FieldChoice(plans=choice, step=step, field=field)


def _field_named(plan: Plan, words: str) -> _Place | None:
    """Return the step and field of that name; None where there is none."""
    wanted = " ".join(words.split()).casefold()
    return next((place for place, names in _places(plan) if wanted in names), None)


def _field_like(plan: Plan, words: str) -> _Place | None:
    """Return the only one in whose name the words stand; None for none, and for several."""
    wanted = " ".join(words.split()).casefold()
    found = [place for place, names in _places(plan) if any(wanted in name for name in names)]
    return found[0] if len(found) == 1 else None


def _places(plan: Plan) -> Iterator[tuple[_Place, tuple[str, ...]]]:
    """Yield the fields and steps, each with its names; a step is a place without a field."""
    for step in plan.template.steps:
        for field in step.fields:
            yield (step.key, field.key), (field.key, field.label.casefold())
        yield (step.key, ""), (step.key, step.title.casefold())


def _page(
    work: Work, actor: Actor, plan: Plan, *, step: str, field: str, before: int
) -> HistoryView:
    entries = work.log.of_plan(plan.id, step=step, field=field)
    older = [e for e in reversed(entries) if not before or e.number < before]
    by_number = {e.number: e.act for e in entries}  # a remark stands where its entry stands
    return HistoryView(
        view=view_of(work, actor.member, plan),
        entries=tuple(older[:PAGE]),
        spoken_of={
            e.act.entry: by_number[e.act.entry] for e in older[:PAGE] if e.act.entry in by_number
        },
        step=step,
        field=field,
        more=len(older) > PAGE,
    )


def _entry(work: Work, plan: Plan, number: int) -> Entry:
    entry = work.log.entry(plan.id, number)
    if entry is None:
        raise errors.UnknownItem(thing="entry", title=plan.title)
    return entry
