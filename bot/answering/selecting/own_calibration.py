"""The calibration of an operator: what was fitted on questions of their own, kept in the data folder.

It holds for the embedding model and the reader that the questions were asked with, and for what was fitted before:
where one of these is another, it is as if there was none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.answering.reading.calibration import Calibration
from bot.answering.selecting.confidence import FITTED, OwnCalibration, Thresholds


def key_of(model: str, reader: str | None) -> str:
    """Return what a calibration holds for: the embedding model's fingerprint, the reader's name, what is fitted."""
    return hashlib.sha256(f"{model}\n{reader}\n{FITTED.read_text()}".encode()).hexdigest()[:16]


class CalibrationFile:
    """The calibrations that were made, in a file of the data folder, by what each of them holds for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_there(self) -> bool:
        """Whether anything was ever calibrated with this data folder."""
        return self._path.is_file()

    def of(self, key: str) -> OwnCalibration | None:
        """Return the calibration that holds for this, None where there is none, or the file cannot be read."""
        try:
            form = self._forms()[key]
            line, thresholds = Calibration(**form.pop("line")), Thresholds(**form.pop("thresholds"))
            return OwnCalibration(line, thresholds, **form)
        except (KeyError, TypeError, AttributeError):
            return None

    def keep(self, key: str, calibration: OwnCalibration) -> None:
        """Keep a calibration in place of the last one. Raises OSError where the file cannot be written."""
        forms = self._forms() | {key: asdict(calibration)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(forms, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def _forms(self) -> dict[str, dict[str, Any]]:
        try:
            forms = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return forms if isinstance(forms, dict) else {}
