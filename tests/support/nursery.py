"""Processes that are started in milliseconds, from a server that has imported everything.

Each is as it would be after ``python -m``: forked from a process that has opened nothing yet.
"""

import multiprocessing

nursery = multiprocessing.get_context("forkserver")
nursery.set_forkserver_preload(
    [
        "adapters.discord.service",
        "adapters.slack.service",
        "tests.support.clicking",
        "tests.support.discord_life",
        "tests.support.reminding",
        "tests.support.serving",
        "tests.support.slack_life",
    ]
)
