import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.unseen import Reader, Unseen, hides_text, seen_by

DOCUMENT, PROMPT, DISCORD = Reader.DOCUMENT, Reader.PROMPT, Reader.DISCORD
TERMINAL, COMPARISON = Reader.TERMINAL, Reader.COMPARISON

# Signs that span the digits of a number, and their kin: format characters by their category alone.
DRAWN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u0890\u0891\u08e2\U000110bd\U000110cd"

# Each character, and the readers for whom it is kept.
CHARACTERS = {
    "a": set(Reader),
    "é": set(Reader),
    "蜂": set(Reader),
    "👩": set(Reader),
    "\t": set(Reader),
    "\n": set(Reader),
    "\u0301": set(Reader),  # an accent of its own
    "\ufe0f": set(Reader),  # it makes an emoji of a sign
    "\u06dd": set(Reader),  # the end of a verse: a format character by its category, and drawn
    "\0": {COMPARISON},
    "\x1b": {COMPARISON},
    "\r": {COMPARISON},
    "\x85": {COMPARISON},
    "\xad": set(),  # soft hyphen
    "\u061c": set(),
    "\u200b": set(),  # zero-width space
    "\u200e": set(),
    "\u202e": set(),  # it turns the line around
    "\u2060": set(),
    "\u2066": set(),
    "\ufeff": set(),
    "\ufff9": set(),
    "\U0001d173": set(),
    "\U000e0041": set(),  # a letter as a tag
    "\u200c": {DOCUMENT, TERMINAL},
    "\u200d": {DOCUMENT, TERMINAL},
    "\ud800": {DOCUMENT, COMPARISON},
    "\ue000": {DOCUMENT, DISCORD, COMPARISON},
    "\U00100000": {DOCUMENT, DISCORD, COMPARISON},
    "\ufdd0": set(Reader) - {PROMPT},
    "\U0001ffff": set(Reader) - {PROMPT},
    "\u2800": set(Reader) - {DISCORD},  # a pattern of no dots
    "\u3164": set(Reader) - {DISCORD},
    "\u034f": set(Reader) - {DISCORD},
}


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("character", CHARACTERS, ids=lambda character: f"U+{ord(character):04X}")
def test_each_reader_gets_what_it_can_see(character: str, reader: Reader) -> None:
    kept = character if reader in CHARACTERS[character] else ""

    assert seen_by(reader, f"x{character}y") == f"x{kept}y"


def test_every_kind_of_unseen_character_stands_in_the_table() -> None:
    for kind in Unseen:
        taken_out = {reader for reader in Reader if kind in reader.value}
        assert any(set(Reader) - kept == taken_out for kept in CHARACTERS.values()), kind


@given(st.characters(categories=["Cf"]))
def test_no_format_character_reaches_a_chat_model_but_those_that_are_drawn(character: str) -> None:
    is_drawn = character in DRAWN

    assert seen_by(PROMPT, character) == (character if is_drawn else "")


@given(st.text(st.characters()), st.sampled_from(Reader))
def test_what_was_taken_out_stays_out_and_nothing_else_is_changed(text: str, reader: Reader) -> None:
    seen = seen_by(reader, text)

    assert seen_by(reader, seen) == seen
    remaining = iter(text)
    assert all(character in remaining for character in seen)


def test_tags_and_turned_lines_hide_text_and_a_flag_does_not() -> None:
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

    assert hides_text("bees\U000e0073\U000e0061\U000e0079")
    assert hides_text("bees \u202eyas")
    assert hides_text("bees" + "\u200b\u200c" * 3)
    assert not hides_text(f"bees of {england} 👩\u200d🌾")
