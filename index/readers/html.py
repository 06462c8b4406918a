"""HTML: the main text of a page with its headings, lists and tables, without navigation, scripts and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from index.errors import UnreadableDocument
from index.readers.encoding import decode
from index.readers.front_matter import day, language_code, web_address
from index.readers.parsed import DocumentBuilder, ParsedDocument

_CHARSET = re.compile(rb"""<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_START = 4096
_LONGEST_NUMBER = 9
_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r" *\n *")

# Where a page says what it is (https://ogp.me, https://schema.org). A date in its text may be any date.
_TITLE = ("//meta[@property='og:title']/@content", "//head/title/text()")
_URL = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
_PUBLISHER = ("//meta[@property='og:site_name']/@content",)
_AUTHOR = (
    "//meta[@name='author' or @property='article:author' or @name='dc.creator']/@content",
    "//*[@itemprop='author']//*[@itemprop='name']/text()",
    "//a[@rel='author']/text()",
)
_PUBLISHED = (
    "//meta[@property='article:published_time' or @itemprop='datePublished' or @name='date']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
)

# The elements of HTML, and those of the simpler tree that trafilatura makes of it: head, list, item, row, cell, lb.
_OF_A_HEAD = {"base", "link", "meta", "noscript", "script", "style", "template", "title"}
_LISTS = {"ul", "ol", "menu", "list"}
_CELLS = {"td", "th", "cell"}
# fmt: off
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "hi", "i",
    "ins", "kbd", "label", "mark", "q", "ref", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}
_UNSEEN = {
    "aside", "button", "footer", "head", "iframe", "math", "nav", "noscript", "object", "rp", "rt", "script", "select",
    "style", "svg", "template", "textarea",
}
# fmt: on
# Where one of these stands, the page has more than its main text.
_AROUND = {"aside", "footer", "form", "header", "nav", "script"}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of an HTML page or fragment.

    Raises `UnreadableDocument` if its elements are nested too deeply for a page.
    """
    declared = _CHARSET.search(data, 0, _START)
    source, encoding = decode(data, declared[1].decode() if declared else None)
    page = _parsed(source)
    if page is None:
        return ParsedDocument("", encoding=encoding)
    main = DocumentBuilder()
    _Body(main).write(_main(source))
    text = main.text()
    first = next((heading.title for heading in main.headings if heading.level == 1), None)
    return ParsedDocument(
        text,
        tuple(main.headings),
        title=_said(page, _TITLE) or first,
        url=web_address(_said(page, _URL)),
        publisher=_said(page, _PUBLISHER),
        author=_author(page),
        published=day(_said(page, _PUBLISHED)),
        template_language=language_code(page.get("lang")),
        encoding=encoding,
    )


def write(source: str, writer: DocumentBuilder) -> None:
    """Write all the text of the HTML fragment `source`, as `read` does that of a page, with `writer`."""
    tree = _parsed(source)
    if tree is not None:
        _Body(writer).write(tree)


def _author(page: Any) -> str | None:
    """Return the author that the page names, None where it names none or an address."""
    said = " ".join((_said(page, _AUTHOR) or "").split())
    return said if said and "://" not in said and len(said) <= 200 else None


def _said(page: Any, paths: tuple[str, ...]) -> str | None:
    """Return the first thing that the page says at one of `paths`, or None."""
    found = (str(value).strip() for path in paths for value in page.xpath(path))
    return next(filter(None, found), None)


def _parsed(source: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return _with_head_apart(html.document_fromstring(source.encode(), parser))
    except etree.ParserError:
        return None  # nothing in it
    finally:
        if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
            raise UnreadableDocument("its elements are nested too deeply for a page")


def _with_head_apart(tree: Any) -> Any:
    """Move into the body what libxml2, which knows no element of HTML 5, left in the head of a page without tags."""
    head = tree.find("head")
    strays = [element for element in head if element.tag not in _OF_A_HEAD] if head is not None else []
    if strays:
        body = tree.find("body")
        if body is None:
            body = etree.SubElement(tree, "body")
        body[:0] = strays
    return tree


def _main(source: str) -> Any:
    """Return the element that holds the main text: trafilatura's choice, or all where nothing stands around it.

    Trafilatura (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15) is made for pages of the web; of a plain
    document or a fragment it drops parts.
    """
    tree = _parsed(source)
    if next(tree.iter(*_AROUND), None) is None:
        return tree
    from trafilatura import bare_extraction  # slow to import

    found: Any = bare_extraction(_parsed(source), include_comments=False)
    if not found or not found.text:
        return tree
    # One paragraph is trafilatura's last resort, with all structure lost; of a short page all is better.
    is_flat = len(found.body) == 1 and len(_words(tree)) < 1.2 * len(found.text)
    return tree if is_flat else found.body


@dataclass(slots=True)
class _Body:
    """A page, written as its elements come by."""

    writer: DocumentBuilder
    words: list[str] = field(default_factory=list)  # of the open paragraph

    def write(self, tree: Any) -> None:
        self._element(tree)
        self._end_paragraph()

    def _element(self, element: Any) -> None:
        tag = element.tag
        if _is_unseen(element):
            return
        if tag in _INLINE and not (tag == "code" and "\n" in (element.text or "")):
            self._children(element)
        elif tag in ("br", "lb"):
            self.words.append("\n")
        else:
            self._end_paragraph()
            self._block(element)
            self._end_paragraph()

    def _block(self, element: Any) -> None:
        tag = element.tag
        level = _level(element)
        if level:
            self.writer.heading(_words(element).rstrip("¶ "), level)
        elif tag in ("pre", "code") or (tag == "quote" and not len(element)):
            self.writer.block("".join(element.itertext()))
        elif tag == "table" and _is_data(element):
            self._table(element)
        elif tag in _LISTS and element.get("rend") != "dl":
            self.writer.begin_list(_first_number(element))
            self._children(element)
            self._end_paragraph()
            self.writer.end_list()
        else:
            if tag in ("li", "item") and _is_list_item(element):
                self.writer.begin_item()
            self._children(element)

    def _children(self, element: Any) -> None:
        self._say(element.text)
        for child in element:
            self._element(child)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(_SPACE.sub(" ", text))

    def _end_paragraph(self) -> None:
        self.writer.block(_BREAK.sub("\n", "".join(self.words)).strip())
        self.words.clear()

    def _table(self, table: Any) -> None:
        self.writer.block(" ".join(_words(caption) for caption in table.iter("caption")))
        rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr", "row")]
        named = bool(rows) and all(cell.tag == "th" or cell.get("role") == "head" for cell in rows[0])
        words = [[_words(cell) for cell in row] for row in rows if row]
        self.writer.table(words[0] if named and words else (), words[1:] if named else words)


def _level(element: Any) -> int:
    name = element.get("rend", "") if element.tag == "head" else element.tag
    return int(name[1]) if re.fullmatch("h[1-6]", name) else 0


def _first_number(element: Any) -> int | None:
    if element.tag != "ol" and element.get("rend") != "ol":
        return None
    start = element.get("start", "")
    return int(start) if start.isdecimal() and len(start) <= _LONGEST_NUMBER else 1


def _is_list_item(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in _LISTS and parent.get("rend") != "dl"


def _is_data(table: Any) -> bool:
    """Tell whether a table holds data, rather than laying out a page."""
    return next(table.iterdescendants("table", "ul", "ol", "list", "h1", "h2", "h3", "h4", "pre"), None) is None


def _words(element: Any) -> str:
    """Return the words inside `element` on one line."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    if _is_unseen(element):
        return
    edge = "" if element.tag in _INLINE else " "
    yield edge + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield edge


def _is_unseen(element: Any) -> bool:
    return element.tag in _UNSEEN and not _level(element)
