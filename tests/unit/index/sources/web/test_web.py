import gzip

import pytest

from index.sources.web.answers import Answer, NoPage, NotFetched, NotModified, Page
from index.sources.web.media_types import as_utf8, suffix_of
from index.sources.web.validators import NEVER_SEEN, Validators
from index.sources.web.web import Quiet, Web
from tests.unit.index.sources.site import Answer as Sent
from tests.unit.index.sources.site import Site, http_date


async def get(site: Site, path: str, since: Validators = NEVER_SEEN, quiet: Quiet | None = None) -> Answer:
    async with Web(site.hosts, quiet or Quiet()) as web:
        return await web.get(site.at(path), suffix_of, since)


async def test_a_page_comes_with_its_type_its_charset_and_what_tells_whether_it_changed(site: Site) -> None:
    site.put("/", "Hello.", "text/html; charset=latin-1", ETag='"1"', Last_Modified="Mon, 02 Jun 2025 08:00:00 GMT")
    found = await get(site, "/")
    assert found == Page(
        site.at("/"), b"Hello.", "text/html", "latin-1", Validators('"1"', "Mon, 02 Jun 2025 08:00:00 GMT")
    )


async def test_a_page_that_did_not_change_is_not_sent_again(site: Site) -> None:
    site.put("/", "Hello.", ETag='"1"')
    assert await get(site, "/", Validators('"1"')) == NotModified()
    assert isinstance(await get(site, "/", Validators('"0"')), Page)
    assert site.asked[1][1]["If-None-Match"] == '"1"'


async def test_a_redirect_is_followed_to_another_page_but_not_for_ever(site: Site) -> None:
    site.page("/new", "Hello.")
    site.redirect("/old", "/new")
    site.redirect("/round", "/round")
    found = await get(site, "/old")
    assert isinstance(found, Page)
    assert found.address == site.at("/new")
    assert await get(site, "/round") == NotFetched("redirects more than 5 times")


@pytest.mark.parametrize(("status", "kind"), [(404, NoPage), (410, NoPage), (403, NotFetched), (500, NotFetched)])
async def test_what_a_status_means(site: Site, status: int, kind: type) -> None:
    site.pages["/"] = Sent(status=status)
    assert isinstance(await get(site, "/"), kind)


async def test_a_page_of_a_type_that_is_not_read_is_not_downloaded(site: Site) -> None:
    site.pages["/"] = Sent(b"\x89PNG", headers={"Content-Type": "image/png"}, slow=True)
    assert await get(site, "/") == NotFetched("image/png is not read")


async def test_a_page_that_is_too_large_or_swells_when_unpacked_is_left_off(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = gzip.compress(b"a" * 30_000_000)
    site.put("/bomb", bomb, Content_Encoding="gzip")
    assert await get(site, "/bomb") == NotFetched("larger than 20.0 MB")


async def test_a_page_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.web.web._SECONDS", 0.3)
    site.pages["/"] = Sent(headers={"Content-Type": "text/html"}, slow=True)
    found = await get(site, "/")
    assert isinstance(found, NotFetched)


@pytest.mark.parametrize("is_date", [False, True])
async def test_a_host_that_asks_for_a_pause_is_left_alone_by_the_next_one_too(site: Site, is_date: bool) -> None:
    site.pages["/"] = Sent(status=429, headers={"Retry-After": http_date(7200) if is_date else "7200"})
    quiet = Quiet()
    assert isinstance(await get(site, "/", quiet=quiet), NotFetched)
    found = await get(site, "/other", quiet=quiet)
    assert isinstance(found, NotFetched)
    assert "asks to be left alone for" in found.reason
    assert site.paths == ["/"]


async def test_what_robots_txt_forbids_is_not_asked_for(site: Site) -> None:
    site.put(
        "/robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: footnote\nDisallow: /drafts", "text/plain"
    )
    site.page("/private", "Hello.")
    site.page("/drafts/1", "Hello.")
    assert isinstance(await get(site, "/private"), Page)
    assert await get(site, "/drafts/1") == NotFetched("the robots.txt of 127.0.0.1 asks not to read it")
    assert site.paths == ["/private"]


@pytest.mark.parametrize(("status", "is_read"), [(404, True), (403, True), (500, False), (429, False)])
async def test_without_rules_a_host_is_read_and_with_unknown_ones_it_is_not(
    site: Site, status: int, is_read: bool
) -> None:
    site.pages["/robots.txt"] = Sent(status=status)
    site.page("/", "Hello.")
    assert isinstance(await get(site, "/"), Page) is is_read


async def test_who_asks_says_so_and_brings_no_cookie_back(site: Site) -> None:
    site.page("/", "Hello.", Set_Cookie="a=b")
    async with Web(site.hosts, Quiet()) as web:
        await web.get(site.at("/"), suffix_of)
        await web.get(site.at("/"), suffix_of)
    headers = site.asked[-1][1]
    assert headers["User-Agent"].startswith("Footnote/")
    assert "Cookie" not in headers


async def test_a_host_that_is_not_there_is_one_line(site: Site) -> None:
    async with Web(site.hosts, Quiet()) as web:
        found = await web.get("http://nowhere.invalid/", suffix_of)
    assert found == NotFetched("there is no such host")


@pytest.mark.parametrize(
    ("media_type", "path", "suffix"),
    [
        ("text/html", "/guide", ".html"),
        ("text/html", "/guide.pdf", ".html"),
        ("application/pdf", "/download", ".pdf"),
        ("text/plain", "/notes.md", ".md"),
        ("text/plain", "/notes", ".txt"),
        ("application/octet-stream", "/a.docx", ".docx"),
        ("application/octet-stream", "/a.exe", None),
        ("image/png", "/a.md", None),
    ],
)
def test_what_is_read_by_which_format(media_type: str, path: str, suffix: str | None) -> None:
    assert suffix_of(media_type, path) == suffix


def test_a_text_in_the_charset_that_its_server_names_becomes_utf_8() -> None:
    assert as_utf8("é".encode("cp1252"), "iso-8859-1").decode("utf-8-sig") == "é"
    assert as_utf8("é".encode(), "iso-8859-1") == "é".encode()
    assert as_utf8(b"\xe9", "rot13") == as_utf8(b"\xe9", None) == b"\xe9"
