"""What people type in Slack comes to the bot as they typed it, with the people they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import escape
from adapters.slack.origins import identity
from adapters.slack.talk import words
from bot.chat.talk import Called, Words, parts, said_to
from bot.domain.members import Person
from tests.support.hostile import NASTY

BOT = "U0BOT"
BEN = Person(identity=identity("U0BEN"), name="Ben", zone="Europe/Berlin")
ROSA = Person(identity=identity("W0ROSA"), name="Rosa")
PEOPLE = {"U0BEN": BEN, "W0ROSA": ROSA}


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("", ()),
        ("next", ("next",)),
        ("  plan  Watershed ", ("plan  Watershed",)),
        ("a &amp; b &lt;c&gt; &amp;lt;", ("a & b <c> &lt;",)),
        ("see <#C1|general> or <#C2>", ("see #general or #C2",)),
        ("<!here> <!channel|channel> <!everyone|@everyone>", ("@here @channel @everyone",)),
        ("<!subteam^S1|@teachers> <!subteam^S2>", ("@teachers @subteam",)),
        ("on <!date^1793691000^{date}|3 Nov>", ("on 3 Nov",)),
        ("log <https://x.example/?a=1&amp;b=2>", ("log https://x.example/?a=1&b=2",)),
        ("log <http://x.example|x.example>", ("log x.example",)),
        ("log <https://x.example/|https://x.example>", ("log https://x.example",)),
        ("<https://x.example/a|our notes>", ("our notes (https://x.example/a)",)),
        ("to <mailto:a@b.example|a@b.example> <tel:+491|+49 1>", ("to a@b.example +49 1",)),
        ("<mailto:a@b.example>", ("a@b.example",)),
        ("<not closed", ("<not closed",)),
        ("<>", ()),
        ("two\nlines\t", ("two\nlines",)),
        (
            "start <@U0BEN|ben><@W0ROSA> now",
            ("start ", Called("U0BEN", "ben"), Called("W0ROSA"), " now"),
        ),
        ("<@U0BEN> ", (Called("U0BEN"),)),
    ],
)
def test_words_as_slack_sends_them(sent: str, typed: Words) -> None:
    assert words(sent) == typed


@given(st.one_of(st.text(), st.sampled_from(NASTY)))
def test_whatever_is_typed_comes_as_typed(text: str) -> None:
    assert "".join(str(each) for each in words(escape(text))) == text.strip()


@given(st.text(st.sampled_from("<>@#!|&;^amplt U1h:/\n")))
def test_nothing_that_comes_breaks_the_reading(text: str) -> None:
    found = words(text)
    assert parts(said_to(BOT, found), PEOPLE) is not None
    assert all(each for each in found)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("<@U0BOT> next", ("next",)),
        ("<@U0BOT>: next", ("next",)),
        ("<@U0BOT|coplan>, start <@U0BEN>", ("start ", Called("U0BEN"))),
        ("hey <@U0BOT> next <@U0BOT>", ("next",)),
        ("thanks <@U0BOT>", ("thanks",)),
        ("what is next, <@U0BOT>?", ("what is next,",)),
        ("next <@U0BOT> <@U0BEN>", (Called("U0BEN"),)),
        ("<@U0BOT> ?", ("?",)),
        ("<@U0BOT>", ()),
        ("<@U0BEN> ask <@U0BOT> when", ("when",)),
        ("next", ("next",)),
    ],
)
def test_what_is_said_to_the_bot_follows_its_mention(sent: str, meant: Words) -> None:
    assert said_to(BOT, words(sent)) == meant


def test_people_take_the_place_of_their_mentions_and_strangers_stay_words() -> None:
    typed = words("start Watershed <@U0BEN> and <@U9|max> or <@U8>  <@W0ROSA>")
    assert parts(typed, PEOPLE) == ("start Watershed ", BEN, " and @max or @somebody  ", ROSA)
