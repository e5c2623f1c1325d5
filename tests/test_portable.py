"""What Windows does not know stays out of the code, or behind a question."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = [file for top in ("bot", "adapters", "storage") for file in (ROOT / top).rglob("*.py")]
UNKNOWN = re.compile(
    r"""%-[a-zA-Z][^"]*"|^(?:import|from) (?:resource|fcntl|pwd|grp|termios)\b""", re.MULTILINE
)


def test_nothing_is_used_that_only_some_systems_have() -> None:
    assert FILES
    found = {
        str(file.relative_to(ROOT)): hits.group()
        for file in FILES
        if (hits := UNKNOWN.search(_code(file))) is not None
    }
    assert found == {}


def _code(file: Path) -> str:
    """Return the code without its comments."""
    return "\n".join(line.split("  # ")[0] for line in file.read_text("utf-8").splitlines())
