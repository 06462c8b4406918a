"""The backend: what this front end asks of the index and of the answering, and nothing more.

`index.library.Library` and `bot.answering.answerer.Answerer` are these; both block, so they are called in threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from bot.answering.answer import Answer, Turn
from bot.answering.generating.entailment import Proof
from index.access import Viewer
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.hits import SearchResult
from index.report import Progress, RefreshReport


class Fingerprint(Protocol):
    """What decides what an index holds besides the documents."""

    @property
    def model_name(self) -> str:
        """The name of the embedding model."""


class Manifest(Protocol):
    """What a generation says of itself."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def created_at(self) -> datetime:
        """When it was made, with a time zone."""

    @property
    def documents(self) -> int:
        """How many documents it holds."""

    @property
    def passages(self) -> int:
        """How many passages it holds."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What it was made with."""


class Library(Protocol):
    """The door of the index."""

    def search(self, query: str, viewer: Viewer, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        """Return the best passages that a viewer sees."""

    def sources(self, viewer: Viewer) -> tuple[DocumentMetadata, ...]:
        """Return the metadata of every indexed document that a viewer sees."""

    def document(self, document_id: str, viewer: Viewer) -> Document:
        """Return a document; raises UnknownDocument, also where the viewer does not see it."""

    def sees(self, viewer: Viewer, documents: Iterable[DocumentMetadata]) -> bool:
        """Return whether a viewer may see all of these documents, which were cited once, by what holds of them now."""

    def hides(self, viewer: Viewer) -> bool:
        """Return whether there is anything that a viewer does not see."""

    def channels(self) -> frozenset[int]:
        """Return the channels of which the readers alone see some document."""

    def refresh(self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None]) -> RefreshReport:
        """Make the next generation; raises a FootnoteError where it cannot."""

    def reload(self) -> bool:
        """Swap in a newer generation; returns whether there was one."""

    def generation(self, viewer: Viewer) -> Manifest | None:
        """Return what is known of the generation in use, with the counts of what a viewer sees."""

    @property
    def out_of_touch(self) -> str | None:
        """Why what is published elsewhere could not be taken over, None where it could or nothing is shared."""


class Answerer(Protocol):
    """The door of the answering."""

    def answer(
        self, question: str, viewer: Viewer, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING
    ) -> Answer:
        """Return the answer; raises BadQuestion for a text that cannot be asked."""

    def stream(
        self,
        question: str,
        viewer: Viewer,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, at least once; the last one is the answer, and what came before may differ.

        Raises Stopped as soon as `stop` is done and a chat model writes, and BadQuestion for what cannot be asked.
        """

    def warm_up(self) -> None:
        """Load what the first question would have to wait for; no chat model is asked."""

    @property
    def proof(self) -> Proof | None:
        """How the chat model proved that it can judge its own drafts, None where it has not, or need not."""

    def prove_judge(self) -> Proof | None:
        """Have it prove that, unless it has or need not; raises ChatFailed and OSError."""
