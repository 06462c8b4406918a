import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messaging.neutral import clipped, label, length, neutral, neutral_blocks, visible
from tests.unit.bot.discord.limits_of_discord import acting, units
from tests.unit.bot.discord.sample_answers import HOSTILE, any_text


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800"])
def test_nothing_in_neutral_text_acts(text: str) -> None:
    assert acting(neutral(text)) == []
    assert acting(neutral_blocks(text)) == []


@given(any_text())
def test_no_combination_of_pieces_acts(text: str) -> None:
    assert acting(neutral(text)) == []
    assert acting(neutral_blocks(text)) == []


@given(st.text())
def test_neutral_text_shows_every_visible_character_in_order(text: str) -> None:
    shown = neutral(text).replace("\\", "")
    assert shown == visible(text).replace("\\", "").strip()


def test_a_masked_link_reads_as_what_it_is() -> None:
    assert neutral("[bank.com](https://evil.example)") == r"\[bank.com\](https\://evil.example)"


def test_a_code_block_stays_a_code_block() -> None:
    assert neutral_blocks("Run *this*:\n```sh\nls *\n```\nDone") == "Run \\*this\\*:\n```sh\nls *\n```\nDone"


def test_an_unclosed_code_block_cannot_swallow_what_follows() -> None:
    assert "```" not in neutral_blocks("text\n```py\nprint()")


def test_backticks_inside_a_code_block_cannot_end_it() -> None:
    assert neutral_blocks("```\na ``` @b\n```").count("```") == 2


def test_a_heading_or_a_quotation_at_a_line_start_is_escaped() -> None:
    assert neutral("# Title\n> said\n-# small") == "\\# Title\n\\> said\n\\-# small"


def test_a_label_is_one_line_and_never_empty() -> None:
    assert label("two\n lines\u200b", 80) == "two lines"
    assert label("\u200b\n", 80) == "—"


@given(any_text(6), st.integers(2, 60))
def test_clipped_text_fits_and_never_ends_in_half_an_escape(text: str, limit: int) -> None:
    short = clipped(neutral(text), limit)
    assert units(short) <= limit
    assert not short.endswith("\\…") or (len(short) - 1 - len(short[:-1].rstrip("\\"))) % 2 == 0


@given(st.text())
def test_length_counts_what_utf_16_needs(text: str) -> None:
    assert length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
