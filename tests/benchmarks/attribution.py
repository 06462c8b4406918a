"""Measure the verifier on AttributionBench: whether references support a claim (Li et al. 2024, arXiv:2402.15089).

    python -m tests.benchmarks.attribution ../shared/eval/attributionbench/dev.jsonl WORK_FOLDER [VERIFIER_MODEL]

Each claim is held to all passages of its references, as a statement is to those that it cites. Prints the macro-F1 of
the built-in checks and, where a CrossEncoder is named, of both together. The work folder of `train_verifier` names
several, each for the claims that it was not trained on.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score

from bot.answering.quoting.citing import SupportedStatement
from bot.answering.verifying.verifying import Entails, Verifier
from index.building.splitting import split
from index.documents import Document, DocumentMetadata, Span, content_id
from index.embedded_text import embedded_text
from index.embeddings import Text, Vector
from index.evidence import Sentence
from index.hits import Hit
from index.language import words
from index.models.device import fastest_dtype
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, find_model


@dataclass(frozen=True)
class Row:
    """A claim, the sentences of each passage of its references, its vector, and whether people found it supported."""

    source: str
    claim: str
    passages: tuple[tuple[Sentence, ...], ...]
    vector: Vector
    is_supported: bool


def rows(path: Path, work: Path) -> list[Row]:
    """Return the claims of the set; their vectors are kept in `work`."""
    kept = work / "attribution.pickle"
    if kept.exists():
        found: list[Row] = pickle.loads(kept.read_bytes())
        return found
    embedder = Embedder(find_model(DEFAULT_MODEL), fastest_dtype())
    found = [_row(json.loads(line), embedder) for line in path.read_text(encoding="utf-8").splitlines()]
    work.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def judged(found: Sequence[Row], entailing: Sequence[Entails | None]) -> list[bool]:
    """Return for each claim whether the verifier lets it through that has the judge of entailment at its place."""
    model = find_model(DEFAULT_MODEL)
    vectors = {row.claim: row.vector for row in found}
    return [
        isinstance(
            Verifier(model.rarity, vectors.__getitem__, entails).verify(row.claim, row.passages, _known(row)),
            SupportedStatement,
        )
        for row, entails in zip(found, entailing, strict=True)
    ]


def judges(name: str, count: int) -> list[Entails | None]:
    """Return the judge of entailment for each of `count` claims: one CrossEncoder, or those of `train_verifier`.

    Of these each judges the claims that it was not trained on.
    """
    folds = Path(name) / "folds.json"
    if not folds.exists():
        return [_judge(name)] * count
    numbers = json.loads(folds.read_text())
    encoders = {number: _judge(str(Path(name) / f"verifier-{number}")) for number in set(numbers)}
    return [encoders[number] for number in numbers]


def _judge(name: str) -> Entails:
    from index.models.cross_encoder import CrossEncoder, find_verifier

    encoder = CrossEncoder(find_verifier(name))
    return lambda premise, claim: float(encoder.entailment([(premise, claim)])[0])


def report(name: str, found: Sequence[Row], verdicts: Sequence[bool]) -> None:
    """Print the macro-F1 of these verdicts over all claims and over those of each source."""
    gold = [row.is_supported for row in found]
    scores = {"all": f1_score(gold, verdicts, average="macro")}
    for source in sorted({row.source for row in found}):
        own = [
            (row.is_supported, verdict) for row, verdict in zip(found, verdicts, strict=True) if row.source == source
        ]
        scores[source] = f1_score(*zip(*own, strict=True), average="macro")
    let_through = sum(verdicts) / len(verdicts)
    wrong = sum(verdict and not right for verdict, right in zip(verdicts, gold, strict=True)) / max(1, sum(verdicts))
    figures = ", ".join(f"{source} {score:.3f}" for source, score in scores.items())
    print(f"{name}: macro-F1 {figures}; let through {let_through:.1%}, of those {wrong:.1%} unsupported")


def passages_of(number: int, text: str, embedder: Embedder) -> Iterator[tuple[Sentence, ...]]:
    """Yield the sentences of each passage of a text, as a search would find them."""
    document = Document(DocumentMetadata(content_id(text), "", f"{number}.txt", language="en"), text)
    split_up = split(document, embedder.model.count_tokens, embedder.model.usable_window)
    texts = [_embedded(passage.span, passage.sentences, embedded_text("", passage)) for passage in split_up]
    embeddings = dict(embedder.embed(texts))
    for place, passage in enumerate(split_up):
        hit = Hit(1, 1.0, passage, document.metadata, None, None, 0.0, 1)
        yield tuple(
            Sentence(
                hit,
                ordinal,
                span,
                span.of(text),
                None,
                frozenset(words.terms(span.of(text), "en")),
                frozenset(),
                embeddings[place].sentences[ordinal],
            )
            for ordinal, span in enumerate(passage.sentences)
        )


def _row(row: dict[str, Any], embedder: Embedder) -> Row:
    passages = tuple(
        found for number, text in enumerate(row["references"]) for found in passages_of(number, text, embedder)
    )
    return Row(row["src"], row["claim"], passages, embedder.embed_passage(row["claim"]), row["label"] == 1)


def _embedded(span: Span, sentences: Sequence[Span], text: str) -> Text:
    lead = len(text) - (span.end - span.start)
    return Text(text, tuple(Span(each.start - span.start + lead, each.end - span.start + lead) for each in sentences))


def _known(row: Row) -> frozenset[str]:
    texts = [sentence.text for passage in row.passages for sentence in passage]
    return frozenset(word for text in texts for word in text.split() if word.islower())


def main() -> None:
    """Measure and print."""
    path, work, *model = sys.argv[1:]
    found = rows(Path(path), Path(work))
    report("built-in checks", found, judged(found, [None] * len(found)))
    if model:
        report("with the CrossEncoder", found, judged(found, judges(model[0], len(found))))


if __name__ == "__main__":
    main()
