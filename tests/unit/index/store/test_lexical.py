from datetime import date
from pathlib import Path

import pytest

from index.access import NOTHING_HIDDEN, PUBLIC, AccessRule, to_text
from index.documents import EVERYTHING, DocumentMetadata, Filter
from index.language import words
from index.store.lexical import LexicalEntry, LexicalIndex, Words
from index.store.manifest import checksums

TEXTS = {
    "p1": ("chips sales in China", DocumentMetadata("1", "A", "a/one.md", published=date(2025, 1, 1))),
    "p2": ("China buys what is in chips", DocumentMetadata("2", "B", "a/two.md", published=date(2025, 6, 1))),
    "p3": ("cats sleep all day", DocumentMetadata("3", "C", "b/three.md")),
    "p4": ("英伟达在中国的销售额 chips", DocumentMetadata("4", "D", "zh/four.md", published=date(2026, 1, 1))),
}


def said(text: str) -> Words:
    return Words(words.terms(text, "en"), words.pairs(text, "en"))


def fill(folder: Path) -> LexicalIndex:
    changes = LexicalIndex.create(folder).change()
    changes.add(LexicalEntry(id_, said(text), metadata) for id_, (text, metadata) in TEXTS.items())
    changes.commit()
    return LexicalIndex.open(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return fill(tmp_path_factory.mktemp("lexical") / "index")


def test_the_best_come_first_and_what_shares_no_word_does_not_come(lexical: LexicalIndex) -> None:
    found = lexical.best(said("sales in China"), 10, EVERYTHING, NOTHING_HIDDEN)
    assert list(found) == ["p1", "p2"]
    assert found["p1"] > found["p2"] > 0


def test_words_side_by_side_count_more_than_words_apart(lexical: LexicalIndex) -> None:
    together, apart = said("in China"), Words(said("in China").terms, [])
    assert (
        lexical.best(together, 10, EVERYTHING, NOTHING_HIDDEN)["p1"]
        > lexical.best(apart, 10, EVERYTHING, NOTHING_HIDDEN)["p1"]
    )
    assert (
        lexical.best(together, 10, EVERYTHING, NOTHING_HIDDEN)["p2"]
        == lexical.best(apart, 10, EVERYTHING, NOTHING_HIDDEN)["p2"]
    )


def test_what_is_hidden_is_neither_found_nor_counted(tmp_path: Path) -> None:
    staff = (AccessRule(roles=frozenset({1})),)
    changes = LexicalIndex.create(tmp_path / "index").change()
    for id_, access in (("open", PUBLIC), ("staff", staff)):
        changes.add([LexicalEntry(id_, said("sales in China"), DocumentMetadata(id_, "A", "a.md", access=access))])
    changes.commit()
    lexical, hidden = LexicalIndex.open(tmp_path / "index"), frozenset({to_text(staff)})
    assert set(lexical.best(said("sales"), 10, EVERYTHING, NOTHING_HIDDEN)) == {"open", "staff"}
    assert set(lexical.best(said("sales"), 10, EVERYTHING, hidden)) == {"open"}
    assert lexical.frequencies(["sale", "dog"], NOTHING_HIDDEN) == {"sale": 2, "dog": 0}
    assert lexical.frequencies(["sale", "dog"], hidden) == {"sale": 1, "dog": 0}


def test_chinese_is_found_by_two_characters(lexical: LexicalIndex) -> None:
    assert list(lexical.best(said("销售"), 10, EVERYTHING, NOTHING_HIDDEN)) == ["p4"]


def test_no_words_find_nothing(lexical: LexicalIndex) -> None:
    assert lexical.best(Words([], []), 10, EVERYTHING, NOTHING_HIDDEN) == {}
    assert lexical.scores(Words([], []), ["p1"]) == {}
    assert lexical.scores(said("chips"), []) == {}


def test_no_more_come_than_are_asked_for(lexical: LexicalIndex) -> None:
    assert len(lexical.best(said("chips"), 2, EVERYTHING, NOTHING_HIDDEN)) == 2


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (EVERYTHING, {"p1", "p2", "p4"}),
        (Filter(source="a"), {"p1", "p2"}),
        (Filter(source="a/two.md"), {"p2"}),
        (Filter(source="b"), set()),
        (Filter(source="a/t"), set()),
        (Filter(since=date(2025, 6, 1)), {"p2", "p4"}),
        (Filter(until=date(2025, 6, 1)), {"p1", "p2"}),
        (Filter(since=date(2025, 2, 1), until=date(2025, 12, 31)), {"p2"}),
        (Filter(source="a", until=date(2025, 2, 1)), {"p1"}),
    ],
)
def test_only_what_the_filter_allows_is_found(lexical: LexicalIndex, where: Filter, expected: set[str]) -> None:
    assert set(lexical.best(said("chips"), 10, where, NOTHING_HIDDEN)) == expected


def test_what_has_no_date_is_in_no_range_of_dates(lexical: LexicalIndex) -> None:
    assert lexical.best(said("cats"), 10, Filter(since=date.min), NOTHING_HIDDEN) == {}


def test_a_filter_changes_no_score(lexical: LexicalIndex) -> None:
    everywhere = lexical.best(said("chips"), 10, EVERYTHING, NOTHING_HIDDEN)
    assert all(
        everywhere[id_] == score
        for id_, score in lexical.best(said("chips"), 10, Filter(source="a"), NOTHING_HIDDEN).items()
    )


def test_the_scores_of_some_are_those_that_they_have_among_all(lexical: LexicalIndex) -> None:
    best = lexical.best(said("sales in China"), 10, EVERYTHING, NOTHING_HIDDEN)
    assert lexical.scores(said("sales in China"), ["p2", "p3", "none"]) == {"p2": best["p2"]}


def test_it_counts_in_how_many_passages_a_term_stands(lexical: LexicalIndex) -> None:
    assert lexical.frequencies(["chip", "cat", "dog"], NOTHING_HIDDEN) == {"chip": 3, "cat": 1, "dog": 0}
    assert lexical.count() == 4


def test_nothing_is_seen_before_the_commit(tmp_path: Path) -> None:
    fill(tmp_path / "index")
    changes = LexicalIndex.open(tmp_path / "index").change()
    changes.remove(["p1"])
    assert LexicalIndex.open(tmp_path / "index").count() == 4
    changes.commit()
    after = LexicalIndex.open(tmp_path / "index")
    assert after.count() == 3
    assert set(after.best(said("chips"), 10, EVERYTHING, NOTHING_HIDDEN)) == {"p2", "p4"}


def test_reading_changes_no_file_and_leaves_none(tmp_path: Path) -> None:
    fill(tmp_path / "index")
    before = checksums(tmp_path)
    reading = LexicalIndex.open(tmp_path / "index")
    reading.best(said("chips"), 10, Filter(source="a"), NOTHING_HIDDEN)
    reading.frequencies(["chip"], NOTHING_HIDDEN)
    assert checksums(tmp_path) == before


@pytest.mark.parametrize("text", ["a\0b", "x" * 100_000, '" OR 1=1 --', "\u202e\ufeff\U0010ffff", "terms:* AND ()"])
def test_hostile_words_neither_fail_nor_find_everything(lexical: LexicalIndex, text: str) -> None:
    assert len(lexical.best(said(text), 10, EVERYTHING, NOTHING_HIDDEN)) < 4


def test_a_term_of_any_text_is_found_again(tmp_path: Path) -> None:
    text = "naïve 4.6 U+202E \u202e x\u0301y ½ ﬁne Straße"
    changes = LexicalIndex.create(tmp_path / "index").change()
    changes.add([LexicalEntry("p", said(text), DocumentMetadata("1", "A", "a.md"))])
    changes.commit()
    lexical = LexicalIndex.open(tmp_path / "index")
    assert all(lexical.best(Words([term], []), 1, EVERYTHING, NOTHING_HIDDEN) for term in said(text).terms)
