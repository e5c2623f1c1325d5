"""What is wrong ends before what to do begins."""

import pytest

from bot.domain.errors import InvalidInput, sentences
from bot.templates.loader import parse
from bot.ui.pages.problems import problem_card


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ("write it out", "write it out."),
        ("line one\nline two", "line one\nline two."),
        ("Done.", "Done."),
        ("Which?", "Which?"),
        ("it has no “plan”", "it has no “plan”."),
        ("he said “yes.”", "he said “yes.”"),
        ("", ""),
    ],
)
def test_what_is_wrong_is_a_sentence(said: str, ended: str) -> None:
    assert sentences(said) == ended


def test_a_refused_template_and_what_to_do_do_not_run_together() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(b"a: &x 1\nb: *x", "my.yaml")
    whole = "(*name) are not allowed; write it out. Correct it and upload the file again."
    assert whole in str(refused.value)
    assert whole in problem_card(refused.value).summary
