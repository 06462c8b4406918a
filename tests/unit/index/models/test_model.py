import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ModelUnusable
from index.models.model import DEFAULT_MODEL, Model, find_model
from index.models.model_folder import ModelFolder
from index.models.prompts import DECLARED, Prompts, prompts_of


@pytest.fixture
def folder(tmp_path: Path, model: Model) -> Path:
    """Give the folder of a model that has all that is looked at, small weights and the real tokenizer."""
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").symlink_to(model.folder / "tokenizer.json")
    (tmp_path / "modules.json").write_text(json.dumps([{"type": "sentence_transformers.models.Transformer"}]))
    (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 128}')
    return tmp_path


def test_the_default_model_is_found_without_a_network(model: Model) -> None:
    assert model.name == DEFAULT_MODEL
    assert model.window == 256
    assert model.usable_window == 254
    assert find_model(DEFAULT_MODEL).fingerprint == model.fingerprint


def test_default_weights_that_were_altered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.models.model._DEFAULT_WEIGHTS", "0" * 64)
    with pytest.raises(ModelUnusable, match="not the published ones"):
        find_model(DEFAULT_MODEL)


def test_a_model_in_a_folder_is_found(folder: Path) -> None:
    found = find_model(str(folder))
    assert (found.name, found.folder, found.window, found.languages) == (str(folder), folder, 128, None)


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_model_without_what_it_needs_is_refused_by_name(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelUnusable, match=missing):
        find_model(str(folder))


def foreign_module(folder: Path) -> None:
    (folder / "modules.json").write_text(json.dumps([{"type": "modeling.Custom"}]))


def script(folder: Path) -> None:
    (folder / "1_Custom").mkdir()
    (folder / "1_Custom" / "modeling.py").write_text("raise SystemExit")


@pytest.mark.parametrize("code", [foreign_module, script])
def test_a_model_that_brings_code_is_refused(folder: Path, code: Callable[[Path], None]) -> None:
    code(folder)
    with pytest.raises(ModelUnusable, match="code of its own"):
        find_model(str(folder))


@pytest.mark.parametrize("content", ["", "{", "[1]", "3", '[{"path": ""}]', '{"type": "x"}', "\x00"])
def test_a_model_whose_modules_make_no_sense_is_refused(folder: Path, content: str) -> None:
    (folder / "modules.json").write_text(content)
    with pytest.raises(ModelUnusable):
        find_model(str(folder))


def test_a_name_that_no_model_can_have_is_refused_without_asking_anyone() -> None:
    with pytest.raises(ModelUnusable, match="neither a folder here"):
        find_model("no/such/model/at all")


@pytest.mark.parametrize(
    ("name", "content"), [("model.safetensors", "other"), ("sentence_bert_config.json", '{"max_seq_length": 64}')]
)
def test_the_fingerprint_tells_of_whatever_decides_the_vectors(folder: Path, name: str, content: str) -> None:
    before = find_model(str(folder)).fingerprint
    assert find_model(str(folder)).fingerprint == before
    (folder / name).write_text(content)
    assert find_model(str(folder)).fingerprint != before


def test_the_default_model_reads_latin_scripts_and_not_others(model: Model) -> None:
    assert model.reads("What did Huang say about the H20?")
    assert model.reads("Où est le café ?")
    assert not model.reads("黄仁勋什么时候访问了北京？")
    assert not model.reads("Где находится завод?")


def test_a_question_in_two_scripts_is_read_by_the_greater_part(model: Model) -> None:
    assert model.reads("What does 芯片 mean?")
    assert not model.reads("英伟达的GPU是什么")


@given(text=st.text())
def test_rarity_lies_between_none_and_all(model: Model, text: str) -> None:
    assert 0 <= model.rarity(text) <= 1


def test_a_common_word_is_less_rare_than_a_rare_one_and_an_unknown_one_the_rarest(model: Model) -> None:
    assert model.rarity("the") < model.rarity("processor") < model.rarity("qzxqzx") == 1.0
    assert model.rarity("The") == model.rarity("the")


def test_tokens_are_counted_without_the_special_ones(model: Model) -> None:
    assert model.count_tokens(["", "chip", "the chip"]) == [0, 1, 2]


def test_a_vocabulary_that_is_not_berts_tells_common_words_from_rare_ones_by_its_own_ranks(folder: Path) -> None:
    words = ["<s>", "\u2581", "\u2581the", "\u2581The", "ation", "\u2581de", "\u2581chip", "s", "\u2581licence"]
    pieces = [[word, -float(rank)] for rank, word in enumerate(words)]
    tokenizer = {"model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False}, "version": "1.0"}
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    found = find_model(str(folder))
    assert found.rarity("the") < found.rarity("chip") < found.rarity("licence") < found.rarity("ation") == 1.0


def test_the_prompts_of_a_family_are_used_where_the_model_declares_none_and_leave_room_in_its_window(
    folder: Path,
) -> None:
    e5 = folder / "multilingual_e5_small"
    shutil.copytree(folder, e5, ignore=shutil.ignore_patterns("multilingual*"))
    found = find_model(str(e5))
    assert (found.prompts.query, found.prompts.passage, found.prompts.origin) == ("query: ", "passage: ", "E5")
    assert found.usable_window == 126 - 2
    assert found.fingerprint != find_model(str(folder)).fingerprint


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("intfloat/e5-base-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: Find passages that answer the question\nQuery: ", ""),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("Alibaba-NLP/gte-base-en-v1.5", "", ""),
        ("sentence-transformers/all-MiniLM-L6-v2", "", ""),
        ("somebody/page5-model", "", ""),
    ],
)
def test_a_family_is_known_by_its_name(tmp_path: Path, name: str, query: str, passage: str) -> None:
    found = prompts_of(ModelFolder("EMBEDDING_MODEL", name, tmp_path))
    assert (found.query, found.passage) == (query, passage)


def test_what_a_model_declares_goes_before_its_familys_custom(tmp_path: Path) -> None:
    declared = {"prompts": {"query": "ask: ", "document": "tell: "}}
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(declared))
    assert prompts_of(ModelFolder("EMBEDDING_MODEL", "intfloat/e5-base", tmp_path)) == Prompts(
        "ask: ", "tell: ", DECLARED
    )
