from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import front_matter
from index.readers.front_matter import FrontMatter

WHOLE = """---
title: "Sales: the third quarter"
source: Observer News
url: https://example.org/a
published: 2025-11-20
language: en-US
---

Body.
"""


def test_every_field_is_read_and_the_body_is_what_follows() -> None:
    assert front_matter.split(WHOLE) == (
        FrontMatter("Sales: the third quarter", "Observer News", "https://example.org/a", date(2025, 11, 20), "en"),
        "Body.\n",
    )


@pytest.mark.parametrize("published", ["2025-11-20", '"2025-11-20"', "2025-11-20T10:00:00Z", "2025-11-20 10:00:00"])
def test_a_date_may_be_a_date_a_time_or_a_string(published: str) -> None:
    found, _ = front_matter.split(f"---\npublished: {published}\n---\nBody.")
    assert found.published == date(2025, 11, 20)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "example.org", "http://[", "https://", "1"]
)
def test_only_an_address_of_the_web_is_a_url(url: str) -> None:
    found, text = front_matter.split(f"---\ntitle: T\nurl: {url!r}\n---\nBody.")
    assert (found.title, found.url, text) == ("T", None, "Body.")


@pytest.mark.parametrize("value", ["[1, 2]", "{a: b}", "", "~x ["])
def test_a_field_of_the_wrong_type_is_left_out_or_the_text_is_kept(value: str) -> None:
    found, text = front_matter.split(f"---\ntitle: {value}\n---\nBody.")
    assert found == FrontMatter() or isinstance(found.title, str)
    assert text.endswith("Body.")


@pytest.mark.parametrize(
    "text",
    [
        "---\n- a\n- b\n---\nBody.",
        "---\ntitle: [\n---\nBody.",
        "---\ntitle: never closed\n\nBody.",
        "---\n\nA rule, and a text.\n\n---\n\nBody.",
        "Body.\n---\ntitle: too late\n---\n",
        "---\na: !!python/object/apply:os.system [ls]\nb: [\n---\nBody.",
        f"---\n{'[' * 5000}\n---\nBody.",
        f"---\ntitle: {'x' * 100_000}\n---\nBody.",
    ],
)
def test_malformed_front_matter_loses_nothing(text: str) -> None:
    assert front_matter.split(text) == (FrontMatter(), text)


def test_a_bomb_of_aliases_is_harmless() -> None:
    levels = "\n".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(30))
    merges = "\n".join(f"b{n + 1}: &b{n + 1}\n  <<: [{', '.join([f'*b{n}'] * 9)}]" for n in range(12))
    found, text = front_matter.split(f"---\na0: &a0 lol\n{levels}\nb0: &b0 {{k: v}}\n{merges}\ntitle: T\n---\nBody.")
    assert (found.title, text) == ("T", "Body.")


@given(st.text())
def test_any_text_after_the_marker_is_survived(inside: str) -> None:
    _, text = front_matter.split(f"---\n{inside}\n---\nBody.")
    assert text.endswith("Body.")
