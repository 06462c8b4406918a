from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from index.errors import ModelUnusable
from index.models.cross_encoder import CrossEncoder, find_reranker, find_verifier

PREMISE = "Nvidia wrote off 4.5 billion dollars in April."
TEXTS = st.text(max_size=300)


@pytest.fixture(scope="module")
def reranker(tiny_reranker: Path) -> CrossEncoder:
    return CrossEncoder(find_reranker(str(tiny_reranker)))


@pytest.fixture(scope="module")
def verifier(tiny_nli: Path) -> CrossEncoder:
    return CrossEncoder(find_verifier(str(tiny_nli)))


@pytest.fixture
def folder(tmp_path: Path, tiny_nli: Path) -> Path:
    """Give a verifier's folder to change."""
    return shutil.copytree(tiny_nli, tmp_path / "model")


def configure(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    form = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: value for name, value in form.items() if value is not None}))


def test_a_text_that_has_the_questions_words_is_more_relevant_than_one_that_has_some_and_that_than_one_with_none(
    reranker: CrossEncoder,
) -> None:
    question = "Which chip needs a licence?"
    texts = ["A licence is what the chip needs.", "The chip is slow.", "Cats hunt mice."]
    all_of_them, some, none = reranker.relevance([(question, text) for text in texts])
    assert 1 > all_of_them > 0.9 > some > none > 0


def test_a_claim_is_entailed_by_what_says_it_and_not_by_what_denies_it_or_says_something_else(
    verifier: CrossEncoder,
) -> None:
    claims = ["Nvidia wrote off 4.5 billion dollars.", "Nvidia did not write off billions.", "AMD bought warehouses."]
    entailed, denied, new = verifier.entailment([(PREMISE, claim) for claim in claims])
    assert entailed > 0.9
    assert denied < 0.1
    assert new < 0.1


def test_a_model_with_one_score_judges_entailment_by_it(tiny_reranker: Path) -> None:
    encoder = CrossEncoder(find_verifier(str(tiny_reranker)))
    pairs = [("a chip licence", "the licence of the chip"), ("a chip licence", "cats")]
    assert encoder.entailment(pairs).tolist() == encoder.relevance(pairs).tolist()


def test_a_label_is_read_whatever_its_place_and_case(tiny_nli: Path, folder: Path) -> None:
    configure(folder, id2label={"0": "CONTRADICTION", "1": "neutral", "2": "Entailment"})
    turned = CrossEncoder(find_verifier(str(folder))).entailment([(PREMISE, "AMD bought warehouses.")])
    assert turned[0] > 0.9


def test_no_pairs_have_no_scores(reranker: CrossEncoder, verifier: CrossEncoder) -> None:
    assert reranker.relevance([]).shape == verifier.entailment([]).shape == (0,)


@settings(max_examples=30)
@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_whatever_the_texts_are_there_is_a_score_of_0_to_1_for_each_pair(
    reranker: CrossEncoder, verifier: CrossEncoder, pairs: list[tuple[str, str]]
) -> None:
    for scores in (reranker.relevance(pairs), verifier.entailment(pairs)):
        assert scores.shape == (len(pairs),)
        assert scores.dtype == np.float32
        assert all(0 <= score <= 1 for score in scores)


def test_what_is_longer_than_the_window_is_cut_off(reranker: CrossEncoder) -> None:
    long = "cats " * 5000
    early, late = reranker.relevance([("chip", f"chip {long}"), ("chip", f"{long} chip")])
    assert early > 0.9 > 0.1 > late


def test_a_window_that_the_tokenizer_does_not_know_of_is_kept_too(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text())
    tokenizer.pop("model_max_length")
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    assert CrossEncoder(find_verifier(str(folder))).entailment([(PREMISE * 500, PREMISE)])[0] > 0.9


def test_many_may_ask_at_once(reranker: CrossEncoder) -> None:
    lengths = [1, 300, 3, 40, 500, 7]
    pairs = [("chip", "word " * length + "chip") for length in lengths]
    alone = [reranker.relevance([pair])[0] for pair in pairs]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda pair: reranker.relevance([pair])[0], pairs * 5))
    assert together == alone * 5


def test_weights_that_came_to_nothing_find_nothing_entailed(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = torch.full_like(weights["classifier.bias"], float("nan"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert CrossEncoder(find_verifier(str(folder))).entailment([(PREMISE, PREMISE)]).tolist() == [0.0]


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_model_without_what_it_needs_is_refused_by_name(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelUnusable, match=rf"^VERIFIER_MODEL '.*' has no {missing}"):
        find_verifier(str(folder))


class Trap:
    """An object whose pickle, once it is loaded, makes a file: what a hostile model would do."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.sprung,)


def set_trap(folder: Path) -> Path:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(folder / "sprung")))
    return folder / "sprung"


def test_the_trap_of_these_tests_works(folder: Path) -> None:
    sprung = set_trap(folder)
    pickle.loads((folder / "pytorch_model.bin").read_bytes())
    assert sprung.exists()


def test_a_pickle_is_never_loaded_in_place_of_weights(folder: Path) -> None:
    sprung = set_trap(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelUnusable, match=r"no model\.safetensors"):
        find_verifier(str(folder))
    assert not sprung.exists()


def test_a_pickle_is_never_loaded_beside_weights(folder: Path) -> None:
    sprung = set_trap(folder)
    assert CrossEncoder(find_verifier(str(folder))).entailment([(PREMISE, PREMISE)])[0] > 0.9
    assert not sprung.exists()


def test_a_part_whose_weights_are_a_pickle_is_refused(folder: Path) -> None:
    (folder / "1_Dense").mkdir()
    set_trap(folder / "1_Dense")
    with pytest.raises(ModelUnusable, match="pickle"):
        find_verifier(str(folder))


def auto_map(folder: Path) -> None:
    configure(folder, auto_map={"AutoModelForSequenceClassification": "modeling.Custom"})


def foreign_module(folder: Path) -> None:
    (folder / "modules.json").write_text(json.dumps([{"type": "modeling.Custom"}]))


def script(folder: Path) -> None:
    (folder / "modeling.py").write_text("raise SystemExit")


@pytest.mark.parametrize("code", [auto_map, foreign_module, script])
def test_a_model_that_brings_code_is_refused(folder: Path, code: Callable[[Path], None]) -> None:
    code(folder)
    with pytest.raises(ModelUnusable, match=r"^VERIFIER_MODEL .* code of its own"):
        find_verifier(str(folder))


def test_a_function_that_the_configuration_names_is_not_called(folder: Path) -> None:
    configure(folder, sentence_transformers={"activation_fn": "torch.initial_seed_of_nothing"})
    assert CrossEncoder(find_verifier(str(folder))).entailment([(PREMISE, PREMISE)])[0] > 0.9


@pytest.mark.parametrize("content", ["", "{", "[1]", "3", "\x00", "[" * 100_000])
def test_a_configuration_that_makes_no_sense_is_refused(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    with pytest.raises(ModelUnusable, match=r"config\.json that cannot be read"):
        find_verifier(str(folder))


@pytest.mark.parametrize(
    "changes",
    [{"architectures": ["BertModel"]}, {"architectures": None}, {"architectures": 3}, {"architectures": [None]}],
)
def test_a_model_that_judges_no_pairs_is_refused(folder: Path, changes: dict[str, Any]) -> None:
    configure(folder, **changes)
    with pytest.raises(ModelUnusable, match="not a CrossEncoder"):
        find_verifier(str(folder))


@pytest.mark.parametrize("labels", [None, {}, [], {"1": "entailment"}, {"a": "entailment", "b": "neutral"}])
def test_a_model_that_does_not_say_what_its_scores_mean_is_refused(folder: Path, labels: object) -> None:
    configure(folder, id2label=labels)
    with pytest.raises(ModelUnusable, match="id2label"):
        find_verifier(str(folder))


def test_a_verifier_that_knows_nothing_of_entailment_is_refused_with_its_labels(folder: Path) -> None:
    configure(folder, id2label={"0": "negative", "1": "not_entailment", "2": "positive"})
    with pytest.raises(ModelUnusable, match=r"negative, not_entailment, positive apart: choose .* inference"):
        find_verifier(str(folder))


def test_a_reranker_with_more_than_one_score_is_refused_with_its_labels(tiny_nli: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"^RERANKER_MODEL .* contradiction, entailment, neutral apart"):
        find_reranker(str(tiny_nli))


def test_the_embedding_model_is_no_reranker(model: Any) -> None:
    with pytest.raises(ModelUnusable, match="not a CrossEncoder"):
        find_reranker(str(model.folder))


@pytest.mark.parametrize("find", [find_reranker, find_verifier])
def test_a_name_that_no_model_can_have_is_refused_without_asking_anyone(find: Callable[[str], object]) -> None:
    with pytest.raises(ModelUnusable, match=r"^(RERANKER|VERIFIER)_MODEL .* neither a folder here"):
        find("no/such/model/at all")


def broken_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"weights")


def other_weights(folder: Path) -> None:
    configure(folder, hidden_size=64)


def unknown_kind(folder: Path) -> None:
    configure(folder, model_type="unheard-of")


def broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")


@pytest.mark.parametrize("damage", [broken_weights, other_weights, unknown_kind, broken_tokenizer])
def test_files_that_do_not_fit_together_are_one_line_and_no_traceback(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    with pytest.raises(ModelUnusable, match=r"^VERIFIER_MODEL .* cannot be loaded") as raised:
        CrossEncoder(find_verifier(str(folder)))
    assert "\n" not in str(raised.value)
