"""Starting: a command from a cold process, against importing sentence-transformers and loading the model."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from index.models.model import DEFAULT_MODEL, find_model

RUNS = 5
FOOTNOTE = str(Path(sys.executable).with_name("footnote"))
LOAD = (
    "import sys; from sentence_transformers import SentenceTransformer; SentenceTransformer(sys.argv[1], device='cpu')"
)


def test_a_cold_answer_takes_half_of_the_time_of_loading_the_model_in_torch(tmp_path: Path) -> None:
    folders = _folders(tmp_path)
    ask = [FOOTNOTE, "ask", "How much did Nvidia sell in China in the third quarter?", *folders]
    load = [sys.executable, "-c", LOAD, str(find_model(DEFAULT_MODEL).folder)]
    loading, answering = _seconds(load), _seconds(ask)

    sys.stdout.write(
        f"\ncold ask {answering:.2f} s; importing and loading {loading:.2f} s ({answering / loading:.2f} times)\n"
    )
    assert answering <= 0.5 * loading


def test_commands_that_need_no_model_start_within_half_a_second(tmp_path: Path) -> None:
    folders = _folders(tmp_path)
    times = {
        "--version": _seconds([FOOTNOTE, "--version"]),
        "--help": _seconds([FOOTNOTE, "--help"]),
        "sources": _seconds([FOOTNOTE, "sources", *folders]),
    }

    sys.stdout.write("\n" + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in times.items()) + "\n")
    assert max(times.values()) <= 0.5


def _folders(tmp_path: Path) -> list[str]:
    shutil.copytree("corpus", tmp_path / "corpus")
    folders = ["--corpus", str(tmp_path / "corpus"), "--data", str(tmp_path / "data")]
    subprocess.run([FOOTNOTE, "refresh", *folders], check=True, capture_output=True)
    return folders


def _seconds(command: list[str]) -> float:
    """Return the median time of a command, after one run that fills the caches of the disk."""
    times = []
    for _ in range(RUNS + 1):
        started = perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(perf_counter() - started)
    return statistics.median(times[1:])
