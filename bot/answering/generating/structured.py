"""Structured replies: what a chat model writes, read while it is still writing, as a pydantic model.

Models answer as JSON where they can be held to it and in lines where not, so both are read, whichever was asked for. A
schema says what each line means; from there on a reply in lines is validated as one in JSON is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

Fields: TypeAlias = Mapping[str, Any]

# The first line of JSON, perhaps behind the fence of a code block.
_JSON_BEGINS = re.compile(r"\s*(?:```\w*\s*)?\{")
_FENCE = "```"


class Structured(BaseModel):
    """What a chat model is asked for; the docstring and the descriptions of the fields are sent to it."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        json_schema_extra={"additionalProperties": False},
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def of_line(cls, line: str) -> Fields:
        """Return the fields that one line of a reply gives, with their values; none where it gives none.

        Lists of several lines are joined; of other values the first one counts.
        """
        raise NotImplementedError


T = TypeVar("T", bound=Structured)


def json_schema(schema: type[Structured]) -> dict[str, Any]:
    """Return the JSON schema of a reply: every field is required, and nothing refers to another place."""
    from langchain_core.utils.json_schema import dereference_refs

    whole = dereference_refs(schema.model_json_schema(mode="serialization"))
    return {name: value for name, value in whole.items() if name != "$defs"}


def read(pieces: Iterable[str], schema: type[T]) -> Iterator[T]:
    """Yield a reply as far as it is whole, each time that more of it is; nothing where it has neither form.

    Lists only grow at their end; what is in them does not change any more.
    """
    reply = _Reply(schema)
    for piece in pieces:
        yield from reply.add(piece)
    yield from reply.add("\n")


class _Reply(Generic[T]):
    """A reply that is still growing."""

    def __init__(self, schema: type[T]) -> None:
        self._schema = schema
        self._unread = ""
        self._is_json = False
        self._from_lines: Fields = {}

    def add(self, piece: str) -> Iterator[T]:
        self._unread += piece
        while not self._is_json:
            self._is_json = _JSON_BEGINS.match(self._unread) is not None
            line, is_whole, rest = self._unread.partition("\n")
            if self._is_json or not is_whole:
                break
            self._unread = rest
            yield from self._line(line)
        if self._is_json and "}" in piece and (fields := _closed_objects(self._unread)):
            yield from self._validated(_joined(self._from_lines, fields))

    def _line(self, line: str) -> Iterator[T]:
        if not line.lstrip().startswith(_FENCE) and (fields := self._schema.of_line(" ".join(line.split()))):
            self._from_lines = _joined(self._from_lines, fields)
            yield from self._validated(self._from_lines)

    def _validated(self, fields: Fields) -> Iterator[T]:
        try:
            yield self._schema.model_validate(fields)
        except ValidationError:
            return


def _closed_objects(text: str) -> Fields:
    """Parse JSON that is still being written up to the last object in it that is closed."""
    closed = text[text.find("{") : text.rfind("}") + 1]
    try:
        fields = from_json(closed, allow_partial=True)
        # A brace in a string closes nothing: then the string has only begun, and is left out in but one of the two.
        is_closed = fields == from_json(closed, allow_partial="trailing-strings")
    except ValueError:
        return {}
    return fields if is_closed and isinstance(fields, dict) else {}


def _joined(first: Fields, then: Fields) -> Fields:
    joined = dict(first)
    for name, value in then.items():
        if isinstance(value, list) and isinstance(joined.get(name), list):
            joined[name] = [*joined[name], *value]
        else:
            joined.setdefault(name, value)
    return joined
