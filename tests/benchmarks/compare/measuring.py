"""One step of one system, in a process of its own: `python -m …compare.measuring STEP SYSTEM HOME MODEL`.

HOME holds `documents` and `questions.json`, and the system's index in `store`. What is measured is printed as JSON, in
the last line. Seconds are those of a processor, of this process and all that came of it, from its start on.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from tests.benchmarks.compare.system import System, open_system
from tests.benchmarks.processes import children, cpu_seconds, resident_megabytes

ANSWERED = 100
# The first changes are not counted: they prepare what the next ones stand on.
PREPARING, CHANGES = 2, 3
CHANGED = "A zymurgist named Quillon keeps {number} hedgehogs in a lighthouse near Vardø."


def index(system: System, home: Path) -> dict[str, Any]:
    """Index the documents, and tell how many passages that made and what it took, with loading the model."""
    passages = system.index(home / "documents")
    return {"passages": passages, "seconds": cpu_seconds()}


def serve(system: System, home: Path) -> dict[str, Any]:
    """Ask every question: what the first one took with the start, what one took after that, memory, and the findings.

    What one takes is the median, of this process alone: none leaves anything to children. `answer_seconds` is what an
    answer takes, None where the system makes none without a chat model.
    """
    questions: dict[str, str] = json.loads((home / "questions.json").read_text())
    system.search(next(iter(questions.values())))
    cold = cpu_seconds()
    found, searched = {}, []
    for id, text in questions.items():
        before = process_time()
        found[id] = system.search(text)
        searched.append(process_time() - before)
    megabytes = sum(map(resident_megabytes, [os.getpid(), *children()]))
    some = list(questions.values())[:ANSWERED]
    answered = []
    for question in some if system.answer(some[0]) else ():
        before = process_time()
        system.answer(question)
        answered.append(process_time() - before)
    return {
        "cold_seconds": cold,
        "query_seconds": median(searched),
        "answer_seconds": median(answered) if answered else None,
        "megabytes": megabytes,
        "found": found,
    }


def change(system: System, home: Path) -> dict[str, Any]:
    """Write one file anew a few times, and tell what taking it in took, and whether the old text is still found."""
    questions: dict[str, str] = json.loads((home / "questions.json").read_text())
    system.search(next(iter(questions.values())))
    file = min((home / "documents").iterdir())
    old, taken = file.read_text(), []
    for number in range(PREPARING + CHANGES):
        file.write_text(CHANGED.format(number=number))
        before = cpu_seconds()
        system.change(file)
        taken.append(cpu_seconds() - before)
    finds_new = system.search(file.read_text())[0] == file.name
    finds_old = system.search(old)[0] == file.name
    return {"seconds": median(taken[PREPARING:]), "finds_new": finds_new, "finds_old": finds_old}


def forget(system: System, home: Path) -> dict[str, Any]:
    """Delete a file, index again, and tell whether it is still found."""
    file = max((home / "documents").iterdir())
    text = file.read_text()
    file.unlink()
    system.index(home / "documents")
    return {"finds_deleted": file.name in system.search(text)}


STEPS: dict[str, Callable[[System, Path], dict[str, Any]]] = {
    "index": index,
    "serve": serve,
    "change": change,
    "repeat": index,
    "forget": forget,
}


def main(step: str, name: str, home: str, model: str) -> None:
    measured = STEPS[step](open_system(name, Path(home) / "store", Path(model)), Path(home))
    sys.stdout.write("\n" + json.dumps(measured) + "\n")


# Footnote's children import this module too.
if __name__ == "__main__":
    main(*sys.argv[1:])
