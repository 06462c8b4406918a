"""Places: where a document can be opened, and where in it something stands, as Markdown."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urlsplit

from bot.discord.messaging.message import LINK
from bot.discord.messaging.neutral import inline
from bot.presenting import places
from bot.presenting.words import Words
from index.documents import DocumentMetadata
from index.hits import Hit
from index.messages import is_in_discord, message_address

# What an address may hold unquoted; brackets, quotes and white space could end a link early.
_SAFE = "/?#:&=%~+,;!$.-_"


def address(metadata: DocumentMetadata, link: str = "") -> str | None:
    """Return the web address that opens the document of `metadata`, or None where it has none.

    `link` is used when it opens the same page (it may say where on it), or a message in the same channel, and fits a
    button; nothing else that a link could name is ever shown.
    """
    pages = [page for page in (metadata.url, metadata.source) if page and _on_the_web(page)]
    if link and _on_the_web(link) and _page_of(link) in {urldefrag(page).url for page in pages}:
        pages.insert(0, link)
    quoted = (quote(page, safe=_SAFE) for page in pages)
    return next((page for page in quoted if len(page) <= LINK), None)


def opener(metadata: DocumentMetadata, words: Words, link: str = "") -> str:
    """` · [open](address)` in Markdown, or nothing where the document has no address.

    The words of the link are ours: a title could pass for the address of another site.
    """
    found = address(metadata, link)
    label = words("open")
    return f" · [{label}]({found})" if found else ""


def found_at(hit: Hit) -> str:
    """Return the link to what was found: of a message in Discord its own, else nothing."""
    stands, url = hit.passage.place, hit.document.url
    return message_address(url, stands.number) if url and stands and stands.kind == "message" else ""


def place(document: DocumentMetadata, heading: tuple[str, ...], position: str, words: Words) -> str:
    """Where something stands in `document`: the headings above it, its `position` in words, and its copies."""
    path = (inline(part, 200) for part in places.headings(document, heading))
    parts = places.ARROW.join(path), _said(position), _said(places.copies(document, words))
    return " · ".join(part for part in parts if part)


def _page_of(link: str) -> str:
    """Return the page that a link opens, for a message in Discord the channel that it stands in."""
    channel, _, message = link.rpartition("/")
    is_message = is_in_discord(channel) and message.isascii() and message.isdecimal()
    return channel if is_message else urldefrag(link).url


def _said(text: str) -> str:
    return inline(text, 300) if text else ""


def _on_the_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and "@" not in parts.netloc and "\\" not in text
