"""What comes of all sources in the index: a refresh over a folder, a web site and a folder beside."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.access import OPERATOR
from index.models.embedding import Embedder
from index.report import Failure
from index.sources.kept import kept_in
from tests.conftest import Shelf
from tests.unit.index.sources.fetches import Fetches
from tests.unit.index.sources.site import Answer, Site, serving
from tests.unit.index.store.test_history import sources

CLOCK = "The clock museum opens at nine in the morning."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[tuple[Path, Site]]:
    """Index one file of the corpus, one page, and one file of the folder beside, to be copied; and serve the page."""
    folder = tmp_path_factory.mktemp("gathered")
    shelf = Shelf(folder, embedder)
    (folder / "beside").mkdir()
    (folder / "beside" / "rowing.md").write_text("The rowing club lends boats to members who can swim.\n")
    (folder / "beside" / "draft.md").write_text("Perhaps.\n")
    shelf.put("cats.txt", "Cats sleep for most of the day.\n")
    with serving() as site:
        site.page("/clock", CLOCK)
        fetches = Fetches(folder, frozenset({site.host}))
        fetches.configure(
            f'[[source]]\nname = "museum"\npages = ["{site.at("/clock")}"]\n'
            'title = "Museum: {title}"\nlanguage = "en"\n'
            '[[source]]\nname = "club"\nfolder = "../beside"\nexclude = ["draft*"]\n'
        )
        fetches.fetch()
        report = shelf.refresh()
        assert report.added == ("cats.txt", "club/rowing.md", site.at("/clock"))
        yield folder, site


@pytest.fixture
def site(built: tuple[Path, Site]) -> Site:
    _, site = built
    site.page("/clock", CLOCK)
    return site


@pytest.fixture
def beside(shelf: Shelf) -> Path:
    return shelf.corpus.parent / "beside"


@pytest.fixture
def shelf(tmp_path: Path, built: tuple[Path, Site], embedder: Embedder) -> Iterator[Shelf]:
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    shelf = Shelf(tmp_path, embedder)
    yield shelf
    shelf.close()


@pytest.fixture
def gathered(shelf: Shelf, fetches: Fetches) -> tuple[Shelf, Fetches]:
    return shelf, fetches


def test_every_source_is_searched_and_says_what_it_is(gathered: tuple[Shelf, Fetches], site: Site) -> None:
    shelf, _ = gathered
    library = shelf.library()
    page = library.search("When does the clock museum open?", OPERATOR, 1).hits[0].document
    assert (page.source, page.url, page.title) == (site.at("/clock"), site.at("/clock"), "Museum: clock")
    assert (page.collection, page.language) == ("museum", "en")
    assert library.search("Who may row a boat?", OPERATOR, 1).hits[0].document.collection == "club"
    named = {one.name: one for one in library.configured(OPERATOR)}
    assert [(one.kind, one.documents) for one in named.values()] == [("folder", 1), ("pages", 1), ("folder", 1)]
    assert named["museum"].asked is not None
    assert library.due(named["museum"].asked.timestamp() + 3599) == frozenset()
    assert library.due(named["museum"].asked.timestamp() + 3601) == {"museum"}


def test_what_changed_is_indexed_and_nothing_else(gathered: tuple[Shelf, Fetches], site: Site, beside: Path) -> None:
    shelf, fetches = gathered
    assert shelf.refresh().generation == 1
    site.page("/clock", "The clock museum opens at ten in the morning.")
    (beside / "rowing.md").unlink()
    (beside / "swimming.md").write_text("The pool is closed on Mondays.\n")
    fetches.fetch()
    report = shelf.refresh()
    assert (report.added, report.changed, report.removed) == (
        ("club/swimming.md",),
        (site.at("/clock"),),
        ("club/rowing.md",),
    )


def test_a_source_that_fails_keeps_its_documents_even_where_all_is_built_anew(
    gathered: tuple[Shelf, Fetches], site: Site, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, fetches = gathered
    site.pages["/clock"] = Answer(status=500)
    (beside / "rowing.md").unlink()
    (beside / "draft.md").unlink()
    beside.rmdir()
    fetches.fetch()
    for version in ("words that are now", "other words"):
        report = shelf.refresh()
        assert report.removed == ()
        assert Failure(site.at("/clock"), "the server answers 500", kept=True) in report.failed
        assert sources(shelf) == ["cats.txt", "club/rowing.md", site.at("/clock")]
        monkeypatch.setattr("index.language.words.VERSION", version)


def test_what_was_fetched_may_be_lost_and_the_index_keeps_it(gathered: tuple[Shelf, Fetches], site: Site) -> None:
    shelf, fetches = gathered
    kept_in(shelf.data).unlink()
    shelf.put("dogs.txt", "Dogs bark.\n")
    assert shelf.refresh().removed == ()
    site.pages["/clock"] = Answer(status=500)
    fetches.fetch()
    assert shelf.refresh().removed == ()
    assert site.at("/clock") in sources(shelf)


def test_a_hostile_page_is_read_in_a_process_with_limits(gathered: tuple[Shelf, Fetches], site: Site) -> None:
    shelf, fetches = gathered
    site.put("/clock", "<div>" * 100_000, "text/html")
    fetches.fetch()
    (failure,) = shelf.refresh().failed
    assert (failure.source, failure.kept) == (site.at("/clock"), True)
    assert shelf.library().search("clock museum", OPERATOR, 1).hits[0].document.source == site.at("/clock")


def test_the_same_bytes_in_two_sources_are_two_documents(gathered: tuple[Shelf, Fetches], beside: Path) -> None:
    shelf, _ = gathered
    shelf.put("rowing.md", (beside / "rowing.md").read_bytes())
    assert shelf.refresh().added == ("rowing.md",)
    assert {document.collection for document in shelf.library().sources(OPERATOR) if "rowing" in document.source} == {
        "corpus",
        "club",
    }


def test_a_source_that_is_no_longer_named_leaves_the_index(gathered: tuple[Shelf, Fetches]) -> None:
    shelf, fetches = gathered
    fetches.configure("")
    fetches.fetch()
    shelf.refresh(allow_shrinking=True)
    assert sources(shelf) == ["cats.txt"]
