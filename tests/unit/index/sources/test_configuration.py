from datetime import timedelta
from pathlib import Path

import pytest

from index.access import PUBLIC, AccessRule
from index.documents import CORPUS
from index.errors import BadConfiguration
from index.sources.configuration import parse_configuration, read_configuration
from index.sources.folder import Folder
from index.sources.kinds import KINDS
from index.sources.page import Pages

GIVEN = {
    "folder": '"../handbook"',
    "pages": '["https://example.org/a"]',
    "sitemap": '"https://example.org/sitemap.xml"',
    "feed": '"https://example.org/feed"',
    "git": '"https://example.org/handbook.git"',
    "loader": '"package.module:Class"',
}


def test_without_a_corpus_toml_there_is_the_folder_alone(tmp_path: Path) -> None:
    assert read_configuration(tmp_path) == (Folder(name=CORPUS, folder=tmp_path),)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_by_the_key_that_says_where_it_is(kind: str) -> None:
    text = (
        f'[[source]]\nname = "it"\n{kind} = {GIVEN[kind]}\ninterval = "15m"\nlanguage = "de"\ntitle = "It: {{title}}"\n'
    )
    _, source = parse_configuration(text, Path("corpus"), "corpus.toml")
    assert (source.kind, source.name, source.interval) == (kind, "it", timedelta(minutes=15))
    known = source.provenance("page", ".html")
    assert (known.collection, known.suffix, known.language, known.titled) == ("it", ".html", "de", "It: {title}")


def test_paths_begin_at_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('[[source]]\nname = "h"\nfolder = "../h"\n')
    _, source = read_configuration(tmp_path)
    assert source.address == str(tmp_path / "../h")


def test_the_corpus_itself_can_be_described(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(f'[[source]]\nname = "{CORPUS}"\nlanguage = "en"\nexclude = ["drafts/**"]\n')
    (corpus,) = read_configuration(tmp_path)
    assert (corpus.name, corpus.language, corpus.address) == (CORPUS, "en", str(tmp_path / "."))


def page(more: str = "", name: str = "web") -> str:
    return f'[[source]]\nname = "{name}"\npages = ["https://example.org/a"]\n{more}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[source]", "is no TOML"),
        ("[source]\nname = 'a'", "source is not known; a source begins with [[source]]"),
        ("[[sources]]\nname = 'a'", "sources is not known"),
        ("[[source]]\npages = []", "source 1: give it a name"),
        ("[[source]]\nname = 'a/b'", "source 1: give it a name"),
        ("[[source]]\nname = 'a'", "source 1 (a): say where it is with exactly one of folder, pages"),
        (page("feed = 'https://example.org/feed'"), "exactly one of"),
        (page() + page("intervall = '1h'", "b"), "source 2 (b): intervall is not known; the nearest that is: interval"),
        (page("interval = '1 week'"), "interval: accepted is a number of minutes, hours or days: 15m, 6h, 1d"),
        (page("title = 'Handbook'"), "title: put {title} where the document's own title is to stand"),
        (page() + page(), "two sources are called web"),
        ("[[source]]\nname = 'a'\npages = []", "pages: "),
        ("[[source]]\nname = 'a'\npages = 'https://example.org'", "pages: accepted is a valid tuple"),
        ("[[source]]\nname = 'a'\npages = ['ftp://example.org']", "only addresses that begin with http"),
        ("[[source]]\nname = 'a'\nfeed = 'https://me:secret@example.org'", "leave that out"),
        ("[[source]]\nname = 'a'\nsitemap = 'https://example.org/s'\nlimit = 0", "limit: accepted is greater than"),
        ("[[source]]\nname = 'a'\ngit = 'ssh://git@example.org/a'", "only addresses that begin with http"),
        (page("access = {}"), "access.0: name the servers, roles or channels that may see it"),
        (page("access = []"), "access: "),
        (page("access = { roles = [] }"), "access.0.roles: "),
        (page("access = { roles = [0] }"), "access.0.roles.0: accepted is greater than or equal to 1"),
        (page("access = { roles = ['staff'] }"), "access.0.roles.0: accepted is a valid integer"),
        (page("access = { rolls = [1] }"), "access.0.rolls: this is not known"),
        ("[[source]]\nname = 'a'\ngit = 'h'\nbranch = '--upload-pack=x'", "does not begin with a dash"),
    ],
)
def test_whatever_is_wrong_is_one_line_that_says_where(text: str, said: str) -> None:
    with pytest.raises(BadConfiguration) as error:
        parse_configuration(text, Path("corpus"), "corpus.toml")
    assert said in str(error.value)
    assert str(error.value).startswith("corpus.toml")
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)
    assert isinstance(parse_configuration(page(), Path("corpus"), "")[1], Pages)


def test_a_source_or_a_glob_within_it_is_limited_to_those_who_may_see_it() -> None:
    text = (
        '[[source]]\nname = "h"\nfolder = "h"\n[[source.access]]\nservers = [1]\n'
        '[[source.access]]\ninclude = ["staff/**"]\nexclude = ["staff/menu.md"]\nroles = [2, "3"]\n'
        '[[source]]\nname = "w"\npages = ["https://example.org/a"]\naccess = { channels = [4], readers_of = [5] }\n'
    )
    corpus, folder, web = parse_configuration(text, Path("corpus"), "corpus.toml")
    server, staff = AccessRule(servers=frozenset({1})), AccessRule(roles=frozenset({2, 3}))
    assert folder.access_of("h/a.md") == folder.access_of("h/staff/menu.md") == (server,)
    assert folder.access_of("h/staff/pay.md") == folder.provenance("h/staff/pay.md").access == (server, staff)
    assert web.access_of("https://example.org/a") == (AccessRule(channels=frozenset({4}), readers_of=frozenset({5})),)
    assert corpus.access_of("h/staff/pay.md") == PUBLIC
