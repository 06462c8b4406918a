from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from index.access import NOBODY, OPERATOR
from index.documents import Filter
from index.errors import IndexMissing
from index.library import Library
from index.retriever import LibraryRetriever
from tests.conftest import Shelf

PAGE = Path(__file__).parents[3] / "docs" / "langchain.md"
QUESTION = "Who leads Nvidia?"


@pytest.fixture(scope="module")
def retriever(articles: Library) -> LibraryRetriever:
    return LibraryRetriever(library=articles, viewer=OPERATOR)


def test_it_finds_what_the_library_finds_in_its_order(retriever: LibraryRetriever, articles: Library) -> None:
    found = articles.search(QUESTION, OPERATOR)
    documents = retriever.invoke(QUESTION)
    assert [document.id for document in documents] == [hit.passage.id for hit in found.hits]
    assert [(document.metadata["rank"], document.metadata["score"]) for document in documents] == [
        (hit.rank, hit.score) for hit in found.hits
    ]


def test_the_content_is_the_exact_text_at_its_span(retriever: LibraryRetriever, articles: Library) -> None:
    for document in retriever.invoke("China"):
        metadata = document.metadata
        whole = articles.document(metadata["document"], OPERATOR).text
        assert whole[metadata["start"] : metadata["end"]] == document.page_content


def test_the_metadata_says_all_that_a_citation_needs_as_plain_json(
    retriever: LibraryRetriever, articles: Library
) -> None:
    best = retriever.invoke("What licence does the H20 need?")[0]
    hit = articles.search("What licence does the H20 need?", OPERATOR).hits[0]
    assert json.loads(json.dumps(best.metadata)) == best.metadata
    assert best.metadata == {
        "passage": hit.passage.id,
        "document": hit.document.id,
        "title": "The H20 in April",
        "source": "chips/h20.md",
        "url": None,
        "start": hit.passage.span.start,
        "end": hit.passage.span.end,
        "page": None,
        "place": None,
        "place_number": None,
        "place_label": None,
        "heading": ["Licence"],
        "score": hit.score,
        "rank": 1,
        "generation": 1,
    }


def test_it_finds_ten_passages_unless_told_how_many(retriever: LibraryRetriever, articles: Library) -> None:
    assert retriever.k == 10
    assert len(LibraryRetriever(library=articles, viewer=OPERATOR, k=2).invoke("China")) == 2
    with pytest.raises(ValidationError):
        LibraryRetriever(library=articles, viewer=OPERATOR, k=0)


def test_it_looks_only_where_it_may(articles: Library) -> None:
    found = LibraryRetriever(library=articles, viewer=OPERATOR, where=Filter(source="chips")).invoke("Jensen Huang")
    assert {document.metadata["source"] for document in found} == {"chips/h20.md", "chips/blackwell.md"}


def test_it_finds_what_its_viewer_sees(shelf: Shelf) -> None:
    shelf.put("corpus.toml", '[[source]]\nname = "corpus"\naccess = { include = ["people/*"], roles = [1] }\n')
    shelf.refresh()
    found = {
        viewer: {each.metadata["source"] for each in LibraryRetriever(library=library, viewer=viewer).invoke(QUESTION)}
        for library in (shelf.library(),)
        for viewer in (NOBODY, OPERATOR)
    }
    assert found[OPERATOR] - found[NOBODY] == {"people/huang.md"}


async def test_it_can_be_awaited(retriever: LibraryRetriever) -> None:
    assert await retriever.ainvoke(QUESTION) == retriever.invoke(QUESTION)


def test_it_can_be_asked_many_things_at_once(retriever: LibraryRetriever) -> None:
    questions = [QUESTION, "China", "What do cats hunt?"] * 3
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


def test_it_is_a_step_of_a_chain(retriever: LibraryRetriever) -> None:
    def titles(documents: list[Document]) -> str:
        return str(documents[0].metadata["title"])

    assert (retriever | RunnableLambda(titles)).invoke(QUESTION) == "Jensen Huang"


def test_where_nothing_is_indexed_it_says_what_to_do(empty_shelf: Shelf) -> None:
    with pytest.raises(IndexMissing, match="footnote refresh"):
        LibraryRetriever(library=empty_shelf.library(), viewer=OPERATOR).invoke(QUESTION)


def test_who_only_opens_a_library_does_not_wait_for_langchain() -> None:
    code = "import sys, index.library, index.serving.gathering, bot.app; sys.exit('langchain_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PAGE.parents[1], check=False).returncode == 0


def test_the_example_of_the_docs_runs_as_it_stands(
    tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_CORPUS", "FOOTNOTE_DATA"):
        monkeypatch.delenv(name, raising=False)
    names: dict[str, Any] = {"__name__": "example"}
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        exec(compile(block, PAGE.name, "exec"), names)
    names["library"].close()

    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("1 The H20 in April | The United States told Nvidia that selling the H20 chip")
    assert "It needs a licence." in printed
    assert "chips/h20.md" in printed
