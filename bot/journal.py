"""The journal: footnote.log in the data folder, where whatever nobody foresaw is written down."""

from __future__ import annotations

import logging
import secrets as random
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path

from bot.presenting.redaction import Redaction

FILE = "footnote.log"

_log = logging.getLogger("footnote")


def keep(folder: Path, level: str, secrets: Iterable[str] = ()) -> None:
    """Write what is logged from `level` up, without `secrets`, to the journal in `folder`.

    The folder is made when the first line is written.
    """
    handler = _Journal(folder / FILE, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(_Discreet(secrets))
    logging.basicConfig(handlers=[handler], level=level, force=True)


def record(error: BaseException) -> str:
    """Write `error` and its traceback to the journal; return the reference number under which it stands there.

    Where the journal cannot be written, or none is kept yet, they go to standard error.
    """
    reference = random.token_hex(4)
    _log.error("reference %s", reference, exc_info=error)
    return reference


class _Discreet(logging.Formatter):
    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redacted = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self._redacted(super().format(record))


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
        if record.levelno >= logging.WARNING:
            fallback = logging.StreamHandler()
            fallback.setFormatter(self.formatter)
            fallback.emit(record)
