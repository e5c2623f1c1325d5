"""Pictures are drawn in a process of their own, and never more than one at a time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from bot.ui import studio as rooms
from bot.ui.studio import KEPT, NotDrawn, Studio

PNG = b"\x89PNG\r\n\x1a\n"


def svg(side: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"></svg>'


@pytest.fixture
def studio() -> Iterator[Studio]:
    made = Studio()
    yield made
    made.close()


def artist(studio: Studio) -> int:
    """Return the id of the process that draws."""
    assert studio.pid is not None
    return studio.pid


def gone(pid: int) -> bool:
    """Wait a moment for the process to end; tell whether it has."""
    for _ in range(600):
        with suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                time.sleep(0.05)
                continue
        return True
    return False


def test_it_is_drawn_elsewhere(studio: Studio) -> None:
    assert studio.draw(svg(3)).startswith(PNG)
    assert artist(studio) != os.getpid()
    assert "resvg_py" not in vars(rooms)


def test_a_picture_is_drawn_once_for_all_who_get_it(studio: Studio) -> None:
    first = studio.draw(svg(3))
    studio.close()
    assert studio.draw(svg(3)) is first
    assert studio.pid is None, "nobody had to be started for it"
    for side in range(4, 4 + KEPT):
        studio.draw(svg(side))
    assert studio.draw(svg(3)) is not first


def test_many_threads_get_each_their_own_from_one_process(studio: Studio) -> None:
    with ThreadPoolExecutor(8) as crew:
        drawn = list(crew.map(studio.draw, map(svg, range(1, 41))))
    assert [int.from_bytes(png[16:20]) for png in drawn] == [2 * side for side in range(1, 41)]


def test_others_run_while_somebody_waits(studio: Studio) -> None:
    studio.draw(svg(3))
    os.kill(artist(studio), signal.SIGSTOP)
    waiting = threading.Thread(target=studio.draw, args=(svg(5),))
    waiting.start()
    time.sleep(0.1)
    assert waiting.is_alive(), "and here something ran meanwhile"
    os.kill(artist(studio), signal.SIGCONT)
    waiting.join()


def test_one_that_was_killed_is_followed_by_another(studio: Studio) -> None:
    studio.draw(svg(3))
    before = artist(studio)
    os.kill(before, signal.SIGKILL)
    assert studio.draw(svg(4)).startswith(PNG)
    assert artist(studio) != before


def test_what_cannot_be_drawn_hurts_nothing_else(studio: Studio) -> None:
    with pytest.raises(NotDrawn):
        studio.draw("<svg")
    assert studio.draw(svg(3)).startswith(PNG)


def test_what_takes_too_long_is_no_picture() -> None:
    studio = Studio(seconds=0)
    with pytest.raises(NotDrawn):
        studio.draw(svg(3))
    assert studio.pid is None


def test_where_no_process_can_be_started_there_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(NotDrawn):
        Studio(python=str(tmp_path / "nowhere")).draw(svg(3))


PARENT = f"""
import sys, time
from bot.ui.studio import Studio
studio = Studio()
studio.draw({svg(3)!r})
print(studio.pid, flush=True)
if "wait" in sys.argv:
    time.sleep(60)
"""


@pytest.mark.parametrize("how", ["wait", "end"])
def test_it_ends_with_whoever_started_it(how: str) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, how], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if how == "wait":
            parent.kill()
    assert parent.returncode == (0 if how == "end" else -signal.SIGKILL)
    assert gone(pid)
