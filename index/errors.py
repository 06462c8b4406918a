"""The errors that a user can meet. Each message says what was wrong with what, and what to do about it."""

from __future__ import annotations


class FootnoteError(Exception):
    """Something that is not a bug: shown to the user as one line, never as a traceback."""


class BadConfiguration(FootnoteError):
    """`corpus.toml` says something that cannot be done."""


class NotAccepted(FootnoteError):
    """A document that somebody handed in is not kept; the message is the reason, in one line."""


class CorpusMissing(FootnoteError):
    """The corpus folder is not there or cannot be read."""


class CorpusEmpty(FootnoteError):
    """A refresh found no document where the index has some, or none at all."""


class CorpusShrunk(FootnoteError):
    """A refresh would drop more than half of the documents: `gone` of `known`."""

    def __init__(self, message: str, gone: int = 0, known: int = 0) -> None:
        super().__init__(message)
        self.gone = gone
        self.known = known


class UnreadableDocument(FootnoteError):
    """One document cannot be read; the message is the reason."""


class NoTextLayer(UnreadableDocument):
    """A document is made of pictures of its pages."""

    def __init__(self) -> None:
        super().__init__("no text layer: needs OCR; set FOOTNOTE_OCR=on, or run it through ocrmypdf")


class UnknownDocument(FootnoteError):
    """A document that the current generation does not hold, or that who asks may not see; nobody is told which."""

    def __init__(self) -> None:
        super().__init__("this document is no longer in the index: it has changed or is gone")


class WriterBusy(FootnoteError):
    """Another process holds the lock of the one writer."""


class IndexMissing(FootnoteError):
    """No generation has been published yet."""


class IndexDamaged(FootnoteError):
    """A generation's files are not what its manifest says."""


class GenerationGone(FootnoteError):
    """A generation that is not kept, and cannot be gone back to."""


class RefreshFailed(FootnoteError):
    """The writer's process ended without publishing a generation."""


class ModelUnusable(FootnoteError):
    """The embedding model is missing, altered, or of a kind that is never loaded."""


class DiskFull(FootnoteError):
    """There is not enough room for another generation."""


class VectorsUnavailable(FootnoteError):
    """The vector index cannot be opened or asked, for want of room or of its server: words can still be searched."""


class StoreUnavailable(FootnoteError):
    """The object store of the published generations cannot be reached, or refuses what is asked of it."""


class PublishedMeanwhile(WriterBusy):
    """Another builder published a generation while this one was built."""
