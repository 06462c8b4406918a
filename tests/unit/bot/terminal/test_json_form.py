from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import ModelUsage, Note, NoteKind
from bot.terminal import json_form
from index.hits import RerankerSkipped
from index.report import ConfiguredSource
from tests.unit.bot import samples


def test_a_search_has_the_fields_of_the_design_in_their_order() -> None:
    form = json_form.search(samples.search("moon"), "q1")

    assert list(form) == ["id", "query", "generation", "hits"]
    (hit,) = form["hits"]
    assert list(hit) == ["rank", "score", "passage", "document", "text", "start", "end", "page", "place", "heading"]
    assert list(hit["document"]) == ["id", "title", "source"]
    assert (form["id"], form["query"], form["generation"]) == ("q1", "moon", 3)
    assert samples.TEXT[hit["start"] : hit["end"]] == hit["text"]


def test_a_search_that_could_not_be_done_as_it_was_meant_says_why() -> None:
    form = json_form.search(replace(samples.search(), notes=(RerankerSkipped(2.5),)))

    assert list(form) == ["id", "query", "generation", "hits", "notes"]
    assert form["notes"] == ["the reranker took longer than 2.5 s and was skipped"]


def test_an_answer_has_the_fields_of_the_design_in_their_order() -> None:
    form = json_form.answer(samples.answer())

    assert list(form) == [
        "id", "question", "status", "text", "statements", "citations", "nearest", "confidence", "generation",
        "timings_ms",
    ]  # fmt: skip
    (citation,) = form["citations"]
    assert list(citation) == [
        "number", "passage", "document", "quote", "start", "end", "page", "place", "heading", "link",
    ]  # fmt: skip
    assert form["statements"] == [{"text": samples.QUOTE, "citations": [1], "answer": None}]
    assert samples.TEXT[citation["start"] : citation["end"]] == citation["quote"]
    assert form["timings_ms"] == {"search": 1.23}
    assert form["status"] == "answered"


def test_an_answer_of_a_chat_model_says_what_it_cost_and_what_went_wrong() -> None:
    written = replace(
        samples.answer(), usage=ModelUsage("openai:any", 1200, 80), notes=(Note(NoteKind.FREE_TEXT, "it was cut off"),)
    )

    form = json_form.answer(written)

    assert list(form)[-2:] == ["written", "notes"]
    assert form["written"] == {"model": "openai:any", "input_tokens": 1200, "output_tokens": 80}
    assert form["notes"] == ["it was cut off"]


def test_a_refusal_carries_its_nearest_passages_and_no_citation() -> None:
    form = json_form.answer(samples.refusal())

    assert (form["status"], form["statements"], form["citations"]) == ("not_found", [], [])
    assert form["nearest"][0]["document"]["source"] == "moon.md"


def test_sources_are_complete_records() -> None:
    asked = datetime(2025, 6, 3, 9, tzinfo=UTC)
    configured = (ConfiguredSource("site", "sitemap", "https://example.org/sitemap.xml", 3, asked, "it is no sitemap"),)
    form = json.loads(json_form.line(json_form.sources((samples.metadata(),), configured)))

    (origin,), (source,) = form["from"], form["sources"]
    assert (origin["name"], origin["kind"], origin["asked"]) == ("site", "sitemap", "2025-06-03T09:00:00+00:00")
    assert (origin["documents"], origin["problem"], source["collection"]) == (3, "it is no sitemap", "corpus")
    assert (source["source"], source["published"], source["language"]) == ("moon.md", "2025-08-28", "en")


def test_a_report_names_what_failed_and_why() -> None:
    form = json.loads(json_form.line(json_form.report(samples.report())))

    assert form["added"] == ["a.md", "b.md"]
    assert form["failed"] == [{"source": "broken.md", "reason": "it is empty", "kept": True}]


def test_text_stays_readable() -> None:
    assert json_form.line({"text": "中国 – ₤"}) == '{"text": "中国 – ₤"}'


@given(st.text(st.characters(exclude_categories=())))
def test_a_line_is_one_line_of_utf_8_and_says_the_same(text: str) -> None:
    line = json_form.line({"text": text})

    assert len(line.splitlines()) == 1
    assert json.loads(line.encode("utf-8")) == {"text": text}
