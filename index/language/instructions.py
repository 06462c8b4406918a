"""Instructions: the sentences of a document that speak to the machine that reads it, not to people.

Whoever may write a document may try to steer what is answered from it ("indirect prompt injection": Greshake et al.
2023, arXiv:2302.12173). A sentence that tries is no evidence: it is neither shown to a chat model nor quoted. This is
one wall of several, since no list knows every way to say it; checking what a model wrote is another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index.documents import Span
from index.language.instruction_phrases import BLOB, decoding, going_on, phrases
from index.language.sentences import sentences as sentences_in
from index.language.unseen import Reader, hides_text, seen_by

# Raised whenever other sentences are told to speak to a machine: an index remembers which did when it was built.
VERSION = "1"

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
