"""A plan with its log as use cases keep them, and what must hold after every step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row

from bot.domain import errors
from bot.domain.contributions.acts import OF_ABSENCES, Act, ActKind, Entry
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning import items, lifecycle, outside, partners, sessions, steps
from bot.domain.planning.answers import Draft, Stale, answer_key, require_field, save_answer
from bot.domain.planning.memo import inherit
from bot.domain.planning.overtaken import overtaken
from bot.domain.planning.plan import Change, Plan, PlanState, Session
from bot.domain.planning.progress import all_done
from bot.domain.planning.template import By, Field, ItemKind, Need, Step, Template
from bot.domain.planning.turns import Waiting, WaitingKind, next_action, waiting
from bot.domain.planning.undo import undo, undoable
from bot.usecases.planning.starting import add_weekdays
from storage.mapping.entries import entry_of, entry_row
from storage.mapping.plans import plan_of, plan_row
from storage.mapping.templates import template_body, template_of

START = datetime(2026, 9, 7, 8, tzinfo=UTC)
TODAY = date(2026, 9, 7)
PEOPLE = tuple(map(MemberId, ("ana", "ben", "cleo", "dov", "eva")))
STRANGER = MemberId("zoe")

OF_THE_LOG = {
    ActKind.ANSWER_ASIDE, ActKind.CREDITED, ActKind.ANNOTATED, ActKind.DISPUTED, *OF_ABSENCES
}  # fmt: skip
"""Acts that leave the plan as it is."""
OF_LIFE = {ActKind.PLAN_FINISHED, ActKind.PLAN_ARCHIVED, ActKind.PLAN_REOPENED}

ODD = Template(
    key="odd",
    title="All that the six do not ask for",
    steps=(
        Step(
            key="meet",
            title="Meet twice",
            needs=(
                Need(kind=ItemKind.SESSION, count=2),
                Need(kind=ItemKind.DECISION),
                Need(kind=ItemKind.CHALLENGE),
            ),
            signoff=True,
        ),
        Step(
            key="play",
            title="Play roles",
            weeks=2,
            fields=(
                Field(key="lead", label="Who leads?", by=By.ROLE, role="lead", max_words=5),
                Field(key="notes", label="Who takes notes?", by=By.ROLE, role="scribe"),
                Field(key="more", label="More?", by=By.ROLE, role="lead", required=False),
            ),
            signoff=True,
        ),
        Step(key="cope", title="Cope", closes_challenges=True, throughout=True),
    ),
)

SMALL = Template(
    key="small",
    title="Small",
    steps=(
        Step(
            key="goal",
            title="Set the goal",
            fields=(
                Field(key="idea", label="What shall we plan?"),
                Field(key="part", label="Who does what?", by=By.TOGETHER),
                Field(key="short", label="In three words?", max_words=3, required=False),
            ),
        ),
        Step(
            key="know",
            title="Know each other",
            weeks=0,
            fields=(Field(key="strength", label="What are you good at?", by=By.EACH),),
        ),
        Step(
            key="judge",
            title="Judge it",
            weeks=2,
            fields=(Field(key="books", label="Right books?", by=By.ROLE, role="librarian"),),
        ),
        Step(
            key="keep", title="Keep minutes", throughout=True, needs=(Need(kind=ItemKind.MINUTES),)
        ),
    ),
)

Rule = Callable[[Plan], Change]


def started(template: Template, members: tuple[MemberId, ...], **more: Any) -> Change:  # noqa: ANN401 - what Start takes
    """Start a plan on Monday, 7 September 2026, in plain weeks."""
    asked: dict[str, Any] = {
        "workspace": WorkspaceId("w"),
        "id": PlanId("p"),
        "partnership": PartnershipId("s"),
        "title": "Watershed inquiry",
        "template": template,
        "partners": members,
        "dues": lifecycle.due_dates(template, TODAY, add_weekdays, 5),
        "at": START,
    }
    return lifecycle.start(lifecycle.Start(**(asked | more)))


class World:
    """One plan and its log; ``do`` is what ``bot.usecases.planning.acting`` does, checked."""

    def __init__(self, change: Change) -> None:
        self.now = START
        self._ids = count(1)
        self.entries: list[Entry] = []
        self.before: dict[int, Plan] = {}
        self.acknowledged: list[str] = []
        self.read: dict[tuple[str, MemberId], object] = {}
        self.template = change.plan.template
        self.plan = replace(change.plan, entries=0)
        self._log(change.plan, change.acts)

    def item(self) -> ItemId:
        return ItemId(f"i{next(self._ids)}")

    def tick(self) -> datetime:
        self.now += timedelta(minutes=7)
        return self.now

    @property
    def today(self) -> date:
        return self.now.date()

    def do(self, rule: Rule) -> Change | None:
        """Apply the rule, or return None when it refuses; either way check what must hold."""
        before = self.plan
        copy = self.reloaded(before)
        try:
            change = rule(before)
        except errors.Problem:
            assert before == copy
            return None
        assert before == copy, "a rule changes no plan, it makes a new one"
        self._check_change(change)
        self._log(change.plan, change.acts)
        return change

    def save(self, by: MemberId, step: str, field: str, text: str, base: int) -> Stale | None:
        """Save a text; every text that is not refused has to be in the log ever after."""
        draft = Draft(
            by=by, step=step, field=field, text=text, base=base, at=self.tick(), today=self.today
        )
        stale: list[Stale] = []

        def rule(plan: Plan) -> Change:
            made = save_answer(plan, draft)
            if isinstance(made, Stale):
                stale.append(made)
                return made.change
            return made

        if self.do(rule) is not None:
            self.acknowledged.append(text.strip())
        return stale[0] if stale else None

    def revision(self, by: MemberId, step: str, field: str) -> int:
        """Return the revision that the member sees (0: an empty field, or none of theirs)."""
        try:
            found = require_field(self.plan, step, field)
            standing = self.plan.answers.get(answer_key(self.plan, by, step, found))
        except errors.Problem:
            return 0
        return standing.revision if standing else 0

    def undo(self, number: int, by: MemberId) -> Change | None:
        """Undo an entry; a second time is refused."""
        entry = self.entries[number - 1]
        log = tuple(self.entries)
        change = self.do(lambda plan: undo(plan, entry, by=by, at=self.tick(), log=log))
        if change is None:
            return None
        assert undoable(entry.act.kind)
        assert not overtaken(entry, log)
        assert entry.act.kind is not ActKind.UNDONE
        assert self.do(lambda plan: undo(plan, entry, by=by, at=self.tick())) is None
        return change

    def crash(self) -> None:
        """Lose everything in memory and load it again."""
        plan, entries = self.reloaded(self.plan), [_entry_again(e) for e in self.entries]
        assert plan == self.plan
        assert entries == self.entries
        self.plan, self.entries = plan, entries

    @staticmethod
    def reloaded(plan: Plan) -> Plan:
        """Return the plan as storage gives it back."""
        row = {"workspace": plan.workspace, **plan_row(plan, "hash")}
        return plan_of(_row(row), template_of(template_body(plan.template)))

    def _log(self, plan: Plan, acts: tuple[Act, ...]) -> None:
        if len(acts) == 1:
            self.before[self.plan.entries + 1] = self.plan
        for act in acts:
            number = len(self.entries) + 1
            self.entries.append(Entry(plan=plan.id, number=number, act=act))
            if act.kind is ActKind.SIGNED_OFF:
                self.read[act.step, act.by] = texts_of(plan, act.step)
        before, entries = self.plan, self.plan.entries + len(acts)
        self.plan = replace(plan, entries=entries, revision=plan.revision + bool(acts))
        inherit(self.plan, before)

    def _check_change(self, change: Change) -> None:
        kinds = {act.kind for act in change.acts}
        if not kinds or kinds <= OF_THE_LOG:
            assert change.plan == self.plan
        else:
            assert change.plan != self.plan
        if self.plan.state is not PlanState.ACTIVE:
            undone = {a.detail["kind"] for a in change.acts if a.kind is ActKind.UNDONE}
            assert kinds <= OF_LIFE | OF_THE_LOG | {ActKind.UNDONE}
            assert undone <= OF_LIFE

    def check(self) -> None:
        """Assert everything that holds in every plan."""
        plan = self.plan
        assert plan.template == self.template
        assert [s.key for s in plan.steps] == [s.key for s in self.template.steps]
        assert [e.number for e in self.entries] == list(range(1, plan.entries + 1))
        logged = {e.act.after for e in self.entries}
        assert logged.issuperset(self.acknowledged)
        assert plan.members, "the last partner stays"
        assert len(set(plan.members)) == len(plan.members)
        self._check_people()
        self._check_waiting()

    def _check_people(self) -> None:
        plan = self.plan
        here = {*plan.members, None}
        for state in plan.steps:
            assert state.turn in here
            assert state.reopened_by in here
            for member in state.signed:
                assert self.read[state.key, member] == texts_of(plan, state.key), "signed unread"
        assert all(r.owner in here for r in plan.responsibilities if r.done_at is None)

    def _check_waiting(self) -> None:
        plan = self.plan
        unknowing = replace(plan)
        for member in plan.members:
            things = waiting(plan, member, self.now)
            assert things == waiting(unknowing, member, self.now)
            with_a_date = tuple(one for one in things if one.dated)
            assert waiting(plan, member, self.now, dated=True) == with_a_date
            assert waiting(replace(plan), member, self.now, dated=True) == with_a_date
        for gone in {STRANGER, *PEOPLE} - set(plan.members):
            assert waiting(plan, gone) == ()
        everybodys = {member: waiting(plan, member, self.now) for member in plan.members}
        for member, waits in everybodys.items():
            assert next_action(plan, member, self.now) == (waits[0] if waits else None)
        if plan.state is not PlanState.ACTIVE:
            assert not any(everybodys.values())
        elif all_done(plan):
            assert all(everybodys.values()), "everybody may finish, or has something to do before"
        else:
            assert any(everybodys.values()), "deadlock"
        for member, waits in everybodys.items():
            if waits:
                assert do_next(self, member, waits[0])(plan).acts, f"dead button: {waits[0]}"


def texts_of(plan: Plan, step: str) -> object:
    """Return what somebody reads who signs the step off."""
    return {key: answer.text for key, answer in plan.answers.items() if key.step == step}


def do_next(world: World, member: MemberId, thing: Waiting) -> Rule:
    """Return the rule that does what waits on the member, as its button would."""
    return lambda plan: _DOING[thing.kind](plan, world, member, thing)


def saved(
    plan: Plan, by: MemberId, step: str, field: str, text: str, base: int = 0, at: datetime = START
) -> Change | Stale:
    """Save a text that was written on seeing revision ``base``."""
    return save_answer(
        plan,
        Draft(by=by, step=step, field=field, text=text, base=base, at=at, today=at.date()),
    )


def put(plan: Plan, by: MemberId, step: str, field: str, text: str = "Text.") -> Plan:
    """Return the plan with that text standing, written on seeing what stood before."""
    key = answer_key(plan, by, step, require_field(plan, step, field))
    standing = plan.answers.get(key)
    made = saved(plan, by, step, field, text, standing.revision if standing else 0)
    assert isinstance(made, Change)
    return made.plan


def refusal(rule: Callable[..., object], *facts: object) -> str:
    """Return what a person reads who is refused: what is wrong, and what to do."""
    try:
        rule(*facts)
    except errors.Problem as problem:
        return str(problem)
    raise AssertionError("nothing was refused")


def _answered(plan: Plan, world: World, by: MemberId, thing: Waiting) -> Change:
    key = answer_key(plan, by, thing.step, require_field(plan, thing.step, thing.what))
    assert key not in plan.answers
    made = saved(plan, by, thing.step, thing.what, f"{thing.what} by {by}", at=world.now)
    assert isinstance(made, Change)
    return made


def _added(plan: Plan, world: World, by: MemberId, thing: Waiting) -> Change:
    common: dict[str, Any] = {"by": by, "item": world.item(), "at": world.now}
    match ItemKind(thing.what):
        case ItemKind.DECISION:
            return items.decide(plan, text="Yes", **common)
        case ItemKind.CHALLENGE:
            return items.raise_challenge(plan, kind="time", text="", **common)
        case ItemKind.RESPONSIBILITY:
            return items.add_responsibility(plan, text="Books", owner=by, due=None, **common)
        case ItemKind.RESOURCE:
            return items.add_resource(plan, title="A map", link="", **common)
        case ItemKind.MINUTES:
            return items.add_minutes(plan, minutes=20, text="", session=None, **common)
        case ItemKind.SESSION:
            return sessions.propose(plan, session=a_session(world.item(), by, world.now))


def _overcome(plan: Plan, world: World, by: MemberId, _: Waiting) -> Change:
    open_one = next(c for c in plan.challenges if c.closed_at is None)
    if open_one.remedies:
        return items.close_challenge(plan, by=by, challenge=open_one.id, at=world.now)
    return items.try_remedy(
        plan, by=by, challenge=open_one.id, remedy="Ask", duty=world.item(), at=world.now
    )


_DOING: Mapping[WaitingKind, Callable[[Plan, World, MemberId, Waiting], Change]] = {
    WaitingKind.ANSWER: _answered,
    WaitingKind.TAKE_ROLE: lambda p, w, m, t: partners.take_role(p, by=m, role=t.what, at=w.now),
    WaitingKind.SIGN_OFF: lambda p, w, m, t: steps.sign_off(p, by=m, step=t.step, at=w.now),
    WaitingKind.CLOSE_STEP: lambda p, w, m, t: steps.close_step(p, by=m, step=t.step, at=w.now),
    WaitingKind.ADD_ITEM: _added,
    WaitingKind.CLOSE_CHALLENGE: _overcome,
    WaitingKind.RESPONSIBILITY: lambda p, w, m, t: items.finish_responsibility(
        p, by=m, item=t.item or ItemId(""), at=w.now
    ),
    WaitingKind.ACCEPT_SESSION: lambda p, w, m, t: sessions.answer(
        p, by=m, item=t.item or ItemId(""), accept=True, at=w.now
    ),
    WaitingKind.ADD_MINUTES: lambda p, w, m, t: items.add_minutes(
        p, by=m, item=w.item(), minutes=30, text="", session=t.item, at=w.now
    ),
    WaitingKind.CONFIRM_OUTSIDE: lambda p, w, m, t: outside.confirm_outside(
        p, by=m, item=t.item or ItemId(""), at=w.now
    ),
    WaitingKind.FINISH: lambda p, w, m, _: lifecycle.finish(p, by=m, at=w.now),
}


def a_session(item: ItemId, by: MemberId, at: datetime, days: int = 2) -> Session:
    start = at + timedelta(days=days)
    return Session(
        id=item,
        start=start,
        end=start + timedelta(minutes=30),
        purpose="Plan together",
        medium="Library",
        by=by,
        at=at,
    )


def _entry_again(entry: Entry) -> Entry:
    return entry_of(_row(entry_row(entry)))


def _row(columns: dict[str, Any]) -> Row[Any]:
    return cast("Row[Any]", SimpleNamespace(**columns))
