from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messaging.neutral import neutral_blocks
from bot.discord.messaging.splitting import split
from tests.unit.bot.discord.limits_of_discord import units
from tests.unit.bot.discord.sample_answers import any_text

_TEXTS = any_text(60).map(neutral_blocks)
_LIMITS = st.integers(100, 400)


@given(_TEXTS, _LIMITS)
def test_every_piece_fits_and_says_something(text: str, limit: int) -> None:
    assert all(0 < units(piece.strip()) <= units(piece) <= limit for piece in split(text, limit))


@given(_TEXTS, _LIMITS)
def test_nothing_is_lost_but_white_space_and_the_fences_at_the_cuts(text: str, limit: int) -> None:
    assert _words("\n".join(split(text, limit))) == _words(text)


@given(_TEXTS, _LIMITS)
def test_every_piece_closes_the_code_blocks_that_it_opens(text: str, limit: int) -> None:
    assert all(piece.count("```") % 2 == 0 for piece in split(text, limit))


@given(_TEXTS, _LIMITS)
def test_no_piece_ends_in_half_an_escape(text: str, limit: int) -> None:
    outside = [piece for piece in split(text, limit) if not piece.endswith("```")]
    assert all((len(piece) - len(piece.rstrip("\\"))) % 2 == 0 for piece in outside)


def test_short_text_is_one_piece() -> None:
    assert split("One.\n\nTwo.", 100) == ["One.\n\nTwo."]


def test_text_is_cut_between_paragraphs_first() -> None:
    first, second = "a" * 60, "b" * 60
    assert split(f"{first}\n\n{second}", 100) == [first, second]


def test_a_long_paragraph_is_cut_behind_a_sentence() -> None:
    sentence = "This sentence has fifty characters in it, exactly."
    assert split(" ".join([sentence] * 3), 110) == [f"{sentence} {sentence}", sentence]


def test_a_cut_code_block_is_opened_again_in_its_language() -> None:
    pieces = split("```python\n" + "\n".join(["print('a line of code')"] * 10) + "\n```", 150)
    assert len(pieces) > 1
    assert all(piece.startswith("```python\n") and piece.endswith("\n```") for piece in pieces)


def _words(text: str) -> str:
    """Return the text without white space, and without fences and their languages, which a cut repeats."""
    lines = [line for line in text.split("\n") if not line.startswith("```")]
    return "".join("".join(lines).split())
