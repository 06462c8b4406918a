"""Prompts: what asymmetric embedding models want before a question and before a passage, by the model's family.

A model's own folder should say so (`prompts` in config_sentence_transformers.json); many were published before that
was a custom. The table follows the model cards of the families.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.models.model_folder import ModelFolder

DECLARED = "the model itself"


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a question and before a passage, and where that is known from: "" where nothing is."""

    query: str = ""
    passage: str = ""
    origin: str = ""


_BGE = "Represent this sentence for searching relevant passages: "
# The first pattern that is found in a model's name decides; GTE's and BGE-M3 are symmetric, and are named to say so.
_FAMILIES = (
    (r"e5[\w.-]*instruct", Prompts("Instruct: Find passages that answer the question\nQuery: ", "", "E5 instruct")),
    (r"(?<![a-z0-9])e5(?![a-z0-9])", Prompts("query: ", "passage: ", "E5")),
    (r"bge-?m3", Prompts("", "", "BGE-M3")),
    (r"bge-[\w.-]*zh", Prompts("为这个句子生成表示以用于检索相关文章：", "", "BGE, Chinese")),
    (r"(?<![a-z0-9])bge(?![a-z0-9])|arctic-embed|mxbai-embed", Prompts(_BGE, "", "BGE")),
    (r"nomic-embed|modernbert-embed", Prompts("search_query: ", "search_document: ", "Nomic")),
    (r"(?<![a-z0-9])gte(?![a-z0-9])", Prompts("", "", "GTE")),
)


def prompts_of(folder: ModelFolder) -> Prompts:
    """Give the prompts that a model declares, else those of its family, else none.

    The family is read from the model's name, and from the name that its configuration was saved under. Raises
    ModelUnusable for a configuration that cannot be read.
    """
    declared = folder.json("config_sentence_transformers.json").get("prompts")
    if isinstance(declared, dict) and any(declared.values()):
        query = str(declared.get("query") or "")
        return Prompts(query, str(declared.get("document") or declared.get("passage") or ""), DECLARED)
    saved = folder.json("config.json").get("_name_or_path")
    return _family([folder.name, str(saved or "")])


def _family(names: Iterable[str]) -> Prompts:
    # A folder may write "multilingual_e5_small".
    told = [re.sub(r"[_\s]", "-", name.lower()) for name in names]
    for pattern, prompts in _FAMILIES:
        if any(re.search(pattern, name) for name in told):
            return prompts
    return Prompts()
