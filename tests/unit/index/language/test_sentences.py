from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Span
from index.language.sentences import sentences


def split(text: str, language: str | None = "en") -> list[str]:
    return [span.of(text) for span in sentences(text, language, Span(0, len(text)))]


@pytest.mark.parametrize(
    "parts",
    [
        ["Dr. Smith paid $4.6 billion in the U.S. last year.", "It was 3.5 times more."],
        ["J. K. Rowling wrote it.", "“Really?” she asked."],
        ["Wait... there is more.", "Yes!"],
        ["He said, e.g., nothing at 5 p.m. on Sunday.", "Then he left."],
        ["See Fig. 3 for details.", "It helps."],
    ],
)
def test_abbreviations_decimals_initials_and_ellipses_end_no_sentence(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("zh", ["英伟达公布了财报。", "收入是多少？", "他说：“很好。”", "「真的！」", "完"]),
        ("ja", ["今日は晴れです。", "本当ですか？", "はい！"]),
    ],
)
def test_chinese_and_japanese_split_at_their_own_marks(language: str, parts: list[str]) -> None:
    assert split("".join(parts), language) == parts


def test_hard_wrapped_prose_is_not_cut_at_its_line_breaks() -> None:
    assert split("One sentence that\ngoes on here. And\nanother.") == [
        "One sentence that\ngoes on here.",
        "And\nanother.",
    ]


def test_an_item_a_row_and_a_paragraph_are_sentences_of_their_own() -> None:
    text = "Intro:\n- one\n- two\n  1. three\n\nName: a | Age: 1\nName: b | Age: 2\nAfter\n\nEnd"
    assert split(text) == [
        "Intro:", "- one", "- two", "1. three", "Name: a | Age: 1", "Name: b | Age: 2", "After", "End",
    ]  # fmt: skip


def test_only_the_span_asked_for_is_split() -> None:
    text = "First one. Second one. Third one."
    assert [span.of(text) for span in sentences(text, "en", Span(11, 22))] == ["Second one."]


@given(st.text(st.sampled_from("aB .!?。」\n\t-1|😀é\ud800")), st.sampled_from(["en", "zh", "ja", "xx", None]))
def test_sentences_are_in_order_and_leave_out_nothing_but_white_space(text: str, language: str | None) -> None:
    spans = sentences(text, language, Span(0, len(text)))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
