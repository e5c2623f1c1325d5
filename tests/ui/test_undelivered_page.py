from datetime import timedelta

import pytest

from bot.domain.ids import MemberId
from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.undelivered import IN_THEIR_HANDS, Cause, Undelivered
from bot.ui.cards import Bullets, Card, Divider, Quote, Table, Text
from bot.ui.limits import BLOCKS, CARD_TEXT
from bot.ui.pages.reminders.undelivered import MOST, ROOM, has_room, with_told
from bot.usecases.reminders.undelivered import Told
from tests.support.teaching_team import ROSA, ZONE, at
from tests.ui.reading_cards import within_limits

NOW = at(3, 8, 55)
PAGE = Card(title="Page", summary="A page.", blocks=(Text(("Hello",)),))
SHUT_OUT = {Cause.ARCHIVED, Cause.GONE, Cause.REMOVED}
TITLE = "A very long title of a plan without end " * 5


def one(
    kind: NoticeKind, cause: Cause, *, about: str = "", count: int = 1, mended: bool = False
) -> Told:
    row = Undelivered(
        member=MemberId(ROSA),
        about=about,
        kind=kind,
        cause=cause,
        at=NOW + timedelta(minutes=1),
        count=count,
        mended=mended,
    )
    return Told(undelivered=row, title=TITLE if about else "")


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("about", ["", "p1"])
@pytest.mark.parametrize(("count", "mended"), [(1, False), (3, False), (12, True)])
def test_every_cause_of_every_kind_has_its_sentence(
    kind: NoticeKind, cause: Cause, about: str, count: int, mended: bool
) -> None:
    told = one(kind, cause, about=about, count=count, mended=mended)
    shown = with_told(PAGE, (told,), ZONE)
    within_limits(shown)
    said = shown.summary.removesuffix(" A page.")
    theirs = about != "" and cause in IN_THEIR_HANDS and not mended
    assert ("“Move it here”" in said) == theirs
    assert ("let Coplan into it" in said) == (theirs and cause in SHUT_OUT)
    had_one = kind is not NoticeKind.PLAN_THREAD
    assert ("“Open its thread anew”" in said) == (theirs and cause is Cause.GONE and had_one)
    assert ("out of the archive" in said) == (theirs and cause is Cause.ARCHIVED)
    endings = ("that waits on you.", "and reminders come again.", "“Move it here”.", "anew”.")
    assert said.endswith(endings)
    assert "{" not in said
    assert ".." not in said
    assert ("Open them" in said) == (cause is Cause.CLOSED and not mended)


def test_of_many_the_first_are_told_and_the_others_counted() -> None:
    many = tuple(one(NoticeKind.NEWS, Cause.GONE, about=f"p{n}") for n in range(MOST + 4))
    shown = with_told(PAGE, many, ZONE)
    within_limits(shown)
    assert shown.summary.count("News of") == MOST
    assert "4 things more could not be delivered." in shown.summary


def test_the_longest_words_find_room_where_it_says_there_is_some() -> None:
    many = tuple(
        one(NoticeKind.PLAN_CARD, Cause.UNKNOWN, about=f"p{n}", count=9_999) for n in range(MOST)
    )
    many += tuple(one(NoticeKind.NEWS, cause, about=cause) for cause in Cause)
    many += (one(NoticeKind.REMINDER, Cause.CLOSED),)
    full = CARD_TEXT - ROOM - len("Page")
    for block in (Text(("x" * full,)), Quote("x" * full), Bullets((("x" * (full - 1),),))):
        page = Card(title="Page", summary="x", blocks=(block,))
        assert has_room(page)
        shown = with_told(page, many, ZONE)
        assert len(shown.blocks) == 2
        assert len(shown.summary) <= ROOM
        assert not has_room(Card(title="Page!!", summary="x", blocks=(block,)))
    rows = (("x" * 100, "y" * 100),) * 20
    assert not has_room(Card(title="Page", summary="x", blocks=(Table(("a", "b"), rows),)))
    assert not has_room(Card(title="Page", summary="x", blocks=(Divider(),) * BLOCKS))
