"""What is a code that joins two platforms, however somebody typed or copied it."""

import pytest

from bot.usecases.linking import hash_of, is_code

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
