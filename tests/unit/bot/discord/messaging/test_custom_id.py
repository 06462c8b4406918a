import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messaging.custom_id import CustomId, new_id


@given(st.text())
def test_what_is_not_ours_is_never_read(custom_id: str) -> None:
    found = CustomId.parse(custom_id)
    assert found is None or str(found) == custom_id


def test_a_custom_id_says_what_it_was_made_of_within_discords_100_characters() -> None:
    custom_id = CustomId("search", new_id(), "p123456")
    assert CustomId.parse(str(custom_id)) == custom_id
    assert len(str(custom_id)) <= 100


@pytest.mark.parametrize(
    "custom_id", ["", "footnote:cite:a1", "footnote:cite:a1:1\n", "other:cite:a1:1", "footnote:CITE:a:1"]
)
def test_a_custom_id_of_another_form_is_refused(custom_id: str) -> None:
    assert CustomId.parse(custom_id) is None


def test_ids_are_not_given_twice() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
