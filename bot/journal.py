"""The journal: footnote.log in the data folder, where whatever nobody foresaw is written down."""

from __future__ import annotations

import logging
import secrets
from io import TextIOWrapper
from pathlib import Path

FILE = "footnote.log"

_log = logging.getLogger("footnote")


def keep(folder: Path, level: str) -> None:
    """Write what is logged from `level` up to the journal in `folder`, which is made when the first line is written."""
    handler = _Journal(folder / FILE, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=level, force=True)


def record(error: BaseException) -> str:
    """Write `error` and its traceback to the journal; return the reference number under which it stands there.

    Where the journal cannot be written, or none is kept yet, they go to standard error.
    """
    reference = secrets.token_hex(4)
    _log.error("reference %s", reference, exc_info=error)
    return reference


class _Journal(logging.FileHandler):
    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is logging's
        if logging.lastResort:
            logging.lastResort.emit(record)
