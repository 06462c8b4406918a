import gzip
from collections.abc import Iterable

import pytest

from tests.unit.index.sources.fetches import Fetches
from tests.unit.index.sources.site import Answer, Site


def listing(site: Site, paths: Iterable[str], entry: str = "url") -> str:
    entries = "".join(
        f"<{entry}><loc> {site.at(path)}\n</loc><lastmod>2025-01-01</lastmod></{entry}>" for path in paths
    )
    root = "urlset" if entry == "url" else "sitemapindex"
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'


@pytest.fixture
def mapped(fetches: Fetches, site: Site) -> Fetches:
    """Serve three pages, and a sitemap of two of them."""
    for name in ("a", "b", "c"):
        site.page(f"/{name}", f"Page {name}.")
    site.put("/sitemap.xml", listing(site, ["/a", "/b"]), "application/xml")
    fetches.configure(f'[[source]]\nname = "site"\nsitemap = "{site.at("/sitemap.xml")}"\n')
    fetches.fetch()
    return fetches


def paths(fetches: Fetches, site: Site) -> list[str]:
    return [address.removeprefix(site.at("")) for address in fetches.addresses()]


def test_the_pages_that_a_sitemap_lists_are_kept(mapped: Fetches, site: Site) -> None:
    assert paths(mapped, site) == ["/a", "/b"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", headers={"Content-Type": "application/xml"}),
        Answer(b"<urlset></urlset>", headers={"Content-Type": "application/xml"}),
        Answer(b"<html>Welcome<br>", headers={"Content-Type": "application/xml"}),
        Answer(b"<html></html>", headers={"Content-Type": "text/html"}),
        Answer(gzip.compress(b"<urlset>")[:-9], headers={"Content-Type": "application/gzip"}),
        Answer(status=404),
        Answer(status=500),
    ],
)
def test_a_sitemap_that_is_empty_broken_or_gone_deletes_nothing(mapped: Fetches, site: Site, answer: Answer) -> None:
    site.pages["/sitemap.xml"] = answer
    for _ in range(3):
        assert not mapped.fetch().is_new
    assert paths(mapped, site) == ["/a", "/b"]
    assert site.at("/sitemap.xml") in mapped.problems()


def test_what_a_sitemap_no_longer_lists_twice_in_a_row_goes(mapped: Fetches, site: Site) -> None:
    site.put("/sitemap.xml", listing(site, ["/b", "/c"]), "application/xml")
    mapped.fetch()
    assert paths(mapped, site) == ["/a", "/b", "/c"]
    mapped.fetch()
    assert paths(mapped, site) == ["/b", "/c"]


def test_sitemaps_within_sitemaps_are_read_packed_or_not_and_not_round_and_round(mapped: Fetches, site: Site) -> None:
    site.put("/sitemap.xml", listing(site, ["/one.xml", "/two.xml.gz", "/sitemap.xml"], "sitemap"), "text/xml")
    site.put("/one.xml", listing(site, ["/a"]), "application/xml")
    site.put("/two.xml.gz", gzip.compress(listing(site, ["/c"]).encode()), "application/gzip")
    mapped.fetch()
    assert paths(mapped, site) == ["/a", "/b", "/c"]


def test_a_page_of_another_host_and_more_than_the_limit_are_left_out(mapped: Fetches, site: Site) -> None:
    elsewhere = "<url><loc>http://127.0.0.2/secret</loc></url></urlset>"
    text = listing(site, ["/c", "/a", "/b"]).replace("</urlset>", elsewhere).replace("<urlset", "<urlset", 1)
    site.put("/sitemap.xml", text, "application/xml")
    mapped.configure(f'[[source]]\nname = "few"\nsitemap = "{site.at("/sitemap.xml")}"\nlimit = 2\nexclude = ["a"]\n')
    mapped.fetch()
    assert paths(mapped, site) == ["/b", "/c"]


def test_a_sitemap_that_unfolds_itself_or_a_file_of_ours_is_no_sitemap(mapped: Fetches, site: Site) -> None:
    lols = '<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for doctype in (lols + "]>", '<!DOCTYPE u [<!ENTITY i SYSTEM "file:///etc/hostname">]>'):
        body = f"{doctype}<urlset><url><loc>{site.at('/&i;')}</loc></url></urlset>"
        site.put("/sitemap.xml", body, "application/xml")
        mapped.fetch()
        assert paths(mapped, site) == ["/a", "/b"]
