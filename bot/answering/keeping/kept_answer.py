"""An answer as it is kept in a database: as JSON; what earlier versions kept is read too."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from bot.answering.answer import Answer, Made, Note, NoteKind
from bot.answering.keeping.forgetting import without_references

_ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)


def to_json(answer: Answer) -> str:
    """Return an answer as JSON on one line; of a message that it quotes, what that one replied to is left out."""
    return _ANSWERS.dump_json(without_references(answer)).decode()


def from_json(kept: str) -> Answer:
    """Return the answer that was kept. Raises ValueError for what is none."""
    try:
        form = json.loads(kept)
        return _ANSWERS.validate_python(_migrated(form) if isinstance(form, dict) else form)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"this is no answer that was kept: {error}") from error


def _migrated(form: dict[str, Any]) -> dict[str, Any]:
    """Return the form of today: `usage` was called `written` once, and notes were lines of English.

    Whose words it is in was not said: a chat model's, where one was asked and nothing had gone wrong.
    """
    if "made" in form:
        return form
    usage, notes = form.pop("written", None), form.pop("notes", ())
    made = Made.WRITTEN if usage and not notes else Made.QUOTED
    return form | {"made": made, "usage": usage, "notes": [Note(NoteKind.FREE_TEXT, str(note)) for note in notes]}
