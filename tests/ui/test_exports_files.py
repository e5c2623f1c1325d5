"""Files attached to outside work: in the JSON to come back, in the HTML to open, within limits."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.errors import InvalidInput
from bot.domain.ids import ItemId
from bot.domain.planning.plan import OutsideWork
from bot.ui.exports.exported import Exported
from bot.ui.exports.html import html
from bot.ui.exports.markdown import markdown
from bot.ui.exports.plan_import import parse
from bot.ui.exports.plan_json import document, plan_json
from bot.usecases.planning.attached import FILES_BYTES, AttachedFile
from tests.ui.test_exports_example import BEN, EXAMPLE, MAYA, NOW, logged
from tests.ui.test_exports_pages import Page

CONTENT = b"%PDF-1.7\n\x00\xff <script>"
NAME = 'notes "v2" & | <b>.pdf'


def with_file(file: AttachedFile, *, taken_back: bool = False) -> Exported:
    """Return the example with a file, whose outside work may be taken back: it is logged still."""
    work = OutsideWork(
        id=ItemId("01work"), kind="talk", band="0-5", by=MAYA, partner=BEN, at=NOW, file="01file"
    )
    act = Act(
        kind=ActKind.OUTSIDE_LOGGED,
        by=MAYA,
        at=NOW,
        item=work.id,
        member_about=BEN,
        detail={"kind": "talk", "band": "0-5", "file": "01file"},
    )
    plan = replace(EXAMPLE.plan, outside=() if taken_back else (work,), entries=3)
    return replace(logged(EXAMPLE, plan, (act,)), files={"01file": file})


KEPT = AttachedFile(name=NAME, size=len(CONTENT), content=CONTENT)
TOO_LARGE = AttachedFile(name="film.mp4", size=9_000_000, content=None)


@pytest.mark.parametrize("taken_back", [False, True])
def test_the_json_carries_the_file(taken_back: bool) -> None:
    exported = with_file(KEPT, taken_back=taken_back)
    found = document(exported)
    assert found["log"][2]["detail"] == {"kind": "talk", "band": "0-5", "file": "f1"}
    assert [work["file"] for work in found["outside"]] == ([] if taken_back else ["f1"])
    (file,) = found["files"]
    assert (file["ref"], file["name"], file["type"]) == ("f1", NAME, "application/pdf")
    assert b64decode(file["content"]) == CONTENT
    assert "01file" not in plan_json(exported)
    assert parse(plan_json(exported).encode()).files == {"f1": KEPT}


def test_a_plan_without_files_has_no_word_of_them() -> None:
    assert "files" not in document(EXAMPLE)
    assert "files" not in markdown(EXAMPLE) + html(EXAMPLE)


def test_the_page_offers_the_file_as_a_download_and_never_opens_it() -> None:
    source = html(with_file(replace(KEPT, name="page.html")))
    link = f"data:application/octet-stream;base64,{b64encode(CONTENT).decode()}"
    assert Page(source).links.count(link) == 1
    assert 'download="page.html"' in source
    assert "text/html" not in source


def test_markdown_names_the_file_and_says_where_it_is() -> None:
    source = markdown(with_file(KEPT))
    assert 'notes "v2" \\& \\| \\<b\\>.pdf' in source
    assert "The files are in the HTML and the JSON export." in source


def test_what_is_too_large_is_said_everywhere_and_is_not_there() -> None:
    exported = with_file(TOO_LARGE)
    for source in (markdown(exported), html(exported)):
        assert "film.mp4 (left out)" in source
        assert "Left out, as an export holds at most 6 MiB of files" in source
        assert "The files are in" not in source
    assert "data:" not in html(exported)
    about = {"ref": "f1", "name": "film.mp4", "type": "video/mp4", "bytes": 9_000_000}
    assert document(exported)["files"] == [about]
    assert parse(plan_json(exported).encode()).files == {"f1": TOO_LARGE}


def test_a_file_that_the_store_does_not_know_is_no_reason_to_fail() -> None:
    found = document(replace(with_file(KEPT), files={}))
    assert "files" not in found
    assert found["outside"][0].get("file", "") == ""
    assert "file" not in found["log"][2]["detail"]


def put(**values: object) -> Callable[[dict[str, Any]], None]:
    return lambda found: found["files"][0].update(values)


def of(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "content": b64encode(content).decode()}


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no base64": (put(content="%%%"), "files[0].content: is not base64: it is broken"),
    "letters": (put(content="плохо"), "files[0].content: is not base64: it is broken"),
    "padding gone": (put(content="YQ"), "files[0].content: is not base64: it is broken"),
    "no text": (put(content=7), "files[0].content: must be text, not a number"),
    "broken off": (put(content="YWJj"), "files[0].content: has 3 bytes, not 20: it is broken off"),
    "too large": (put(**of(bytes(FILES_BYTES + 1))), "files[0]: is too large: files have at most"),
    "no size": (put(bytes="20"), "files[0].bytes: must be a whole number"),
    "a path": (put(name="../../etc/passwd"), "files[0].name: must be the name of a file"),
    "a backslash": (put(name="C:\\x"), "files[0].name: must be the name of a file"),
    "two lines": (put(name="a\nb"), "files[0].name: must be the name of a file"),
    "nameless": (put(name=""), "files[0].name: must be the name of a file"),
    "a long name": (put(name="n" * 101), "files[0].name: has 101 characters; at most 100 fit"),
    "no type": (put(type="text"), "files[0].type: must be a media type like application/pdf"),
    "a key too many": (put(path="x"), "files[0].path: is not a key that is known here"),
    "a strange reference": (put(ref="i1"), "files[0].ref: must be a reference like f1"),
    "no list": (lambda found: found.update(files={}), "files: must be a list"),
    "no mapping": (lambda found: found.update(files=["f1"]), "files[0]: must have keys"),
    "half a file": (lambda found: found["files"][0].pop("name"), "files[0].name: is missing"),
    "twice": (lambda found: found["files"].append(found["files"][0]), "files[1].ref: is there"),
    "an unknown one": (
        lambda found: found["outside"][0].update(file="f2"),
        "outside[0].file: names none of the “files”",
    ),
    "an unknown one in the log": (
        lambda found: found["log"][2]["detail"].update(file="f2"),
        "log[2].detail.file: names none of the “files”",
    ),
    "a store's id": (
        lambda found: found["outside"][0].update(file="01JABC"),
        "outside[0].file: must be a reference like f1",
    ),
    "nobody's": (
        lambda found: found["files"].append({**found["files"][0], "ref": "f2"}),
        "files[1]: belongs to nothing in the plan",
    ),
    "gone": (lambda found: found.pop("files"), "outside[0].file: names none of the “files”"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_the_reason(case: str) -> None:
    edit, message = BROKEN[case]
    found = json.loads(plan_json(with_file(KEPT)))
    edit(found)
    with pytest.raises(InvalidInput) as refused:
        parse(json.dumps(found).encode())
    assert message in refused.value.message
    assert len(refused.value.message) < 500


def test_files_are_too_large_together() -> None:
    found = json.loads(plan_json(with_file(KEPT)))
    half = of(bytes(FILES_BYTES // 2 + 1))
    found["files"] = [{**found["files"][0], "ref": ref, **half} for ref in ("f1", "f2")]
    found["log"][2]["detail"]["file"] = "f2"
    with pytest.raises(InvalidInput, match=r"files\[1\]: is too large: .* 6,291,456 bytes"):
        parse(json.dumps(found).encode())


def test_an_export_as_large_as_can_be_is_imported() -> None:
    content = bytes(range(256)) * (FILES_BYTES // 256)
    exported = with_file(AttachedFile(name="a.bin", size=FILES_BYTES, content=content))
    assert parse(plan_json(exported).encode()).files["f1"].content == content
