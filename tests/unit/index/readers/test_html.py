from datetime import date

import pytest

from index.errors import UnreadableDocument
from tests.unit.index.readers import read

FRAGMENT = """<h2>Sales</h2><p>One <b>bold</b>
word.<script>hidden()</script><!-- hidden --></p><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>
<ol start="3"><li>x</ol><table><tr><th>Quarter</th><th>Sales</th></tr><tr><td>Q1</td><td>$4.6 billion</td></tr></table>
<pre>code
  more</pre>tail<blockquote>first<br>second</blockquote><style>p{}</style>"""


def paragraph(topic: str) -> str:
    return (
        f"<p>{f'The committee discussed the {topic} at length, and came to a decision that pleased nobody. ' * 6}</p>"
    )


PAGE = f"""<!doctype html><html lang="en"><head><title>Report</title>
<link rel="canonical" href="https://example.org/report"><meta property="article:published_time" content="2025-11-20">
<meta property="og:site_name" content="Example News"></head><body>
<nav><a href="/">Home page</a> <a href="/more">More pages</a></nav>
<article><h1>The report</h1>{paragraph("budget")}<h2>Next steps</h2>{paragraph("calendar")}
<ul><li>first step</li><li>second step</li></ul></article>
<footer>Subscribe to our newsletter</footer><script>track()</script></body></html>"""


def test_all_of_a_fragment_is_read_in_order() -> None:
    document = read(FRAGMENT.encode(), "a.html")
    assert document.text == (
        "Sales\n\nOne bold word.\n\n- a\n  - b\n- c\n\n3. x\n\nQuarter: Q1 | Sales: $4.6 billion\n\n"
        "code\n  more\n\ntail\n\nfirst\nsecond"
    )
    assert [(h.title, h.level) for h in document.headings] == [("Sales", 2)]


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><title>Rates</title><main><h1>May</h1><p>The rate rose to 4.6 percent.</p></main>",
        "<html><head><title>Rates</title><article><h1>May</h1></article></head><body><p>The rate rose to 4.6 percent.",
    ],
)
def test_a_page_that_leaves_out_the_tags_of_its_head_or_body_is_read(page: str) -> None:
    document = read(page.encode(), "rates.html")
    assert document.metadata.title == "Rates"
    assert document.text.split() == ["May", "The", "rate", "rose", "to", "4.6", "percent."]


def test_the_main_text_of_a_page_is_read_without_what_stands_around_it() -> None:
    document = read(PAGE.encode(), "a.html")
    assert [(h.title, h.level) for h in document.headings] == [("The report", 1), ("Next steps", 2)]
    assert "- first step\n- second step" in document.text
    for around in ("Home page", "Subscribe", "track()"):
        assert around not in document.text


def test_a_page_says_its_title_address_publisher_date_and_language() -> None:
    metadata = read(PAGE.encode(), "a.html").metadata
    assert (metadata.url, metadata.publisher) == ("https://example.org/report", "Example News")
    assert (metadata.published, metadata.language) == (date(2025, 11, 20), "en")
    assert metadata.title


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="Ines Roth"><meta name="date" content="2024-05-06">',
        '<meta property="article:author" content="Ines Roth"><meta property="article:published_time" '
        'content="2024-05-06T10:00:00Z">',
    ],
)
def test_a_page_says_who_wrote_it_and_when(head: str) -> None:
    page = f"<html><head><title>T</title>{head}</head><body><article>{paragraph('frost')}</article></body></html>"
    metadata = read(page.encode(), "a.html").metadata
    assert (metadata.author, metadata.published) == ("Ines Roth", date(2024, 5, 6))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative", "file:///etc/passwd"])
def test_a_canonical_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    page = f'<html><head><link rel="canonical" href="{address}"></head><body>{paragraph("frost")}</body></html>'
    assert read(page.encode(), "a.html").metadata.url is None


def test_the_words_of_a_page_overrule_the_language_that_it_declares() -> None:
    page = f'<html lang="de"><head><title>T</title></head><body><article>{paragraph("frost")}</article></body></html>'
    assert read(page.encode(), "a.html").metadata.language == "en"


def test_a_date_in_the_text_is_not_taken_for_the_date_of_the_page() -> None:
    page = "<html><body><p>On 19 November 2019 the company reported its results.</p></body></html>"
    assert read(page.encode(), "a.html").metadata.published is None


def test_the_declared_encoding_is_honoured() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>英伟达</p></body></html>'
    assert read(page.encode("gb2312"), "a.html").text == "英伟达"


def test_a_table_that_lays_out_a_page_is_no_data() -> None:
    page = "<table><tr><td><h1>Head</h1><p>Text one.</p></td><td><p>Text two.</p></td></tr></table>"
    assert read(page.encode(), "a.html").text == "Head\n\nText one.\n\nText two."


def test_a_cell_that_spans_columns_never_names_the_wrong_one() -> None:
    page = "<table><tr><th colspan=2>Both</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert read(page.encode(), "a.html").text == "Both\n\n1 | 2"


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_a_page_nested_too_deeply_is_refused(depth: int) -> None:
    page = "<p>Before</p>" + "<div>" * depth + "deep" + "</div>" * depth
    with pytest.raises(UnreadableDocument, match="nested too deeply"):
        read(page.encode(), "a.html")


@pytest.mark.parametrize("page", ["", "<!-- only -->", "<script>x</script>", "<html><body></body></html>"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        read(page.encode(), "a.html")
