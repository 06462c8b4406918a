from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.reading.calibration import Calibration
from bot.answering.selecting.confidence import OwnCalibration, Thresholds
from bot.answering.selecting.own_calibration import CalibrationFile, key_of

FITTED = OwnCalibration(Calibration(0.8, -0.5), Thresholds.below(0.5), 40, 20, 0.9, 0.1, 0.95, 0.04)


def test_a_calibration_comes_back_as_it_was_kept_for_the_models_that_it_was_made_with(tmp_path: Path) -> None:
    file = CalibrationFile(tmp_path / "data" / "calibration.json")
    file.keep(key_of("one", None), FITTED)
    assert file.of(key_of("one", None)) == FITTED
    assert file.of(key_of("another", None)) is None
    assert file.of(key_of("one", "a reader")) is None


def test_before_anything_was_calibrated_there_is_no_file(tmp_path: Path) -> None:
    assert not CalibrationFile(tmp_path / "calibration.json").is_there


def test_one_calibration_is_kept_beside_another(tmp_path: Path) -> None:
    file = CalibrationFile(tmp_path / "calibration.json")
    file.keep("one", FITTED)
    file.keep("other", OwnCalibration(Calibration(), Thresholds.below(0.2), 30, 10, 0.9, 0.2, 0.8, 0.1))
    assert file.of("one") == FITTED


@pytest.mark.parametrize("content", ["", "[]", "{", '{"one": {}}', '{"one": []}', '{"one": {"line": 1}}', "[" * 9999])
def test_a_file_that_cannot_be_read_holds_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "calibration.json").write_text(content)
    assert CalibrationFile(tmp_path / "calibration.json").of("one") is None


def test_thresholds_lie_below_the_one_of_an_answer() -> None:
    assert Thresholds.below(0.5) == Thresholds(0.5, 0.3, 0.2)
