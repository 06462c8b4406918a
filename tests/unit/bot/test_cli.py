from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot import __main__, app, cli
from bot.answering.answer import Answer, Turn
from bot.answering.selecting.own_calibration import CalibrationFile
from bot.errors import BadQuestionSet
from bot.terminal import conversation
from index.documents import Filter
from index.errors import CorpusMissing, WriterBusy
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot import samples

HEAVY = ("torch", "chromadb", "sentence_transformers", "langchain", "discord")


@pytest.fixture(autouse=True)
def nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_CORPUS", "FOOTNOTE_DATA", "LOG_LEVEL", "EMBEDDING_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    found = FakeLibrary(samples.document(), number=3)
    found.refreshing = lambda _: samples.report()
    monkeypatch.setattr(app, "open_library", lambda settings: found)
    return found


@pytest.fixture
def answerer(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> FakeAnswerer:
    found = FakeAnswerer(samples.answer())
    monkeypatch.setattr(app, "open_answerer", lambda library, settings: found)
    return found


def out(*arguments: str, input: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(cli.app, arguments, input=input)
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.stdout


def test_a_question_gets_an_answer_for_people(answerer: FakeAnswerer) -> None:
    assert out("ask", "What", "is", "it?").startswith("It is made of rock. [1]\n\nSources\n[1] The moon")
    assert answerer.asked[0][0] == "What is it?"


@pytest.mark.parametrize("command", [["ask", "What is it?"], ["chat"]])
def test_what_answers_is_closed_when_the_command_ends(command: list[str], answerer: FakeAnswerer) -> None:
    out(*command)

    assert answerer.is_closed


def test_a_question_gets_an_answer_as_one_line_of_json(answerer: FakeAnswerer) -> None:
    (line,) = out("ask", "What is it?", "--json", "--source", "moon.md").splitlines()

    assert json.loads(line)["status"] == "answered"
    assert answerer.asked[0][2].source == "moon.md"


def test_a_search_passes_its_filters_on(library: FakeLibrary) -> None:
    (line,) = out("search", "moon", "-k", "3", "--since", "2025-01-01", "--until", "2025-12-31", "--json").splitlines()

    ((query, k, where),) = library.searched
    assert (query, k) == ("moon", 3)
    assert (str(where.since), str(where.until), where.source) == ("2025-01-01", "2025-12-31", None)
    assert json.loads(line)["hits"][0]["rank"] == 1


def test_a_batch_gives_one_line_for_each_and_fails_if_one_failed(answerer: FakeAnswerer) -> None:
    lines = '{"id": "a", "text": "one?"}\nnonsense\n{"id": "b", "text": "two?", "conversation": []}\n'

    results = [json.loads(line) for line in out("ask", "--batch", "-", input=lines, code=1).splitlines()]

    assert [result["id"] for result in results] == ["a", None, "b"]
    assert ["error" in result for result in results] == [False, True, False]


def test_a_batch_can_be_a_file_of_searches(library: FakeLibrary, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": 1, "text": "moon"}\n')

    assert json.loads(out("search", "--batch", "queries.jsonl", "-k", "2"))["id"] == 1
    assert library.searched[0][1] == 2


def test_the_index_is_built_on_first_use_and_told_of_on_standard_error(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.number = None

    result = CliRunner().invoke(cli.app, ["sources", "--json"])

    assert library.refreshes == [False]
    assert json.loads(result.stdout)["sources"][0]["source"] == "moon.md"
    assert result.stderr.startswith("reading (1)\nIndex 4: 2 added")
    assert library.is_closed


def test_the_newest_generation_is_taken_over_first_and_what_kept_from_it_is_said(library: FakeLibrary) -> None:
    library.number, library.newer = 6, 7
    library.out_of_touch = "s3://bucket cannot be reached: until then what is here is served"

    result = CliRunner().invoke(cli.app, ["sources"])

    assert not library.refreshes
    assert library.number == 7
    assert result.stderr == "footnote: s3://bucket cannot be reached: until then what is here is served\n"


def test_an_index_that_is_there_is_left_alone(library: FakeLibrary) -> None:
    out("sources")

    assert library.refreshes == []


def test_a_refresh_reports_what_it_did(library: FakeLibrary) -> None:
    assert json.loads(out("refresh", "--json"))["added"] == ["a.md", "b.md"]
    assert out("refresh", "--yes").startswith("Index 4: 2 added")


def test_without_a_command_the_lines_of_standard_input_are_questions(answerer: FakeAnswerer) -> None:
    shown = out(input="What is it?\n\n/search moon\nAnd then?\n/quit\nnever\n")

    assert shown.count("Sources") == 2
    assert [(text, len(turns)) for text, turns, _ in answerer.asked] == [("What is it?", 0), ("And then?", 2)]


def test_a_conversation_remembers_both_sides(answerer: FakeAnswerer, library: FakeLibrary) -> None:
    talk(answerer, library, "What is it?", "And then?")

    assert answerer.asked[1][1] == (Turn("user", "What is it?"), Turn("assistant", "It is made of rock. [1]"))


def test_a_conversation_survives_bad_input(answerer: FakeAnswerer, library: FakeLibrary) -> None:
    shown, complaints = talk(answerer, library, "x" * 2001, "/search", "/nonsense", "\x00", "What is it?")

    assert complaints.splitlines() == [
        "the question has 2,001 characters: at most 2,000 are accepted",
        "the question is empty",
        "there is no command /nonsense: /help lists what there is",
        "the question holds a character that is not text (U+0000)",
    ]
    assert "It is made of rock. [1]" in shown


def test_a_conversation_obeys_its_commands(answerer: FakeAnswerer, library: FakeLibrary) -> None:
    shown, _ = talk(answerer, library, "/sources", "/refresh", "/help")

    assert "moon.md · The moon" in shown
    assert "Index 4: 2 added" in shown
    assert "/search WORDS" in shown
    assert library.refreshes == [False]


def test_ctrl_c_stops_an_answer_and_the_conversation_goes_on(answerer: FakeAnswerer, library: FakeLibrary) -> None:
    stops: list[Future[None]] = []

    def writes(stop: Future[None]) -> Iterator[Answer]:
        stops.append(stop)
        yield samples.written("It is made of.")
        if len(stops) == 1:
            raise KeyboardInterrupt

    answerer.writes = writes
    shown, complaints = talk(answerer, library, "What is it?", "And then?")

    assert complaints == "Stopped.\n"
    assert stops[0].done()
    assert shown.count("Sources") == 1
    assert answerer.asked[1:] == [("And then?", (), Filter())]


def test_ctrl_c_ends_a_question_with_130(answerer: FakeAnswerer) -> None:
    def writes(_: Future[None]) -> Iterator[Answer]:
        yield samples.written("It is made of.")
        raise KeyboardInterrupt

    answerer.writes = writes
    assert __main__.run(["ask", "What is it?"]) == 130


def test_while_an_answer_is_written_a_pipe_gets_nothing(answerer: FakeAnswerer) -> None:
    answerer.writes = lambda _: iter([samples.written("It is cheese.")])
    assert "cheese" not in out("ask", "What is it?")


def talk(answerer: FakeAnswerer, library: FakeLibrary, *lines: str) -> tuple[str, str]:
    shown, complaints = StringIO(), StringIO()
    consoles = Console(file=shown, width=80), Console(file=complaints, width=80)
    conversation.Conversation(library, answerer, *consoles).run(lines)  # type: ignore[arg-type]
    return shown.getvalue(), complaints.getvalue()


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["ask", ""], 1, "footnote: the question is empty"),
        (["ask", "x" * 2001], 1, "footnote: the question has 2,001 characters"),
        (["search", "a\x07"], 1, "footnote: the question holds a character that is not text (U+0007)"),
        (["discord"], 78, "footnote: DISCORD_TOKEN is not set"),
        (["ask"], 2, "footnote: Invalid value: give either a text or --batch FILE"),
        (["ask", "what", "--batch", __file__], 2, "footnote: Invalid value: give either a text or --batch FILE"),
        (["ask", "--batch", "missing.jsonl"], 2, "footnote: Invalid value for '--batch'"),
        (["search", "x", "-k", "0"], 2, "footnote: Invalid value for '-k'"),
        (["search", "x", "--since", "yesterday"], 2, "footnote: Invalid value for '--since'"),
        (["aks"], 2, "footnote: No such command 'aks'. Did you mean 'ask'?"),
        (["--corpus", "x", "ask", "what"], 2, "footnote: Invalid value: --corpus and --data go after the command"),
        (["evaluate", "missing"], 2, "footnote: Invalid value for 'DIR'"),
        (["evaluate", "."], 1, "footnote: there is no queries*.jsonl in"),
        (["ask", "what", "--data", __file__], 1, "footnote: --data: "),
    ],
)
def test_wrong_usage_and_bad_input_are_one_line_and_their_exit_code(
    arguments: list[str], code: int, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.run(arguments) == code

    shown = capsys.readouterr()
    assert shown.err.startswith(complaint)
    assert shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.parametrize(
    ("error", "code", "complaint"),
    [
        (WriterBusy("another refresh is running"), 75, "footnote: another refresh is running\n"),
        (CorpusMissing("the corpus folder\nis gone"), 1, "footnote: the corpus folder is gone\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_inside_a_command_is_one_line_and_its_exit_code(
    error: BaseException,
    code: int,
    complaint: str,
    library: FakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(library, "refresh", failing(error))

    assert __main__.run(["refresh"]) == code
    assert capsys.readouterr().err == complaint
    assert library.is_closed


def test_what_nobody_foresaw_is_one_line_with_a_reference_to_the_journal(
    library: FakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(library, "refresh", failing(ZeroDivisionError("half of nothing")))

    assert __main__.run(["refresh", "--data", "kept/here"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    reference = line.removesuffix(".").split()[-1]
    journal = (tmp_path / "kept/here/footnote.log").read_text()
    assert f"reference {reference}\nTraceback" in journal
    assert "ZeroDivisionError: half of nothing" in journal


def test_where_no_journal_can_be_written_the_traceback_goes_to_standard_error(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(library, "refresh", failing(ZeroDivisionError("half of nothing")))
    Path("data/footnote.log").mkdir(parents=True)

    assert __main__.run(["refresh", "--data", "data"]) == 1
    assert "ZeroDivisionError: half of nothing" in capsys.readouterr().err


def failing(error: BaseException) -> object:
    def fail(**_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["refresh", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(arguments) == set()


def test_what_sources_needs_is_not_heavy() -> None:
    code = f"import sys, bot.app, bot.terminal.terminal, bot.terminal.json_form, bot.settings; {REPORT}"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert set(shown.split()) == set()


ROOT = Path(__file__).parents[3]
REPORT = f"sys.stdout.write(' '.join(sys.modules.keys() & set({HEAVY})))"


def loaded_by(arguments: list[str]) -> set[str]:
    code = f"import sys; from bot.__main__ import run; run({arguments}); sys.stdout.write('\\n'); {REPORT}"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return set(shown.splitlines()[-1].split())


def test_a_calibration_on_questions_of_ones_own_is_shown_and_kept(
    answerer: FakeAnswerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "open_uncalibrated", lambda library, settings: answerer)
    monkeypatch.setattr(app, "calibration_key", lambda settings: "key")
    rows = [{"id": str(number), "text": "What is it?", "answerable": number < 10} for number in range(20)]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    shown = out("calibrate", "mine.jsonl", "--data", str(tmp_path / "data"))

    assert "of the 10 questions that the documents answer" in shown
    assert CalibrationFile(tmp_path / "data" / "calibration.json").of("key") is not None


def test_too_few_questions_to_calibrate_with_are_one_clear_line(
    answerer: FakeAnswerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "open_uncalibrated", lambda library, settings: answerer)
    (tmp_path / "mine.jsonl").write_text('{"id": "1", "text": "What is it?", "answerable": true}\n')

    result = CliRunner().invoke(cli.app, ["calibrate", "mine.jsonl", "--data", str(tmp_path / "data")])

    assert isinstance(result.exception, BadQuestionSet)
    assert "1 questions that the documents answer and 0 that they do not" in str(result.exception)
