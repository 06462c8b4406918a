"""Two corpora for whole journeys: the one that Footnote comes with, and a small mixed one about a valley."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.answering.selecting.confidence import load_confidence
from index.library import Library
from index.models.embedding import Embedder
from tests.conftest import Shelf

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "corpus"
QUESTIONS = REPOSITORY / "tests" / "questions" / "queries.jsonl"
FOLLOW_UP = {
    "id": "follow-up",
    "text": "What did he say on X?",
    "conversation": [
        {"role": "user", "text": "Who is Jensen Huang?"},
        {"role": "assistant", "text": "Jensen Huang is the founder of NVIDIA. [1]"},
    ],
}
AGAIN = "again"

Json = dict[str, Any]

VALLEY = {
    # As a newspaper's article is saved: no front matter, no headings, the address at its end.
    "news/cider.txt": """\
【By Valley News, Ines Roth】On March 4, the cider maker Appelhof released its annual report. In the twelve months \
ending on January 31, its revenue rose by 12% to a record 7.5 million euros.

Appelhof's head of finance Tomas Brandt said that a late frost had destroyed two thirds of the pear harvest. He also \
said that the company would plant 3,000 new trees on the eastern slope before winter.

On June 9, the regional water board announced that Appelhof may no longer draw water from the river Lenne. "The river \
needs a rest," said Petra Holm, who chairs the water board.

Original: https://news.example/articles/1234
""",
    "museum.html": """\
<!doctype html>
<html lang="en">
<head><title>Visiting the clock museum</title><link rel="canonical" href="https://museum.example/visit"></head>
<body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>
<article>
<h1>Visiting the clock museum</h1>
<p>The clock museum stands on the market square of Veldhaven. It opens at nine in the morning from Tuesday to Sunday,
and it is closed on every Monday of the year.</p>
<h2>Tickets</h2>
<p>A ticket for adults costs 8.50 euros. Children under twelve years enter the clock museum without a ticket.</p>
<h2>The oldest clock</h2>
<p>The oldest clock of the museum was built by Cornelia Vos in 1641. Her clock still strikes every hour.</p>
</article>
<footer>Cookies are used on this page.</footer>
</body>
</html>
""",
    "rules.md": """\
---
title: Rules of the rowing club
source: The rowing club of Veldhaven
url: https://rowing.example/rules
published: 2025-02-01
language: en
---

# Rules of the rowing club

The rowing club lends a boat only to members who can swim.

## Fees

| Member | Fee for a year |
| --- | --- |
| Adult | 120 euros |
| Student | 45 euros |

## Boats

- Heron: a boat for four rowers.
- Kingfisher: a boat for two rowers.
""",
    "library.zh.md": """\
---
title: 河湾图书馆
language: zh
---

河湾图书馆于1987年由陈淑芬创立。图书馆藏书约十二万册。图书馆每周一闭馆。
""",
}


@dataclass(frozen=True)
class Footnote:
    """The real command `footnote`, run in an empty folder with no setting but the ones given."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        ours = (
            "FOOTNOTE_",
            "CHROMA_",
            "CHAT_",
            "VERIFIER_",
            "RERANKER_",
            "EMBEDDING_MODEL",
            "DISCORD_TOKEN",
            "LOG_LEVEL",
        )
        return {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(ours) and not name.endswith("_API_KEY")
        }

    @property
    def command(self) -> str:
        return str(Path(sys.executable).with_name("footnote"))

    def __call__(self, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.command, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=self.home,
            env=self.environment,
            timeout=300,
            check=False,
        )


@dataclass(frozen=True)
class FirstUse:
    """What the first command of all, a batch of questions over the sample corpus, wrote and left behind."""

    data: Path
    done: subprocess.CompletedProcess[str]

    @property
    def answers(self) -> dict[str, Json]:
        return {answer["id"]: answer for answer in map(json.loads, self.done.stdout.splitlines())}


def questions() -> list[Json]:
    """Return the questions that come with the sample corpus."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def footnote(tmp_path_factory: pytest.TempPathFactory) -> Footnote:
    return Footnote(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def first_use(footnote: Footnote, tmp_path_factory: pytest.TempPathFactory) -> FirstUse:
    """Every question of the sample corpus, a follow-up, and the first again, asked before anything is indexed."""
    folder = tmp_path_factory.mktemp("first")
    batch = folder / "batch.jsonl"
    asked = [*questions(), FOLLOW_UP, questions()[0] | {"id": AGAIN}]
    batch.write_text("".join(json.dumps(item) + "\n" for item in asked), encoding="utf-8")
    done = footnote("ask", "--batch", batch, "--corpus", SAMPLE, "--data", folder / "data")
    return FirstUse(folder / "data", done)


@pytest.fixture(scope="session")
def sample(first_use: FirstUse, embedder: Embedder) -> Iterator[Library]:
    """Give the library of the sample corpus."""
    shelf = Shelf(first_use.data.parent, embedder)
    yield shelf.library()
    shelf.close()


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    """Give the library of `VALLEY`, for tests that only read."""
    shelf = Shelf(tmp_path_factory.mktemp("valley"), embedder)
    fill(shelf)
    yield shelf.library()
    shelf.close()


@pytest.fixture
def changing_valley(empty_shelf: Shelf) -> Shelf:
    """Return a shelf with `VALLEY` indexed, for tests that change it."""
    fill(empty_shelf)
    return empty_shelf


def fill(shelf: Shelf) -> None:
    for source, text in VALLEY.items():
        shelf.put(source, text)
    shelf.refresh()


def answerer(library: Library) -> Answerer:
    """Return the answerer over a library, put together as `footnote` does."""
    return Answerer(library, load_confidence())
