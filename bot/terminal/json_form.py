"""The JSON that the command line writes: one plain dictionary, and one line, for each thing that it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.answering.answer import Answer, Citation
from bot.presenting import notes
from bot.presenting.places import position
from index.access import to_text
from index.documents import DocumentMetadata
from index.hits import Hit, SearchResult
from index.report import ConfiguredSource, Failure, RefreshReport
from index.store.manifest import Manifest

Json = dict[str, Any]

# Legal inside a JSON string, but an end of line, a terminal's command or half a character to whoever reads the line.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def line(form: Mapping[str, Any]) -> str:
    """Return `form` as JSON on one line, without its end, that any UTF-8 stream can carry."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(form, ensure_ascii=False))


def search(found: SearchResult, id: object = None) -> Json:
    """Return the form of `footnote search`; it has `notes` only where there are some."""
    form = {"id": id, "query": found.query, "generation": found.generation, "hits": [_hit(hit) for hit in found.hits]}
    return form | {"notes": list(map(notes.of_search, found.notes))} if found.notes else form


def answer(given: Answer, id: object = None) -> Json:
    """Return the form of `footnote ask`; what a chat model cost, and what went wrong, only where there was any."""
    return {
        "id": id,
        "question": given.question,
        "status": given.status.value,
        "text": given.text,
        "statements": [
            {
                "text": statement.text,
                "citations": list(statement.citations),
                "answer": [statement.answer.start, statement.answer.end] if statement.answer else None,
            }
            for statement in given.statements
        ],
        "citations": [_citation(citation) for citation in given.citations],
        "nearest": [_hit(hit) for hit in given.nearest],
        "confidence": given.confidence,
        "generation": given.generation,
        "timings_ms": {step: round(milliseconds, 2) for step, milliseconds in given.timings_ms.items()},
        **({"written": asdict(given.usage)} if given.usage else {}),
        **({"clarification": asdict(given.clarification)} if given.clarification else {}),
        **({"false_premise": asdict(given.false_premise)} if given.false_premise else {}),
        **({"notes": list(map(notes.of_answer, given.notes))} if given.notes else {}),
    }


def sources(documents: tuple[DocumentMetadata, ...], configured: tuple[ConfiguredSource, ...]) -> Json:
    """Return the form of `footnote sources`: the documents, and where they come from."""
    return {"sources": [_metadata(metadata) for metadata in documents], "from": list(map(_configured, configured))}


def history(generations: Sequence[Manifest]) -> Json:
    """Return the form of `footnote history`, the generation in use first."""
    return {"generations": list(map(generation, generations))}


def generation(manifest: Manifest) -> Json:
    """Return the form of one generation, as `footnote rollback` writes it."""
    return {
        "number": manifest.number,
        "created_at": manifest.created_at.isoformat(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "model": manifest.fingerprint.model_name,
        "restored": manifest.restored,
    }


def failures(unread: tuple[Failure, ...]) -> Json:
    """Return the form of `footnote sources --failed`."""
    return {"failed": [asdict(failure) for failure in unread]}


def report(made: RefreshReport) -> Json:
    """Return the form of `footnote refresh`."""
    return asdict(made)


def _hit(hit: Hit) -> Json:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage": passage.id,
        "document": _document(hit.document),
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "page": passage.page,
        "place": position(passage.place) or None,
        "heading": list(passage.heading),
    }


def _citation(citation: Citation) -> Json:
    return {
        "number": citation.number,
        "passage": citation.passage_id,
        "document": _document(citation.document),
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "page": citation.page,
        "place": position(citation.place, citation.row) or None,
        "heading": list(citation.heading),
        "link": citation.link,
    }


def _document(metadata: DocumentMetadata) -> Json:
    form = {"id": metadata.id, "title": metadata.title, "source": metadata.source}
    return form | {"also": list(metadata.also)} if metadata.also else form


def _configured(source: ConfiguredSource) -> Json:
    return asdict(source) | {"asked": source.asked.isoformat() if source.asked else None}


def _metadata(metadata: DocumentMetadata) -> Json:
    form = asdict(metadata)
    form["published"] = metadata.published.isoformat() if metadata.published else None
    form["access"] = json.loads(to_text(metadata.access))
    return form
