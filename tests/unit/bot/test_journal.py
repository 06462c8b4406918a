from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot import journal

log = logging.getLogger(__name__)


def fail() -> None:
    raise ValueError("the key sk-hidden was refused")


def test_no_secret_is_written_be_it_in_a_line_or_in_a_traceback(tmp_path: Path) -> None:
    journal.keep(tmp_path, "INFO", ["sk-hidden", ""])

    log.info("asking with %s", "sk-hidden")
    with pytest.raises(ValueError, match="sk-hidden") as raised:
        fail()
    journal.record(raised.value)

    written = (tmp_path / journal.FILE).read_text()
    assert "asking with [redacted]" in written
    assert "ValueError: the key [redacted] was refused" in written
    assert "sk-hidden" not in written


def test_no_secret_goes_to_standard_error_where_the_journal_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    journal.keep(tmp_path / "file", "INFO", ["sk-hidden"])

    log.warning("asking with %s", "sk-hidden")

    assert "asking with [redacted]" in capsys.readouterr().err
