from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.presenting.checks import Check, Result, State, Subject, in_english
from index.report import Failure

# Something for every name that a state may ask for.
DATA: dict[str, Any] = {
    "reason": "it is broken",
    "version": "3.11.9",
    "corpus": "corpus",
    "data": "data",
    "folder": "data",
    "model": "any",
    "files": 12_000,
    "gigabytes": 1234.56,
    "generation": 3,
    "age": timedelta(hours=5),
    "documents": 1_200,
    "passages": 3,
    "weights": "published",
    "window": 256,
    "dimensions": 384,
    "languages": ["en", "zh"],
    "threshold": 0.5,
    "errors": {"wrongly refused": 0.05, "wrongly answered": 0.1},
    "provider": "openai",
    "host": None,
    "seconds": 45,
    "variable": "VERIFIER_MODEL",
    "labels": ("score",),
    "count": 1,
    "channels": 2,
    "problems": [("rules", "I may not see it")],
    "unread": (Failure("a.doc", ".doc files are not read: save it as .docx", kept=False),),
    "tool": "tesseract",
    "file": "answers.sqlite",
    "remedy": "move it away",
    "prompts": "",
    "right": 38,
    "pairs": 40,
    "fitted": "another",
    "runtime": "torch",
    "questions": 40,
    "answered": 0.9,
    "others_answered": 0.05,
    "error": 0.04,
    "findings": [("token", "accepted"), ("intents", "none")],
    "url": "s3://bucket/prefix",
    "megabytes": 12.3,
}


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_one_line_of_english(state: State) -> None:
    said = in_english(Check(Subject.INDEX, Result.OK, state, DATA))
    assert said and "\n" not in said and "{" not in said


def test_the_age_of_an_index_is_told_as_everywhere() -> None:
    assert ", 5 h old, " in in_english(Check(Subject.INDEX, Result.OK, State.WHOLE_INDEX, DATA))


def test_what_there_is_several_of_is_listed() -> None:
    measured = in_english(Check(Subject.CONFIDENCE, Result.OK, State.MEASURED, DATA))
    assert measured == "answers from 0.50 up, fitted on any; wrongly refused 5.0%; wrongly answered 10.0%"
    seen = in_english(Check(Subject.DISCORD, Result.OK, State.DISCORD, DATA))
    assert seen == "token: accepted; intents: none"
    assert in_english(Check(Subject.LANGUAGES, Result.OK, State.LANGUAGES, {"languages": []})) == "none yet"
