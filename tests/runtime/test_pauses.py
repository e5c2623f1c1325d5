import subprocess
import sys

TOLD = """
import gc, sys
from bot.runtime.pauses import shorten_pauses
walks = []
gc.callbacks.append(lambda phase, info: walks.append(info["generation"]))
shorten_pauses()
kept = [[[]] for _ in range(400_000)]
print(walks.count(0) > 100, walks.count(2), gc.get_freeze_count() > 1000)
print(sys.getswitchinterval())
"""


def test_the_collector_walks_through_the_young_only() -> None:
    told = subprocess.run(
        [sys.executable, "-c", TOLD], capture_output=True, text=True, check=True
    ).stdout.split()
    assert told == ["True", "0", "True", "0.001"]
