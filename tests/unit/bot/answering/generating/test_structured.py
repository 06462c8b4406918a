from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.generating.draft import AnswerDraft
from bot.answering.generating.structured import Fields, Structured, json_schema, read

PIECES = pytest.mark.parametrize("length", [1, 3, 10_000])


class Shop(Structured):
    """A shop."""

    name: str = ""
    goods: tuple[str, ...] = ()

    @classmethod
    def of_line(cls, line: str) -> Fields:
        name, is_name, text = line.partition(": ")
        if not is_name:
            return {}
        return {"name": text} if name == "NAME" else {"goods": [text]}


def _in_pieces(reply: str, length: int) -> list[str]:
    return [reply[at : at + length] for at in range(0, len(reply), length)]


def _last(reply: str, length: int = 7) -> Shop | None:
    *_, last = [None, *read(_in_pieces(reply, length), Shop)]
    return last


HONEY = Shop(name="Honey", goods=("wax", "mead"))
AS_JSON = HONEY.model_dump_json(indent=1)


@PIECES
@pytest.mark.parametrize(
    "reply",
    [
        AS_JSON,
        f"\n\n{AS_JSON} ",
        f"```json\n{AS_JSON}\n```",
        f"``` {AS_JSON}```",
        f"Here it is!\n```\n{AS_JSON}\n```\nSo?",
    ],
)
def test_json_is_read_whatever_stands_around_it(reply: str, length: int) -> None:
    assert _last(reply, length) == HONEY


@PIECES
def test_lines_are_read_as_json_is(length: int) -> None:
    assert _last("Of course:\nNAME: Honey\n\nGOOD: wax\n NAME: Wax\nGOOD:  mead ", length) == HONEY


@pytest.mark.parametrize(
    "reply", ["", "{", "{}{", "[]", '{"name": 7}', '{"name":' + "[" * 20_000, "Honey", '{"name": "}"']
)
def test_what_has_neither_form_is_nothing(reply: str) -> None:
    assert _last(reply) is None


def test_what_is_whole_is_there_as_soon_as_it_is() -> None:
    pieces = iter(['{"statements": [{"text": "A {jar}.", "passages": ["k3x9a2"]}', "never reached"])

    (statement,) = next(read(pieces, AnswerDraft)).statements
    assert (statement.text, statement.passages) == ("A {jar}.", ("k3x9a2",))
    assert next(pieces) == "never reached"


@given(st.lists(st.tuples(st.text(), st.lists(st.text(max_size=9), max_size=3)), max_size=4))
def test_what_is_in_a_list_stays_as_it_came(statements: list[tuple[str, list[str]]]) -> None:
    whole = [{"text": text, "passages": keys} for text, keys in statements]
    reply = json.dumps({"statements": whole}, ensure_ascii=False)

    for answer in read(reply, AnswerDraft):
        shown = [statement.model_dump(mode="json") for statement in answer.statements]
        assert shown == whole[: len(shown)]
    assert shown == whole


def test_a_schema_requires_every_field_and_allows_no_other() -> None:
    schema = json_schema(AnswerDraft)

    assert (schema["title"], schema["required"], schema["additionalProperties"]) == ("answer", ["statements"], False)
    statement = schema["properties"]["statements"]["items"]
    assert (statement["required"], statement["additionalProperties"]) == (["text", "passages"], False)
    assert statement["properties"]["passages"]["items"] == {"type": "string"}
    assert "$" not in json.dumps(schema)
    assert json_schema(Shop)["required"] == ["name", "goods"]
