"""What is told in Slack is shown once, in ways that only Slack has."""

from pathlib import Path

from tests.support.examples import examples
from tests.support.faults import LOST_AFTER
from tests.support.sending import title
from tests.support.slack_sending import sending


async def test_answers_that_get_lost_after_the_post(tmp_path: Path) -> None:
    """Coplan may not look, so it does not send again what may have been shown."""
    async with sending(tmp_path / "coplan.db") as slack:
        plans = await slack.reminding()
        slack.faults.every(slack.post, 3, LOST_AFTER)
        days = examples(40)
        await slack.days_pass(days)
        lost = [each for each in slack.posts() if each.outcome == "lost"]
        assert len(lost) > days
        told = slack.reminders()
        assert set(told.values()) == {1}
        assert len(told) == plans * days, "each of the partners' reminders was shown, and once"
    print(f"{plans * days} reminders, {len(lost)} answers lost")


async def test_its_messages_are_known_without_their_metadata_too(tmp_path: Path) -> None:
    async with sending(tmp_path / "coplan.db", looks=True) as slack:
        slack.fake.world.tells_metadata = False
        await slack.start_plans(1)
        slack.faults.next(slack.post, LOST_AFTER)
        await slack.until_sent(60)
        assert slack.shown() == {title(0): 1}
        assert slack.fake.api.counts["conversations.history"]
