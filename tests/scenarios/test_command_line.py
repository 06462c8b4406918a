"""Whole journeys through the command `footnote`, as a newcomer types it: child processes, files and pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from index.store.data_folder import DataFolder
from tests.conftest import Shelf
from tests.scenarios.conftest import QUESTIONS, SAMPLE, VALLEY, FirstUse, Footnote, Json, questions

DOCUMENTS = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file())
DOCUMENT = ["id", "title", "source"]
HIT = ["rank", "score", "passage", "document", "text", "start", "end", "page", "place", "heading"]
SEARCH = ["id", "query", "generation", "hits"]
CITATION = ["number", "passage", "document", "quote", "start", "end", "page", "place", "heading", "link"]
ANSWER = [
    "id",
    "question",
    "status",
    "text",
    "statements",
    "citations",
    "nearest",
    "confidence",
    "generation",
    "timings_ms",
]
# What /help writes first and last tells where the reply to the line before it ends.
HELP_BEGINS, HELP_ENDS = "Ask in your own words", "  /quit"


def test_the_first_command_builds_the_index_and_says_so_on_standard_error(first_use: FirstUse) -> None:
    steps = first_use.done.stderr.splitlines()

    documents = len(DOCUMENTS)
    assert steps[:3] == [f"reading ({documents})", f"indexing ({documents})", "checking (1)"]
    assert steps[3].startswith(f"Index 1: {documents} added; ")
    assert DataFolder(first_use.data).current() == 1


def test_a_batch_from_a_file_has_one_line_of_json_for_each_question_in_order(first_use: FirstUse) -> None:
    lines = [json.loads(line) for line in first_use.done.stdout.splitlines()]

    assert first_use.done.returncode == 0
    assert [line["id"] for line in lines[: len(questions())]] == [item["id"] for item in questions()]
    assert [line["question"] for line in lines[: len(questions())]] == [item["text"] for item in questions()]


def test_the_json_of_ask_has_exactly_the_keys_of_the_design(first_use: FirstUse) -> None:
    for answer in first_use.answers.values():
        assert [key for key in answer if key != "false_premise"] == ANSWER  # only where a figure is contradicted
        assert all(list(statement) == ["text", "citations", "answer"] for statement in answer["statements"])
        assert all(list(citation) == CITATION for citation in answer["citations"])
        assert all(list(hit) == HIT for hit in answer["nearest"])
        assert all(list(found["document"]) == DOCUMENT for found in [*answer["citations"], *answer["nearest"]])


def test_one_question_answered_as_json_is_the_same_as_in_a_batch(footnote: Footnote, first_use: FirstUse) -> None:
    asked = questions()[0]

    done = footnote("ask", asked["text"], "--json", "--corpus", SAMPLE, "--data", first_use.data)

    (line,) = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert _but(json.loads(line), "id", "timings_ms") == _but(first_use.answers[asked["id"]], "id", "timings_ms")
    assert json.loads(line)["id"] is None


def test_a_batch_from_standard_input_goes_on_after_a_line_that_cannot_be_asked(
    footnote: Footnote, first_use: FirstUse
) -> None:
    lines = [
        '{"id": 1, "text": "H20 sales"}',
        "no json",
        '{"id": "e", "text": " "}',
        "",
        '{"id": 2, "text": "Guo Jiakun"}',
    ]

    done = footnote(
        "search", "-k", "3", "--batch", "-", "--corpus", SAMPLE, "--data", first_use.data, stdin="\n".join(lines)
    )

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line["id"] for line in found] == [1, None, "e", 2]
    assert [list(line) for line in found] == [SEARCH, ["id", "error"], ["id", "error"], SEARCH]
    assert "line 2" in found[1]["error"]
    assert "the question is empty" in found[2]["error"]
    for hits in (found[0]["hits"], found[3]["hits"]):
        assert [list(hit) for hit in hits] == [HIT] * 3
        assert [hit["rank"] for hit in hits] == [1, 2, 3]
        assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_asking_starts_neither_torch_nor_transformers(footnote: Footnote, first_use: FirstUse) -> None:
    program = (
        "import sys; from bot.__main__ import run; "
        f"code = run(['ask', 'What is the H20?', '--corpus', {str(SAMPLE)!r}, '--data', {str(first_use.data)!r}]); "
        "sys.exit(code or ' '.join({'torch', 'transformers', 'scipy'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout


def test_search_finds_the_passage_below_its_heading(footnote: Footnote, first_use: FirstUse) -> None:
    done = footnote(
        "search", "--json", "-k", "1", "H20 sales, quarter by quarter", "--corpus", SAMPLE, "--data", first_use.data
    )

    found = json.loads(done.stdout)
    assert (done.returncode, list(found)) == (0, SEARCH)
    assert found["hits"][0]["document"]["source"] == "nvidia-china/h20-chip-in-2025.md"
    assert "$4.6 billion" in found["hits"][0]["text"]


def test_sources_lists_every_document_as_json(footnote: Footnote, first_use: FirstUse) -> None:
    done = footnote("sources", "--json", "--corpus", SAMPLE, "--data", first_use.data)

    listed = json.loads(done.stdout)["sources"]
    assert done.returncode == 0
    assert [record["source"] for record in listed] == DOCUMENTS
    assert {record["published"] for record in listed if record["url"]} == {"2025-11-20"}


def test_a_refresh_of_what_did_not_change_makes_nothing_new(footnote: Footnote, first_use: FirstUse) -> None:
    done = footnote("refresh", "--json", "--corpus", SAMPLE, "--data", first_use.data)

    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert (report["generation"], report["embedded"], report["unchanged"]) == (1, 0, len(DOCUMENTS))
    assert report["added"] == report["changed"] == report["removed"] == report["failed"] == []


def test_a_refresh_while_another_one_writes_ends_with_75_and_one_line(footnote: Footnote, first_use: FirstUse) -> None:
    with DataFolder(first_use.data).lock():
        done = footnote("refresh", "--corpus", SAMPLE, "--data", first_use.data)

    assert done.returncode == 75
    assert done.stderr.splitlines()[-1].startswith("footnote: ")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", "the question is empty"),
        ("why " * 501, "the question has 2,003 characters: at most 2,000 are accepted"),
        ("What is\x1b[31m the H20?", "the question holds a character that is not text (U+001B)"),
    ],
)
def test_what_is_no_question_ends_with_1_and_one_line(footnote: Footnote, question: str, complaint: str) -> None:
    done = footnote("ask", question)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"footnote: {complaint}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "Who?", "--batch", str(QUESTIONS)],
        ["search", "-k", "0", "H20"],
        ["sing"],
        ["ask", "--loud", "Who?"],
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(footnote: Footnote, arguments: list[str]) -> None:
    done = footnote(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_corpus_that_is_not_there_ends_with_1_and_one_line(footnote: Footnote, tmp_path: Path) -> None:
    done = footnote("sources", "--corpus", tmp_path / "none", "--data", tmp_path / "data")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("footnote: the corpus folder ")
    assert len(done.stderr.splitlines()) == 1


def test_a_conversation_reads_one_line_at_a_time_and_notices_what_a_refresh_changed(
    footnote: Footnote, changing_valley: Shelf, tmp_path: Path
) -> None:
    question = "What does a ticket for the clock museum cost?"

    with _chat(footnote, changing_valley, tmp_path / "stderr") as (process, say):
        first = say(question)
        follow_up = say("And who built its oldest clock?")
        listed = say("/sources")
        found = say("/search rowing boats")
        unasked = [say(line) for line in ("w" * 2001, "What\x07 is this?", "/sing")]
        refused = say("What is the boiling point of ethanol?")
        changing_valley.put("museum.html", VALLEY["museum.html"].replace("8.50", "9.75"))
        refreshed = say("/refresh")
        second = say(question)
        output, _ = process.communicate("/quit\nWho is never heard?\n")

    complaints = (tmp_path / "stderr").read_text(encoding="utf-8").splitlines()
    assert (output, process.returncode) == ("", 0)
    assert "A ticket for adults costs 8.50 euros. [1]\n" in first
    assert "Visiting the clock museum › Tickets" in first or "Visiting the clock museum · Tickets" in first
    assert "https://museum.example/visit#:~:text=" in first
    assert "Cornelia Vos" in follow_up
    assert [source for source in VALLEY if source not in listed] == []
    assert found.startswith("1.  Rules of the rowing club")
    assert unasked == ["", "", ""]
    assert refused.startswith("Not in the documents.\n\nNearest, not an answer\n")
    assert refreshed.startswith("Index 2: 1 changed, 3 unchanged; ")
    assert "9.75 euros" in second
    assert "8.50" not in second
    assert complaints[:3] == [
        "the question has 2,001 characters: at most 2,000 are accepted",
        "the question holds a character that is not text (U+0007)",
        "there is no command /sing: /help lists what there is",
    ]


@contextmanager
def _chat(
    footnote: Footnote, shelf: Shelf, complaints: Path
) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], str]]]:
    """Start a conversation with pipes; give it, and what says a line to it and returns the reply."""
    with (
        complaints.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [footnote.command, "chat", "--corpus", str(shelf.corpus), "--data", str(shelf.data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            cwd=footnote.home,
            env=footnote.environment,
        ) as process,
    ):
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def say(line: str) -> str:
            stdin.write(f"{line}\n/help\n")
            stdin.flush()
            reply = ""
            while (written := stdout.readline()) and not written.startswith(HELP_BEGINS):
                reply += written
            while written and not written.startswith(HELP_ENDS):
                written = stdout.readline()
            assert stdout.readline() == "\n", reply
            return reply.removesuffix("\n")

        watch = Timer(300, process.kill)
        watch.start()
        try:
            yield process, say
        finally:
            watch.cancel()
            process.kill()


def _but(answer: Json, *names: str) -> Json:
    return {name: value for name, value in answer.items() if name not in names}
