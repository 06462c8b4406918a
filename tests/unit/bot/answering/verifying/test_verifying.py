from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answering.quoting.citing import SupportedStatement
from bot.answering.verifying.rejection import Rejection, RejectionReason
from bot.answering.verifying.verifying import Doubtful, Verifier
from index.evidence import Sentence
from index.models.model import Model
from tests.unit.bot.answering.samples import document, evidence

TEXT = """\
Mara Lind founded the beekeeping club of Lindau in 1998. It lends smokers to its members. Petra Holm repairs hives.
The club has 40 members."""
FOUND = evidence("Who founded the club?", document(TEXT)).sentences


def _verified(
    text: str, model: Model, cited: Sequence[Sequence[Sentence]] = (FOUND,), entailment: float | None = None
) -> SupportedStatement | Doubtful | Rejection:
    entails = None if entailment is None else lambda premise, hypothesis: entailment
    return Verifier(model.rarity, lambda _: None, entails).verify(text, cited)


def _quotes(verdict: SupportedStatement | Doubtful | Rejection) -> list[str]:
    assert isinstance(verdict, SupportedStatement), verdict
    return [quote.text for quote in verdict.quotes]


def test_a_statement_is_carried_by_the_sentence_that_says_it(model: Model) -> None:
    quotes = _quotes(_verified("The club has 40 members.", model))

    assert quotes == ["The club has 40 members."]


def test_a_statement_that_joins_two_sentences_quotes_both(model: Model) -> None:
    quotes = _quotes(_verified("The club lends smokers to its members, and Petra Holm repairs hives.", model))

    assert quotes[0].endswith("It lends smokers to its members. Petra Holm repairs hives.")


def test_items_of_a_list_are_not_read_as_one(model: Model) -> None:
    listed = evidence("Who?", document("- China asked for an explanation.\n- The bank lent 40 euros.")).sentences

    assert isinstance(
        _verified("China asked for an explanation and the bank lent 40 euros.", model, (listed,)), Rejection
    )


def test_a_sentence_that_points_back_is_quoted_with_the_one_before_it(model: Model) -> None:
    quotes = _quotes(_verified("The club lends smokers to its members.", model))

    assert quotes == ["Mara Lind founded the beekeeping club of Lindau in 1998. It lends smokers to its members."]


def test_passages_that_add_nothing_are_not_quoted(model: Model) -> None:
    other = evidence("Who?", document("Honey is sweet.", source="honey.md")).sentences

    assert _quotes(_verified("The club has 40 members.", model, (other, FOUND))) == ["The club has 40 members."]


def test_a_statement_may_rest_on_two_passages_if_it_is_known_to_follow(model: Model) -> None:
    other = evidence("Who?", document("The club sells honey at Easter.", source="honey.md")).sentences
    both = "The club has 40 members and sells honey at Easter."

    assert isinstance(_verified(both, model, (other, FOUND)), Rejection)
    quotes = _quotes(_verified(both, model, (other, FOUND), entailment=0.9))
    assert sorted(quotes) == ["The club has 40 members.", "The club sells honey at Easter."]


@pytest.mark.parametrize(
    "wrong",
    [
        "Petra Holm founded the beekeeping club of Lindau in 1998.",
        "Mara Lind founded the beekeeping club of Lindau in 1989.",
        "Mara Lind never founded the beekeeping club of Lindau in 1998.",
        "Mara Lind founded the beekeeping club of Bregenz in 1998.",
        "The club has 40 members, says quibberwick.",
        "The club has 40 members and its old chairman drinks cold beer every evening.",
        "Wolves howl.",
        "I think the club has 40 members.",
        "The answer is 40 members.",
        "Its command /members lists the 40 members of the club.",
        "He founded the beekeeping club of Lindau in 1998.",
        "The club has 40 members of the",
        "The club banned Petra Holm, who repairs hives.",
    ],
)
def test_what_the_passage_does_not_say_is_not_supported(wrong: str, model: Model) -> None:
    assert not isinstance(_verified(wrong, model), SupportedStatement)


def test_a_statement_without_a_passage_is_not_supported(model: Model) -> None:
    assert _verified("The club has 40 members.", model, ()) == Rejection(RejectionReason.NO_PASSAGE)


def test_a_word_that_only_bends_one_of_the_passage_is_not_strange(model: Model) -> None:
    assert isinstance(
        _verified("The beekeepers' club of Lindau was founded by Mara Lind in 1998.", model), SupportedStatement
    )


def test_words_of_its_own_are_for_a_statement_that_is_known_to_follow(model: Model) -> None:
    paraphrase = "The club counts 40 people as members."

    doubtful = _verified(paraphrase, model)
    assert isinstance(doubtful, Doubtful)
    assert paraphrase == doubtful.statement.text
    assert "The club has 40 members." in doubtful.premise
    assert isinstance(_verified(paraphrase, model, entailment=0.9), SupportedStatement)


def test_a_model_that_judges_entailment_has_the_last_word(model: Model) -> None:
    assert isinstance(_verified("The club has 40 members.", model, entailment=0.9), SupportedStatement)
    assert _verified("The club has 40 members.", model, entailment=0.1) == Rejection(RejectionReason.NOT_ENTAILED)
