"""How many examples a property is tried with."""

import os
import re
from collections.abc import Sequence
from typing import TypeVar

IN_CI = os.environ.get("CI") == "true"
T = TypeVar("T")
LEFT_TO_CI = re.compile(
    r"tests/conversations/(?!test_thin_story).*\[(slack|discord|browser)\]"
    r"|test_playground_mishaps|test_playground_deliveries_page"
    r"|test_the_page_goes_on_after_a_restart_of_the_server"
    r"|test_its_log_(holds|tells)_no_token|test_a_token_that_is_not_taken_is_one_line"
    r"|test_it_listens_on_this_machine_alone|test_all_are_sealed_anew_and_the_old_key_can_go"
    r"|test_state_survives_a_restart|test_a_place_that_cannot_be_written"
    r"|test_a_calendar_is_read_under_its_link|test_an_empty_file_is_taken_and_a_sample"
    r"|test_the_judge_catches_(quiet_hours|a_digest)|test_each_reminder_once.*\[at_least_once\]"
    r"|test_(slack|discord|act)_kill.py::test_the_equipment_finds|test_no_comment_is_told_twice"
    r"|test_what_is_shown_nobody_says_where|test_it_ends_in_time_while_another_program_holds"
    r"|test_a_channel_that_fails_again_and_again"
    r"|test_it_works_and_stops_with_all_answered\[discord|test_what_was_cut_off.*\[[019]-"
    r"|test_sessions_that_end_at_once_are_not_begun|test_sessions_are_begun_one_after_another"
    r"|test_words_are_found_although_the_history_cannot_be_read|test_discord_limits.*test_a_burst"
    r"|test_discord_kill\.py|test_reminder_kill.*test_one_process\[at_least_once\]"
    r"|test_an_answer_that_cannot_be_shown_comes_directly|test_it_is_installed_serves_and_stops"
    r"|test_who_sends_a_form_off_again_is_told|test_calendars_are_served_under_signed_links"
    r"|test_it_changes_nothing_and_lives_by_the_playgrounds_clock|test_a_store_that_is_locked"
    r"|test_everything_fits\[names[12]-|test_three_weeks_of_a_real_school\[.*-3\]"
)
"""What is slow (processes, browsers, whole schools) and has a quicker test beside it that shows
nearly the same: a run of everything leaves it out, unless it is in CI."""


def examples(many: int) -> int:
    """Return ``many`` in CI; in the quick suite, which developers wait for, an eighth of it."""
    return many if IN_CI else max(many // 8, 8)


def cases(every: Sequence[T], nth: int = 3) -> Sequence[T]:
    """Return all cases in CI; in the quick suite every ``nth``.

    Of pairs of everything with everything, told one after the other, each thing has its turn where
    ``nth`` has no divisor in common with how many of a kind there are.
    """
    return every if IN_CI else every[::nth]
