import pytest

from bot.domain.timetable.names import same_person


@pytest.mark.parametrize(
    ("names", "wanted", "found"),
    [
        (["Brown, J", "Ana"], "J Brown", "Brown, J"),
        (["Brown, J", "Ana"], "j. brown", "Brown, J"),
        (["Zoë Ode"], "ode zoe", "Zoë Ode"),
        (["Ana  Ode "], "ana ode", "Ana  Ode "),
        (["Ana Ode", "Ode Ana"], "ana ode", "Ana Ode"),
        (["Ode, Ana", "Ode Ana"], "Ana Ode", None),
        (["Иванов И."], "И Иванов", "Иванов И."),
        (["Ana"], "Anna", None),
        (["...", "?"], "!", None),
        ([], "Ana", None),
    ],
)
def test_names_match_in_any_order_and_writing(
    names: list[str], wanted: str, found: str | None
) -> None:
    assert same_person(names, wanted) == found
