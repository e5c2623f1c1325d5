"""`coplan playground`, really started."""

import http.client
import json
import re
import signal
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.playground.ports import WORKSPACE
from adapters.web.feeds import FeedLinks
from bot.domain.planning.plan import PlanState
from bot.domain.timetable.published import Feed, FeedId
from bot.main import open_store
from bot.usecases.ports import Work
from tests.cli.running import here, playground


def page(address: str) -> tuple[int, str, str]:
    """Get the page without following anything: status, media type, text."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", parts.path or "/")
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type") or "", answer.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_shows_its_page_and_stops(tmp_path: Path, by: signal.Signals) -> None:
    with playground(cwd=tmp_path) as play:
        assert urlsplit(play.address).hostname == "127.0.0.1"
        status, media, text = page(play.address)
        assert (status, media.split(";")[0]) == (200, "text/html")
        assert "<title>" in text
        assert play.stopped(by) == 0
        assert play.process.stderr is not None
        assert "Traceback" not in play.process.stderr.read()
    assert (tmp_path / "coplan-playground.db").is_file()


def test_state_survives_a_restart_and_fresh_empties_it(tmp_path: Path) -> None:
    data = ("--data", "mine.db")
    with playground(*data, "--sample", cwd=tmp_path) as play:
        first = plans(tmp_path)
        assert play.stopped() == 0
    assert first, "the sample holds a plan"
    with playground(*data, cwd=tmp_path) as play:
        assert page(play.address)[0] == 200
        assert plans(tmp_path) == first
        assert play.stopped() == 0
    with playground(*data, "--sample", cwd=tmp_path) as play:
        assert plans(tmp_path) == first, "a second --sample adds nothing"
        assert play.stopped() == 0
    with playground(*data, "--fresh", cwd=tmp_path) as play:
        assert page(play.address)[0] == 200
        assert play.stopped() == 0
    assert plans(tmp_path) == []


def plans(folder: Path) -> list[str]:
    """Return the titles that the command line knows in the playground's file."""
    told = here("export", "no plan is called this", "--data", "mine.db", cwd=folder).one_line
    return re.findall("“[^”]*”", told.split("Known are: ")[1])


def put_away(file: Path, title: str) -> None:
    """Archive the plans of that title."""

    def unit(work: Work) -> None:
        for member in work.members.all():
            for plan in work.plans.of_member(member.id):
                if plan.title == title:
                    work.plans.save(replace(plan, state=PlanState.ARCHIVED))

    with open_store(f"sqlite:///{file}") as store:
        store.write_now(WORKSPACE, unit)


def test_a_plan_goes_out_and_comes_in_again(tmp_path: Path) -> None:
    data = ("--data", "mine.db")
    with playground(*data, "--sample", cwd=tmp_path) as play:
        assert play.stopped() == 0
    (title, *_) = (name.strip("“”") for name in plans(tmp_path))
    shown = here("export", title, *data, cwd=tmp_path)
    assert shown.code == 0
    assert shown.out.startswith("# ")
    html = here("export", title.upper(), "--format", "html", *data, cwd=tmp_path)
    assert html.out.lstrip().lower().startswith("<!doctype html>")
    wrote = here("export", title, "--format", "json", "-o", "plan.json", *data, cwd=tmp_path)
    assert (wrote.code, wrote.out, wrote.err.strip()) == (0, "", "Wrote plan.json.")
    document = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    who = document["people"][0]["name"]
    came = here("import", "plan.json", "--as", who, *data, cwd=tmp_path)
    assert came.code == 0, came
    assert f"Imported “{title}”" in came.out
    assert plans(tmp_path).count(f"“{title}”") == 2
    several = here("export", title, *data, cwd=tmp_path).one_line
    assert "2 plans are called" in several
    assert re.search(
        r"Choose with --number: 1 \(started \d{4}-\d\d-\d\d \d\d:\d\d UTC by \w+, with .*?\); 2 ",
        several,
    )
    for number in ("1", "2"):
        assert here("export", title, "--number", number, *data, cwd=tmp_path).code == 0
    assert "2 plans are called" in here("export", title, "--number", "3", *data, cwd=tmp_path).err
    put_away(tmp_path / "mine.db", title)
    assert "archived" in here("export", title, *data, cwd=tmp_path).one_line
    assert here("export", title, "--number", "2", *data, cwd=tmp_path).out.startswith("# ")
    nowhere = here("export", "x", "-o", "no/such/file", *data, cwd=tmp_path)
    assert "No plans are called “x”" in nowhere.one_line
    nobody = here("import", "plan.json", "--as", "Nobody", *data, cwd=tmp_path)
    assert "“Nobody” has no plan here yet" in nobody.one_line


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    data = ("--data", "mine.db")
    with playground(*data, "--sample", cwd=tmp_path) as play:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{play.address.rstrip('/')}/no-such-page", timeout=30)  # noqa: S310 - loopback
        assert play.stopped() == 0
    title = plans(tmp_path)[0].strip("“”")
    ran = here("export", title, "-o", "no/such/file", *data, cwd=tmp_path)
    assert "cannot be written: No such file or directory" in ran.one_line


def test_a_calendar_is_read_under_its_link(tmp_path: Path) -> None:
    """Link and key as they are in the file; the feed's content is tested with its use case."""
    with playground("--data", "mine.db", "--sample", cwd=tmp_path) as play:
        feed = FeedId("f1")

        def unit(work: Work) -> None:
            member = next(one for one in work.members.all() if work.plans.of_member(one.id))
            work.feeds.add(Feed(id=feed, member=member.id, partnership=None, at=work.now))

        with open_store(f"sqlite:///{tmp_path / 'mine.db'}") as door:
            door.write_now(WORKSPACE, unit)
        with closing(sqlite3.connect(tmp_path / "mine.db")) as file:
            asked = "SELECT value FROM playground_facts WHERE name = 'link_key'"
            (key,) = file.execute(asked).fetchone()
        address = FeedLinks(play.address, [key]).address(WORKSPACE, feed)
        status, media, text = page(address)
        assert (status, media) == (200, "text/calendar; charset=utf-8")
        assert text.startswith("BEGIN:VCALENDAR")
        assert "UID:digest-" in text
        assert page(address.replace("/calendar/", "/calendar/A"))[0] == 404
        assert play.stopped() == 0
