"""The backend: what this front end asks of the index and of the answering, and nothing more.

`index.library.Library` and `bot.answering.answerer.Answerer` are these; both block, so they are called in threads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from bot.answering.answer import Answer, Turn
from bot.answering.generating.entailment import Proof
from index.access import Viewer
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.hits import SearchResult
from index.messages import Attachment, Channel, Conversation, Message
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


class Channels(Protocol):
    """The channels of Discord that are indexed, with what is said there."""

    def add(self, channel: Channel) -> None:
        """Keep a channel, or what is known of it anew; what it held otherwise goes."""

    def remove(self, channel: int) -> bool:
        """Forget a channel and all that was said in it; return whether it was known."""

    def every(self, server: int | None = None) -> tuple[Channel, ...]:
        """Return the channels that are kept, of one server or of all, by name."""

    def conversations(self, channel: int) -> dict[int, Conversation]:
        """Return the conversations of a channel, by id."""

    def keep(self, conversation: Conversation, messages: Sequence[Message]) -> bool:
        """Keep what is said in a conversation, and return whether anything changed."""

    def ids(self, conversation: int) -> frozenset[int]:
        """Return the messages that are kept of a conversation."""

    def missing(self, messages: Collection[int]) -> frozenset[int]:
        """Return those messages that are not kept, or not any more."""

    def delete(self, messages: Iterable[int]) -> frozenset[int]:
        """Forget messages; return those that were known."""

    def end(self, conversation: int) -> frozenset[int]:
        """Forget a conversation; return the messages that were said in it."""

    def forget_person(self, author: int) -> frozenset[int]:
        """Forget all that a person said; return the messages."""

    def count_of(self, author: int) -> int:
        """Return how many messages of a person are kept."""

    def note(self, channel: int, problem: str | None) -> None:
        """Keep what is wrong with a channel, or that nothing is any more."""

    def problems(self) -> dict[int, str]:
        """Return what is wrong with channels, by their ids."""


class Attached(Protocol):
    """The documents that people handed in."""

    def keep(self, about: Attachment, data: bytes) -> None:
        """Keep a document; raises NotAccepted, with the reason, for what could never be read or is too large."""

    def remove(self, about: Attachment) -> bool:
        """Forget a document; return whether it was there."""

    def every(self, server: int | None = None) -> tuple[Attachment, ...]:
        """Return what is kept, of one server or of all, by name."""

    def forget_person(self, author: int) -> int:
        """Forget what a person answered; return how many documents that were."""

    def leave(self, server: int) -> None:
        """Forget what was handed in on a server."""


class Library(Protocol):
    """The door of the index."""

    @property
    def kept_channels(self) -> Channels:
        """The channels of Discord that are indexed, and what is said there."""

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

    def refresh(
        self,
        *,
        allow_shrinking: bool = False,
        progress: Callable[[Progress], None],
        only: frozenset[str] | None = None,
    ) -> RefreshReport:
        """Make the next generation of what every source has, or those of these names.

        Raises a FootnoteError where it cannot.
        """

    def add_source(
        self, where: str, kind: str | None = None, name: str | None = None, server: int | None = None
    ) -> str:
        """Put a source into `corpus.toml`, shown on a server alone, and return its name; raises BadConfiguration."""

    def remove_source(self, name: str, server: int | None = None) -> str:
        """Take a source that is shown on a server alone out of `corpus.toml`; raises BadConfiguration."""

    def added_on(self, server: int) -> tuple[tuple[str, str], ...]:
        """Return the sources that are shown on a server alone, as names and addresses; raises BadConfiguration."""

    @property
    def attached(self) -> Attached:
        """The documents that people handed in."""

    def history(self) -> Sequence[Manifest]:
        """Return what is known of the generations that are kept, the one in use first."""

    def roll_back(self, number: int | None = None) -> Manifest:
        """Go back to an earlier generation and return what is in use now; raises a FootnoteError where it cannot."""

    def compact(self) -> bool:
        """Make one of the base of the index and what has changed since, where that is much."""

    def reload(self) -> bool:
        """Swap in a newer generation; returns whether there was one."""

    def generation(self, viewer: Viewer) -> Manifest | None:
        """Return what is known of the generation in use, with the counts of what a viewer sees."""

    @property
    def out_of_touch(self) -> str | None:
        """Why what is published elsewhere could not be taken over, None where it could or nothing is shared."""

    @property
    def words_alone(self) -> str | None:
        """Why words alone are searched, None where vectors are too."""


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

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        """Forget what was written out of these messages of Discord, which were deleted."""

    def warm_up(self) -> None:
        """Load what the first question would have to wait for; no chat model is asked."""

    @property
    def proof(self) -> Proof | None:
        """How the chat model proved that it can judge its own drafts, None where it has not, or need not."""

    def prove_judge(self) -> Proof | None:
        """Have it prove that, unless it has or need not; raises ChatFailed and OSError."""
