from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import AnswerSpan
from bot.answering.quoting.answer_spans import answer_in
from index.documents import Passage, Span

TEXT = "Mara Lind founded the\nbee club in 1998. It has 40 members."
PASSAGE = Passage("p", "d", 0, Span(100, 100 + len(TEXT)), TEXT, (), None, (), frozenset())
QUOTE = (PASSAGE, Span(100, 139))


def at(answer: str, passage_id: str = "p") -> AnswerSpan:
    start = 100 + TEXT.index(answer)
    return AnswerSpan(passage_id, Span(start, start + len(answer)))


def test_the_answer_is_found_in_a_statement_on_one_line_though_the_document_breaks_it() -> None:
    statement = "Mara Lind founded the bee club in 1998."
    found = answer_in(statement, [QUOTE], [at("the\nbee club")])
    assert found is not None
    assert found.of(statement) == "the bee club"


def test_the_surest_answer_that_the_quote_holds_counts() -> None:
    statement = "The club was founded by Mara Lind in 1998."
    assert answer_in(statement, [QUOTE], [at("40"), at("1998"), at("Mara Lind")]) == Span(37, 41)


def test_an_answer_that_is_not_in_the_quote_or_not_in_the_statement_is_none() -> None:
    assert answer_in("It has 40 members.", [QUOTE], [at("40")]) is None
    assert answer_in("A woman founded it.", [QUOTE], [at("Mara Lind")]) is None
    assert answer_in("In 1998.", [QUOTE], [at("1998", "another passage")]) is None


@given(
    text=st.text("ab 1\n", min_size=1, max_size=60),
    statement=st.text("ab 1", max_size=60),
    start=st.integers(0, 60),
    length=st.integers(0, 20),
)
def test_the_span_in_a_statement_reads_as_the_one_in_the_document(
    text: str, statement: str, start: int, length: int
) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    passage = Passage("p", "d", 0, Span(7, 7 + len(text)), text, (), None, (), frozenset())
    found = answer_in(statement, [(passage, passage.span)], [AnswerSpan("p", span.shifted(7))])
    if found is not None:
        assert found.of(statement) == " ".join(span.of(text).split()) != ""
