from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.answering.answer import Answer, Note, NoteKind, Status
from bot.terminal import terminal
from index.documents import Document
from index.hits import RerankerSkipped
from tests.unit.bot import samples

# Colours, and links whose address holds no control character.
ANSI = re.compile("\x1b\\[[0-9;]*m|\x1b\\]8;[^\x00-\x1f\x7f-\x9f]*\x1b\\\\")

# What rich writes in order to take back what it has shown.
TAKEN_BACK = re.compile("\r|\x1b\\[(?:2K|1A|\\?25[lh])")
COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def written(show: Callable[[Console], None], *, is_terminal: bool = False, width: int = 80) -> str:
    colours: Literal["standard"] | None = "standard" if is_terminal else None
    console = Console(file=StringIO(), force_terminal=is_terminal, width=width, color_system=colours, _environ={})
    show(console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def answer_of(text: str, quote: str, **how: bool | int) -> str:
    of = samples.document(text=text)
    return written(lambda console: terminal.show_answer(console, samples.answer(of, quote), lambda _: of), **how)  # type: ignore[arg-type]


def test_an_answer_shows_its_statements_then_each_source_with_the_quote_in_its_context() -> None:
    assert answer_of(samples.TEXT, samples.QUOTE).splitlines() == [
        "It is made of rock. [1]",
        "",
        "Sources",
        "[1] The moon · 2025-08-28 · Sky › Moon · line 1",
        "    file:///docs/moon.md#L1",
        "    The moon is far. “It is made of rock.” Nobody has eaten it.",
    ]


@pytest.mark.parametrize("end", ["\n\n", "\n", " \n "])
def test_the_context_ends_with_the_line(end: str) -> None:
    lines = answer_of(f"First one.{end}It is made of rock.{end}Last one.", samples.QUOTE).splitlines()

    assert lines[-1] == "    “It is made of rock.”"


def test_the_context_of_chinese_is_a_sentence_too() -> None:
    lines = answer_of("第一句。第二句。第三句。第四句。", "第三句。").splitlines()

    assert lines[-1] == "    第二句。 “第三句。” 第四句。"


def test_an_endless_sentence_is_cut_where_the_context_ends() -> None:
    lines = answer_of("no end " * 100 + "HERE" + " no end" * 100, "HERE").splitlines()

    assert lines[-1].startswith("    … ")
    assert lines[-1].endswith(" …")
    assert len(lines[-1]) < 2 * terminal.CONTEXT + 50


def test_a_refusal_says_so_and_shows_the_nearest_as_no_answer() -> None:
    lines = written(lambda console: terminal.show_answer(console, samples.refusal(), lambda _: samples.document()))

    assert lines.splitlines()[:4] == [
        "Not in the documents.",
        "",
        "Nearest, not an answer",
        "1.  The moon · 2025-08-28 · Sky › Moon",
    ]


def test_half_an_answer_says_that_the_rest_is_missing() -> None:
    half = replace(samples.answer(), status=Status.PARTLY_ANSWERED)

    lines = written(lambda console: terminal.show_answer(console, half, lambda _: samples.document())).splitlines()

    assert lines[1] == "The rest of the question was not found in the documents."


@pytest.mark.parametrize("answer", [samples.answer(), samples.refusal()])
def test_what_went_wrong_on_the_way_is_one_dim_line(answer: Answer) -> None:
    noted = replace(
        answer,
        notes=(Note(NoteKind.QUESTION_NOT_REWRITTEN, "was cut off"), Note(NoteKind.FREE_TEXT, "a step\nwas skipped")),
    )

    shown = written(
        lambda console: terminal.show_answer(console, noted, lambda _: samples.document()), is_terminal=True
    )

    assert "\x1b[2mThe chat model was cut off; a step was skipped\x1b[0m\n" in shown


GROWING = (samples.written("It is rock."), samples.written("It is grey rock."), samples.answer())


def writing_of(*answers: Answer, is_terminal: bool) -> tuple[str, Answer]:
    last: list[Answer] = []
    shown = written(lambda console: last.append(terminal.show_writing(console, answers)), is_terminal=is_terminal)
    return shown, last[0]


def test_a_terminal_shows_what_is_written_and_takes_it_back_before_the_answer() -> None:
    shown, last = writing_of(*GROWING, is_terminal=True)

    assert last == samples.answer()
    assert "It is rock. \x1b[36m[1]" in shown and "It is grey rock. \x1b[36m[1]" in shown
    assert shown.endswith("\x1b[1A\x1b[2K" * 2)


def test_quotes_are_not_shown_before_the_answer() -> None:
    shown, _ = writing_of(samples.answer(), is_terminal=True)

    assert samples.QUOTE not in shown


def test_a_pipe_gets_nothing_before_the_answer() -> None:
    assert writing_of(*GROWING, is_terminal=False) == ("", samples.answer())


def test_a_pipe_gets_each_paragraph_on_one_line_without_escapes() -> None:
    text = "word " * 100 + "end."

    lines = answer_of(text, text, width=40).splitlines()

    assert lines[0] == f"{text} [1]"
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("width", [24, 40, 80])
def test_a_terminal_gets_lines_no_wider_than_itself(width: int) -> None:
    text = "Some more words about the moon. " * 20

    lines = ANSI.sub("", answer_of(text, text.strip(), is_terminal=True, width=width)).splitlines()

    assert max(len(line) for line in lines if "file://" not in line) <= width


def test_a_terminal_sees_the_quote_stand_out() -> None:
    assert "\x1b[1;33m“It is made of rock.”\x1b[0m" in answer_of(samples.TEXT, samples.QUOTE, is_terminal=True)


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_nothing_in_a_document_reaches_the_terminal_as_a_command(text: str) -> None:
    hostile = Document(replace(samples.metadata(), title=text, source=text, url=text), text)
    answer = samples.answer(hostile, text)
    answer = replace(
        answer,
        citations=(replace(answer.citations[0], heading=(text,), link=text),),
        notes=(Note(NoteKind.FREE_TEXT, text),),
    )

    def show(console: Console) -> None:
        terminal.show_answer(console, answer, lambda _: hostile)
        terminal.show_search(console, samples.search(text, samples.hit(1, hostile)))
        terminal.show_sources(console, (hostile.metadata,))

    for is_terminal in (False, True):
        shown = ANSI.sub("", written(show, is_terminal=is_terminal))
        assert COMMANDS.search(shown) is None


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_nothing_that_is_written_reaches_the_terminal_as_a_command(text: str) -> None:
    shown, _ = writing_of(samples.written(text), samples.answer(), is_terminal=True)

    assert COMMANDS.search(ANSI.sub("", TAKEN_BACK.sub("", shown))) is None


def test_square_brackets_in_a_document_are_no_markup() -> None:
    assert "[bold]rock[/bold] :moon:" in answer_of("[bold]rock[/bold] :moon:", "[bold]rock[/bold] :moon:")


def test_a_search_shows_where_each_passage_stands() -> None:
    lines = written(lambda console: terminal.show_search(console, samples.search())).splitlines()

    assert lines[0] == "1.  The moon · 2025-08-28 · Sky › Moon"
    assert lines[1] == "    moon.md"
    assert lines[2].startswith("    The moon is far.")


def test_near_duplicates_are_written_once() -> None:
    found = samples.search("moon", samples.hit(1), samples.hit(2, samples.document("copy.md")))
    lines = written(lambda console: terminal.show_search(console, found))
    assert "moon.md" in lines
    assert "copy.md" not in lines


def test_a_search_that_could_not_be_done_as_it_was_meant_says_why_at_the_end() -> None:
    found = replace(samples.search(), notes=(RerankerSkipped(2.5),))

    lines = written(lambda console: terminal.show_search(console, found)).splitlines()

    assert lines[-1] == "Note: the reranker took longer than 2.5 s and was skipped"


def test_a_search_without_hits_says_so() -> None:
    nothing = replace(samples.search(), hits=())

    assert written(lambda console: terminal.show_search(console, nothing)) == "Nothing found.\n"


def test_sources_are_one_line_each() -> None:
    lines = written(lambda console: terminal.show_sources(console, (samples.metadata(),))).splitlines()

    assert lines == ["moon.md · The moon · 2025-08-28 · en", "1 document"]


def test_a_report_counts_what_changed_and_names_what_failed() -> None:
    lines = written(lambda console: terminal.show_report(console, samples.report())).splitlines()

    assert lines == [
        "Index 4: 2 added, 1 changed, 7 unchanged; 30 passages, 1.2 s.",
        "broken.md: it is empty (its last good passages still serve)",
    ]
