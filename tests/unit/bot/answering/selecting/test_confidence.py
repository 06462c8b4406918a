from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reading.calibration import Calibration
from bot.answering.selecting.choosing import ScoredSentence, TermWeights, choose, weigh
from bot.answering.selecting.confidence import (
    MOST_UNKNOWN_NAMES,
    NOTHING_FOUND,
    Confidence,
    Model,
    OwnCalibration,
    Thresholds,
    Verdict,
    features_of,
    load_confidence,
    unknown_names,
)
from index.evidence import Evidence
from tests.unit.bot.answering.samples import document, evidence

BEES = document("Mara Lind founded the bee club in 1998. The bee club has 40 members.\n\nThe wasps live elsewhere.")
LEAST = Thresholds(0.5, 0.4, 0.3)
CERTAIN = Confidence(Model({}, 5.0, LEAST), Model({}, -5.0, LEAST), Model({}, -5.0, LEAST), {})


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(-1, 1))
def test_a_probability_lies_between_0_and_1(weight: float, intercept: float, value: float) -> None:
    assert 0.0 <= Model({"x": weight}, intercept, LEAST).probability({"x": value}) <= 1.0


def test_a_feature_that_speaks_for_an_answer_raises_its_probability() -> None:
    model = Model({"x": 2.0}, 0.0, LEAST)

    assert model.probability({"x": -1.0}) < model.probability({"x": 0.0}) == 0.5 < model.probability({"x": 1.0})


def test_nothing_chosen_is_trusted_not_at_all() -> None:
    of = evidence("Who founded the bee club?")

    assert CERTAIN.judge(of, _weights(of), ()) == NOTHING_FOUND


def test_a_question_without_a_word_that_carries_meaning_is_not_answered() -> None:
    of = evidence("the of", BEES)

    assert CERTAIN.judge(of, _weights(of), _chosen(of)) == NOTHING_FOUND


def test_questions_with_and_without_a_dense_side_are_judged_by_models_of_their_own() -> None:
    dense, words_alone = (evidence("Who founded the bee club?", BEES, dense=dense) for dense in (True, False))

    assert CERTAIN.judge(dense, _weights(dense), _chosen(dense)).verdict is Verdict.ANSWER
    assert CERTAIN.judge(words_alone, _weights(words_alone), _chosen(words_alone)).verdict is not Verdict.ANSWER


def test_a_question_about_names_that_no_document_holds_is_not_answered() -> None:
    of = evidence("Did Mara Lind meet Ole Berg?", BEES)
    unknown = replace(of, idf={**of.idf, "ole": 1.0, "berg": 1.0})

    assert unknown_names(of, _weights(of)) == 0.0
    assert unknown_names(unknown, _weights(unknown)) > MOST_UNKNOWN_NAMES
    assert CERTAIN.judge(unknown, _weights(unknown), _chosen(unknown)).verdict is Verdict.NOTHING


def test_what_the_passage_does_not_name_it_does_not_answer_outright() -> None:
    named, missing = (
        evidence("Did Mara Lind found the bee club?", BEES),
        evidence("Did Ole Berg found the bee club?", BEES),
    )

    assert CERTAIN.judge(named, _weights(named), _chosen(named)).verdict is Verdict.ANSWER
    assert CERTAIN.judge(missing, _weights(missing), _chosen(missing)).verdict is Verdict.RELATED


def test_a_question_of_which_most_stands_nowhere_is_not_answered_outright() -> None:
    of = evidence("What gross margin did the bee club report?", BEES)
    nowhere = replace(of, idf={**of.idf, "gross": 1.0, "margin": 1.0, "report": 1.0})

    assert CERTAIN.judge(of, _weights(of), _chosen(of)).verdict is Verdict.ANSWER
    assert CERTAIN.judge(nowhere, _weights(nowhere), _chosen(nowhere)).verdict is Verdict.RELATED


def test_across_languages_the_meaning_alone_is_judged() -> None:
    of = evidence("Mara Lind Ole Berg?", BEES)
    crossing = replace(of, language="de")
    by_meaning = replace(CERTAIN, dense=CERTAIN.words_alone, meaning_alone=CERTAIN.dense)

    assert not of.crosses_to(of.sentences[0])
    assert crossing.crosses_to(crossing.sentences[0])
    assert by_meaning.judge(of, _weights(of), _chosen(of)).verdict is not Verdict.ANSWER
    assert by_meaning.judge(crossing, _weights(crossing), _chosen(crossing)).verdict is Verdict.ANSWER


def test_what_an_operator_fitted_comes_upon_what_was_shipped() -> None:
    of = evidence("Who founded the bee club?", BEES)
    doubting = OwnCalibration(Calibration(0.1, -2.0), Thresholds.below(0.5), 20, 10, 1.0, 0.0, 1.0, 0.0)
    own = replace(CERTAIN, own=doubting).judge(of, _weights(of), _chosen(of))

    assert own.verdict is Verdict.NOTHING
    assert own.probability < CERTAIN.judge(of, _weights(of), _chosen(of)).probability


def test_a_common_word_that_no_document_holds_is_not_held_against_a_question() -> None:
    of = evidence("Who established the bee club?", BEES)
    unknown = replace(of, idf={**of.idf, "establish": 1.0})

    assert unknown_names(unknown, _weights(unknown)) == 0.0


def test_what_was_fitted_has_a_feature_for_every_coefficient_and_thresholds_in_their_order() -> None:
    of = evidence("Who founded the bee club?", BEES)
    features = features_of(of, _weights(of), _chosen(of))

    fitted = load_confidence()

    for model in (fitted.dense, fitted.words_alone, fitted.meaning_alone):
        assert set(model.coefficients) <= set(features)
        least = model.thresholds
        assert 0.0 < least.worth_asking <= least.related <= least.answer < 1.0
    assert all(0.0 <= share <= 1.0 for share in fitted.measured.values())


def test_by_what_was_fitted_a_good_answer_is_likelier_than_a_bad_one() -> None:
    question = "Who founded the bee club?"
    good = evidence(question, BEES, cosines={"Mara": 0.85})
    bad = evidence(question, document("The wasps live elsewhere."), cosines={"wasps": 0.05})

    fitted = load_confidence()

    assert fitted.judge(good, _weights(good), _chosen(good)).verdict is Verdict.ANSWER
    assert fitted.judge(bad, _weights(bad), _chosen(bad)).verdict is not Verdict.ANSWER


@given(st.sampled_from(["Who founded the bee club?", "How many members?", "wasps", "When?", "蜜蜂"]), st.booleans())
def test_features_are_absolute(question: str, dense: bool) -> None:
    of = evidence(question, BEES, dense=dense)

    features = features_of(of, _weights(of), _chosen(of))

    assert all(-1.0 <= value <= 1.0 for value in features.values())


@pytest.mark.parametrize(("cosine", "said"), [(0.9, "Mara"), (0.2, "members")])
def test_the_features_are_those_of_the_best_sentence(cosine: float, said: str) -> None:
    of = evidence("club", BEES, cosines={said: cosine})
    best = next(ScoredSentence(sentence, 1.0) for sentence in of.sentences if said in sentence.text)

    assert features_of(of, _weights(of), [best])["sentence"] == cosine


def _weights(of: Evidence) -> TermWeights:
    return weigh(of, lambda word: 1.0)


def _chosen(of: Evidence) -> tuple[ScoredSentence, ...]:
    return choose(of, _weights(of))
