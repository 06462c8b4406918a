"""The chat model through the real langchain-openai, against a server on loopback."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from bot import journal
from bot.answering.generating.chat import Chat, open_chat
from bot.answering.generating.reply import TokenUsage
from bot.errors import ChatFailed, ChatFailure, ChatUnusable, Stopped
from bot.errors import ChatFailureKind as Kind
from tests.scenarios.chat.standin import (
    ChatServer,
    CutOff,
    Drop,
    Empty,
    Endless,
    Fail,
    Garbage,
    Refuse,
    Request,
    Say,
    Script,
    Scripted,
    Stall,
)

ASKED = [SystemMessage("Answer from the passages."), HumanMessage("How many hives are there?")]
SCHEMA = {
    "title": "answer",
    "description": "The answer.",
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
SAID = '{"text": "There are nine hives."}'
SCHEMAS = pytest.mark.parametrize("schema", [None, SCHEMA], ids=["plain", "structured"])
KEY = "sk-very-secret-key"


@contextmanager
def chatting(
    script: Script, *, key: str | None = None, seconds: float = 60, repeats_role: bool = False
) -> Iterator[tuple[Chat, ChatServer]]:
    """Give a chat and the server that it talks to."""
    with ChatServer(script, repeats_role=repeats_role) as server:
        chat = open_chat("openai:standin", server.url, key, seconds)
        yield chat, server
        chat.close()


def failure(script: Script, schema: dict[str, Any] | None) -> ChatFailed:
    with chatting(script) as (chat, _), pytest.raises(ChatFailed) as raised:
        list(chat.reply(ASKED, schema))
    return raised.value


@SCHEMAS
def test_a_reply_comes_in_pieces_as_the_model_writes_it_and_says_what_it_cost(schema: dict[str, Any] | None) -> None:
    with chatting([Say(SAID)]) as (chat, server):
        reply = chat.reply(ASKED, schema)
        pieces = list(reply)

    assert len(pieces) > 1
    assert "".join(pieces) == SAID
    (request,) = server.requests
    assert reply.usage == TokenUsage(len(request.prompt), len(SAID))
    assert [message["content"] for message in request.messages] == [message.content for message in ASKED]
    assert (request.form and request.form["properties"]) == (schema and schema["properties"])


def test_the_first_piece_is_given_while_the_model_still_writes() -> None:
    with chatting([Stall("Nine.")]) as (chat, server), closing(chat.reply(ASKED)) as reply:
        assert next(iter(reply)) == "Nine."
        server.release()
        assert "".join(reply) == "At last."


@SCHEMAS
def test_what_a_reply_cost_is_known_too_where_the_server_repeats_whose_it_is(schema: dict[str, Any] | None) -> None:
    with chatting([Say(SAID)], repeats_role=True) as (chat, server):
        reply = chat.reply(ASKED, schema)
        assert "".join(reply) == SAID

    assert reply.usage == TokenUsage(len(server.requests[0].prompt), len(SAID))


def test_a_server_that_refuses_a_form_is_asked_without_and_never_with_one_again() -> None:
    def script(request: Request) -> Scripted:
        return Fail(400, "response_format is not supported") if request.form else Say("Nine hives.")

    with chatting(script) as (chat, server):
        before = chat.structured
        assert "".join(chat.reply(ASKED, SCHEMA)) == "Nine hives."
        assert (before, chat.structured) == (True, False)
        assert "".join(chat.reply(ASKED, SCHEMA)) == "Nine hives."

    assert [request.form is not None for request in server.requests] == [True, False, False]


def test_a_server_that_refuses_whatever_it_is_asked_is_not_taken_for_one_that_knows_no_forms() -> None:
    with chatting([Fail(400, "the prompt is too long")]) as (chat, server):
        with pytest.raises(ChatFailed) as raised:
            list(chat.reply(ASKED, SCHEMA))
        assert raised.value.failure == ChatFailure(Kind.SERVER_ERROR, "400")
        assert chat.structured

    assert len(server.requests) == 2


@SCHEMAS
def test_a_model_that_takes_no_temperature_is_asked_without_one(schema: dict[str, Any] | None) -> None:
    def script(request: Request) -> Scripted:
        return Fail(400, "temperature does not support 0") if "temperature" in request.body else Say(SAID)

    with chatting(script) as (chat, server):
        assert "".join(chat.reply(ASKED, schema)) == SAID
        assert "".join(chat.reply(ASKED, schema)) == SAID
        assert chat.structured

    assert ["temperature" in request.body for request in server.requests] == [True, False, False]
    assert all((request.form is None) == (schema is None) for request in server.requests)


def test_a_model_whose_provider_knows_no_forms_is_asked_without() -> None:
    chat = Chat("fake:model", GenericFakeChatModel(messages=iter([AIMessage("Nine hives.")])), 60)

    assert "".join(chat.reply(ASKED, SCHEMA)) == "Nine hives."
    assert not chat.structured
    chat.close()


@SCHEMAS
@pytest.mark.parametrize(
    ("scripted", "what", "worth_repeating"),
    [
        (Empty(), ChatFailure(Kind.EMPTY), True),
        (Say("  \n"), ChatFailure(Kind.EMPTY), True),
        (Say("<think>Nine, or"), ChatFailure(Kind.EMPTY), True),
        (CutOff("There are ni"), ChatFailure(Kind.CUT_OFF), True),
        (Drop(), ChatFailure(Kind.BROKE_OFF), True),
        (Drop("There are nine"), ChatFailure(Kind.BROKE_OFF), True),
        (Garbage(), ChatFailure(Kind.UNFORESEEN, "JSONDecodeError"), True),
        (Refuse(), ChatFailure(Kind.REFUSED), False),
        (Say("There are", finish="content_filter"), ChatFailure(Kind.REFUSED), False),
        (Endless(), ChatFailure(Kind.ENDLESS), False),
        (Endless("      \n"), ChatFailure(Kind.ENDLESS), False),
        (Endless("<think>"), ChatFailure(Kind.ENDLESS), False),
        (Fail(401), ChatFailure(Kind.KEY_REFUSED), False),
        (Fail(403), ChatFailure(Kind.KEY_REFUSED), False),
        (Fail(404), ChatFailure(Kind.UNKNOWN_MODEL), False),
        (Fail(429, headers={"Retry-After": "60"}), ChatFailure(Kind.RATE_LIMITED), False),
        (Fail(500), ChatFailure(Kind.SERVER_ERROR, "500"), False),
        (Fail(503), ChatFailure(Kind.SERVER_ERROR, "503"), False),
    ],
    ids=repr,
)
def test_what_goes_wrong_has_a_kind_and_is_worth_repeating_or_not(
    scripted: Scripted, what: ChatFailure, worth_repeating: bool, schema: dict[str, Any] | None
) -> None:
    failed = failure([scripted], schema)

    assert (failed.failure, failed.worth_repeating) == (what, worth_repeating)


@SCHEMAS
@pytest.mark.parametrize("first", ["", "There are nine"])
def test_a_reply_that_takes_too_long_as_a_whole_ends(first: str, schema: dict[str, Any] | None) -> None:
    with chatting([Stall(first)]) as (chat, _), pytest.raises(ChatFailed) as raised:
        list(chat.reply(ASKED, schema, seconds=0.2))
    assert raised.value.failure == ChatFailure(Kind.TIMED_OUT, "60")


def test_a_server_that_takes_too_long_is_hung_up_on() -> None:
    with chatting([Stall("There are nine")], seconds=2) as (chat, server):
        with pytest.raises(ChatFailed) as raised:
            list(chat.reply(ASKED))
        assert raised.value.failure == ChatFailure(Kind.TIMED_OUT, "2")
        assert server.was_hung_up_on()


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        chat = open_chat("openai:standin", f"http://127.0.0.1:{taken.getsockname()[1]}/v1", None, 60)
        with pytest.raises(ChatFailed) as raised:
            list(chat.reply(ASKED))
        assert raised.value.failure == ChatFailure(Kind.UNREACHABLE)
        chat.close()


@SCHEMAS
@pytest.mark.parametrize("first", ["", "There are nine"])
def test_who_stops_a_reply_closes_its_connection_though_the_server_says_nothing(
    first: str, schema: dict[str, Any] | None
) -> None:
    stop: Future[None] = Future()

    with chatting([Stall(first)]) as (chat, server):

        def stop_when_asked() -> None:
            server.was_asked()
            stop.set_result(None)

        Thread(target=stop_when_asked).start()
        with pytest.raises(Stopped):
            list(chat.reply(ASKED, schema, stop))
        assert server.was_hung_up_on()


def test_what_is_stopped_before_it_began_is_stopped() -> None:
    stop: Future[None] = Future()
    stop.set_result(None)

    with chatting([Stall()]) as (chat, _), pytest.raises(Stopped):
        list(chat.reply(ASKED, stop=stop))


def test_a_reply_that_is_left_stops_the_model() -> None:
    with chatting([Endless()]) as (chat, server):
        reply = chat.reply(ASKED)
        next(iter(reply))
        reply.close()
        assert server.was_hung_up_on()
        assert list(reply) == []


def test_a_chat_that_is_closed_stops_what_is_being_asked() -> None:
    with chatting([Stall()]) as (chat, server), ThreadPoolExecutor() as threads:
        asking = threads.submit(list, chat.reply(ASKED))
        assert server.was_asked()
        chat.close()
        assert isinstance(asking.exception(), Stopped)


def test_who_asks_a_chat_that_was_closed_is_stopped() -> None:
    with chatting([Say("Nine.")]) as (chat, server):
        chat.close()
        with pytest.raises(Stopped):
            list(chat.reply(ASKED))

    assert server.requests == []


def test_ten_threads_ask_at_once_and_each_gets_its_own_answer() -> None:
    questions = [f"question {number}" for number in range(10)]

    with chatting(lambda request: Say(f"To {request.prompt}: nine.")) as (chat, _), ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda asked: "".join(chat.reply([HumanMessage(asked)])), questions))

    assert answers == [f"To {question}: nine." for question in questions]


@given(st.text(), st.sampled_from(["", "\n", "<think>Nine? Or ten?</think>\n\n", " \n<think></think>"]))
def test_what_a_model_thinks_first_is_no_part_of_its_answer(text: str, thought: str) -> None:
    answer = f"Nine hives. {text}<think>"
    chat = Chat("fake:model", GenericFakeChatModel(messages=iter([AIMessage(thought + answer)])), 60)

    assert "".join(chat.reply(ASKED)).strip() == answer.strip()
    chat.close()


def test_a_text_that_only_begins_like_thinking_is_kept() -> None:
    with chatting([Say("<thin")]) as (chat, _):
        assert "".join(chat.reply(ASKED)) == "<thin"


def test_the_key_reaches_the_server_and_no_log(tmp_path: Path) -> None:
    journal.keep(tmp_path, "DEBUG", [KEY])
    script = [Fail(401, f"Incorrect API key provided: {KEY}")]
    with chatting(script, key=KEY) as (chat, server), pytest.raises(ChatFailed) as raised:
        list(chat.reply(ASKED))
    assert raised.value.failure == ChatFailure(Kind.KEY_REFUSED)

    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    written = (tmp_path / journal.FILE).read_text()
    assert "Incorrect API key provided: [redacted]" in written
    assert KEY not in written


def test_a_key_for_the_provider_is_not_sent_to_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    with chatting([Say("Nine.")]) as (chat, server):
        list(chat.reply(ASKED))

    assert KEY not in str(server.requests[0].headers)


def test_a_model_without_the_key_that_it_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(
        ChatUnusable, match=r"^a chat model of openai needs a key: set CHAT_API_KEY, or OPENAI_API_KEY$"
    ):
        open_chat("openai:any", None, None, 60)


def test_the_variable_of_the_provider_counts_as_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    assert open_chat("openai:any", None, None, 60).name == "openai:any"


def test_a_provider_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ChatUnusable, match=r"^CHAT_MODEL nobody:any cannot be used: Unsupported provider='nobody'\.$"):
        open_chat("nobody:any", None, None, 60)


def test_a_package_that_is_not_installed_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)

    with pytest.raises(ChatUnusable, match=r"^CHAT_MODEL ollama:qwen3 needs .* -m pip install langchain-ollama$"):
        open_chat("ollama:qwen3", None, None, 60)
