import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.words import UNKNOWN, pairs, query_terms, terms
from index.readers.encoding import clean

LANGUAGES = ["en", "zh", "ja", "ko", "de", "ar", "xx", UNKNOWN]
HAN_AND_KANA = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.characters(
    min_codepoint=0x3041, max_codepoint=0x30FF
)
HOSTILE = st.text(st.characters(), max_size=300)


def test_words_of_one_stem_are_one_term() -> None:
    assert terms("sales", "en") == terms("sale", "en") == terms("SALE", "en")


def test_stop_words_are_no_terms_but_stand_in_pairs() -> None:
    assert terms("the sales of the chip", "en") == terms("sales chip", "en")
    assert pairs("sales of chips", "en") == ["sale_of", "of_chip"]


def test_pairs_tell_the_order_of_words() -> None:
    assert not set(pairs("sales in China", "en")) & set(pairs("China in sales", "en"))


@pytest.mark.parametrize("number", ["4.6", "1,000", "2025", "10,000.50"])
def test_a_number_is_one_term(number: str) -> None:
    assert terms(f"It was {number}.", "en") == [number]


def test_accents_and_full_width_letters_are_folded() -> None:
    assert terms("Café", UNKNOWN) == terms("cafe", UNKNOWN)
    assert terms("Ｈ２０", "zh") == terms("h20", "en")


def test_each_language_has_its_own_stems() -> None:
    assert terms("Häuser", "de") == terms("Häusern", "de")
    assert terms("chips", "xx") == ["chips"]
    assert terms("chips", UNKNOWN) == terms("chips", "en")


def test_chinese_is_overlapping_pairs_of_characters() -> None:
    assert terms("中国市场", "zh") == ["中国", "国市", "市场"]
    assert terms("茶", "zh") == ["茶"]
    assert terms("中国。市场", "zh") == ["中国", "市场"]


def test_latin_words_in_chinese_are_terms_of_their_own() -> None:
    assert sorted(terms("英伟达H20芯片", "zh")) == sorted(["h20", "英伟", "伟达", "芯片"])


def test_chinese_terms_are_the_same_in_every_language() -> None:
    assert terms("中国市场", "en") == terms("中国市场", "zh")
    assert pairs("中国市场", "zh") == []


def test_a_word_without_end_is_dropped_and_the_others_stay() -> None:
    assert terms("a" * 1_000_000 + " chip", "en") == ["chip"]


def test_the_words_of_a_question_come_in_order_as_they_were_written() -> None:
    words = query_terms("Who sells chips in 中国市场?", ["en"])
    assert [word.text for word in words if word.text not in ("Who", "in")] == ["sells", "chips", "中国", "国市", "市场"]


def test_the_first_word_of_a_spanish_question_is_no_name() -> None:
    names = [word.text for word in query_terms("¿Cuándo abre el Museo de relojes?", ["es"]) if word.is_name]
    assert names == ["Museo"]


def test_a_question_without_words_has_none() -> None:
    assert query_terms("?! ...", ["en"]) == ()
    assert query_terms("chips", []) == ()


@given(st.text(HAN_AND_KANA, min_size=1), st.sampled_from(LANGUAGES))
def test_no_chinese_or_japanese_text_is_without_terms(text: str, language: str) -> None:
    assert terms(text, language)
    assert query_terms(text, [language])


@given(HOSTILE, st.sampled_from(LANGUAGES))
def test_any_text_that_was_cleaned_has_terms_that_the_index_can_keep_apart(text: str, language: str) -> None:
    found = terms(clean(text), language)
    assert all(term and term.split() == [term] for term in found)
    assert terms(clean(text), language) == found


@given(HOSTILE, st.sampled_from(LANGUAGES))
def test_any_text_that_was_cleaned_has_pairs_of_neighbours(text: str, language: str) -> None:
    found = pairs(clean(text), language)
    assert all("_" in pair and pair.split() == [pair] for pair in found)


@given(st.lists(st.from_regex(r"[a-z]{1,12}|[0-9]{1,6}|[一-鿿]{1,6}", fullmatch=True)), st.sampled_from(LANGUAGES))
def test_a_question_has_the_terms_that_the_same_text_has_in_a_document(words: list[str], language: str) -> None:
    text = " ".join(words)
    asked = {form for word in query_terms(text, [language]) for form in word.forms}
    assert asked == set(terms(text, language))
