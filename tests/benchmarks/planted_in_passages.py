"""Measure the whole verifier on planted errors: each statement is held to the passage that its sentence stands in.

    python -m tests.benchmarks.planted_in_passages ../shared/eval [EXAMPLES]

`planted_errors` gives the checks of facts the right sentence. Here the verifier has to pick it, out of a passage that
has other numbers and names in it: a swapped name, say, may stand in the sentence before. With EXAMPLES so many misses
of each kind are printed too.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from bot.answering.quoting.citing import SupportedStatement
from bot.answering.verifying.facts.checking import Context
from bot.answering.verifying.rejection import Rejection
from bot.answering.verifying.verifying import Doubtful, Verifier
from bot.evaluation.question_sets import rows
from index.evidence import Sentence
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, find_model
from tests.benchmarks.attribution import passages_of
from tests.benchmarks.planted_errors import PLANTERS, SEED, SETS, Case, names_in

ENGLISH = ("squad2", "hotpot", "multihoprag", "clapnq")
DOCUMENTS_OF_EACH_SET = 120
_LOWER_CASE = re.compile(r"(?<![\w'])[a-z]+(?![\w'])")


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement in the words of a document, and the passage that it stands in."""

    case: Case
    passage: tuple[Sentence, ...]


def main() -> None:
    """Measure and print."""
    root, examples = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    torch.set_num_threads(1)
    model = find_model(DEFAULT_MODEL)
    embedder = Embedder(model)
    verifier = Verifier(model.rarity, embedder.embed_passage)
    placed = list(_placed(root, embedder))
    rejected = sum(isinstance(_verdict(verifier, each), Rejection) for each in placed)
    print(f"{'sentences as they stand, rejected':34}{len(placed):>8}{rejected / len(placed):>10.1%}")
    for kind, plant in PLANTERS.items():
        chance = random.Random(f"{SEED} {kind}")
        planted = [
            replace(each, case=replace(each.case, statement=text))
            for each in placed
            for text in plant(each.case, chance)
        ]
        passed = [each for each in planted if isinstance(_verdict(verifier, each), SupportedStatement)]
        if planted:
            print(f"{kind + ', caught':34}{len(planted):>8}{1 - len(passed) / len(planted):>10.1%}")
        for each in passed[:examples]:
            print(f"    said:  {each.case.statement}\n    wrote: {each.case.quote}")


def _placed(root: Path, embedder: Embedder) -> Iterator[Placed]:
    """Yield two sentences of the first passage of each document."""
    found = []
    for name in ENGLISH:
        chance = random.Random(f"{SEED} {name}")
        documents = list(rows(root / SETS[name]))
        for document in chance.sample(documents, min(DOCUMENTS_OF_EACH_SET, len(documents))):
            passage = next(passages_of(0, document["text"], embedder), ())
            long_enough = [sentence for sentence in passage if 30 < len(sentence.text) < 400]
            for sentence in chance.sample(long_enough, min(2, len(long_enough))):
                found.append((sentence.text, passage))
    everywhere = sorted({name for text, passage in found for name in names_in(_text(passage))})
    chance = random.Random(SEED)
    for text, passage in found:
        near = tuple(name for name in names_in(_text(passage)) if name not in text)
        far = tuple(chance.choice(everywhere) for _ in range(3))
        yield Placed(Case("", text, text, Context(), near, far), passage)


def _verdict(verifier: Verifier, placed: Placed) -> SupportedStatement | Doubtful | Rejection:
    known = frozenset(_LOWER_CASE.findall(_text(placed.passage)))
    return verifier.verify(placed.case.statement, [placed.passage], known)


def _text(passage: tuple[Sentence, ...]) -> str:
    return " ".join(sentence.text for sentence in passage)


if __name__ == "__main__":
    main()
