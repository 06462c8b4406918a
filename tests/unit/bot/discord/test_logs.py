from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.logs import Lines

BOT_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GabcdE." + "abcdefghijklmnopqrstuvwxyz0123456789_-"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5" * 6


def line(message: str, *arguments: object, **extra: object) -> str:
    record = logging.LogRecord("bot", logging.WARNING, __file__, 1, message, arguments, None)
    vars(record).update(extra)
    return Lines(["hunter2"]).format(record)


def test_a_line_is_json_with_the_event_and_what_belongs_to_it() -> None:
    said = json.loads(line("replied in %s", "time", job="a1", seconds=0.25))
    assert (said["event"], said["level"], said["job"], said["seconds"]) == ("replied in time", "warning", "a1", 0.25)


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2",
        BOT_TOKEN,
        f"https://discord.com/api/v10/webhooks/123456/{INTERACTION_TOKEN}/messages/@original",
        f"/interactions/123456/{INTERACTION_TOKEN}/callback",
        f"Authorization: Bot {BOT_TOKEN}",
    ],
)
def test_no_secret_is_ever_written(secret: str) -> None:
    shown = line("We are being rate limited: %s", secret, detail=secret)
    for part in ("hunter2", BOT_TOKEN, INTERACTION_TOKEN):
        assert part not in shown
    json.loads(shown)


def test_a_secret_in_a_traceback_is_taken_out() -> None:
    try:
        raise ValueError(f"refused {BOT_TOKEN}")
    except ValueError:
        record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    said = json.loads(Lines().format(record))
    assert "ValueError: refused [redacted]" in said["traceback"]


@given(st.text(), st.text())
def test_any_event_is_one_line(message: str, detail: str) -> None:
    shown = line("%s", message, detail=detail)
    assert "\n" not in shown
    assert json.loads(shown)["event"] == message or "hunter2" in message
