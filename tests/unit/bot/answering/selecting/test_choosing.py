from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import MOST_STATEMENTS
from bot.answering.selecting.choosing import (
    FEWEST_STATEMENTS,
    ScoredSentence,
    TermWeights,
    choose,
    coverage,
    weigh,
)
from index.evidence import Evidence
from tests.unit.bot.answering.samples import document, evidence

BEES = document(
    "The club keeps bees. The club has 40 members. Mara Lind founded the club in 1998.\n\n"
    "Wasps are not kept by the club."
)
PARAGRAPHS = st.lists(
    st.lists(
        st.sampled_from(["The bees sleep.", "Who knows?", "The club has 40 hives.", "Honey is sold."]), min_size=1
    ).map(" ".join),
    min_size=1,
    max_size=5,
).map("\n\n".join)


def test_the_sentence_that_says_the_questions_words_comes_first() -> None:
    assert _chosen("Who founded the club?", evidence("Who founded the club?", BEES))[0].startswith("Mara Lind")


def test_of_two_that_say_the_same_words_the_one_that_means_more_like_the_question_comes_first() -> None:
    question = "the club"

    first = _chosen(question, evidence(question, BEES, cosines={"40 members": 0.9}))[0]

    assert first == "The club has 40 members."


def test_a_sentence_without_the_kind_of_thing_that_was_asked_for_is_worth_less() -> None:
    of = evidence("How many members?", document("Members like the club. Members number 40 now."))

    assert _chosen("How many members?", of)[0] == "Members number 40 now."


def test_two_sentences_are_chosen_even_where_the_second_is_much_worse() -> None:
    of = evidence("Who founded the club?", BEES, cosines={"Mara": 1.0})

    assert len(choose(of, _weights(of))) == FEWEST_STATEMENTS


def test_a_sentence_that_stands_twice_is_chosen_once() -> None:
    of = evidence(
        "Who keeps bees?", document("Mara keeps bees.\n\nMara keeps  bees."), document("Mara keeps bees.", "b.md")
    )

    assert _chosen("Who keeps bees?", of) == ["Mara keeps bees."]


def test_nothing_is_chosen_out_of_nothing() -> None:
    of = evidence("Who keeps bees?")

    assert choose(of, _weights(of)) == ()


@given(PARAGRAPHS, st.sampled_from(["Who keeps bees?", "How many hives?", "honey", "?"]), st.booleans())
def test_what_is_chosen_is_best_first_without_repeats_and_no_more_than_an_answer_holds(
    text: str, question: str, dense: bool
) -> None:
    of = evidence(question, document(text), dense=dense)

    chosen = choose(of, _weights(of))

    texts = [choice.sentence.text for choice in chosen]
    assert min(FEWEST_STATEMENTS, len({sentence.text for sentence in of.sentences})) <= len(chosen) <= MOST_STATEMENTS
    assert [choice.score for choice in chosen] == sorted((choice.score for choice in chosen), reverse=True)
    assert len(set(texts)) == len(texts)


@given(PARAGRAPHS)
def test_the_same_evidence_always_gives_the_same_choice(text: str) -> None:
    first, second = (evidence("How many hives?", document(text)) for _ in range(2))

    assert choose(first, _weights(first)) == choose(second, _weights(second))


def test_a_word_that_is_rare_in_the_language_and_in_the_corpus_weighs_more() -> None:
    of = evidence("bees hives", BEES)
    rarer = Evidence(of.question, 1, of.words, of.pairs, {"bee": 0.2, "hive": 0.9}, of.hits, of.sentences)

    weights = weigh(rarer, lambda word: 0.5)

    assert weights.plain == [0.5, 0.5]
    assert weights.with_idf[1] > weights.with_idf[0]


@given(st.sets(st.sampled_from(["club", "found", "bee", "wasp"])))
def test_coverage_is_a_share_that_grows_with_what_is_said(terms: set[str]) -> None:
    of = evidence("bee club founded", BEES)
    weights = _weights(of).plain

    covered = coverage(of, weights, frozenset(terms))

    assert 0.0 <= covered <= coverage(of, weights, frozenset(terms | {"club"})) <= 1.0
    assert coverage(of, weights, frozenset({"club", "found", "bee"})) == 1.0


def test_a_question_of_no_words_is_not_covered() -> None:
    assert coverage(evidence("?", BEES), [], frozenset({"club"})) == 0.0


def _weights(of: Evidence) -> TermWeights:
    return weigh(of, lambda word: 1.0)


def _chosen(question: str, of: Evidence) -> list[str]:
    chosen: tuple[ScoredSentence, ...] = choose(of, _weights(of))
    return [choice.sentence.text for choice in chosen]
