from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.planning.plan import Challenge, Partner, Plan
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.costs import Cost
from bot.ui.cards import Picture
from bot.ui.charts import STUDIO
from bot.ui.limits import ALT_TEXT
from bot.ui.pages.reminders.digest_card import digest_card
from bot.usecases.ports import Work
from bot.usecases.reminders.digesting import DigestView, digest_view
from bot.usecases.reminders.occurring import Missed
from bot.usecases.reminders.planning import digest_setup
from tests.storage.test_repositories_recurring import a_reminder
from tests.support.examples import cases
from tests.support.fake_clock import FakeClock
from tests.support.plans import NASTY
from tests.support.reminder_store import Store, opened
from tests.support.teaching_team import (
    BEN,
    MAYA,
    ROSA,
    ROSAS,
    TEAM,
    THREAD,
    UNIT,
    ZONE,
    at,
    member,
    partnership,
    plan,
)
from tests.ui.reading_cards import lines, within_limits

NOW = at(3, 8, 55)
FEWER = "“Fewer reminders” changes that."
TWO = PlanId("two")
PERIOD = FreePeriod(
    start=NOW, end=at(3, 9, 35), day=date(2026, 11, 3), label="B", period="5", cost=Cost.SINGLE_GAP
)


# The digest -------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path, FakeClock(at(8, 12))) as store:
        yield store


def log(store: Store, *acts: Act, of: PlanId = UNIT) -> None:
    entries = [Entry(plan=of, number=n, act=act) for n, act in enumerate(acts, 1)]
    store.write(lambda w: w.log.append(entries))


def saved(day: int, before: str, after: str, step: str = "goals", by: MemberId = BEN) -> Act:
    return Act(
        kind=ActKind.ANSWER_SAVED,
        by=by,
        at=at(day, 10),
        step=step,
        field="text",
        before=before,
        after=after,
    )


def digest(store: Store, viewer: MemberId | None = None) -> DigestView:
    found = store.read(lambda w: digest_view(w, TEAM, viewer))
    assert found is not None
    return found


def busy_week(store: Store) -> Plan:
    """Store a week with everything a digest can tell."""
    store.timetable(BEN, ROSAS)
    keys = {"goals": date(2026, 11, 12), "assessment": date(2026, 11, 13), "form": None}
    unit = plan({**keys, "old": date(2026, 11, 5)}, turn=None)
    challenge = Challenge(id=ItemId("c"), kind="time", text="No time", by=BEN, at=NOW)
    unit = store.start(replace(unit, challenges=(challenge,)))
    store.start(plan({"extra": date(2026, 11, 11)}, id=TWO, title="Rivers", turn=ROSA))
    log(
        store,
        saved(3, "", "first"),
        saved(4, "first", "second words"),
        saved(5, "a", "b", step="form"),
        saved(5, "x", "x", step="old"),
        saved(6, "", "new\nlines of text " * 20, step="assessment"),
    )
    store.write(lambda w: digest_setup(w, partnership()))
    return unit


def test_the_digest_in_full(store: Store) -> None:
    busy_week(store)
    card = digest_card(digest(store))
    told = lines(card)
    assert "second words" not in card.summary
    assert "Goals text is new (“Watershed inquiry”)" in told
    assert "Form text was changed (“Watershed inquiry”)" in told
    assert told[0] == "This week in your 2 plans"
    assert told[1] == "Old waits for Maya (“Watershed inquiry”, Thu 5 Nov)"
    soon = "Extra (“Rivers”, Wed 11 Nov); Goals (“Watershed inquiry”, Thu 12 Nov); "
    assert f"Due in the next seven days: {soon}" in told[7]
    assert any(line.startswith("You all have free: ") for line in told)
    assert told[-1] == "Is Thu 5 Nov still the right date for “Old” (“Watershed inquiry”)?"
    assert len(told) <= 12
    within_limits(card)


@pytest.mark.parametrize("viewer", [None, MAYA, BEN, ROSA])
def test_at_most_twelve_lines_for_anybody(store: Store, viewer: MemberId | None) -> None:
    busy_week(store)
    card = digest_card(digest(store, viewer))
    assert len(lines(card)) <= 12
    within_limits(card)


@pytest.mark.parametrize(
    ("text", "viewer"),
    cases(list(product(["Post your notes", *NASTY], [None, MAYA, BEN, ROSA])), 5),
)
def test_own_reminders_that_fell_into_an_outage_are_one_of_the_lines(
    store: Store, viewer: MemberId | None, text: str
) -> None:
    busy_week(store)
    fell = tuple(
        Missed(reminder=replace(a_reminder(f"r{n}"), text=text), at=at(n, 18)) for n in range(1, 5)
    )
    view = digest(store, viewer)
    card = digest_card(replace(view, missed=fell, planned=at(7, 12)))
    [told] = [line for line in lines(card) if line.startswith("Fell into an outage")]
    assert "(Tue 3 Nov, 18:00); " in told
    assert told.endswith("(Wed 4 Nov, 18:00); 2 more")
    assert len(lines(card)) <= 12
    within_limits(card)


def test_the_viewers_own_part_comes_first_and_when_the_next_comes(store: Store) -> None:
    busy_week(store)
    told = lines(digest_card(digest(store, ROSA)))
    assert told[1].startswith("For you: Old text")
    assert "Form text: “a” → “b” (“Watershed inquiry”)" in told
    assert told[-1] == "The next digest comes Mon 9 Nov, 08:00. “Fewer reminders” changes that."
    assert not any("waits for Rosa" in line for line in told)


def test_the_plain_words_have_the_readers_zone_or_say_whose_the_times_are(store: Store) -> None:
    busy_week(store)
    assert "Times are those of" not in digest_card(digest(store)).summary
    store.write(lambda w: w.members.save(member(ROSA, zone="Europe/London")))
    assert digest_card(digest(store)).summary.endswith(f" Times are those of {ZONE}.")
    hers = digest_card(digest(store, ROSA)).summary
    assert "The next digest comes Mon 9 Nov, 13:00." in hers
    assert "Times are those of" not in hers


def test_no_news_is_one_line_without_a_picture(store: Store) -> None:
    store.start(plan({"goals": date(2026, 11, 12)}))
    card = digest_card(digest(store))
    assert lines(card)[1:] == ["Nothing new since last week."]
    assert not any(isinstance(block, Picture) for block in card.blocks)
    own = lines(digest_card(digest(store, ROSA)))
    assert own[1:] == ["For you: Goals text (due Thu 12 Nov)", "Nothing new since last week."]


def test_a_digest_that_cannot_be_drawn_comes_without_a_picture(
    store: Store, tmp_path: Path
) -> None:
    busy_week(store)
    drawn = digest_card(digest(store))
    python = STUDIO.python
    STUDIO.python = str(tmp_path / "nowhere")
    STUDIO.forget()
    try:
        card = digest_card(digest(store))
    finally:
        STUDIO.python = python
    assert not any(isinstance(block, Picture) for block in card.blocks)
    assert lines(card) == lines(drawn)


def test_the_picture_has_its_words_and_no_names(store: Store) -> None:
    busy_week(store)
    (picture,) = (b for b in digest_card(digest(store)).blocks if isinstance(b, Picture))
    assert picture.png.startswith(b"\x89PNG")
    assert "“Watershed inquiry”: 0 of 4 steps done, 4 open." in picture.alt
    assert "Tue 1, Wed 1, Thu 2, Fri 1" in picture.alt
    assert not any(name in picture.alt for name in ("Maya", "Ben", "Rosa"))
    assert len(picture.alt) <= ALT_TEXT


def test_no_number_of_a_person_and_no_blame(store: Store) -> None:
    busy_week(store)
    words = digest_card(digest(store)).summary.lower()
    for word in ("overdue", "late", "behind", "missed", "still owes", "%", "inactive"):
        assert word not in words


def test_away_is_said_as_away(store: Store) -> None:
    busy_week(store)
    store.away(BEN, date(2026, 11, 8), date(2026, 11, 12))
    told = lines(digest_card(digest(store)))
    assert "Ben is away until Thu 12 Nov" in told


def test_many_partners_still_fit(store: Store) -> None:
    many = tuple(MemberId(f"m{n}") for n in range(12))
    for who in many:
        store.write(lambda w, who=who: w.members.save(member(who)))
    unit = plan({"goals": date(2026, 11, 12)}, members=many, turn=None)
    store.start(unit)
    log(store, saved(5, "a", "b", by=many[0]))
    told = lines(digest_card(digest(store)))
    assert told[3] == "Other steps wait for M2, M3, M4, M5, M6 and 5 others"
    assert len(told) <= 12


@pytest.mark.parametrize("text", NASTY)
def test_unkind_texts_stay_on_their_line(store: Store, text: str) -> None:
    store.start(replace(plan({"goals": date(2026, 11, 12)}), title=text))
    log(store, saved(5, text, text + "!"))
    for viewer in (None, ROSA):
        card = digest_card(digest(store, viewer))
        assert len(lines(card)) <= 12
        within_limits(card)


def test_nothing_active_no_digest(store: Store) -> None:
    assert store.read(lambda w: digest_view(w, TEAM)) is None
    store.start(plan())
    stranger = MemberId("li")
    assert store.read(lambda w: digest_view(w, TEAM, stranger)) is None


def test_it_goes_to_the_plan_that_was_worked_on_last(store: Store) -> None:
    def second(work: Work) -> None:
        place = replace(THREAD, thread="other")
        message = replace(work.plans.card(UNIT), place=place)  # type: ignore[type-var]
        work.plans.set_card(TWO, message)

    store.start(plan())
    store.start(plan({"a": None}, id=TWO), card=False)
    assert digest(store).place == THREAD
    store.write(second)
    log(store, saved(5, "", "b", step="a"), of=TWO)
    assert digest(store).place.thread == "other"


def test_who_left_is_no_partner_any_more(store: Store) -> None:
    unit = plan({"goals": date(2026, 11, 12)}, turn=None)
    gone = replace(unit.partners[1], left_at=at(4, 9))
    store.start(replace(unit, partners=(unit.partners[0], gone)))
    log(store, saved(5, "a", "b"))
    names = [one.member.name for one in digest(store).partners]
    assert names == ["Maya"]
    assert isinstance(unit.partners[0], Partner)
