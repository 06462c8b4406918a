from pathlib import Path

import pytest

from index.access import AccessRule
from index.errors import BadConfiguration
from index.sources.configuration import read_configuration
from index.sources.editing import add_source, of_server, remove_source

WRITTEN = """# What we read besides our own files.

[[source]]
name = "news"  # the council's
feed = "https://example.org/feed"
"""


@pytest.mark.parametrize(
    ("where", "kind", "name"),
    [
        ("https://example.org/guide", "pages", "example.org-guide"),
        ("https://example.org/sitemap.xml", "sitemap", "example.org-sitemap.xml"),
        ("https://example.org/sitemap_index.xml.gz", "sitemap", "example.org-sitemap_index.xml.gz"),
        ("https://example.org/blog/feed/", "feed", "example.org-blog-feed"),
        ("https://example.org/news.atom", "feed", "example.org-news.atom"),
        ("https://example.org/handbook.git", "git", "example.org-handbook.git"),
    ],
)
def test_an_address_tells_what_is_there_and_what_to_call_it(tmp_path: Path, where: str, kind: str, name: str) -> None:
    added = add_source(tmp_path, where)
    assert (added.kind, added.name, added.address) == (kind, name, where)
    assert read_configuration(tmp_path)[1:] == (added,)
    assert add_source(tmp_path, where).name == f"{name}-2"[:42]


def test_what_an_author_wrote_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(WRITTEN)
    add_source(tmp_path, "https://example.org/a", kind="sitemap", name="site")
    assert (tmp_path / "corpus.toml").read_text().startswith(WRITTEN)
    assert remove_source(tmp_path, "https://example.org/a").name == "site"
    assert (tmp_path / "corpus.toml").read_text().rstrip() == WRITTEN.rstrip()
    remove_source(tmp_path, "news")
    assert len(read_configuration(tmp_path)) == 1
    assert add_source(tmp_path, "https://example.org/a").kind == "pages"


def test_a_folder_and_a_file_are_added_by_their_paths(tmp_path: Path) -> None:
    corpus, beside = tmp_path / "corpus", tmp_path / "beside"
    corpus.mkdir()
    beside.mkdir()
    (beside / "rules.md").write_text("No shouting.")
    (beside / "drafts.md").write_text("Perhaps.")
    assert add_source(corpus, str(beside)).address == str(beside)
    file = add_source(corpus, str(beside / "rules.md"))
    assert [one.source for one in file.files(lambda *_: None)] == ["rules.md/rules.md"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["nowhere/at/all", "ftp://example.org/a", "http://me:secret@example.org/"])
def test_what_cannot_be_a_source_changes_nothing(tmp_path: Path, where: str) -> None:
    (tmp_path / "corpus.toml").write_text(WRITTEN)
    with pytest.raises(BadConfiguration):
        add_source(tmp_path, where)
    with pytest.raises(BadConfiguration, match="those that it names: news"):
        remove_source(tmp_path, where)
    assert (tmp_path / "corpus.toml").read_text() == WRITTEN


def test_what_a_server_adds_is_shown_there_alone_and_no_other_removes_it(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(WRITTEN)
    name = add_source(tmp_path, "https://example.org/rules", server=10).name
    sources = read_configuration(tmp_path)
    assert [source.name for source in of_server(sources, 10)] == [name] and of_server(sources, 11) == ()
    assert sources[-1].access_of("https://example.org/rules") == (AccessRule(servers=frozenset({10})),)
    for other, server in ((name, 11), ("news", 10)):
        with pytest.raises(BadConfiguration, match="names no source"):
            remove_source(tmp_path, other, server)
    assert remove_source(tmp_path, name, 10).name == name
    assert (tmp_path / "corpus.toml").read_text().rstrip() == WRITTEN.rstrip()
