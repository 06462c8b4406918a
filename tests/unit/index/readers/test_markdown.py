from tests.unit.index.readers import read

PAGE = """# The *H20* chip

Read [the report](https://example.org) of `NVIDIA`, **now**
and here.<!-- not this --> ![A chart](a.png)

## Sales

| Quarter | H20 sales |
| --- | ---: |
| Q1 2025 | $4.6 billion |
| Q2 2025 | |

- one
- two
  1. three

     still three
  2. four

<p align="center">Seen <b>words</b> &amp; more</p>

```python
x = 1

y = 2
```

Setext
------
Last.
"""


def text_of(source: str) -> str:
    return read(source.encode(), "a.md").text


def test_the_text_is_what_a_reader_of_the_page_sees() -> None:
    assert text_of(PAGE) == (
        "The H20 chip\n\nRead the report of NVIDIA, now and here. A chart\n\nSales\n\n"
        "Quarter: Q1 2025 | H20 sales: $4.6 billion\nQuarter: Q2 2025\n\n"
        "- one\n- two\n  1. three\n\nstill three\n  2. four\n\n"
        "Seen words & more\n\nx = 1\n\ny = 2\n\nSetext\n\nLast."
    )


def test_headings_are_spans_of_the_text() -> None:
    document = read(PAGE.encode(), "a.md")
    assert [(h.level, h.title) for h in document.headings] == [(1, "The H20 chip"), (2, "Sales"), (2, "Setext")]
    assert all(h.span.of(document.text) == h.title for h in document.headings)


def test_a_number_that_begins_a_list_is_kept() -> None:
    assert text_of("7. seven\n8. eight") == "7. seven\n8. eight"


def test_a_table_with_a_header_alone_keeps_its_words() -> None:
    assert text_of("| a | b |\n| - | - |\n") == "a | b"


def test_scripts_and_comments_are_no_text() -> None:
    assert text_of("Before.\n\n<script>\nalert(1)\n</script>\n\n<!--\nhidden\n-->\n\nAfter.") == "Before.\n\nAfter."


def test_the_structure_of_embedded_html_is_kept() -> None:
    table = "<table><tr><th>Q</th><th>S</th></tr><tr><td>Q1</td><td>$4</td></tr></table>"
    assert text_of(f"<details>\n\nMore.\n\n</details>\n\n{table}") == "More.\n\nQ: Q1 | S: $4"


def test_a_character_reference_brings_no_control_character_in() -> None:
    assert text_of("a&#8203;b&nbsp;c&#x202e;d") == "ab cd"


def test_a_hard_break_is_a_line_break_and_a_soft_one_a_space() -> None:
    assert text_of("one\ntwo  \nthree") == "one two\nthree"


def test_the_title_is_the_front_matters_then_the_first_heading_then_the_file_name() -> None:
    def title(source: str) -> str:
        return read(source.encode(), "notes/third-quarter_results.md").metadata.title

    assert title("---\ntitle: Front\n---\n# Head\n\nText.") == "Front"
    assert title("## Deeper\n\n# Head\n\nText.") == "Head"
    assert title("Text.") == "Third quarter results"


def test_front_matter_is_not_in_the_text_and_its_language_wins() -> None:
    document = read(b"---\nlanguage: fr\nsource: News\n---\nPlain English words.", "a.md")
    assert document.text == "Plain English words."
    assert (document.metadata.language, document.metadata.publisher) == ("fr", "News")


def test_the_id_changes_with_whatever_is_indexed_and_with_nothing_else() -> None:
    def id_of(source: str, name: str = "a.md") -> str:
        return read(source.encode(), name).metadata.id

    assert id_of("# A\n\nText.") == id_of("# A\n\nText.")
    assert len({id_of("# A\n\nText."), id_of("## A\n\nText."), id_of("A\n\nText."), id_of("# A\n\nText.", "b.md")}) == 4


def test_every_block_remembers_the_line_of_the_file_on_which_it_stands() -> None:
    lines = (
        "---\ntitle: T\n---\n\n# One\n\nTwo\nlines.\n\n- item\n- other\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    )
    document = read(lines.encode(), "t.md")

    found = {words: document.line_of(document.text.index(words)) for words in ("One", "Two", "item", "other", "a: 3")}
    assert found == {"One": 5, "Two": 7, "item": 10, "other": 11, "a: 3": 16}
