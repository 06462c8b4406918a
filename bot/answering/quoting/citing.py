"""Citing: what is said becomes statements and the citations that carry them, each quote checked in its document.

A citation quotes a run of neighbouring sentences of one passage. Before it may be shown its quote is compared with the
document itself; a statement whose quote is not there, character for character, is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote as percent_encoded

from bot.answering.answer import MOST_STATEMENTS, AnswerSpan, Citation, Made, Statement
from bot.answering.quoting.answer_spans import answer_in
from index.documents import Document, Passage, Span
from index.evidence import Sentence
from index.language.language import Pronouns
from index.language.patterns import any_word, compiled
from index.messages import is_in_discord, message_address

_LONGEST_LINK = 512
_FARTHEST_BACK = 2
_BULLET = re.compile(r"^[-*+•–] ")
_FRAGMENT_WORDS = 8
Cited = tuple[tuple[Statement, ...], tuple[Citation, ...]]

# What may stand neither in an address nor in a path that is used as one: RFC 3987.
_ILLEGAL = r"""[\s\x00-\x20\x7f-\x9f"<>\\^`{|}]"""
_ILLEGAL_IN_ADDRESS = re.compile(rf"{_ILLEGAL}|%(?![0-9A-Fa-f]{{2}})")
_ILLEGAL_IN_PATH = re.compile(rf"{_ILLEGAL}|[%#?]")


@dataclass(frozen=True, slots=True)
class Quote:
    """Neighbouring sentences of one passage, at least one."""

    sentences: tuple[Sentence, ...]

    @property
    def passage(self) -> Passage:
        """The passage that the sentences stand in."""
        return self.sentences[0].passage

    @property
    def span(self) -> Span:
        """Where the quote stands in the document's text."""
        return Span(self.sentences[0].span.start, self.sentences[-1].span.end)

    @property
    def text(self) -> str:
        """The quote as it stands in the passage."""
        start = self.passage.span.start
        return Span(self.span.start - start, self.span.end - start).of(self.passage.text)


@dataclass(frozen=True, slots=True)
class SupportedStatement:
    """One sentence to be said, the quotes that carry it, never none, and whose words it is in."""

    text: str
    quotes: tuple[Quote, ...]
    made: Made = Made.WRITTEN


def cite(
    said: Iterable[SupportedStatement], document: Callable[[str], Document], answers: Sequence[AnswerSpan] = ()
) -> Cited:
    """Give the statements that are carried by quotes, and their citations, numbered from 1 by first use.

    A quote that is not in its document at its span is dropped, and so is a statement that has lost one of its quotes by
    that.

    Args:
        said: The statements with their quotes, in the order in which they are said.
        document: Gives a document by its id.
        answers: Where a reader found the answer, the surest first.

    """
    statements: list[Statement] = []
    citations: dict[tuple[str, Span], Citation] = {}
    for each in said:
        fresh = dict(citations)
        for quote in each.quotes:
            source = document(quote.passage.document_id)
            citation = _citation(len(fresh) + 1, quote, source)
            if is_verbatim(citation, source):
                fresh.setdefault((citation.passage_id, citation.span), citation)
        keys = [(quote.passage.id, quote.span) for quote in each.quotes]
        if all(key in fresh for key in keys):
            citations = fresh
            numbers = sorted({citations[key].number for key in keys})
            quotes = [(quote.passage, quote.span) for quote in each.quotes]
            statements.append(Statement(each.text, tuple(numbers), answer_in(each.text, quotes, answers)))
    return tuple(statements), tuple(citations.values())


def quoted(chosen: Sequence[Sentence], all_sentences: Sequence[Sentence]) -> Iterator[SupportedStatement]:
    """Yield the chosen sentences as statements, each carried by the quote that it stands in.

    The best one comes first, after those that it points back at; the others in an order that reads well.

    Args:
        chosen: The sentences to say, the best first.
        all_sentences: Every sentence of the passages that they stand in, among them what they point back at.

    """
    first = chosen[0] if chosen else None
    for quote in _quotes(chosen, all_sentences):
        for sentence in _answering_first(quote.sentences, first):
            yield SupportedStatement(one_line(sentence.text), (quote,), Made.QUOTED)


def is_verbatim(citation: Citation, document: Document) -> bool:
    """Return whether the citation's quote stands in the document at its span, inside the passage that it names."""
    return bool(citation.quote.strip()) and citation.span.of(document.text) == citation.quote


def link_to(document: Document, span: Span, page: int | None, line: int | None) -> str:
    """Return where a reader can open a span: an address with a text fragment or a page, a path with a page or line.

    What was said in Discord opens at its message.

    See https://wicg.github.io/scroll-to-text-fragment for the fragment's form.

    Args:
        document: The document.
        span: The span in the document's text.
        page: The page on which the span begins, None where the document has none.
        line: The line of the file on which it begins, None where lines mean nothing to a reader.

    """
    metadata = document.metadata
    path = _escaped(metadata.source, _ILLEGAL_IN_PATH)
    place = f"{path}#page={page}" if page is not None else path if line is None else f"{path}#L{line}"
    if metadata.url is None:
        return place
    address = _escaped(metadata.url.partition("#")[0], _ILLEGAL_IN_ADDRESS)
    if is_in_discord(address):
        # Its client takes no address with a fragment for one of its own.
        said = document.place_of(span.start)
        opens = message_address(address, said.number) if said and said.kind == "message" else address
        return opens if len(opens) <= _LONGEST_LINK else place
    if page is not None:
        return f"{address}#page={page}"
    words = span.of(document.text).split("\n", 1)[0].split()[:_FRAGMENT_WORDS]
    # A dash is part of the fragment's own syntax, so that it has to be encoded where a URL would not need it.
    fragment = percent_encoded(" ".join(words), safe="").replace("-", "%2D")
    links = (f"{address}#:~:text={fragment}", address, place)
    return next((link for link in links if len(link) <= _LONGEST_LINK), place)


def _escaped(text: str, illegal: re.Pattern[str]) -> str:
    return illegal.sub(lambda match: percent_encoded(match[0], safe=""), text)


def _quotes(chosen: Sequence[Sentence], all_sentences: Sequence[Sentence]) -> Iterator[Quote]:
    """Yield quotes of neighbours, best first, but those of one passage together.

    A sentence comes with those it points back at, or not at all where that would be too many for one answer.
    """
    every = {(sentence.passage.id, sentence.ordinal): sentence for sentence in all_sentences}
    wanted: dict[str, dict[int, int]] = {}
    said: set[str] = set()
    for place, sentence in enumerate(chosen):
        text, passage_id = one_line(sentence.text), sentence.passage.id
        fresh = _with_what_it_needs(sentence, every) - wanted.get(passage_id, {}).keys()
        if text not in said and sum(map(len, wanted.values())) + len(fresh) <= MOST_STATEMENTS:
            said.add(text)
            wanted.setdefault(passage_id, {}).update(dict.fromkeys(fresh, place))
    for passage_id, places in wanted.items():
        runs = _neighbours([every[passage_id, ordinal] for ordinal in sorted(places)])
        yield from sorted(runs, key=lambda run: min(places[sentence.ordinal] for sentence in run.sentences))


def _answering_first(run: Sequence[Sentence], best: Sentence | None) -> list[Sentence]:
    """Return neighbouring sentences with the best one, and those that it needs, before the others."""
    if best is None or best not in run:
        return list(run)
    needed = _with_what_it_needs(best, {(each.passage.id, each.ordinal): each for each in run})
    return sorted(run, key=lambda sentence: sentence.ordinal not in needed)


def _neighbours(sentences: Sequence[Sentence]) -> list[Quote]:
    """Return sentences of one passage as runs: side by side, and not parted as rows and items of a list are."""
    runs: list[list[Sentence]] = []
    for sentence in sentences:
        last = runs[-1][-1] if runs else None
        if last and sentence.ordinal == last.ordinal + 1 and "\n" not in _between(last, sentence):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return [Quote(tuple(run)) for run in runs]


def _between(first: Sentence, second: Sentence) -> str:
    passage = first.passage
    return Span(first.span.end - passage.span.start, second.span.start - passage.span.start).of(passage.text)


def _with_what_it_needs(sentence: Sentence, every: Mapping[tuple[str, int], Sentence]) -> set[int]:
    """Return the ordinals of a sentence and of the ones before it that say who "he" is."""
    first = sentence
    for _ in range(_FARTHEST_BACK):
        before = every.get((first.passage.id, first.ordinal - 1))
        if before is None or not points_back(first):
            break
        first = before
    return set(range(first.ordinal, sentence.ordinal + 1))


def _citation(number: int, quote: Quote, document: Document) -> Citation:
    passage = quote.passage
    line = document.line_of(quote.span.start)
    return Citation(
        number=number,
        passage_id=passage.id,
        document=quote.sentences[0].hit.document,
        quote=quote.text,
        span=quote.span,
        place=document.place_of(quote.span.start),
        heading=passage.heading,
        line=line,
        link=link_to(document, quote.span, passage.page, line),
        row=document.row_of(quote.span.start),
    )


def points_back(sentence: Sentence) -> bool:
    """Return whether a sentence begins with a word that points back at the one before it, such as "he"."""
    begun = sentence.text.lstrip("\"'“‘「『(（ ")
    return _pointing_back(sentence.analysis.language.pronouns).match(begun) is not None


@cache
def _pointing_back(pronouns: Pronouns) -> re.Pattern[str]:
    return compiled(any_word(pronouns.personal | pronouns.demonstratives | pronouns.openers))


def one_line(text: str) -> str:
    """Return a sentence as a line of an answer: on one line, without the bullet of the list that it stood in."""
    return _BULLET.sub("", " ".join(text.split()))
