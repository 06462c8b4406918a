import pytest

from index.background import NO_BACKGROUND, Background


def test_what_is_as_near_as_anything_is_not_near_and_the_same_is_as_near_as_can_be() -> None:
    background = Background(questions=0.75, passages=0.8)
    assert background.of_question(0.75) == background.of_statement(0.8) == 0
    assert background.of_question(1.0) == background.of_statement(1.0) == 1
    assert background.of_question(0.7) < 0
    assert background.of_question(0.875) == pytest.approx(0.5)


def test_without_a_background_a_cosine_is_what_it_is() -> None:
    assert NO_BACKGROUND.of_question(0.3) == NO_BACKGROUND.of_statement(0.3) == 0.3
