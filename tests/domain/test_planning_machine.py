"""Every rule in any order: what must hold, holds after every step."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.contributions import remarks
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, lifecycle, outside, partners, sessions, steps
from bot.domain.planning.answers import joined
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.plan import Change, Item, OutsideWork, Plan, PlanState, StepState
from bot.domain.planning.turns import WaitingKind, next_action
from bot.domain.planning.undo import undoable
from bot.templates.loader import builtin
from tests.support.examples import examples
from tests.support.planning_model import (
    ODD,
    PEOPLE,
    STRANGER,
    World,
    a_session,
    do_next,
    started,
    texts_of,
)

templates = {**builtin(), ODD.key: ODD}
people = st.runner().flatmap(
    lambda machine: st.sampled_from((*machine.world.plan.members * 4, *PEOPLE, STRANGER))
)
"""Mostly partners, sometimes somebody who may not."""
numbers = st.integers(0, 40)
texts = st.sampled_from(["One.", "Two.", "Three", " One. ", "a\nb", "4", "", "å" * 3001])
afterwards = st.sampled_from(["reopen", "undo", "stay"])


class Planning(RuleBasedStateMachine):
    world: World

    @initialize(
        template=st.sampled_from([*templates]),
        size=st.sampled_from([2, 3, 1, 4, 5]),
        worked=st.integers(0, 45),
    )
    def start(self, template: str, size: int, worked: int) -> None:
        self.world = World(started(templates[template], PEOPLE[:size]))
        for turn in range(worked):
            self._work(PEOPLE[turn % size])

    def _step(self, number: int) -> str:
        listed = self.world.template.steps
        return listed[number % len(listed)].key

    def _field(self, number: int) -> tuple[str, str]:
        listed = [(s.key, f.key) for s in self.world.template.steps for f in s.fields]
        return listed[number % len(listed)]

    @staticmethod
    def _id(listed: tuple[Item, ...], number: int) -> ItemId:
        return listed[number % len(listed)].id if listed else ItemId("none")

    # Partners ---------------------------------------------------------------------------------

    @rule(by=people, who=st.sampled_from(PEOPLE[::-1]))
    def join(self, by: MemberId, who: MemberId) -> None:
        at = self.world.tick()
        self.world.do(lambda p: partners.add_partners(p, by=by, members=[who], at=at))

    @rule(by=people, who=people)
    def remove(self, by: MemberId, who: MemberId) -> None:
        at = self.world.tick()
        self.world.do(lambda p: partners.remove_partner(p, by=by, member=who, at=at))

    @rule(by=people, back=st.booleans())
    def leave(self, by: MemberId, back: bool) -> None:
        at = self.world.tick()
        gone = self.world.do(lambda p: partners.remove_partner(p, by=by, member=by, at=at))
        if back and gone is not None and gone.acts:
            assert self._undo(self.world.plan.entries, by) is not None

    @rule(by=people, number=numbers)
    def take_role(self, by: MemberId, number: int) -> None:
        roles = ("", *self.world.template.roles)
        role, at = roles[number % len(roles)], self.world.tick()
        self.world.do(lambda p: partners.take_role(p, by=by, role=role, at=at))

    # Answers ----------------------------------------------------------------------------------

    @rule(by=people, number=numbers, text=texts)
    def save(self, by: MemberId, number: int, text: str) -> None:
        step, field = self._field(number)
        seen = self.world.revision(by, step, field)
        assert self.world.save(by, step, field, text, seen) is None

    @rule(by=people, number=numbers, keep=st.sampled_from(["mine", "theirs", "both"]))
    def save_stale(self, by: MemberId, number: int, keep: str) -> None:
        step, field = self._field(number)
        stale = self.world.save(by, step, field, f"Mine {self.world.now}", -1)
        if stale is None or keep == "theirs":
            return
        text = stale.mine if keep == "mine" else joined(stale.theirs.text, stale.mine)
        assert self.world.save(by, step, field, text, stale.theirs.revision) is None

    @rule(by=people, times=st.integers(1, 8))
    def work_on(self, by: MemberId, times: int) -> None:
        for _ in range(times):
            self._work(by)
            self.check()

    def _work(self, by: MemberId) -> None:
        self.world.tick()
        thing = next_action(self.world.plan, by, self.world.now)
        if thing is not None and thing.kind is not WaitingKind.FINISH:
            assert self.world.do(do_next(self.world, by, thing)) is not None

    # Steps ------------------------------------------------------------------------------------

    @rule(by=people, number=numbers)
    def sign_off(self, by: MemberId, number: int) -> None:
        at = self.world.tick()
        self.world.do(lambda p: steps.sign_off(p, by=by, step=self._step(number), at=at))

    @rule(by=people, number=numbers)
    def reopen_step(self, by: MemberId, number: int) -> None:
        at = self.world.tick()
        self.world.do(lambda p: steps.reopen_step(p, by=by, step=self._step(number), at=at))

    @rule(by=people, number=numbers)
    def close_step(self, by: MemberId, number: int) -> None:
        at, states = self.world.tick(), self.world.plan.steps
        step = next((s.key for s in states if s.reopened_by), self._step(number))
        self.world.do(lambda p: steps.close_step(p, by=by, step=step, at=at))

    @rule(by=people, to=people, number=numbers)
    def hand_off(self, by: MemberId, to: MemberId, number: int) -> None:
        at = self.world.tick()
        self.world.do(lambda p: steps.hand_off(p, by=by, step=self._step(number), to=to, at=at))

    @rule(by=people, number=numbers, days=st.one_of(st.none(), st.integers(-9, 90)))
    def move_due(self, by: MemberId, number: int, days: int | None) -> None:
        at, step = self.world.tick(), self._step(number)
        due = None if days is None else self.world.today + timedelta(days=days)
        self.world.do(lambda p: steps.move_due(p, by=by, step=step, due=due, at=at))

    # Items ------------------------------------------------------------------------------------

    @rule(by=people, number=numbers, text=texts, whole=st.booleans())
    def comment(self, by: MemberId, number: int, text: str, whole: bool) -> None:
        at, item, (step, field) = self.world.tick(), self.world.item(), self._field(number)
        self.world.do(
            lambda p: items.comment(
                p, by=by, item=item, step=step, field="" if whole else field, text=text, at=at
            )
        )

    @rule(by=people, text=texts)
    def decide(self, by: MemberId, text: str) -> None:
        at, item = self.world.tick(), self.world.item()
        self.world.do(lambda p: items.decide(p, by=by, item=item, text=text, at=at))

    @rule(by=people, kind=st.sampled_from([*BY_KEY, "weather"]), text=texts)
    def challenge(self, by: MemberId, kind: str, text: str) -> None:
        at, item = self.world.tick(), self.world.item()
        self.world.do(
            lambda p: items.raise_challenge(p, by=by, item=item, kind=kind, text=text, at=at)
        )

    @rule(by=people, number=numbers, text=texts)
    def remedy(self, by: MemberId, number: int, text: str) -> None:
        at, duty = self.world.tick(), self.world.item()
        which = self._id(self.world.plan.challenges, number)
        self.world.do(
            lambda p: items.try_remedy(p, by=by, challenge=which, remedy=text, duty=duty, at=at)
        )

    @rule(by=people, number=numbers)
    def close_challenge(self, by: MemberId, number: int) -> None:
        at, which = self.world.tick(), self._id(self.world.plan.challenges, number)
        self.world.do(lambda p: items.close_challenge(p, by=by, challenge=which, at=at))

    @rule(by=people, owner=st.one_of(st.none(), people), text=texts, days=st.integers(0, 9))
    def responsibility(self, by: MemberId, owner: MemberId | None, text: str, days: int) -> None:
        at, item = self.world.tick(), self.world.item()
        due = self.world.today + timedelta(days=days) if days else None
        self.world.do(
            lambda p: items.add_responsibility(
                p, by=by, item=item, text=text, owner=owner, due=due, at=at
            )
        )

    @rule(by=people, number=numbers)
    def do_responsibility(self, by: MemberId, number: int) -> None:
        at, which = self.world.tick(), self._id(self.world.plan.responsibilities, number)
        self.world.do(lambda p: items.finish_responsibility(p, by=by, item=which, at=at))

    @rule(by=people, title=texts, link=st.sampled_from(["", "https://e.org/x", "javascript:1"]))
    def resource(self, by: MemberId, title: str, link: str) -> None:
        at, item = self.world.tick(), self.world.item()
        self.world.do(
            lambda p: items.add_resource(p, by=by, item=item, title=title, link=link, at=at)
        )

    @rule(by=people, minutes=st.integers(0, 601), text=texts, number=numbers, held=st.booleans())
    def minutes(self, by: MemberId, minutes: int, text: str, number: int, held: bool) -> None:
        at, item = self.world.tick(), self.world.item()
        session = self._id(self.world.plan.sessions, number) if held else None
        self.world.do(
            lambda p: items.add_minutes(
                p, by=by, item=item, minutes=minutes, text=text, session=session, at=at
            )
        )

    @rule(by=people, days=st.integers(-1, 3))
    def propose(self, by: MemberId, days: int) -> None:
        made = a_session(self.world.item(), by, self.world.tick(), days)
        self.world.do(lambda p: sessions.propose(p, session=made))

    @rule(by=people, number=numbers, accept=st.booleans())
    def answer_session(self, by: MemberId, number: int, accept: bool) -> None:
        at, which = self.world.tick(), self._id(self.world.plan.sessions, number)
        self.world.do(lambda p: sessions.answer(p, by=by, item=which, accept=accept, at=at))

    @rule(by=people, partner=people, kind=st.sampled_from(["talk", "nap"]), note=texts)
    def log_outside(self, by: MemberId, partner: MemberId, kind: str, note: str) -> None:
        made = OutsideWork(
            id=self.world.item(),
            kind=kind,
            band="0-5",
            by=by,
            partner=partner,
            at=self.world.tick(),
            note=note,
        )
        self.world.do(lambda p: outside.log_outside(p, work=made))

    @rule(by=people, number=numbers)
    def confirm_outside(self, by: MemberId, number: int) -> None:
        at, which = self.world.tick(), self._id(self.world.plan.outside, number)
        self.world.do(lambda p: outside.confirm_outside(p, by=by, item=which, at=at))

    # Life -------------------------------------------------------------------------------------

    @rule(by=people, title=texts)
    def rename(self, by: MemberId, title: str) -> None:
        at = self.world.tick()
        self.world.do(lambda p: lifecycle.rename(p, by=by, title=title, at=at))

    @rule(by=people, then=afterwards)
    def finish(self, by: MemberId, then: str) -> None:
        at = self.world.tick()
        self.world.do(lambda p: lifecycle.finish(p, by=by, at=at))
        self._and(then)

    @rule(by=people, then=afterwards)
    def archive(self, by: MemberId, then: str) -> None:
        at = self.world.tick()
        self.world.do(lambda p: lifecycle.archive(p, by=by, at=at))
        self._and(then)

    def _and(self, then: str) -> None:
        self.check()
        plan = self.world.plan
        if then == "reopen":
            self.reopen(plan.members[0])
        elif then == "undo" and plan.state is not PlanState.ACTIVE:
            self._undo(plan.entries, plan.members[0])

    @rule(by=people)
    def reopen(self, by: MemberId) -> None:
        at = self.world.tick()
        self.world.do(lambda p: lifecycle.reopen(p, by=by, at=at))

    @rule()
    def replicate(self) -> None:
        origin = self.world.plan
        again = started(origin.template, origin.members[:1], origin=origin.id).plan
        assert (again.template, again.origin) == (origin.template, origin.id)
        assert not again.answers
        assert not again.minutes
        assert not any(state.signed for state in again.steps)

    # The log ----------------------------------------------------------------------------------

    @rule(by=people, ago=st.integers(0, 60))
    def undo(self, by: MemberId, ago: int) -> None:
        some = [e.number for e in self.world.entries if undoable(e.act.kind)] or [1]
        self._undo(some[-1 - ago % len(some)], by)

    def _undo(self, number: int, by: MemberId) -> Change | None:
        """Undo an entry; if it was the latest, the plan is as it was before it."""
        latest, act = number == self.world.plan.entries, self.world.entries[number - 1].act
        change = self.world.undo(number, by)
        if change is not None and latest and number in self.world.before:
            assert_same_but_for_marks(self.world.plan, self.world.before[number], act, by)
        return change

    @rule(number=numbers)
    def undo_the_latest(self, number: int) -> None:
        members = self.world.plan.members
        self._undo(self.world.plan.entries, members[number % len(members)])

    @rule(by=people, to=people, number=numbers, kind=st.integers(0, 2), text=texts)
    def remark(self, by: MemberId, to: MemberId, number: int, kind: int, text: str) -> None:
        at, entry = self.world.tick(), self.world.entries[number % self.world.plan.entries]
        self.world.do(
            (
                lambda p: remarks.credit(p, entry, by=by, to=to, at=at),
                lambda p: remarks.annotate(p, entry, by=by, text=text, at=at),
                lambda p: remarks.dispute(p, entry, by=by, text=text, at=at),
            )[kind]
        )

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    @rule()
    def crash_and_reload(self) -> None:
        self.world.crash()

    @invariant()
    def check(self) -> None:
        self.world.check()


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
        case ActKind.PLAN_STARTED:
            expected = replace(expected, state=PlanState.ARCHIVED)
        case ActKind.STEP_CLOSED:
            state = now.step(act.step)
            assert state is not None
            expected = replace(expected, steps=_marked(before, state))
        case ActKind.PARTNER_ADDED:
            assert set(now.members) == set(before.members)
            expected = replace(expected, partners=now.partners)
        case ActKind.SESSION_ACCEPTED | ActKind.SESSION_DECLINED:
            answers = [
                [(set(s.accepted), set(s.declined)) for s in p.sessions] for p in (now, before)
            ]
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


TestPlanning = Planning.TestCase
TestPlanning.settings = settings(
    max_examples=examples(200),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
