"""The judge of one person's reminders: goes through what happened, and says what must not be."""

from dataclasses import dataclass

from tests.support.simulated.history import Clock, Killed, Outcome, State, Tried
from tests.support.simulated.promises import SLACK, of_digest
from tests.support.simulated.rules import Key
from tests.support.simulated.things import Message, read, spoken_of
from tests.support.simulated.watching import NEVER, Pending, Watched


@dataclass(slots=True)
class Reminded(Watched):
    """Judges every message to the person, and what none speaks about."""

    def on_state(self, event: State) -> None:
        """Somebody did something: what begins to wait now is told within the grace."""
        self.run_to(event.at)
        before, self.state = self.state, event
        if self.user in event.people:
            self._look(event.at, grace=True)
            if before is None or before.people.get(self.user) is not self.free:
                self._postpone(event.at)

    def on_clock(self, event: Clock) -> None:
        """The clock was set, or the service stopped or started: what was missed is told at once."""
        self.run_to(event.was)
        self.lived = max(self.lived, event.was) if event.at < event.was else self.lived
        self.now, self.up = event.at, event.up
        if self.up and self._known:
            self.wanted = {key: max(by, event.at) for key, by in self.wanted.items()}
            self._postpone(event.at)
            # What began while the clock was set back has its grace, too, when that is made good.
            self._look(event.at, grace=min(event.at, event.was) < self.lived)

    def on_killed(self, event: Killed) -> None:
        """What was on its way is told later, or not at all, as was promised."""
        self.run_to(event.at)
        self.may_welcome = NEVER
        waiting = [
            key
            for key, about in event.claimed.items()
            if about == self.user and key not in self.tried and not of_digest(key)
        ]
        for key, about in event.begun.items():
            if about != self.user or of_digest(key):
                continue
            if key in self.seen:
                self.copies[key] = int(self.promise.sees_twice)
            elif self.promise.repeats:
                waiting.append(key)
            elif self.pending.pop(key, None) is None:
                self._claimed(event.at)
        for key in waiting:
            if key not in self.pending:
                self.pending[key] = self._claimed(event.at)
            self.pending[key].doubtful |= key in event.begun

    def on_tried(self, event: Tried) -> None:
        """A message was handed to the messenger."""
        self.run_to(event.at)
        key = event.sent.key
        self.tried.add(key)
        if event.outcome is Outcome.REPEATED:
            self.pending.pop(key, None)
            return
        if self.free.running(int(event.at)) is None:
            self.report("in a forbidden instant", event.at, event.sent.card.summary)
        message, tries = read(event.sent), 1
        welcome = message.welcome
        if key in self.pending:
            tries = self.pending[key].tries + 1
            said = self._once_more(event, message, self.pending.pop(key))
        elif self.copies.get(key):
            self.copies[key] -= event.outcome is Outcome.SHOWN
            return
        else:
            said = self._newly(event, message)
        self._follow(event, said, tries, welcome=welcome)

    def on_limit(self, event: Tried) -> None:
        """The platform takes nothing more for a while, from this person or in this channel."""
        direct = event.sent.how == "direct"
        if direct and event.about != self.user:
            return
        end = event.at + event.wait
        self.limits[direct] = end
        self.wanted = {key: max(by, end + SLACK) for key, by in self.wanted.items()}
        if self._known and self.pending:
            self._postpone(end)

    def _follow(self, event: Tried, said: set[Key], tries: int, *, welcome: bool) -> None:
        """Note what has to happen after this try."""
        key = event.sent.key
        again = event.outcome is Outcome.REFUSED or (event.outcome.unclear and self.promise.repeats)
        if event.outcome.seen:
            if event.at == self.newly_at and tries == 1:
                self.report("two messages at once", event.at, event.sent.card.summary)
            self.seen.add(key)
            self.newly_at = event.at if tries == 1 else self.newly_at
            self.copies[key] = int(again and self.promise.sees_twice)
        elif again:
            by = event.at + event.wait + SLACK * tries
            self.pending[key] = Pending(
                things=said,
                by=by,
                tries=tries,
                welcome=welcome,
                doubtful=event.outcome.unclear,
            )
            self._postpone(event.at + event.wait)

    def _newly(self, event: Tried, message: Message) -> set[Key]:
        """Judge a message that was not tried before: it says all that is to be said now."""
        may, must = self._to_say(event.at)
        if message.welcome:
            return self._welcomed(event, message, may, must)
        held, left = self._held_up(event.at)
        held |= self.also[1] if self.also[0] == event.at else set()
        may, must = may | held, must | left
        said = self._said(event, message, may, must)
        for key in said - may:
            self.report(self._why_not(key, event.at), event.at, f"{key} {self.told.get(key, ())}")
        # In a thread all else is only hinted at, also what might be said with it or a moment later.
        counted = said | (may if not self.free.person.direct else set())
        due = self._to_say(event.at)[0]
        for key in counted & held - due:
            self.heard[key] = int(event.at)
        self._count(counted & due | counted - held, event.at)
        for one in self.pending.values():
            one.things -= counted
        return counted

    def _once_more(self, event: Tried, message: Message, pending: Pending) -> set[Key]:
        """Judge a message that failed before: it says what of it still waits.

        What is to be said anew in this very moment may be left to another message.
        """
        left = pending.things & {t.key for t in self._things(event.at)}
        if message.welcome and pending.welcome:
            self.also = event.at, frozenset(left)
            return left
        must = left - pending.excused - self._to_say(event.at)[0]
        said = self._said(event, message, left, must)
        for key in said - left:
            self.report("unexpected", event.at, f"{key} was not in the first try")
        return left

    def _welcomed(self, event: Tried, message: Message, may: set[Key], must: set[Key]) -> set[Key]:
        """Judge the message to somebody who is back: it tells in few words of all that waits.

        Nothing shows whether what begins the moment its free time ends is among it, as may be.
        """
        assert self.state is not None
        if not self._returned(event.at):
            self.report("unexpected", event.at, event.sent.card.summary)
        meets = {t.key for t in self._things(event.at) if t.meets is not None}
        for key in must & meets - set(spoken_of(self.state, self.user, event.at, message).values()):
            self.report("left out", event.at, f"{key} in: {event.sent.card.summary}")
        self._welcome(event.at)
        self._count(may, event.at)
        return may

    def _claimed(self, at: float) -> Pending:
        """Count what the product has counted although nothing was seen; return what it holds."""
        say, back = self._to_say(at)[0], bool(self._returned(at))
        self._count(say, at)
        self._welcome(at)
        return Pending(things=say, by=at + 2 * SLACK, welcome=back)

    def _said(self, event: Tried, message: Message, may: set[Key], must: set[Key]) -> set[Key]:
        """Return what a message speaks about; report what is left out, and a wrong place."""
        assert self.state is not None
        buttons = spoken_of(self.state, self.user, event.at, message)
        for button in (b for b, key in buttons.items() if key is None):
            self.report("unexpected", event.at, f"{button} does not wait on them")
        said = {key for key in buttons.values() if key is not None}
        if not self.free.person.direct:
            here = {plan for plan, _ in said}
            may, must = ({k for k in keys if k[0] in here} for keys in (may, must))
            if event.sent.how != "post" or len(here) != 1:
                self.report("in the wrong place", event.at, event.sent.card.summary)
        elif event.sent.how != "direct":
            self.report("in the wrong place", event.at, event.sent.card.summary)
        if message.more:
            told = len(said) + message.more
            if not len(must) <= told <= len(may):
                self.report("miscounted", event.at, event.sent.card.summary)
            return said | (may if told == len(may) else must)
        for key in must - said:
            self.report("left out", event.at, f"{key}")
        return said

    def _why_not(self, key: Key, at: float) -> str:
        """Return what is wrong about telling of the thing now."""
        told = self.told.get(key, ())
        if len(told) >= self.free.person.nudges or any(
            self.free.date(t) == self.free.date(at) for t in told
        ):
            return "duplicate"
        return "early" if key in {t.key for t in self._things(at)} else "unexpected"
