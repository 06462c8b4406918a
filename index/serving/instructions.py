"""Without instructions: evidence is freed of what speaks to the machine that reads it.

Which sentences do is known since they were indexed (`index.language.instructions`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from index.evidence import Evidence
from index.hits import Hit
from index.language.instructions import addresses_machine


def without_instructions(evidence: Evidence) -> Evidence:
    """Return the evidence without the sentences, the headings and the titles that speak to the machine.

    Its hits are those passages only of which no sentence was left out, so that each of them may be shown whole.
    """
    hits = {hit.passage.id: _named_plainly(hit) for hit in evidence.hits}
    return replace(
        evidence,
        hits=tuple(hit for hit in hits.values() if not hit.passage.instructions),
        sentences=tuple(
            replace(sentence, hit=hits[sentence.passage.id])
            for sentence in evidence.sentences
            if sentence.ordinal not in sentence.passage.instructions
        ),
    )


def _named_plainly(hit: Hit) -> Hit:
    """Return a hit without the names that are instructions: the source stands for such a title."""
    record, passage = hit.document, hit.passage
    title = record.source if _addresses_machine(record.title) else record.title
    publisher = None if _addresses_machine(record.publisher or "") else record.publisher
    heading = tuple(part for part in passage.heading if not _addresses_machine(part))
    return replace(
        hit,
        document=replace(record, title=title, publisher=publisher),
        passage=replace(passage, heading=heading),
    )


# The same few titles and headings are found again and again.
@lru_cache(maxsize=4096)
def _addresses_machine(name: str) -> bool:
    return addresses_machine(name)
