"""Instructions: the sentences of a document that speak to the machine that reads it, not to people.

Whoever may write a document may try to steer what is answered from it ("indirect prompt injection": Greshake et al.
2023, arXiv:2302.12173). A sentence that tries is no evidence: it is neither shown to a chat model nor quoted. This is
one wall of several, since no list knows every way to say it; checking what a model wrote is another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from index.documents import Passage, Span
from index.evidence import Evidence
from index.hits import Hit
from index.language.sentences import sentences as sentences_in
from index.language.unseen import Reader, hides_text, seen_by
from index.serving.instruction_phrases import BLOB, decoding, going_on, phrases

_LOOKALIKES = str.maketrans("аеорсухіѕјԁӏАВЕКМНОРСТХІЅ", "aeopcyxisjdlABEKMHOPCTXIS")
_FAR = 2_000  # characters: farther than any context is shown
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def addresses_machine(text: str) -> bool:
    """Return whether a text, a sentence or a title, speaks to the machine that reads it instead of to people."""
    if hides_text(text):
        return True
    seen = _seen(text)
    return any(_addresses(each) for each in {seen, seen.translate(_LOOKALIKES)})


def harmless(text: str, sentences: Sequence[Span], heading: Sequence[str] = ()) -> list[bool]:
    """Return for each sentence of a text whether it is evidence: not an instruction, and not the rest of one.

    `sentences` are spans of `text`, in order; `heading` is what stands above them. An instruction goes on to the end
    of its paragraph, and into the ones after it as long as they begin as orders do.
    """
    found: list[bool] = []
    end, goes_on = 0, any(map(addresses_machine, heading))
    for span in sentences:
        sentence = span.of(text)
        same_paragraph = bool(found) and _BLANK_LINE.search(text, end, span.start) is None
        follows = goes_on and (same_paragraph or going_on().search(sentence) is not None)
        goes_on = follows or addresses_machine(sentence)
        found.append(not goes_on)
        end = span.end
    return found


def without_instructions(evidence: Evidence) -> Evidence:
    """Return the evidence without the sentences, the headings and the titles that speak to the machine.

    Its hits are those passages only of which no sentence was left out, so that each of them may be shown whole.
    """
    hits = {hit.passage.id: _named_plainly(hit) for hit in evidence.hits}
    kept = {hit.passage.id: _harmless_in(hit.passage) for hit in evidence.hits}
    return replace(
        evidence,
        hits=tuple(hit for id_, hit in hits.items() if all(kept[id_])),
        sentences=tuple(
            replace(sentence, hit=hits[sentence.passage.id])
            for sentence in evidence.sentences
            if kept[sentence.passage.id][sentence.ordinal]
        ),
    )


def harmless_around(text: str, quote: Span) -> Span:
    """Return the stretch around a quote that may be shown with it: up to the nearest instruction on either side."""
    start, end = max(0, quote.start - _FAR), min(len(text), quote.end + _FAR)
    spans = sentences_in(text, None, Span(start, end))
    harmful = [span for span, is_harmless in zip(spans, harmless(text, spans), strict=True) if not is_harmless]
    return Span(
        max((min(span.end, quote.start) for span in harmful if span.start < quote.start), default=start),
        min((max(span.start, quote.end) for span in harmful if span.end > quote.end), default=end),
    )


def _seen(text: str) -> str:
    """Return a text as a reader sees it: one kind of letters and spaces, and nothing of no width."""
    letters = seen_by(Reader.COMPARISON, unicodedata.normalize("NFKC", text))
    return "\n".join(" ".join(line.split()) for line in letters.splitlines())


def _addresses(text: str) -> bool:
    # A sentence may run over several lines; the mark of a role stands at the start of one.
    one_line = " ".join(text.split())
    if any(phrase.search(each) for phrase in phrases() for each in {text, one_line}):
        return True
    return bool(BLOB.search(one_line) and decoding().search(one_line))


def _harmless_in(passage: Passage) -> list[bool]:
    """Return for each sentence of a passage whether it is harmless."""
    start = passage.span.start
    spans = [Span(span.start - start, span.end - start) for span in passage.sentences]
    return harmless(passage.text, spans, passage.heading)


def _named_plainly(hit: Hit) -> Hit:
    """Return a hit without the names that are instructions: the source stands for such a title."""
    record, passage = hit.document, hit.passage
    title = record.source if addresses_machine(record.title) else record.title
    publisher = None if addresses_machine(record.publisher or "") else record.publisher
    heading = tuple(part for part in passage.heading if not addresses_machine(part))
    return replace(
        hit,
        document=replace(record, title=title, publisher=publisher),
        passage=replace(passage, heading=heading),
    )
