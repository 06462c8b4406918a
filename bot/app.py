"""The one composition root: settings become a library, an answerer, and a front end that is handed both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from index.library import EmbedsQueries, Library
from index.model import Model

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer


def open_library(settings: Settings) -> Library:
    """Return the library of the corpus and data folders that the settings name."""
    return Library(settings.corpus, settings.data, settings.embedding_model, _load)


def open_answerer(library: Library) -> Answerer:
    """Return what answers questions out of a library."""
    # Imported here because `sources` asks nothing and is to start in a blink.
    from bot.answering.answerer import Answerer
    from bot.answering.confidence import load_confidence

    return Answerer(library, load_confidence())


def _load(model: Model) -> EmbedsQueries:
    # Imported here because torch takes seconds, and half of the commands need no model.
    import torch

    from index.embedding import Embedder

    # One question is too little work to share out: on a busy machine a second thread makes it eight times slower.
    torch.set_num_threads(1)
    return Embedder(model)
