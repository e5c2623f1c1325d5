"""Names of one person as several programs write them."""

import pytest

from bot.domain.timetable.naming import likely_names, normal_name, same_names


@pytest.mark.parametrize(
    "other",
    [
        "jane brown",
        "Brown, Jane",
        "BROWN Jane",
        " Brown,\u00a0Jane \n",
        "Dr. Jane Brown",
        "Ms Jané Brówn",
        "Jane_Brown",
    ],
)
def test_one_name_in_many_ways(other: str) -> None:
    assert normal_name(other) == normal_name("Jane Brown")
    assert same_names(other, ["Ada Lowe", "Jane Brown"]) == ["Jane Brown"]


def test_names_in_other_letters_stay_what_they_are() -> None:
    assert same_names("Иванова, Анна", ["Анна Иванова", "Анна Петрова"]) == ["Анна Иванова"]
    assert same_names("\u0623\u062d\u0645\u062f", ["\u0623\u062d\u0645\u062f"])
    assert same_names("Łukasz Øst", ["Ost Lukasz"]) == ["Ost Lukasz"]


def test_who_is_written_exactly_so_is_meant() -> None:
    assert same_names("Brown, J", ["Brown, J", "J Brown"]) == ["Brown, J"]
    assert same_names("J. Brown", ["Brown, J", "J Brown"]) == ["Brown, J", "J Brown"]


@pytest.mark.parametrize(("name", "names"), [("", ["Ana"]), ("?", ["!", "Ana"]), ("Ana", [""])])
def test_nothing_is_nobody(name: str, names: list[str]) -> None:
    assert same_names(name, names) == []


def test_a_title_alone_is_a_name() -> None:
    assert same_names("Prof", ["prof.", "Dr."]) == ["prof."]
    assert same_names("Don Ma", ["Ma", "Don"]) == []


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Jane Brown", "Brown, J"),
        ("J Brown", "Jane Brown"),
        ("Maya", "Lindgren, Maya"),
        ("Jane Mary Brown", "Brown Jane"),
        ("Jane Brown", "BRJ"),
        ("Jane Brown", "JB"),
        ("BrJa", "Jane Brown"),
        ("Jane Brown", "Jane Browne"),
    ],
)
def test_what_is_likely_is_asked_and_not_taken(name: str, written: str) -> None:
    names = ["Zoe Quist", written, "Otto Ulm"]
    assert same_names(name, names) == []
    assert likely_names(name, names) == [written]


@pytest.mark.parametrize(
    ("names", "wanted", "found"),
    [
        (["Brown, J", "Ana"], "j. brown", ["Brown, J"]),
        (["Zoë Ode"], "ode zoe", ["Zoë Ode"]),
        (["Ana  Ode "], "ana ode", ["Ana  Ode "]),
        (["Ana Ode", "Ode Ana"], "ana ode", ["Ana Ode"]),
        (["Ode, Ana", "Ode Ana"], "Ana Ode", ["Ode, Ana", "Ode Ana"]),
        (["Иванов И."], "И Иванов", ["Иванов И."]),
        (["Ana"], "Anna", []),
        ([], "Ana", []),
    ],
)
def test_names_match_in_any_order_and_writing(
    names: list[str], wanted: str, found: list[str]
) -> None:
    assert same_names(wanted, names) == found
