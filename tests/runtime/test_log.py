import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import log

SLACK = "xoxb-" + "123456789012-123456789012-" + "a" * 24
SECRETS = (
    SLACK,
    "xapp-1-A012-345-" + "f" * 40,
    "M" + "T" * 23 + "." + "G" * 6 + "." + "x" * 30,
    "Authorization: Bearer abc.def-ghi",
    "https://discord.com/api/v10/interactions/1/aW50ZXJhY3Rpb24/callback",
    "/webhooks/123/tok.en-of_mine/messages/@original",
    "https://hooks.slack.com/commands/T0/1/zzz",
    "https://hooks.slack-gov.com/actions/T0/1/zzz",
    "wss://wss-primary.slack.com/link/?ticket=abc",
    "xoxe.xoxb-1-" + "b" * 40,
    "{'response_url': 'https://example.org/secret'}",
)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in log.LIBRARIES}
    said = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**said)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def fail(error: Exception) -> None:
    def deep() -> None:
        raise error

    try:
        deep()
    except type(error):
        structlog.get_logger("bot.x").exception("failed", reference="7F3A9C")


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    structlog.get_logger("bot.x").info("sent", plan="p1", attempts=2)
    logging.getLogger("somebody").warning("standard %s", "library")
    first, second = (json.loads(line) for line in lines(capsys))
    assert (first["event"], first["plan"], first["attempts"]) == ("sent", "p1", 2)
    assert (second["event"], second["level"]) == ("standard library", "warning")
    assert second["logger"] == "somebody"


def test_text_is_key_and_value(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("text")
    structlog.get_logger("bot.x").warning("given_up", reason="channel_not_found")
    (line,) = lines(capsys)
    assert "event=given_up" in line
    assert "reason=channel_not_found" in line


def test_names_and_texts_of_members_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    structlog.get_logger("bot.x").info("saved", name="Rosa Canary", text="secret words", plan="p")
    (line,) = lines(capsys)
    assert "Canary" not in line
    assert "secret words" not in line


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_blacked_out(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    structlog.get_logger("bot.x").info(f"got {secret}", reason=secret)
    fail(ValueError(secret))
    out = "\n".join(lines(capsys))
    assert "[secret]" in out
    for part in (
        SLACK,
        "abc.def",
        "zzz",
        "example.org/secret",
        "f" * 40,
        "x" * 30,
        "b" * 40,
        "ticket",
    ):
        assert part not in out


def test_an_exception_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    fail(ZeroDivisionError())
    (line,) = lines(capsys)
    found = json.loads(line)
    assert found["reference"] == "7F3A9C"
    assert found["exception"].startswith("ZeroDivisionError (test_log.py:")


def test_what_an_exception_says_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    error = KeyError("Rosa's words")
    error.__cause__ = ValueError("more of Rosa's words")
    fail(error)
    logging.getLogger("asyncio").error("Task failed\nfuture: %r", error)
    first, second = lines(capsys)
    assert json.loads(first)["exception"].count(" < ValueError (") == 1
    assert json.loads(second)["event"] == "Task failed"
    assert "Rosa" not in first + second


def test_libraries_are_clamped_to_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json", "DEBUG")
    for name in ("aiohttp.access", "apscheduler.scheduler", "sqlalchemy.engine", "alembic"):
        logging.getLogger(name).info("a whole message of %s", "Rosa")
    assert lines(capsys) == []


def test_references_are_short_and_differ() -> None:
    many = {log.reference() for _ in range(100)}
    assert len(many) > 90
    assert all(len(one) == 6 and set(one) <= set("0123456789ABCDEF") for one in many)


LOGGERS = {"log", "_log"}
METHODS = {"debug", "info", "warning", "error", "exception"}


def said(module: Path) -> Iterator[tuple[str, str]]:
    """Yield the fields that a module passes to its log, each with where it does."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if name in LOGGERS and method in METHODS:
                    for field in node.keywords:
                        yield field.arg or "", f"{module.name}:{node.lineno}"


def test_whatever_the_program_tells_its_log_may_be_written() -> None:
    root = Path(log.__file__).parents[1]
    modules = [
        path for part in ("bot", "adapters", "storage") for path in (root / part).rglob("*.py")
    ]
    fields = [each for module in modules for each in said(module)]
    assert len(fields) > 50
    lost = [(field, at) for field, at in fields if field not in {*log.FIELDS, "exc_info", ""}]
    assert lost == [], "it is dropped, and nobody knows"
