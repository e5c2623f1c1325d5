"""``coplan secrets``: a key is made, and what is stored is sealed anew under it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.slack.keyring import Keyring, new_key
from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.timetable import Timetable
from bot.main import open_store
from bot.usecases.installations import Installation
from bot.usecases.ports import Work
from tests.cli.running import Ran, coplan, here

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
PLACES = [WorkspaceId(f"slack:T{n}") for n in range(3)]
OLD, NEW = new_key(), new_key()


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'coplan.db'}"
    with open_store(url) as door:
        for place in PLACES:
            kept = Installation(
                secret=Keyring(OLD).seal(f"xoxb-{place}", place, NOON), facts="{}", at=NOON
            )
            door.write_now(place, lambda work, kept=kept: work.installations.save(kept))
    return url


def rotate(folder: Path, url: str, keys: str) -> Ran:
    return here("secrets", "rotate", cwd=folder, COPLAN_DATABASE_URL=url, COPLAN_SECRET_KEYS=keys)


def stored(url: str) -> list[Installation | None]:
    with open_store(url) as door:
        return [door.read_now(place, lambda work: work.installations.get()) for place in PLACES]


def tokens(url: str, keys: str) -> list[str]:
    found = zip(PLACES, stored(url), strict=True)
    return [Keyring(keys).open(kept.secret, place) for place, kept in found if kept]


def test_a_new_key_is_one(tmp_path: Path) -> None:
    first, second = (coplan("secrets", "new", cwd=tmp_path) for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.out != second.out
    Keyring(f"{first.out.strip()},{second.out.strip()}")
    assert list(tmp_path.iterdir()) == [], "it is kept nowhere"


def test_all_are_sealed_anew_and_the_old_key_can_go(tmp_path: Path, url: str) -> None:
    done = rotate(tmp_path, url, f"{NEW},{OLD}")
    assert (done.code, done.err) == (0, "")
    assert "3 of 3 tokens" in done.out
    assert tokens(url, NEW) == [f"xoxb-{place}" for place in PLACES]
    again = rotate(tmp_path, url, NEW)
    assert "0 of 3 tokens" in again.out
    assert again.code == 0


def test_without_the_old_key_nothing_is_changed(tmp_path: Path, url: str) -> None:
    before = stored(url)
    refused = rotate(tmp_path, url, NEW)
    assert refused.code == 2
    assert all(place in refused.err for place in PLACES)
    assert "behind the others" in refused.err
    assert stored(url) == before
    assert "xoxb" not in refused.out + refused.err


def test_no_key_and_no_database(tmp_path: Path, url: str) -> None:
    assert "coplan secrets new" in rotate(tmp_path, url, "").one_line
    assert "coplan secrets new" in rotate(tmp_path, url, "nonsense").one_line
    other = tmp_path / "other.db"
    assert "no database" in rotate(tmp_path, f"sqlite:///{other}", NEW).one_line
    assert not other.exists()


def test_addresses_of_calendars_are_sealed_anew_as_well(tmp_path: Path, url: str) -> None:
    use = f"the calendar of m1 in {PLACES[0]}"
    kept = Source(secret=Keyring(OLD).seal("https://calendar.example/1.ics", use, NOON))

    def keep(work: Work) -> None:
        work.times.save_timetable(MemberId("m1"), Timetable())
        work.times.keep_source(MemberId("m1"), kept)

    with open_store(url) as door:
        door.write_now(PLACES[0], keep)
    closed = rotate(tmp_path, url, NEW)
    assert closed.code != 0
    done = rotate(tmp_path, url, f"{NEW},{OLD}")
    assert "Addresses of calendars sealed anew: 1" in done.out
    with open_store(url) as door:
        found = door.read_now(PLACES[0], lambda work: work.times.source(MemberId("m1")))
    assert found is not None
    assert Keyring(NEW).open(found.secret, use) == "https://calendar.example/1.ics"


def test_an_address_that_no_key_opens_holds_up_no_other(tmp_path: Path, url: str) -> None:
    uses = {MemberId(m): f"the calendar of {m} in {PLACES[0]}" for m in ("m1", "m2", "m3")}
    under = dict(zip(uses, (OLD, new_key(), OLD), strict=True))

    def keep(work: Work) -> None:
        for member, use in uses.items():
            work.times.save_timetable(member, Timetable())
            secret = Keyring(under[member]).seal("https://calendar.example/1.ics", use, NOON)
            work.times.keep_source(member, Source(secret=secret))

    with open_store(url) as door:
        door.write_now(PLACES[0], keep)
    done = rotate(tmp_path, url, f"{NEW},{OLD}")
    assert done.code != 0
    assert "Addresses of calendars sealed anew: 2" in done.out
    told = " ".join(done.err.split())
    assert "None of the keys opens 1 of the calendars' addresses." in told
    assert "have members give the addresses of their calendars again" in told
    assert "install" not in told
    assert tokens(url, NEW) == [f"xoxb-{place}" for place in PLACES]
