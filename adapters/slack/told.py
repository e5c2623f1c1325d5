"""What Slack is told in an acknowledgement."""

from slack_bolt.response import BoltResponse

from bot.chat.payloads import Json


class Told(BoltResponse):
    """An acknowledgement with something to tell: Bolt's own has it as JSON already, in writing."""

    def __init__(self, told: Json) -> None:
        super().__init__(status=200)
        self.told = told
