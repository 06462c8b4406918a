from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messaging.places import address, found_at, opener, place
from bot.presenting.words import ENGLISH
from tests.unit.bot.discord.sample_answers import HIT, METADATA, quoting_message

PAGE = "https://example.org/report"


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        (f"{PAGE}#:~:text=rose%20to", f"{PAGE}#:~:text=rose%20to"),
        ("https://evil.example/report", PAGE),
        ("javascript:alert(1)", PAGE),
        (f"{PAGE}@evil.example/", PAGE),
        (f"{PAGE}#{'x' * 600}", PAGE),
        ("", PAGE),
    ],
)
def test_a_link_is_kept_only_while_it_opens_the_document_and_fits_a_button(link: str, opens: str) -> None:
    assert address(METADATA, link) == opens


def test_a_message_is_opened_in_the_channel_that_is_the_document_and_in_no_other() -> None:
    channel = "https://discord.com/channels/10/20"
    said = replace(METADATA, source=channel, url=channel)
    assert address(said, f"{channel}/31") == f"{channel}/31"
    for link in ("https://discord.com/channels/10/21/31", f"{channel}/31/32", f"{channel}/31?x", f"{channel}/x"):
        assert address(said, link) == channel


def test_what_is_found_in_a_channel_opens_at_its_message() -> None:
    (said,) = quoting_message("No spam.", 20, 31).nearest
    assert opener(said.document, ENGLISH, found_at(said)) == " · [open](https://discord.com/channels/10/20/31)"
    assert found_at(HIT) == ""


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "//example.org", "https://", "http://[", "x"]
)
def test_what_is_no_page_of_the_web_is_no_address(url: str) -> None:
    assert address(replace(METADATA, source="reports/may.md", url=url)) is None


def test_a_file_with_an_address_in_its_front_matter_is_opened_there() -> None:
    assert address(replace(METADATA, source="reports/may.md", url=PAGE)) == PAGE


@given(st.text(max_size=80))
def test_no_address_can_break_out_of_its_link(path: str) -> None:
    shown = opener(replace(METADATA, source=f"https://example.org/{path}"), words=ENGLISH)
    assert shown == "" or (shown.count("(") == shown.count(")") == 1 and not set(' <>"\n') & set(shown[10:]))


def test_a_place_is_told_by_headings_and_page_or_line() -> None:
    assert place(METADATA, ("Rates", "In *May*"), "line 3", words=ENGLISH) == r"Rates › In \*May\* · line 3"
    assert place(replace(METADATA, also=("a_copy.md",)), (), "page 7", words=ENGLISH) == r"page 7 · also a\_copy.md"
    assert place(METADATA, (), "", words=ENGLISH) == ""


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert place(METADATA, ("The  report", "Rates"), "line 3", words=ENGLISH) == "Rates · line 3"
