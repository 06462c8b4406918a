"""The stand-in itself, where the chat model does not reach it."""

from __future__ import annotations

from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.scenarios.chat.standin import ChatServer, Say, SayWith, Scripted


def test_a_reply_that_is_not_streamed_is_the_same_with_what_it_cost() -> None:
    with ChatServer([Say("Nine hives.")]) as server:
        said = ChatOpenAI(model="standin", base_url=server.url, api_key=SecretStr("none")).invoke("How many?")

    assert said.text == "Nine hives."
    assert said.usage_metadata is not None
    assert said.usage_metadata["output_tokens"] == len("Nine hives.")
    assert said.response_metadata["finish_reason"] == "stop"


def test_a_reply_can_be_made_of_the_prompt_and_the_last_reply_is_given_again_and_again() -> None:
    script: list[Scripted] = [Say("First."), SayWith(lambda request: request.prompt.upper())]

    with ChatServer(script) as server:
        model = ChatOpenAI(model="standin", base_url=server.url, api_key=SecretStr("none"))
        said = [model.invoke(asked).text for asked in ("one", "two", "three")]

    assert said == ["First.", "TWO", "THREE"]
    assert [request.prompt for request in server.requests] == ["one", "two", "three"]
