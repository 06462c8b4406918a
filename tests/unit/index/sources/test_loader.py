from collections.abc import Iterator

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from tests.unit.index.sources.fetches import Fetches

LOADED: list[Document] = []
NAME = "tests.unit.index.sources.test_loader:Wiki"


class Wiki(BaseLoader):
    """Loads what `LOADED` holds, in the space that it is given."""

    def __init__(self, space: str) -> None:
        self.space = space

    def lazy_load(self) -> Iterator[Document]:
        for document in LOADED:
            if document.page_content == "broken":
                raise RuntimeError("the wiki is away")
            yield document


def wiki(fetches: Fetches, *documents: Document) -> Fetches:
    LOADED[:] = documents
    fetches.loaders = frozenset({NAME})
    fetches.configure(f'[[source]]\nname = "wiki"\nloader = "{NAME}"\narguments = {{space = "home"}}\n')
    return fetches


def page(text: str, source: str, **said: str) -> Document:
    return Document(text, metadata={"source": source, **said})


def test_what_a_loader_loads_are_documents_and_its_parts_one(fetches: Fetches) -> None:
    first, second = page("One.", "a/b", title="A title", date="2025-06-03"), page("Two.", "a/b")
    wiki(fetches, first, second, page("Web.", "https://wiki.example/home"))
    assert fetches.fetch().is_new
    web, file = fetches.files()
    assert (web.source, web.provenance.url) == ("https://wiki.example/home", "https://wiki.example/home")
    assert (file.source, file.read().decode()) == ("wiki/a/b", "One.\n\nTwo.")
    assert (file.provenance.title, str(file.provenance.published)) == ("A title", "2025-06-03")
    assert not fetches.fetch().is_new


def test_what_it_no_longer_loads_goes_the_second_time_unless_it_loads_nothing(fetches: Fetches) -> None:
    wiki(fetches, page("One.", "a"), page("Two.", "b")).fetch()
    for left, kept in [([], 2), ([], 2), ([page("Two.", "b")], 2), ([page("Two.", "b")], 1)]:
        wiki(fetches, *left).fetch()
        assert len(fetches.files()) == kept


def test_a_loader_that_fails_deletes_nothing_and_is_reported(fetches: Fetches) -> None:
    wiki(fetches, page("One.", "a")).fetch()
    wiki(fetches, page("broken", "a")).fetch()
    assert fetches.texts() == {"wiki/a": "One."}
    assert fetches.problems() == {NAME: "the loader failed (RuntimeError: the wiki is away)"}


def test_a_loader_that_no_operator_named_is_not_run(fetches: Fetches) -> None:
    wiki(fetches, page("One.", "a"))
    fetches.loaders = frozenset()
    fetches.fetch()
    assert fetches.files() == []
    assert "FOOTNOTE_LOADERS" in fetches.problems()[NAME]
