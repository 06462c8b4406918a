"""The identifier: py3langid (Lui and Baldwin 2012, "langid.py"), unpacked once on a machine and mapped from then on.

As it comes it is unpacked by every process that tells languages, which takes half a second and a hundred megabytes of
each. Mapped, it says the same to the bit, and processes share what they touch of it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

_PREFIX = "py3langid-"


def load() -> Any:
    """Return the identifier, which gives probabilities; where the user's cache cannot be written, as it comes."""
    # A user without a home has no cache either: that is a RuntimeError.
    with suppress(OSError, ValueError, RuntimeError):
        file = _cache() / f"{_PREFIX}{version('py3langid')}.npy"
        if not file.is_file():
            _unpack(file)
        return _identifier(_mapped(file))
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _cache() -> Path:
    """Return the folder for what can be made again (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "footnote"


def _unpack(file: Path) -> None:
    """Write the arrays of the model one after the other, as `numpy.save` does, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    older = list(file.parent.glob(f"{_PREFIX}*"))
    handle, new = tempfile.mkstemp(prefix="new-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            for part in load_model(MODEL_DIR / MODEL_FILE):
                np.save(out, np.asarray(part))
            out.flush()
            os.fsync(out.fileno())
        Path(new).replace(file)
    finally:
        Path(new).unlink(missing_ok=True)
    for path in older:
        path.unlink(missing_ok=True)


def _mapped(file: Path) -> list[NDArray[Any]]:
    found: list[NDArray[Any]] = []
    with file.open("rb") as source:
        end = file.stat().st_size
        while source.tell() < end:
            npy.read_magic(source)
            shape, _, kind = npy.read_array_header_1_0(source)
            part = np.memmap(file, kind, "r", source.tell(), shape)
            source.seek(source.tell() + part.nbytes)
            found.append(part)
    return found


def _identifier(parts: Sequence[NDArray[Any]]) -> Any:
    terms, classes, names, moves, rows, output = parts
    return LanguageIdentifier(
        terms, classes, names.tolist(), _plain(moves), _plain(output), norm_probs=True, tk_row=_plain(rows)
    )


def _plain(numbers: Any) -> Any:
    """Return what gives Python's own numbers, which are walked through four times as fast as numpy's."""
    return memoryview(numbers).cast("B").cast(numbers.dtype.char)
