from hypothesis import given
from hypothesis import strategies as st

from index.language.analysis import Analysis
from index.language.scripts import has_han

TEXT = st.text(st.characters(), max_size=200)


def test_a_token_knows_its_stem_and_a_stop_word_has_none() -> None:
    tokens = Analysis("The Sales of 12 Cafés", "en").tokens

    assert [token.stem for token in tokens] == ["", "sale", "", "12", "cafe"]
    assert [token.folded for token in tokens] == ["the", "sales", "of", "12", "cafes"]


def test_what_may_deny_is_told_by_the_language() -> None:
    assert [token.text for token in Analysis("It isn't, and never was.", "en").tokens if token.is_negation] == [
        "isn't",
        "never",
    ]
    assert [token.text for token in Analysis("Es ist keine Biene und nicht da.", "de").tokens if token.is_negation] == [
        "keine",
        "nicht",
    ]
    assert [token.text for token in Analysis("计划没有获准", "zh").tokens if token.is_negation] == ["没"]


def test_a_clause_ends_at_a_comma_or_where_a_contrast_begins() -> None:
    tokens = Analysis("Bees swarm, wasps sting but rest.", "en").tokens

    assert [token.clause for token in tokens] == [0, 0, 1, 1, 2, 2]


def test_words_are_whole_as_they_are_written_and_have_parts() -> None:
    words = Analysis("Anglo-Norman farms in the U.S. sold 1,000 hives,wax 和蜂蜜 (C++).").words

    assert [word.text for word in words] == [
        "Anglo-Norman", "farms", "in", "the", "U.S.", "sold", "1,000", "hives", "wax", "和蜂蜜", "C++",
    ]  # fmt: skip
    assert [part.text for part in words[0].parts] == ["Anglo", "Norman"]
    assert words[1].parts == (words[1],)


def test_a_word_knows_whether_it_is_a_name() -> None:
    words = Analysis("Bees of Holm swarm. In 2024 none did.").words

    assert [word.text for word in words if word.is_name] == ["Holm", "2024"]
    assert [word.text for word in words if word.begins_sentence] == ["Bees", "In"]


@given(TEXT)
def test_every_word_and_its_parts_stand_in_the_normal_text_in_order(text: str) -> None:
    analysis = Analysis(text)
    end = 0
    for word in analysis.words:
        assert word.start >= end
        assert analysis.normal[word.start : word.end] == word.text
        assert all(part.text and analysis.normal[part.start : part.end] == part.text for part in word.parts)
        end = word.end


@given(TEXT, st.sampled_from(["en", "zh", "de", None]))
def test_every_token_stands_in_the_normal_text_in_order(text: str, code: str | None) -> None:
    analysis = Analysis(text, code)
    end = 0
    for token in analysis.tokens:
        assert analysis.normal[token.start : token.end] == token.text
        assert token.start >= end
        assert len(token.text) == 1 or not has_han(token.text)
        end = token.end
