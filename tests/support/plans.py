"""Hypothesis strategies: plans and logs, complete and with unkind texts.

What they give is valid (a step belongs to the template, an author is a member, a session ends
after it starts), but every optional part is there sometimes, every text may be hostile, and a
plan may be in any state. Texts are as the domain stores them: ``clean`` has gone over them.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.outside import BANDS, KINDS
from bot.domain.planning.plan import (
    Answer,
    AnswerKey,
    Challenge,
    Comment,
    Decision,
    Minutes,
    OutsideWork,
    Partner,
    Plan,
    PlanState,
    Resource,
    Responsibility,
    Session,
    StepState,
)
from bot.domain.planning.template import By, Template
from bot.domain.planning.texts import TITLE_LENGTH
from bot.ui.exports.exported import Exported
from bot.usecases.planning.attached import AttachedFile
from tests.support.hostile import (
    NASTY,
    any_ids,
    dates,
    instants,
    maybe,
    member_ids,
    names,
    some,
    templates,
    texts,
)

__all__ = ["NASTY", "entries_for", "exports", "instants", "plans", "templates", "texts"]

T = TypeVar("T")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return plans in any state, with items of every kind and every optional part."""
    template = draw(templates())
    people = draw(st.lists(member_ids(), min_size=1, max_size=4, unique=True))
    item_ids = itertools.count(draw(st.integers(0, 10**20)))
    make = _Items(draw, people, lambda: ItemId(f"i{next(item_ids)}"))
    challenges = make.some(make.challenge)
    sessions = make.some(make.session)
    return Plan(
        workspace=WorkspaceId(draw(any_ids("w"))),
        id=PlanId(draw(any_ids("p"))),
        partnership=PartnershipId(draw(any_ids("s"))),
        title=draw(texts(TITLE_LENGTH)),
        template=template,
        started_by=draw(st.sampled_from(people)),
        started_at=draw(instants()),
        state=draw(st.sampled_from(list(PlanState))),
        partners=draw(_partners(template, people)),
        steps=tuple(draw(_step_states(step.key, people)) for step in template.steps),
        answers=draw(_answers(template, people)),
        comments=make.some(lambda: make.comment(template)),
        decisions=make.some(make.decision),
        challenges=challenges,
        responsibilities=make.some(lambda: make.responsibility(challenges)),
        resources=make.some(make.resource),
        minutes=make.some(lambda: make.minutes(sessions)),
        sessions=sessions,
        outside=make.some(make.outside),
        origin=draw(maybe(any_ids("p").map(PlanId))),
        revision=draw(st.integers(0, 10_000)),
        entries=draw(st.integers(0, 6)),
    )


def _partners(template: Template, people: list[MemberId]) -> st.SearchStrategy[tuple[Partner, ...]]:
    """Return a partner for every member; all but the first may be gone, or gone and back."""
    role = st.sampled_from(["", *template.roles])

    def of(member: MemberId) -> st.SearchStrategy[list[Partner]]:
        here = st.builds(Partner, member=st.just(member), joined_at=instants(), role=role)
        gone = st.builds(
            Partner, member=st.just(member), joined_at=instants(), role=role, left_at=instants()
        )
        back = st.tuples(gone, here).map(list)
        return st.one_of(here.map(lambda p: [p]), gone.map(lambda p: [p]), back)

    first = st.builds(Partner, member=st.just(people[0]), joined_at=instants(), role=role)
    return st.tuples(first.map(lambda p: [p]), *(of(member) for member in people[1:])).map(
        lambda parts: tuple(partner for part in parts for partner in part)
    )


def _step_states(key: str, people: list[MemberId]) -> st.SearchStrategy[StepState]:
    one = st.sampled_from(people)
    return st.builds(
        StepState,
        key=st.just(key),
        due=maybe(dates()),
        turn=maybe(one),
        last_by=maybe(one),
        signed=some(one, 4, key=str),
        reopened_by=maybe(one),
    )


@st.composite
def _answers(
    draw: st.DrawFn, template: Template, people: list[MemberId]
) -> dict[AnswerKey, Answer]:
    possible = [
        AnswerKey(step=step.key, field=field.key, respondent=respondent)
        for step in template.steps
        for field in step.fields
        for respondent in (people if field.by is By.EACH else [None])
    ]
    if not possible:
        return {}
    answer = st.builds(
        Answer,
        text=texts(),
        revision=st.integers(1, 9999),
        by=st.sampled_from(people),
        at=instants(),
    )
    return draw(st.dictionaries(st.sampled_from(possible), answer, max_size=6))


class _Items:
    """Draws items whose authors are ``people`` and whose ids are all different."""

    def __init__(
        self, draw: st.DrawFn, people: list[MemberId], new_id: Callable[[], ItemId]
    ) -> None:
        self._draw = draw
        self._new_id = new_id
        self._one = st.sampled_from(people)
        self._several = some(self._one, 4, key=str)

    def some(self, make: Callable[[], st.SearchStrategy[T]], most: int = 3) -> tuple[T, ...]:
        """Draw up to ``most`` items, each from a strategy of its own (it holds a fresh id)."""
        count = self._draw(st.integers(0, most))
        return tuple(self._draw(make()) for _ in range(count))

    def _written(self) -> dict[str, st.SearchStrategy[object]]:
        return {"id": st.just(self._new_id()), "by": self._one, "at": instants()}

    def comment(self, template: Template) -> st.SearchStrategy[Comment]:
        on = [(s.key, f) for s in template.steps for f in ("", *(f.key for f in s.fields))]
        written = self._written()
        return st.sampled_from(on).flatmap(
            lambda where: st.builds(
                Comment, step=st.just(where[0]), field=st.just(where[1]), text=texts(), **written
            )
        )

    def decision(self) -> st.SearchStrategy[Decision]:
        return st.builds(Decision, text=texts(), **self._written())

    def challenge(self) -> st.SearchStrategy[Challenge]:
        return st.builds(
            Challenge,
            kind=st.sampled_from(sorted(BY_KEY)),
            text=texts(),
            remedies=some(texts()),
            closed_at=maybe(instants()),
            **self._written(),
        )

    def responsibility(
        self, challenges: tuple[Challenge, ...]
    ) -> st.SearchStrategy[Responsibility]:
        cause = st.sampled_from([c.id for c in challenges]) if challenges else st.none()
        done = st.one_of(st.just((None, None)), st.tuples(self._one, instants()))
        return st.builds(
            lambda done, **rest: Responsibility(done_by=done[0], done_at=done[1], **rest),
            done=done,
            text=texts(),
            owner=maybe(self._one),
            due=maybe(dates()),
            challenge=maybe(cause),
            **self._written(),
        )

    def resource(self) -> st.SearchStrategy[Resource]:
        return st.builds(Resource, title=texts(200), link=links(), **self._written())

    def minutes(self, sessions: tuple[Session, ...]) -> st.SearchStrategy[Minutes]:
        held = st.sampled_from([s.id for s in sessions]) if sessions else st.none()
        return st.builds(
            Minutes,
            minutes=st.integers(1, 600),
            text=texts(empty=True),
            session=maybe(held),
            **self._written(),
        )

    def session(self) -> st.SearchStrategy[Session]:
        length = st.integers(1, 600).map(lambda n: timedelta(minutes=n))
        return st.builds(
            lambda start, length, **rest: Session(start=start, end=start + length, **rest),
            start=instants(),
            length=length,
            purpose=texts(empty=True),
            medium=texts(empty=True),
            accepted=self._several,
            declined=self._several,
            **self._written(),
        )

    def outside(self) -> st.SearchStrategy[OutsideWork]:
        return st.builds(
            OutsideWork,
            kind=st.sampled_from(KINDS),
            band=st.sampled_from(BANDS),
            partner=self._one,
            note=texts(empty=True),
            link=links(),
            file=st.sampled_from(["", *FILES]),
            confirmed_at=maybe(instants()),
            **self._written(),
        )


def links() -> st.SearchStrategy[str]:
    return st.sampled_from(
        [
            "",
            "https://example.org/",
            "http://example.org/a_b(c)?q=%7C&amp;y='z'&copy=`x`[1]\\#*top*",
            "https://пример.example/путь",
        ]
    )


FILES = {"01notes": "notes | v2.pdf", "01pad": "блокнот <b>.docx"}
"""Names of attached files by their ids."""

# Logs -------------------------------------------------------------------------------------------


@st.composite
def entries_for(draw: st.DrawFn, plan: Plan) -> tuple[Entry, ...]:
    """Return a log of ``plan.entries`` entries, numbered from 1."""
    act = _acts(plan)
    source = st.builds(
        Source,
        platform=st.sampled_from(["", "slack", "discord", "playground"]),
        place=texts(empty=True),
        message=texts(empty=True),
        zone=st.sampled_from(["", "Europe/Berlin", "America/New_York", "UTC"]),
    )
    return tuple(
        Entry(plan=plan.id, number=number, act=draw(act), source=draw(source))
        for number in range(1, plan.entries + 1)
    )


def _acts(plan: Plan) -> st.SearchStrategy[Act]:
    people = sorted({p.member for p in plan.partners})
    where = [("", ""), *((s.key, "") for s in plan.template.steps)]
    where += [(s.key, f.key) for s in plan.template.steps for f in s.fields]
    groups = (plan.comments, plan.decisions, plan.challenges, plan.sessions, plan.outside)
    known = [ItemId("gone"), *(item.id for group in groups for item in group)]
    common = {
        "where": st.sampled_from(where),
        "by": st.sampled_from(people),
        "at": instants(),
        "member_about": maybe(st.sampled_from(people)),
        "item": maybe(st.sampled_from(known)),
        "entry": maybe(st.integers(1, plan.entries)),
    }
    written = st.builds(
        _act,
        kind=st.sampled_from([k for k in ActKind if k not in _HOLD_MEMBERS]),
        before=texts(empty=True),
        after=texts(empty=True),
        detail=_details(people, known),
        **common,
    )
    handed = st.sampled_from(["", *people])
    passed = st.builds(
        _act, kind=st.sampled_from(_HOLD_MEMBERS), before=handed, after=handed, **common
    )
    return st.one_of(written, passed)


_HOLD_MEMBERS = (ActKind.HANDED_OFF, ActKind.STEP_CLOSED)
"""Their texts are ids of members, as the rules write them."""


def _act(where: tuple[str, str], **rest: Any) -> Act:  # noqa: ANN401 - what Act takes
    return Act(step=where[0], field=where[1], **rest)


def _details(people: list[MemberId], items: list[ItemId]) -> st.SearchStrategy[dict[str, str]]:
    ids = {
        "signed": some(st.sampled_from(people)).map(",".join),
        "duties": some(st.sampled_from(items)).map(",".join),
    }
    plain = st.dictionaries(st.sampled_from(["late", "medium"]), texts(), max_size=2)
    file = st.fixed_dictionaries({"file": st.sampled_from([*FILES])})
    return st.one_of(plain, file, st.fixed_dictionaries({}, optional=ids))


@st.composite
def exports(draw: st.DrawFn) -> Exported:
    """Return whole exports: a plan, its log, and names for most of its people."""
    plan = draw(plans())
    people = sorted({partner.member for partner in plan.partners})
    return Exported(
        plan=plan,
        entries=draw(entries_for(plan)),
        names=draw(st.dictionaries(st.sampled_from(people), names())),
        exported_at=draw(instants()),
        zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu"])),
        files={file: _file(name, draw(st.binary(max_size=60))) for file, name in FILES.items()},
    )


def _file(name: str, content: bytes) -> AttachedFile:
    return AttachedFile(name=name, size=len(content), content=content)
