"""`coplan import` and `coplan export`: what is refused, and what is left out, is said in full."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.playground.ports import WORKSPACE
from bot.domain.ids import ItemId
from bot.domain.members import Identity, Member
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import OutsideWork
from bot.main import open_store
from bot.ui.exports.plan_json import document
from bot.usecases.planning.attached import FILES_BYTES
from bot.usecases.planning.homes import partnership_at
from bot.usecases.ports import Work
from tests.cli.running import here
from tests.ui.test_exports_example import BEN, EXAMPLE, MAYA, NOW

REMEDY = "Nothing was imported. Export the plan again as JSON and upload that file."


def refused(folder: Path, content: bytes) -> list[str]:
    """Return the lines on standard error of an import that is refused."""
    (folder / "plan.json").write_bytes(content)
    ran = here("import", "plan.json", "--as", "Maya", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    return ran.err.splitlines()


def test_several_reasons_stand_on_a_line_each(tmp_path: Path) -> None:
    assert refused(tmp_path, b'{"coplan_plan": 1}') == [
        "plan.json cannot be imported, for 3 reasons:",
        "exported_at: is missing",
        "zone: is missing",
        "title: is missing",
        REMEDY,
    ]


def test_one_reason_is_one_line(tmp_path: Path) -> None:
    told = "plan.json cannot be imported: it is not UTF-8 text."
    assert refused(tmp_path, b"\xff\x00\x01") == [f"{told} {REMEDY}"]


def test_what_a_file_holds_breaks_no_line(tmp_path: Path) -> None:
    content = json.dumps({**document(EXAMPLE), "a\r\n\x1b[31mb": 1, "state": "x\ny"}).encode()
    lines = refused(tmp_path, content)
    assert len(lines) == 4
    assert lines[0] == "plan.json cannot be imported, for 2 reasons:"
    assert "\x1b" not in "".join(lines)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a playground's file with the example in it, and two files attached to the plan."""
    file = tmp_path / "mine.db"
    channel = Place(platform="playground", kind=PlaceKind.CHANNEL, channel="staff")
    sizes = {"small.txt": 5, "large.bin": FILES_BYTES + 1}
    outside = tuple(
        OutsideWork(
            id=ItemId(name), kind="talk", band="0-5", by=MAYA, partner=BEN, at=NOW, file=f"f-{name}"
        )
        for name in sizes
    )

    def unit(work: Work) -> None:
        for member, name in ((MAYA, "Maya"), (BEN, "Ben")):
            work.members.save(
                Member(
                    workspace=WORKSPACE,
                    id=member,
                    identity=Identity(platform="playground", user=name),
                    name=name,
                    zone="Europe/Berlin",
                )
            )
        home = partnership_at(work, channel, (MAYA, BEN), "Europe/Berlin")
        work.plans.add(
            replace(
                EXAMPLE.plan,
                workspace=WORKSPACE,
                partnership=home.id,
                revision=0,
                entries=0,
                outside=outside,
            )
        )
        for name, size in sizes.items():
            work.files.put(EXAMPLE.plan.id, f"f-{name}", name, b"x" * size)

    with open_store(f"sqlite:///{file}") as store:
        store.write_now(WORKSPACE, unit)
    return file


def test_files_go_out_and_come_in_and_what_is_left_out_is_said(data: Path) -> None:
    title, where, folder = EXAMPLE.plan.title, ("--data", data.name), data.parent
    wrote = here("export", title, "--format", "json", "-o", "a.json", *where, cwd=folder)
    left = "Left out, as an export holds at most 6 MiB of files (the history has them): large.bin."
    assert wrote.err.splitlines() == [left, "Wrote a.json."]
    came = here("import", "a.json", "--as", "Maya", *where, cwd=folder)
    assert (came.code, came.out) == (0, "Imported “Watershed inquiry” with 1 entry of its log.\n")
    assert came.err == "Not in the file, so not here: large.bin.\n"
    numbered = ("export", title, "--format", "json", *where, "--number")
    both = [json.loads(here(*numbered, n, cwd=folder).out)["files"] for n in "12"]
    first = json.loads((folder / "a.json").read_text("utf-8"))["files"]
    assert sorted(both, key=len) == [first[:1], first]
