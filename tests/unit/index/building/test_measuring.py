import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.background import Background
from index.building.measuring import Measured, measure
from index.embeddings import Vector


def unit(*components: float) -> Vector:
    vector = np.array(components, dtype=np.float32)
    result: Vector = vector / np.linalg.norm(vector)
    return result


CATS, MORE_CATS, CHIPS = unit(1, 0, 1), unit(1, 0.1, 1), unit(0, 1, 1)
SAMPLE = [Measured("Cats", CATS), Measured("Cats", MORE_CATS), Measured("Chips", CHIPS)]


def test_only_what_stands_under_different_headings_is_compared() -> None:
    found = measure(SAMPLE, None, None)
    assert found is not None
    assert found.passages == pytest.approx(np.quantile([CATS @ CHIPS, MORE_CATS @ CHIPS] * 2, 0.25), abs=1e-3)


def test_questions_are_made_of_headings_and_compared_with_the_other_passages() -> None:
    asked: list[str] = []

    def embed_query(query: str) -> Vector:
        asked.append(query)
        return unit(1, 1, 1)

    found = measure(SAMPLE, embed_query, None)
    assert asked == ["Cats", "Chips"]
    near = [float(unit(1, 1, 1) @ other) for other in (CHIPS, CATS, MORE_CATS)]
    assert found is not None
    assert found.questions == pytest.approx(np.quantile(near, 0.25), abs=1e-3)


def test_an_index_about_one_thing_is_asked_about_others() -> None:
    asked: list[str] = []

    def embed_query(query: str) -> Vector:
        asked.append(query)
        return unit(0, 1, 0)

    found = measure(SAMPLE[:2], embed_query, None)
    assert len(asked) > 5
    assert "Cats" not in asked
    assert found is not None
    assert found.questions == found.passages == pytest.approx(float(unit(0, 1, 0) @ CATS), abs=0.05)


def test_without_a_model_the_questions_stay_where_they_were() -> None:
    alone, after = measure(SAMPLE, None, None), measure(SAMPLE, None, Background(0.25, 0.75))
    assert alone is not None
    assert after is not None
    assert alone.questions == alone.passages == after.passages
    assert after.questions == 0.25


@pytest.mark.parametrize("sample", [[], SAMPLE[:1], SAMPLE[:2]])
def test_where_nothing_can_be_compared_there_is_no_background(sample: list[Measured]) -> None:
    assert measure(sample, None, None) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([CATS, CHIPS, -CATS])), max_size=6))
def test_a_background_leaves_room_above_itself(sample: list[tuple[str, Vector]]) -> None:
    found = measure([Measured(heading, vector) for heading, vector in sample], lambda _: CATS, None)
    assert found is None or (found.questions < 1 and found.passages < 1 and found.of_question(1.0) == 1.0)
