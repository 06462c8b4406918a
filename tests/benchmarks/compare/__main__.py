"""`python -m tests.benchmarks.compare PYTHON FOLDER …`: Footnote beside the others, as one table.

PYTHON is the interpreter of an environment that has the other systems, each FOLDER a question set. What the systems
find is measured on all sets, what they cost on the first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from index.models.model import DEFAULT_MODEL, find_model
from tests.benchmarks.compare import sets
from tests.benchmarks.compare.measuring import STEPS
from tests.benchmarks.compare.sets import ComparedSet
from tests.benchmarks.compare.system import NAMES, OURS
from tests.benchmarks.compare.table import Measured, table


def main() -> None:
    asked = _arguments()
    compared = [sets.read(folder, asked.questions) for folder in asked.folders]
    quality: dict[str, list[float]] = {f"nDCG@10, {one.name}, {len(one.questions):,} questions": [] for one in compared}
    measured: list[Measured] = []
    for system in asked.systems:
        python = sys.executable if system == OURS else asked.python
        for number, (one, values) in enumerate(zip(compared, quality.values(), strict=True)):
            found = _measure(system, python, one, tuple(STEPS) if number == 0 else ("index", "serve"))
            values.append(one.ndcg_10(found["serve"].pop("found")))
            measured += [found] if number == 0 else []
    sys.stdout.write(table([NAMES[system] for system in asked.systems], quality, measured) + "\n")


def _measure(system: str, python: str, one: ComparedSet, steps: tuple[str, ...]) -> Measured:
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        home = Path(folder) / one.name
        one.write(home)
        (home / "store").mkdir()
        return {step: _step(step, system, python, home) for step in steps}


def _step(step: str, system: str, python: str, home: Path) -> dict[str, Any]:
    model = str(find_model(DEFAULT_MODEL).folder)
    command = [python, "-m", "tests.benchmarks.compare.measuring", step, system, str(home), model]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    told = {name: value for name, value in measured.items() if name != "found"}
    sys.stderr.write(f"{home.name}, {NAMES[system]}, {step}: {told}\n")
    return measured


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.compare", description=__doc__)
    parser.add_argument("python", help="the interpreter that has the other systems")
    parser.add_argument("folders", nargs="+", type=Path, help="question sets, the first for what the systems cost")
    parser.add_argument("--questions", type=int, default=500, help="at most so many questions of each set")
    parser.add_argument("--systems", nargs="+", choices=NAMES, default=list(NAMES), help="only these systems")
    return parser.parse_args()


if __name__ == "__main__":
    main()
