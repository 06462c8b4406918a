"""Logs: one line of JSON for each event, on standard error, with every secret taken out at the root.

Secrets are taken out of the finished line, so that no logger, argument or traceback is missed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from bot.presenting.redaction import Redaction

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


_event: ContextVar[Mapping[str, object]] = ContextVar("event", default=MappingProxyType({}))


def on_behalf_of(*, server: int | None, channel: int | None, command: str) -> None:
    """Let each line that is logged from here on, by this task and those that it starts, say whose matter it is."""
    _event.set({"server": server, "channel": channel, "command": command})


def configure(level: str, secrets: Iterable[str]) -> None:
    """Send every log line of the process through `Lines`, from `level` up; discord.py's own from INFO up at most."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT" not in record.getMessage())
    # At DEBUG, discord.py logs the content of every message.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(level)))


class Lines(logging.Formatter):
    """Formats a record as one line of JSON without `secrets`, tokens of bots, and tokens of interactions."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._redacted = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= _event.get()
        line |= {name: value for name, value in vars(record).items() if name not in _PLAIN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return self._redacted(json.dumps(line, ensure_ascii=False, default=str))
