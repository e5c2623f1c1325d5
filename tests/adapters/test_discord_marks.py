"""The marks in custom ids: they come off again, whatever the ids are."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import marks
from bot.domain.ids import WorkspaceId
from bot.ui.limits import ACTION

GUILD = WorkspaceId("discord:123456789012345678")
IDS = st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,8})?(\|[a-z0-9:~-]{0,26}){0,3}", fullmatch=True).filter(
    lambda text: len(text) <= ACTION
)


@given(named=IDS, number=st.integers(1, 2**63), direct=st.booleans())
def test_marks_come_off_a_modal_again(named: str, number: int, *, direct: bool) -> None:
    modal = {"custom_id": named, "title": "T"}
    about = marks.modal_about(modal, GUILD) if direct else modal
    opened = marks.modal_opened(about, str(number))
    assert len(opened["custom_id"]) <= ACTION
    assert opened["title"] == "T"
    sent, server = marks.taken_off({"data": {"custom_id": opened["custom_id"]}})
    bare, _ = marks.unopened(sent["data"]["custom_id"])
    if direct and about != modal:
        assert server == GUILD
        assert bare == named
        assert marks.bare(opened["custom_id"]) == marks.bare(named)


def test_each_opening_has_its_own_mark() -> None:
    modal = marks.modal_about({"custom_id": "field.save|1"}, GUILD)
    first, second = marks.modal_opened(modal, "1"), marks.modal_opened(modal, "2")
    _, one = marks.unopened(first["custom_id"])
    _, two = marks.unopened(second["custom_id"])
    assert "" != one != two != ""
    again = marks.modal_opened(first, "2")
    assert again == second, "a form that is opened once more has the mark of that"


def test_where_there_is_no_room_there_is_no_mark() -> None:
    modal = {"custom_id": "x" * (ACTION - 5)}
    assert marks.modal_opened(modal, "1") == modal
