"""Every aggregate survives its row; what the rows are made of is the mapping's own business."""

from collections import namedtuple
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import (
    Around,
    Identity,
    Library,
    LibraryMode,
    Member,
    Nudges,
    Preferences,
    QuietHours,
    Where,
)
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan
from bot.domain.planning.template import Template
from bot.domain.reminders.notices import Notice, NoticeKind
from storage.mapping import codec
from storage.mapping.entries import entry_of, entry_row
from storage.mapping.members import member_of, member_row
from storage.mapping.notices import leased_of, notice_of, notice_row
from storage.mapping.partnerships import member_rows, partnership_row, partnerships_of
from storage.mapping.places import message_of, place_of, place_row
from storage.mapping.plans import partner_rows, plan_of, plan_row
from storage.mapping.reminders import occurrence_of
from storage.mapping.templates import hash_of, template_body, template_of
from storage.tables import outbox
from tests.support.examples import examples
from tests.support.hostile import instants, maybe, member_ids, templates
from tests.support.plans import entries_for, plans

HERE = WorkspaceId("T1")
EXAMPLES = settings(max_examples=examples(150), deadline=None)


def row(columns: dict[str, Any], **more: Any) -> Any:  # noqa: ANN401 - stands for a database row
    facts = {"workspace": HERE, **columns, **more}
    return namedtuple("Row", facts)(**facts)  # noqa: PYI024 - the columns differ


def texts(least: int = 1) -> st.SearchStrategy[str]:
    """Return any text a database takes, cleaned or not."""
    letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
    return st.text(letters, min_size=least, max_size=30)


def places() -> st.SearchStrategy[Place]:
    return st.builds(
        Place,
        platform=st.sampled_from(["slack", "discord", "playground"]),
        kind=st.sampled_from(list(PlaceKind)),
        channel=texts(),
        thread=texts(0),
    )


def walls() -> st.SearchStrategy[time]:
    return st.times()


def members() -> st.SearchStrategy[Member]:
    preferences = st.builds(
        Preferences,
        nudges=st.sampled_from(list(Nudges)),
        days=st.lists(st.integers(1, 7), unique=True).map(tuple),
        quiet=st.builds(QuietHours, start=walls(), end=walls()),
        where=st.sampled_from(list(Where)),
        platform=st.sampled_from(["", "slack", "discord"]),
        own_zone=st.booleans(),
        groups=st.lists(texts(), max_size=3).map(tuple),
        around=st.builds(Around, before=st.integers(0, 90), after=st.integers(0, 90)),
        library=st.builds(
            Library,
            mode=st.sampled_from(list(LibraryMode)),
            weekdays=st.lists(st.integers(1, 7), unique=True).map(tuple),
            months=st.lists(st.integers(1, 12), unique=True).map(tuple),
        ),
    )
    return st.builds(
        Member,
        workspace=st.just(HERE),
        id=member_ids(),
        identity=st.builds(Identity, platform=st.sampled_from(["slack", "discord"]), user=texts()),
        name=texts(),
        zone=st.sampled_from(["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"]),
        zone_assumed=st.booleans(),
        reachable=st.booleans(),
        preferences=preferences,
    )


def partnerships() -> st.SearchStrategy[Partnership]:
    digest = st.builds(
        DigestSlot,
        weekday=st.integers(0, 6),
        at=walls(),
        zone=texts(),
        chosen=st.booleans(),
        silent=st.booleans(),
    )
    return st.builds(
        Partnership,
        workspace=st.just(HERE),
        id=texts().map(PartnershipId),
        place=places(),
        members=st.lists(member_ids(), unique=True, max_size=5).map(tuple),
        digest=digest,
    )


def notices() -> st.SearchStrategy[Notice]:
    return st.builds(
        Notice,
        key=texts(),
        kind=st.sampled_from(list(NoticeKind)),
        due_at=instants(),
        plan=maybe(texts().map(PlanId)),
        member=maybe(member_ids()),
        partnership=maybe(texts().map(PartnershipId)),
        entry=maybe(st.integers(1, 10_000)),
    )


@EXAMPLES
@given(plan=plans())
def test_plans(plan: Plan) -> None:
    columns = plan_row(plan, "abc")
    assert columns["template"] == "abc"
    loaded = plan_of(row(columns, workspace=plan.workspace), plan.template)
    assert loaded == plan
    assert list(loaded.answers) == list(plan.answers)


@EXAMPLES
@given(plan=plans())
def test_the_rows_of_partners_are_who_is_in_it_now(plan: Plan) -> None:
    rows = partner_rows(plan)
    assert [one["member"] for one in rows if one["active"]] == [
        one for one in dict.fromkeys(p.member for p in plan.partners) if one in plan.members
    ]
    assert len({one["member"] for one in rows}) == len(rows)


@EXAMPLES
@given(template=templates())
def test_templates(template: Template) -> None:
    body = template_body(template)
    assert template_of(body) == template
    assert template_body(template_of(body)) == body
    assert hash_of(body) == hash_of(template_body(template_of(body)))


@EXAMPLES
@given(data=st.data())
def test_entries(data: st.DataObject) -> None:
    plan = data.draw(plans())
    for entry in data.draw(entries_for(plan)):
        assert entry_of(row(entry_row(entry))) == entry


@pytest.mark.parametrize("kind", list(ActKind))
def test_every_kind_of_act(kind: ActKind) -> None:
    act = Act(kind=kind, by=MemberId("ana"), at=datetime(2026, 11, 3, tzinfo=UTC))
    entry = Entry(plan=PlanId("p"), number=1, act=act, source=Source())
    assert entry_of(row(entry_row(entry))) == entry


@EXAMPLES
@given(member=members())
def test_members(member: Member) -> None:
    assert member_of(row(member_row(member))) == member


def test_a_zone_that_was_stored_before_it_could_follow_stays() -> None:
    then = '["normal",[1],"20:00:00","07:00:00","direct",[0,0],["none",[],[]],[],"","Hill"]'
    member = Member(
        workspace=HERE,
        id=MemberId("ana"),
        identity=Identity(platform="slack", user="U1"),
        name="Ana",
        zone="UTC",
    )
    found = member_of(row(member_row(member) | {"preferences": then})).preferences
    assert (found.school, found.own_zone) == ("Hill", True)


@EXAMPLES
@given(partnership=partnerships())
def test_partnerships(partnership: Partnership) -> None:
    own = partnership_row(partnership)
    listed = [one["member"] for one in member_rows(partnership)] or [None]
    rows = [row(own, member=member) for member in listed]
    assert partnerships_of(rows) == [partnership]


@EXAMPLES
@given(place=places(), message=texts())
def test_places_and_messages(place: Place, message: str) -> None:
    assert place_of(row(place_row(place))) == place
    found = message_of(row(place_row(place), message=message))
    assert found == MessageRef(place=place, message=message)


@EXAMPLES
@given(notice=notices(), until=instants())
def test_notices(notice: Notice, until: datetime) -> None:
    columns = {**dict.fromkeys(outbox.c.keys()), "workspace": HERE, **notice_row(notice)}
    assert notice_of(row(columns)) == notice
    lease = {"epoch": 3, "attempts": 2, "wanted": 1, "lease_until": until, "doubtful": False}
    leased = leased_of(row({**columns, **lease}))
    assert (leased.notice, leased.until, leased.doubtful) == (notice, until, False)
    assert (leased.workspace, leased.first_due_at) == (HERE, notice.due_at)
    assert (leased.epoch, leased.attempts, leased.wanted) == (3, 3, 1), "the try to come counts"


@EXAMPLES
@given(at=st.datetimes(timezones=st.timezones()))
def test_instants_are_exact_from_any_zone(at: datetime) -> None:
    back = codec.instant(codec.micros(at))
    assert back == at.astimezone(UTC)
    assert back.tzinfo is UTC
    assert codec.maybe_instant(codec.maybe_micros(at)) == back


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError, match="naive"):
        codec.micros(datetime(2026, 11, 3))  # noqa: DTZ001 - that is the point


def test_an_occurrence_has_one_name_whatever_the_zone() -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    tokyo = noon.astimezone(timezone(timedelta(hours=9)))
    assert occurrence_of(noon) == occurrence_of(tokyo) == "2026-11-03T12:00:00+00:00"
    assert occurrence_of(None) == ""
