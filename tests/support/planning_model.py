"""A plan with its log as use cases keep them, and what must hold after every step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning import items, lifecycle, outside, partners, sessions, steps
from bot.domain.planning.answers import Draft, Stale, answer_key, require_field, save_answer
from bot.domain.planning.plan import Change, Plan, PlanState, Session, StepState
from bot.domain.planning.progress import all_done
from bot.domain.planning.template import Template
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

OF_THE_LOG = {ActKind.ANSWER_ASIDE, ActKind.CREDITED, ActKind.ANNOTATED, ActKind.DISPUTED}
"""Acts that leave the plan as it is."""
OF_LIFE = {ActKind.PLAN_FINISHED, ActKind.PLAN_ARCHIVED, ActKind.PLAN_REOPENED}

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
        except errors.Problem as problem:
            assert problem.message
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
        latest = self.plan.entries == number
        change = self.do(lambda plan: undo(plan, entry, by=by, at=self.tick()))
        if change is None:
            return None
        assert undoable(entry.act.kind)
        assert entry.act.kind is not ActKind.UNDONE
        if latest and number in self.before:
            assert_same_but_for_marks(self.plan, self.before[number], entry.act, by)
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
        entries = self.plan.entries + len(acts)
        self.plan = replace(plan, entries=entries, revision=plan.revision + bool(acts))

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
        for gone in {STRANGER, *PEOPLE} - set(plan.members):
            assert waiting(plan, gone) == ()
        things = {member: waiting(plan, member) for member in plan.members}
        for member, waits in things.items():
            assert next_action(plan, member) == (waits[0] if waits else None)
        if plan.state is not PlanState.ACTIVE:
            assert not any(things.values())
        elif all_done(plan):
            assert all(things.values()), "everybody may finish, or has something to do before"
        else:
            assert any(things.values()), "deadlock"
        for member, waits in things.items():
            if waits:
                assert do_next(self, member, waits[0])(plan).acts, f"dead button: {waits[0]}"


def texts_of(plan: Plan, step: str) -> object:
    """Return what somebody reads who signs the step off."""
    return {key: answer.text for key, answer in plan.answers.items() if key.step == step}


def do_next(world: World, member: MemberId, thing: Waiting) -> Rule:
    """Return the rule that does what waits on the member, as its button would."""
    by, at, step, item = member, world.now, thing.step, thing.item or ItemId("")
    match thing.kind:
        case WaitingKind.ANSWER:
            return lambda plan: _answered(plan, world, member, thing)
        case WaitingKind.TAKE_ROLE:
            return lambda plan: partners.take_role(plan, by=by, role=thing.what, at=at)
        case WaitingKind.SIGN_OFF:
            return lambda plan: steps.sign_off(plan, by=by, step=step, at=at)
        case WaitingKind.CLOSE_STEP:
            return lambda plan: steps.close_step(plan, by=by, step=step, at=at)
        case WaitingKind.ADD_ITEM:
            return _adding(world, member, thing.what)
        case WaitingKind.CLOSE_CHALLENGE:
            return lambda plan: _close_a_challenge(plan, world, member)
        case WaitingKind.RESPONSIBILITY:
            return lambda plan: items.finish_responsibility(plan, by=by, item=item, at=at)
        case WaitingKind.ACCEPT_SESSION:
            return lambda plan: sessions.answer(plan, by=by, item=item, accept=True, at=at)
        case WaitingKind.CONFIRM_OUTSIDE:
            return lambda plan: outside.confirm_outside(plan, by=by, item=item, at=at)
        case WaitingKind.FINISH:
            return lambda plan: lifecycle.finish(plan, by=by, anyway=False, at=at)


def _answered(plan: Plan, world: World, by: MemberId, thing: Waiting) -> Change:
    field = require_field(plan, thing.step, thing.what)
    assert answer_key(plan, by, thing.step, field) not in plan.answers
    made = save_answer(
        plan,
        Draft(
            by=by,
            step=thing.step,
            field=thing.what,
            text=f"{thing.what} by {by}",
            base=0,
            at=world.now,
            today=world.today,
        ),
    )
    assert isinstance(made, Change)
    return made


def _adding(world: World, by: MemberId, kind: str) -> Rule:
    at, item = world.now, world.item()
    rules: dict[str, Rule] = {
        "decision": lambda plan: items.decide(plan, by=by, item=item, text="Yes", at=at),
        "challenge": lambda plan: items.raise_challenge(
            plan, by=by, item=item, kind="time", text="", at=at
        ),
        "responsibility": lambda plan: items.add_responsibility(
            plan, by=by, item=item, text="Books", owner=by, due=None, at=at
        ),
        "resource": lambda plan: items.add_resource(
            plan, by=by, item=item, title="A map", link="", at=at
        ),
        "minutes": lambda plan: items.add_minutes(
            plan, by=by, item=item, minutes=20, text="", session=None, at=at
        ),
        "session": lambda plan: sessions.propose(plan, session=a_session(item, by, at)),
    }
    return rules[kind]


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


def _close_a_challenge(plan: Plan, world: World, by: MemberId) -> Change:
    open_one = next(c for c in plan.challenges if c.closed_at is None)
    if open_one.remedies:
        return items.close_challenge(plan, by=by, challenge=open_one.id, at=world.now)
    return items.try_remedy(
        plan, by=by, challenge=open_one.id, remedy="Ask", duty=world.item(), at=world.now
    )


def assert_same_but_for_marks(now: Plan, before: Plan, act: Act, by: MemberId) -> None:
    """Assert that an undo brought back what was there, but for what it rightly leaves changed."""
    expected = replace(before, entries=now.entries, revision=now.revision)
    match act.kind:
        case ActKind.ANSWER_SAVED:
            state = now.step(act.step)
            assert state is not None
            assert (state.last_by, state.signed) == (by, ())
            assert texts_of(now, act.step) == texts_of(before, act.step)
            # The text is back as a new revision: forms opened before are told so.
            expected = replace(expected, answers=now.answers, steps=_marked(before, state))
        case ActKind.STEP_CLOSED:
            state = now.step(act.step)
            assert state is not None
            expected = replace(expected, steps=_marked(before, state))
        case ActKind.PARTNER_ADDED:
            assert set(now.members) == set(before.members)
            expected = replace(expected, partners=now.partners)
        case ActKind.SESSION_ACCEPTED | ActKind.SESSION_DECLINED:
            answers = [[(set(s.accepted), set(s.declined)) for s in p.sessions] for p in (now, before)]
            assert answers[0] == answers[1]
            expected = replace(expected, sessions=now.sessions)
        case _:
            pass
    assert now == expected


def _marked(before: Plan, state: StepState) -> tuple[StepState, ...]:
    """Return the steps of before with the marks (last changer, signatures) of now in one."""
    return tuple(
        replace(s, last_by=state.last_by, signed=state.signed) if s.key == state.key else s
        for s in before.steps
    )


def _entry_again(entry: Entry) -> Entry:
    return entry_of(_row(entry_row(entry)))


def _row(columns: dict[str, Any]) -> Row[Any]:
    return cast("Row[Any]", SimpleNamespace(**columns))
