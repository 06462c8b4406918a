from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from index.language import identifier


@pytest.fixture(scope="module")
def packed() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def mapped(cache: Path) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        identifier.load()
        return identifier.load()


@settings(max_examples=100)
@given(text=st.text(max_size=200) | st.sampled_from(["Who leads the company?", "Wer leitet das?", "谁领导这家公司？"]))
def test_what_is_mapped_says_of_any_text_what_py3langid_says_to_the_bit(text: str, packed: Any, mapped: Any) -> None:
    assert mapped.rank(text) == packed.rank(text)


def test_of_a_few_languages_it_says_the_same_too(packed: Any, mapped: Any) -> None:
    for each in (packed, mapped):
        each.set_languages(["de", "en", "zh"])
    asked = "Which company said so in April?"
    assert mapped.rank(asked) == packed.rank(asked)
    for each in (packed, mapped):
        each.set_languages()


def test_it_is_unpacked_once_into_one_file(cache: Path, mapped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    (file,) = (cache / "footnote").iterdir()
    written = file.stat().st_mtime_ns
    identifier.load()
    assert [file.stat().st_mtime_ns] == [path.stat().st_mtime_ns for path in (cache / "footnote").iterdir()]
    assert file.stat().st_mtime_ns == written


@pytest.mark.parametrize("cut", [0, 100, 1_000_000])
def test_a_file_that_was_cut_off_is_passed_over(
    cut: int, cache: Path, mapped: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = (cache / "footnote").iterdir()
    (tmp_path / "footnote").mkdir()
    (tmp_path / "footnote" / file.name).write_bytes(file.read_bytes()[:cut])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert identifier.load().classify("Who leads the company that makes these chips?")[0] == "en"


def test_where_no_file_can_be_written_it_is_loaded_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "occupied").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "occupied"))
    assert identifier.load().classify("Who leads the company that makes these chips?")[0] == "en"
    assert [path.name for path in tmp_path.iterdir()] == ["occupied"]
