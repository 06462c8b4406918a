"""Pages: found passages and indexed sources, a few at a time, with buttons to leaf through them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.identifiers import Press
from bot.discord.message import EMBED_TITLE, Button, Embed, Message
from bot.discord.neutral import clipped, label, neutral
from bot.discord.places import address, opener, place
from bot.presenting import notes
from index.documents import DocumentMetadata
from index.hits import Hit, SearchResult

HITS_ON_A_PAGE = 3
SOURCES_ON_A_PAGE = 10
_PASSAGE_LENGTH = 1000


def search_page(search: SearchResult, search_id: str, page: int) -> Message:
    """Return page `page` (from 0; the nearest there is) of the passages that `search` found, as they stand."""
    query = clipped(neutral(" ".join(search.query.split())), 300)
    noted = "".join(f"\n-# {clipped(neutral(notes.of_search(note)), 200)}" for note in search.notes)
    if not search.hits:
        return Message(f"**Nothing found** for: {query}")
    page, pages = _within(page, len(search.hits), HITS_ON_A_PAGE)
    shown = search.hits[page * HITS_ON_A_PAGE : (page + 1) * HITS_ON_A_PAGE]
    return Message(
        f"**{_count(len(search.hits), 'passage')}** for: {query}{noted}",
        embeds=tuple(_hit(hit) for hit in shown),
        rows=_turning("search", search_id, page, pages),
    )


def sources_page(records: Sequence[DocumentMetadata], listing_id: str, page: int) -> Message:
    """Return page `page` (from 0; the nearest there is) of the indexed documents."""
    if not records:
        return Message("**No indexed document** matches.")
    page, pages = _within(page, len(records), SOURCES_ON_A_PAGE)
    shown = records[page * SOURCES_ON_A_PAGE : (page + 1) * SOURCES_ON_A_PAGE]
    return Message(
        embeds=(Embed(_count(len(records), "document"), "\n".join(_source(metadata) for metadata in shown)),),
        rows=_turning("sources", listing_id, page, pages),
    )


def _hit(hit: Hit) -> Embed:
    text = clipped(neutral(hit.passage.text), _PASSAGE_LENGTH) or "…"
    where = clipped(place(hit.document, hit.passage.heading, hit.passage.page), 200)
    details = " · ".join(part for part in (where, _published(hit.document)) if part)
    title = label(f"{hit.rank}. {hit.document.title}", EMBED_TITLE)
    return Embed(title, f"{text}\n-# {details}" if details else text, address(hit.document))


def _source(metadata: DocumentMetadata) -> str:
    title = clipped(neutral(" ".join(metadata.title.split())) or "—", 120)
    parts = [f"- **{title}**", _published(metadata), clipped(neutral(" ".join(metadata.source.split())), 120)]
    return " · ".join(part for part in parts if part) + _short(opener(metadata))


def _short(link: str) -> str:
    # Ten sources with the longest addresses would not fit one embed.
    return link if len(link) <= 120 else ""


def _published(metadata: DocumentMetadata) -> str:
    return metadata.published.isoformat() if metadata.published else ""


def _within(page: int, items: int, on_a_page: int) -> tuple[int, int]:
    pages = -(-items // on_a_page)
    return min(max(page, 0), pages - 1), pages


def _turning(action: str, subject: str, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    if pages == 1:
        return ()
    back, forward = (page - 1) % pages, (page + 1) % pages
    return (
        (
            Button("Back", str(Press(action, subject, f"b{back}")), emoji="◀️"),
            Button(f"Page {page + 1} of {pages}", str(Press(action, subject, f"p{page}"))),
            Button("Next", str(Press(action, subject, f"n{forward}")), emoji="▶️"),
        ),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
