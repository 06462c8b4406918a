import sqlite3
from pathlib import Path

import pytest

from index.errors import DiskFull
from index.sources.kept import KeptUnusable, kept_in
from tests.unit.index.sources.fetches import Fetches
from tests.unit.index.sources.site import Answer, Site


@pytest.fixture
def pages(fetches: Fetches, site: Site) -> Fetches:
    """Two pages, fetched."""
    site.page("/a", "Apples.", ETag='"a"')
    site.page("/b", "Bananas.")
    fetches.configure(f'[[source]]\nname = "web"\npages = ["{site.at("/a")}", "{site.at("/b")}"]\n')
    assert fetches.fetch().is_new
    site.asked.clear()
    return fetches


def test_pages_are_kept_with_where_they_are_and_what_they_are(pages: Fetches, site: Site) -> None:
    first, second = pages.files()
    assert (first.source, second.source) == (site.at("/a"), site.at("/b"))
    assert (first.provenance.collection, first.provenance.suffix, first.provenance.url) == (
        "web",
        ".html",
        site.at("/a"),
    )
    assert b"Apples." in first.read()
    assert pages.problems() == {}


def test_what_did_not_change_is_nothing_new(pages: Fetches, site: Site) -> None:
    assert not pages.fetch().is_new
    assert site.asked[-1][1].get("If-None-Match") or site.asked[-2][1].get("If-None-Match")
    site.page("/b", "Blueberries.")
    assert pages.fetch().is_new
    assert "Blueberries." in pages.texts()[site.at("/b")]


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_page_that_fails_keeps_its_last_good_text_and_is_reported(pages: Fetches, site: Site, status: int) -> None:
    site.pages["/a"] = Answer(status=status, headers={"Retry-After": "1"})
    for _ in range(3):
        assert not pages.fetch().is_new
    assert "Apples." in pages.texts()[site.at("/a")]
    assert site.at("/a") in pages.problems()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_goes_that_is_missing_twice_in_a_row_and_not_before(pages: Fetches, site: Site, status: int) -> None:
    there, gone = site.pages["/a"], Answer(status=status)
    for answer, is_kept in [(gone, True), (there, True), (gone, True), (gone, False)]:
        site.pages["/a"] = answer
        pages.fetch()
        assert (site.at("/a") in pages.addresses()) is is_kept
    assert site.at("/b") in pages.addresses()


def test_a_page_that_is_no_longer_named_goes_and_so_does_a_source(pages: Fetches, site: Site) -> None:
    pages.configure(f'[[source]]\nname = "web"\npages = ["{site.at("/b")}"]\n')
    pages.fetch()
    pages.fetch()
    assert pages.addresses() == [site.at("/b")]
    pages.configure("")
    assert pages.fetch().is_new
    assert pages.addresses() == []


def test_only_the_sources_that_are_due_are_asked(pages: Fetches, site: Site) -> None:
    assert pages.fetch("another").sources == 0
    assert site.paths == []


def test_a_damaged_store_is_put_aside_and_filled_again(pages: Fetches) -> None:
    kept_in(pages.data).write_bytes(b"no database" * 1000)
    assert pages.fetch().is_new
    assert len(pages.files()) == 2
    assert kept_in(pages.data).with_suffix(".damaged").exists()


def test_a_store_of_another_make_is_put_aside_too(pages: Fetches) -> None:
    path = kept_in(pages.data)
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE documents (other TEXT)")
    connection.close()
    assert pages.fetch().is_new


def test_a_disk_that_is_full_is_said_so_and_is_no_fault_of_the_source(
    pages: Fetches, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("index.sources.kept.Kept._found", full)
    site.page("/b", "Blueberries.")
    with pytest.raises(DiskFull):
        pages.fetch()
    monkeypatch.undo()
    assert pages.fetch().is_new


def test_a_store_that_may_not_be_written_is_one_line(pages: Fetches, monkeypatch: pytest.MonkeyPatch) -> None:
    denial = sqlite3.OperationalError("attempt to write a readonly database")
    denial.sqlite_errorcode = sqlite3.SQLITE_READONLY

    def denied(_: Path) -> sqlite3.Connection:
        raise denial

    monkeypatch.setattr("index.sources.kept._connected", denied)
    with pytest.raises(KeptUnusable, match="see to its permissions"):
        pages.fetch()
