import pytest

from index.language import languages
from index.language.names import begins_sentence, full_name, is_name, is_name_like

ENGLISH = languages.of("en")


@pytest.mark.parametrize("before", ["", "Bees swarm. ", "“", "- ", "¿", "Note: ", "It rained.\n", "("])
def test_a_capital_at_the_beginning_of_a_sentence_says_nothing(before: str) -> None:
    text = f"{before}Holm"

    assert begins_sentence(text, len(before))
    assert not is_name("Holm", text, len(before))


def test_a_capital_inside_a_sentence_makes_a_name_and_so_does_a_digit_anywhere() -> None:
    assert is_name("Holm", "then Holm", 5)
    assert is_name("2024", "2024", 0)
    assert not is_name("honey", "the honey", 4)


def test_what_names_nobody_is_not_like_a_name_unless_it_is_an_acronym() -> None:
    assert is_name_like("Holm", ENGLISH)
    assert is_name_like("v2", ENGLISH)
    assert is_name_like("US", ENGLISH)
    assert not is_name_like("However", ENGLISH)
    assert not is_name_like("us", ENGLISH)
    assert not is_name_like("12", ENGLISH)


def test_a_full_name_has_two_words_with_a_capital() -> None:
    assert full_name("It was Mara Lind who came.") == "Mara Lind"
    assert full_name("It was Mara.") is None
