"""What is a code that joins two platforms, however somebody typed or copied it."""

import pytest

from adapters.files.recognising import recognise
from bot.chat.ports import ThreadWorkshop
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.domain.members import Identity
from bot.usecases.linking import hash_of, is_code
from tests.support.clicking import Bot, Hand, failed, summary

SIGNS = ["`{}`", "**{}**", "*{}*.", "{}.", "code: {}"]
WORDS = ["/coplan link {}", "code: /coplan link {}", "**Coplan link {}**"]


@pytest.mark.parametrize("copied", SIGNS + WORDS)
def test_a_code_is_taken_as_it_was_copied(copied: str) -> None:
    words = copied.format("9YSNZ-ZBNMT")
    assert is_code(words)
    assert hash_of(words) == hash_of("9ysnz zbnmt")


@pytest.mark.parametrize("title", ["Unit 2.14 abc", "Link 9YSNZ-ZBNMT", "**Bridges**", "coplan"])
def test_a_title_is_no_code(title: str) -> None:
    assert not is_code(title)


async def test_where_there_is_one_platform_no_code_is_made_that_leads_nowhere(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    bot.router = Router(bot.door, routes(recognise, alone=True), ThreadWorkshop())
    await ana.starts("Rivers", ben)
    reply = await ana.says("link")
    assert failed(reply)
    assert summary(reply).startswith("There is no other platform here to bring a plan to.")
    assert bot.rows()["link_codes"] == 0
    member, other = ana.member, Identity(platform="discord", user="A")
    bot.write(lambda work: work.members.join(member.id, other))
    assert "Forget me on Discord" in str(await ana.says("link")), "there was another one"
