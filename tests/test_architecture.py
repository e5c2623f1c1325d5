"""The picture of the house, and the house rules that a machine can see, as tests."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.examples import IN_CI

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "adapters", "storage")
TOP_LEVEL = {
    "bot", "adapters", "storage", "tests", "pyproject.toml", ".env.example", "README.md",
    ".ci", ".gitignore", "LICENSE", "Containerfile", "Dockerfile", ".dockerignore",
    "constraints.txt",
}  # fmt: skip
LONGEST_MODULE = 400
NO_TEXT = {".ttf", ".png", ".woff2", ".ico"}

# Put together, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("|".join(f"(?<![\\w.])/{name}/" for name in ("work", "root", "tmp")))
INDEXES = re.compile(
    "|".join(("--(extra-)?index" + "-url", "--find" + "-links", "files.python" + "hosted",
              "pypi" + r"\.", "/sim" + "ple/?$")),
    re.MULTILINE,
)  # fmt: skip


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False
    )


@cache
def committed() -> tuple[Path, ...]:
    """Return what git tracks, or would once it is added; where there is no git, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("the files of the project: this is no git working copy")
    names = (name for name in listed.stdout.split("\0") if name)
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def linted(where: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with that folder's packages and contracts."""
    script = "import sys, importlinter.cli as c; sys.exit(c.lint_imports(no_cache=True))"
    environment = {"PYTHONPATH": str(where), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, cwd=where, capture_output=True, text=True, check=False, env=environment
    )


def test_imports_point_downwards_only() -> None:
    found = linted(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages, to be broken."""
    where = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        keep = shutil.ignore_patterns("__pycache__", "static", "fonts")
        shutil.copytree(ROOT / package, where / package, ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("bot/rooms/__init__.py", "", "bot.rooms"),
        ("bot/domain/planning/clever.py", "import bot.usecases.access\n", "bot.usecases.access"),
        ("adapters/files/clever.py", "import adapters.playground.api\n", "adapters.playground"),
        ("storage/clever.py", "import bot.ui.cards\n", "bot.ui"),
        ("bot/usecases/clever.py", "import storage.work\n", "storage"),
    ],
)
def test_a_wrong_import_or_a_room_without_a_floor_is_found(
    copy: Path, path: str, code: str, told: str
) -> None:
    wrong = copy / path
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_text(code, encoding="utf-8")
    try:
        found = linted(copy)
    finally:
        wrong.unlink()
        if not any(wrong.parent.iterdir()):
            wrong.parent.rmdir()
    assert found.returncode != 0, found.stdout
    assert told in " ".join(found.stdout.split()), found.stdout


def test_the_contracts_name_every_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    floors = next(c for c in contracts if c.get("exhaustive"))
    named = {room.strip() for layer in floors["layers"] for room in layer.split("|")}
    there = {p.stem if p.is_file() else p.name for p in (ROOT / "bot").iterdir()}
    there -= {"__init__", "__pycache__", *floors["exhaustive_ignores"]}
    assert named == there
    platforms = next(c for c in contracts if c["type"] == "independence")["modules"]
    rooms = (path.parent for path in (ROOT / "adapters").glob("*/__init__.py"))
    edges = {f"adapters.{room.name}" for room in rooms}
    web = next(c for c in contracts if c["id"] == "web")
    assert {*platforms, *web["source_modules"]} == edges
    assert web["forbidden_modules"] == platforms


def test_ruff_has_nothing_to_say() -> None:
    found = run("ruff", "check", "--quiet")
    assert found.returncode == 0, found.stdout


def test_everything_is_formatted() -> None:
    found = run("ruff", "format", "--check", "--quiet")
    assert found.returncode == 0, found.stdout or found.stderr


if IN_CI:  # it takes as long as a thousand other tests, and ``mypy`` alone says the same

    def test_types_are_strict() -> None:
        found = run("mypy")
        assert found.returncode == 0, found.stdout


def test_the_top_level_holds_nothing_else() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed()} <= TOP_LEVEL


def texts() -> list[tuple[Path, str]]:
    return [
        (path.relative_to(ROOT), path.read_text("utf-8"))
        for path in committed()
        if path.suffix not in NO_TEXT
    ]


def test_no_file_knows_a_machine_or_an_index() -> None:
    found = [
        f"{path}: {match[0]}"
        for path, text in texts()
        for pattern in (MACHINE_PATHS, INDEXES)
        for match in pattern.finditer(text)
    ]
    assert not found


def test_the_pins_are_names_and_versions() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    lines = [line for line in pins if line and not line.startswith("#")]
    assert lines
    pin = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[A-Za-z0-9.!+]+(\s*;.*)?(\s*#.*)?")
    assert [line for line in lines if not pin.fullmatch(line)] == []


def test_no_module_is_longer_than_it_may_be() -> None:
    every = modules(*PACKAGES, "tests")
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in every}
    assert {str(p): n for p, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_a_blank_init_is_truly_blank() -> None:
    blank = [path for path in modules(*PACKAGES, "tests") if path.name == "__init__.py"]
    assert [path for path in blank if path.read_bytes()] == []


def test_every_folder_of_the_packages_is_a_package() -> None:
    versions = ROOT / "storage" / "migrations" / "versions"
    folders = {path.parent for path in modules(*PACKAGES)} - {versions}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_no_name_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "manager", "base", "common", "misc"}
    names = [path.relative_to(ROOT).with_suffix("") for path in modules(*PACKAGES)]
    assert [str(name) for name in names if vague & set(name.parts)] == []


PATCHES = {
    # Its migrations must lie elsewhere than the shipped ones; alembic finds its tables by import.
    "test_door_migrate.py",
    # Makes the product wrong, to see that the judge of the simulated year catches it.
    "test_simulated_year.py",
}


def test_fakes_are_named_and_nothing_is_patched() -> None:
    """No unittest.mock, no monkeypatch.setattr: both test how the code is written."""
    found = []
    for path in modules("tests"):
        text = path.read_text("utf-8")
        if "monkeypatch" not in text and "unittest" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr" | "setitem"):
                    found.append(path.name)
                case ast.ImportFrom(module="unittest.mock") | ast.ImportFrom(module="unittest"):
                    found.append(path.name)
    assert set(found) <= PATCHES


def functions_in(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and node.name.startswith("test_"):
            yield node


def test_every_test_checks_something() -> None:
    """A test without an assertion or a call tests nothing."""
    silent = [
        f"{path.name}:{node.lineno}"
        for path in modules("tests")
        for node in functions_in(path)
        if not any(isinstance(inner, ast.Assert | ast.Call) for inner in ast.walk(node))
    ]
    assert not silent


def test_a_platform_is_imported_only_when_it_is_set_up() -> None:
    """Who runs Coplan in Slack alone waits for no library of Discord's, and the other way round."""
    program = (
        "import sys, bot.cli.app, bot.cli.checks, bot.main, bot.platforms;"
        "print(*{'discord', 'slack_bolt', 'slack_sdk'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []
