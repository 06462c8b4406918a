from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.answering.answer import Answer, Turn
from bot.errors import BadQuestionSet
from bot.evaluation import evaluation, question_sets, set_corpus
from bot.evaluation.halves import Half
from bot.settings import Settings
from index.documents import Span
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot import samples

MOON = {"id": "a/1", "title": "The moon", "text": samples.TEXT, "date": "2025-08-28T10:00:00", "url": "", "lang": "en"}


def asked(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "text": f"What of {id}?", "answers": ["rock"], "answerable": True, "evidence": [], **more}


def about_the_moon(id: str, **more: Any) -> dict[str, Any]:
    return asked(id, evidence=[{"doc": "a/1", "quote": samples.QUOTE}], **more)


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_folder_is_a_set_of_its_own_name_and_so_is_every_folder_below(tmp_path: Path) -> None:
    write(tmp_path / "all/one/queries.jsonl", asked("q"))
    write(tmp_path / "all/queries.jsonl", asked("q"))
    write(tmp_path / "all/one/corpus.jsonl", MOON)

    sets = question_sets.find(tmp_path / "all")

    assert [(one.name, one.corpus) for one in sets] == [
        ("all", None),
        ("all/one", tmp_path / "all/one/corpus.jsonl"),
    ]


def test_variants_meet_the_corpus_of_their_own_name(tmp_path: Path) -> None:
    for variant in ("en", "zh"):
        write(tmp_path / f"set/queries.{variant}.jsonl", asked("q"))
        write(tmp_path / f"set/corpus.{variant}.jsonl", MOON)

    sets = question_sets.find(tmp_path / "set")

    assert [(one.name, one.corpus and one.corpus.name) for one in sets] == [
        ("set.en", "corpus.en.jsonl"),
        ("set.zh", "corpus.zh.jsonl"),
    ]


def test_qrels_of_two_variants_ask_one_of_the_other(tmp_path: Path) -> None:
    write(tmp_path / "set/queries.en.jsonl", asked("q"))
    write(tmp_path / "set/corpus.zh.jsonl", MOON)
    (tmp_path / "set/qrels.en-zh.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta/1\t2\nq\tb\t0\n")

    (one,) = question_sets.find(tmp_path / "set")

    assert one.name == "set.en-zh"
    assert one.questions[0].grades == {"a/1": 2}


def test_without_qrels_the_evidence_is_what_should_be_found(tmp_path: Path) -> None:
    write(tmp_path / "set/queries.jsonl", about_the_moon("q", candidates=["c"]))

    (question,) = question_sets.find(tmp_path / "set")[0].questions

    assert question.grades == {"a/1": 1}
    assert question.related == {"a/1", "c"}


def test_a_history_becomes_the_conversation(tmp_path: Path) -> None:
    history = [{"speaker": "user", "text": "Who?"}, {"speaker": "agent", "text": "He."}]
    write(tmp_path / "set/queries.jsonl", asked("q", history=history))

    (question,) = question_sets.find(tmp_path / "set")[0].questions

    assert question.conversation == (Turn("user", "Who?"), Turn("assistant", "He."))


def test_a_set_can_be_asked_of_the_documents_of_another(tmp_path: Path) -> None:
    write(tmp_path / "frames/queries.jsonl", asked("q"))
    write(tmp_path / "squad/corpus.jsonl", MOON)

    (one,) = question_sets.find(tmp_path / "frames", tmp_path / "squad")

    assert (one.name, one.corpus) == ("frames against squad", tmp_path / "squad/corpus.jsonl")


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("nothing.txt", "", r"there is no queries\*\.jsonl in .*set or below it"),
        ("queries.jsonl", "{", r"queries\.jsonl, line 1: this is not JSON"),
        ("queries.jsonl", '{"id": 1, "text": "x"}', r'queries\.jsonl, line 1: "id" and "text" must be strings'),
        ("queries.jsonl", '{"id": "q", "text": "x", "evidence": 3}', r"queries\.jsonl: the question q is not"),
    ],
)
def test_a_set_that_makes_no_sense_is_refused_in_one_line(
    file: str, content: str, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / file).write_text(content)

    with pytest.raises(BadQuestionSet, match=complaint):
        question_sets.find(tmp_path / "set")


@pytest.mark.parametrize(
    ("id", "name"),
    [("sq-0-1", "sq-0-1.txt"), ("zh:1#2", "zh%3A1%232.txt"), ("a/b", "a%2Fb.txt"), ("..", "%2E..txt")],
)
def test_a_document_is_filed_under_its_percent_encoded_id(id: str, name: str) -> None:
    assert set_corpus.source(id) == name


def test_a_very_long_id_still_makes_a_file_name() -> None:
    assert len(set_corpus.source("x" * 1000)) < 255
    assert set_corpus.source("x" * 1000) != set_corpus.source("x" * 1001)


def test_documents_are_written_out_with_front_matter_and_their_very_text(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", {**MOON, "text": "  one\r\n\ntwo ", "title": 'A "b": c'})

    set_corpus.export(tmp_path / "corpus.jsonl", tmp_path / "out/corpus")

    (file,) = (tmp_path / "out/corpus").iterdir()
    assert file.read_bytes() == (b"---\ntitle: 'A \"b\": c'\npublished: 2025-08-28\nlanguage: en\n---\n  one\r\n\ntwo ")


def test_documents_are_written_only_when_the_set_changed_and_those_that_are_gone_are_deleted(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus.jsonl", tmp_path / "out/corpus"
    write(corpus, MOON, {**MOON, "id": "b"})
    set_corpus.export(corpus, out)
    (out / "b.txt").write_text("touched")

    set_corpus.export(corpus, out)
    assert (out / "b.txt").read_text() == "touched"

    write(corpus, MOON)
    set_corpus.export(corpus, out)
    assert [path.name for path in out.iterdir()] == ["a%2F1.txt"]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    """Hold the moon under the name by which an exported set files it."""
    found = FakeLibrary(samples.document("a%2F1.txt"), samples.document("other.txt"))
    monkeypatch.setattr(evaluation, "open_library", lambda settings: found)
    return found


def score(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: Answer, *rows: dict[str, Any], limit: int | None = None
) -> tuple[evaluation.Score, FakeAnswerer]:
    answerer = FakeAnswerer(given)
    monkeypatch.setattr(evaluation, "open_answerer", lambda library, settings: answerer)
    write(tmp_path / "set/queries.jsonl", *rows)
    write(tmp_path / "set/corpus.jsonl", MOON)
    settings = Settings(data=tmp_path / "data")
    errors = Console(file=StringIO())
    (result,) = evaluation.evaluate(question_sets.find(tmp_path / "set"), settings, limit, errors)
    return result, answerer


@pytest.fixture
def moon_answer() -> Iterator[Answer]:
    yield samples.answer(samples.document("a%2F1.txt"))


def test_a_right_answer_scores_full_marks(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result, answerer = score(monkeypatch, tmp_path, moon_answer, about_the_moon("q"))

    assert answerer.is_closed
    assert (result.questions, result.answerable) == (1, 1)
    assert (result.ndcg_10, result.recall_5, result.hit_1) == (1, 1, 1)
    assert (result.answer_found, result.answerable_refused, result.citations_valid) == (1, 0, 1)
    assert result.unanswerable_refused is None
    assert library.searched[0][1] >= 50
    assert library.is_closed


def test_the_documents_of_a_set_are_never_published(
    moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[Settings] = []
    found = FakeLibrary(samples.document("a%2F1.txt"))

    def opens(settings: Settings) -> FakeLibrary:
        opened.append(settings)
        return found

    monkeypatch.setattr(evaluation, "open_library", opens)
    monkeypatch.setenv("FOOTNOTE_GENERATIONS", "s3://community/index")

    score(monkeypatch, tmp_path, moon_answer, about_the_moon("q"))

    assert [one.generations for one in opened] == [None]


def test_a_document_is_found_under_the_name_of_its_copy(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (id_, moon), *_ = library.documents.items()
    library.documents[id_] = replace(moon, metadata=replace(moon.metadata, also=("b.txt", "c.txt")))
    rows = (asked("q", evidence=[{"doc": "b"}]), asked("r", evidence=[{"doc": "c"}, {"doc": "a/1"}]))
    result, _ = score(monkeypatch, tmp_path, moon_answer, *rows)

    assert (result.answerable, result.ndcg_10, result.recall_5, result.hit_1) == (2, 1, 1, 1)


def test_a_question_whose_documents_are_not_indexed_should_be_refused(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result, _ = score(monkeypatch, tmp_path, moon_answer, asked("q"), asked("r", evidence=[{"doc": "gone"}]))

    assert (result.answerable, result.unanswerable_refused, result.ndcg_10) == (0, 0, None)


def test_a_question_counts_as_answerable_only_if_it_says_so(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = (about_the_moon("q", answerable=False), about_the_moon("r"))
    result, _ = score(monkeypatch, tmp_path, samples.refusal(), *rows)

    assert (result.answerable, result.answerable_refused, result.unanswerable_refused) == (1, 1, 1)
    assert result.answer_found == 0


def test_an_answer_that_stands_below_the_first_statement_counts_for_all_but_not_for_the_first(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (said,) = moon_answer.statements
    later = replace(moon_answer, statements=(replace(said, text="Cats sleep."), said))
    result, _ = score(monkeypatch, tmp_path, later, about_the_moon("q"))

    assert (result.answer_first, result.answer_found, result.statements) == (0, 1, 2)


def test_confidence_that_does_not_part_the_answerable_from_the_others_is_worth_a_half(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = (about_the_moon("q"), about_the_moon("r", answerable=False))
    result, _ = score(monkeypatch, tmp_path, moon_answer, *rows)

    assert (result.auroc, result.refused_at_5, result.refused_at_10) == (0.5, 0, 0)
    assert result.calibration_error == pytest.approx(abs(moon_answer.confidence - 0.5))


def test_only_the_questions_of_one_half_are_asked(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(evaluation, "open_answerer", lambda library, settings: FakeAnswerer(moon_answer))
    write(tmp_path / "set/queries.jsonl", *(about_the_moon(id_) for id_ in "abef"))
    write(tmp_path / "set/corpus.jsonl", MOON)
    sets, settings = question_sets.find(tmp_path / "set"), Settings(data=tmp_path / "data")
    halves = [evaluation.evaluate(sets, settings, None, Console(file=StringIO()), half)[0] for half in Half]

    assert [half.questions for half in halves] == [2, 2]


@pytest.mark.parametrize("answers", [[], ["yes"], ["No."], ["a rock " * 11]])
def test_a_gold_answer_that_cannot_be_looked_for_is_not_counted(
    answers: list[str],
    library: FakeLibrary,
    moon_answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    result, _ = score(monkeypatch, tmp_path, moon_answer, about_the_moon("q", answers=answers))

    assert result.answer_found is None


def test_a_quote_that_does_not_stand_at_its_span_is_found_out(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forged = replace(moon_answer, citations=(replace(moon_answer.citations[0], span=Span(0, 3)),))

    assert score(monkeypatch, tmp_path, forged, about_the_moon("q"))[0].citations_valid == 0.5


def test_a_statement_without_a_citation_is_found_out(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = replace(moon_answer, citations=())

    assert score(monkeypatch, tmp_path, bare, about_the_moon("q"))[0].citations_valid == 0


def test_a_limit_takes_questions_from_all_over_the_set(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [about_the_moon(f"q{number}") for number in range(10)]

    _, answerer = score(monkeypatch, tmp_path, moon_answer, *rows, limit=3)

    assert [text for text, _, _ in answerer.asked] == ["What of q0?", "What of q3?", "What of q6?"]


def test_the_last_turn_is_searched_and_the_conversation_is_asked(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = about_the_moon("q", history=[{"speaker": "user", "text": "Hello?"}])

    _, answerer = score(monkeypatch, tmp_path, moon_answer, row)

    assert library.searched[0][0] == "What of q?"
    assert answerer.asked[0][:2] == ("What of q?", (Turn("user", "Hello?"),))


def test_a_follow_up_is_searched_once_more_with_what_it_leans_on(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = about_the_moon("q", history=[{"speaker": "user", "text": "Who went to Luna?"}]) | {"text": "When was that?"}

    result, _ = score(monkeypatch, tmp_path, moon_answer, row)

    assert [text for text, *_ in library.searched] == ["When was that?", "(went Luna): When was that?"]
    assert result.ndcg_10_conversation == 1


def test_where_no_question_has_a_conversation_nothing_is_said_of_conversations(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result, _ = score(monkeypatch, tmp_path, moon_answer, about_the_moon("q"))

    assert result.ndcg_10_conversation is None
    assert len(library.searched) == 1


@pytest.mark.parametrize(("reached", "shown"), [(None, False), (0.5, True)])
def test_the_column_of_conversations_is_shown_where_a_set_has_some(
    reached: float | None,
    shown: bool,
    library: FakeLibrary,
    moon_answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    result, _ = score(monkeypatch, tmp_path, moon_answer, about_the_moon("q"))
    console = Console(file=StringIO(), width=100)

    evaluation.show(console, [result, replace(result, ndcg_10_conversation=reached)])

    assert isinstance(console.file, StringIO)
    assert ("in conversation" in console.file.getvalue()) == shown


def test_the_tables_have_a_row_for_each_set_and_a_dash_for_what_cannot_be_told(
    library: FakeLibrary, moon_answer: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result, _ = score(monkeypatch, tmp_path, moon_answer, asked("q"))
    console = Console(file=StringIO(), width=120)

    evaluation.show(console, [result])

    assert isinstance(console.file, StringIO)
    rows = [line.replace("│", " ").split() for line in console.file.getvalue().splitlines() if line.startswith("│ set")]
    assert rows[0] == ["set", "1", "0", "–", "–", "–", "–"]
    assert rows[1][:6] == ["set", "–", "–", "1.0", "–", "0.0%"]
    assert rows[2] == ["set", "–", "–", "–", "0.900"]


def test_the_example_sets_name_documents_of_the_corpus() -> None:
    root = Path(__file__).parents[4]

    plain, chinese, typed = question_sets.find(root / "tests/questions")

    assert (len(plain.questions), len(chinese.questions), len(typed.questions)) == (111, 20, 60)
    for one in (plain, chinese, typed):
        assert one.corpus is None
        named = {source for question in one.questions for source in question.related}
        assert named
        assert all((root / "corpus" / source).is_file() for source in named)
