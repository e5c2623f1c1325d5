"""What goes wrong in a messenger, as often as a test says."""

from dataclasses import dataclass

from tests.support.fake_messenger import Sent


@dataclass(slots=True)
class Failing:
    """Raises for the first so many messages; for ``FakeMessenger.before`` and ``after``."""

    error: Exception
    times: int = 1000

    def __call__(self, sent: Sent) -> None:
        assert sent.key
        if self.times:
            self.times -= 1
            raise self.error
