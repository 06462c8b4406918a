from datetime import date

import pytest

from tests.unit.index.sources.fetches import Fetches
from tests.unit.index.sources.site import Answer, Site

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>
<item><title>Whole &amp;lt;b&amp;gt;news&amp;lt;/b&amp;gt;</title><link>{site}/whole</link>
<pubDate>Tue, 03 Jun 2025 09:00:00 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>All of the <b>news</b> of the day.</p>]]></content:encoded></item>
<item><title>Linked</title><link>{site}/linked</link><description>Only the beginning …</description></item>
<item><title>Nowhere</title><description>No link.</description></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title type="html">Atom &amp;amp; co</title><link rel="self" href="{site}/self"/><link href="/atom"/>
<updated>2025-06-04T09:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Of atoms.</p></div></content></entry>
</feed>"""


@pytest.fixture
def fed(fetches: Fetches, site: Site) -> Fetches:
    site.page("/linked", "The linked page.")
    site.put("/feed", RSS.replace("{site}", site.at("")), "application/rss+xml")
    fetches.configure(f'[[source]]\nname = "news"\nfeed = "{site.at("/feed")}"\n')
    assert fetches.fetch().is_new
    return fetches


def test_an_entry_that_holds_its_text_is_kept_and_of_another_the_page(fed: Fetches, site: Site) -> None:
    linked, whole = fed.files()
    assert (linked.source, whole.source) == (site.at("/linked"), site.at("/whole"))
    assert "All of the <b>news</b> of the day." in whole.read().decode()
    assert (whole.provenance.title, whole.provenance.published) == ("Whole news", date(2025, 6, 3))
    assert "The linked page." in linked.read().decode()
    assert linked.provenance.title == "Linked"
    assert site.paths == ["/feed", "/linked"]


def test_atom_is_read_likewise(fed: Fetches, site: Site) -> None:
    site.put("/feed", ATOM.replace("{site}", site.at("")), "application/atom+xml")
    assert fed.fetch().is_new
    atom = fed.files()[0]
    assert (atom.source, atom.provenance.title) == (site.at("/atom"), "Atom & co")
    assert atom.provenance.published == date(2025, 6, 4)
    assert "<p>Of atoms.</p>" in atom.read().decode().replace(' xmlns="http://www.w3.org/1999/xhtml"', "")


def test_what_the_feed_no_longer_holds_stays_and_what_changed_in_it_is_new(fed: Fetches, site: Site) -> None:
    assert not fed.fetch().is_new
    changed = RSS.replace("{site}", site.at("")).replace("of the day", "of the week")
    site.put("/feed", changed[: changed.index("<item><title>Linked")] + "</channel></rss>", "application/rss+xml")
    assert fed.fetch().is_new
    assert fed.addresses() == [site.at("/linked"), site.at("/whole")]
    assert "of the week" in fed.texts()[site.at("/whole")]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", headers={"Content-Type": "application/rss+xml"}),
        Answer(b"<rss></rss>", headers={"Content-Type": "application/rss+xml"}),
        Answer(b"\x00\xff", headers={"Content-Type": "text/xml"}),
        Answer(status=404),
    ],
)
def test_a_feed_that_is_empty_broken_or_gone_deletes_nothing(fed: Fetches, site: Site, answer: Answer) -> None:
    site.pages["/feed"] = answer
    for _ in range(3):
        assert not fed.fetch().is_new
    assert len(fed.files()) == 2
    assert site.at("/feed") in fed.problems()
