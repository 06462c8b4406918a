"""The chain, for LangChain code of other people: a question goes in, an `Answer` comes out.

Like any `Runnable` it can be invoked, streamed, batched, awaited, and be a step of a longer one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import Answer, Turn
from bot.answering.answerer import Answerer
from index.access import Viewer


class Question(TypedDict, total=False):
    """A question and, if there is one, the conversation before it, oldest message first."""

    question: str
    conversation: Sequence[BaseMessage]


def chain(answerer: Answerer, viewer: Viewer) -> Runnable[str | Question, Answer]:
    """Make a LangChain `Runnable` of the answerer; its input is a question, alone or with a conversation.

    Answers are made of what `viewer` may see.

    Its stream yields the answer as it grows, each time with all statements that were verified so far; the last is the
    answer. Raises what the answerer raises.
    """

    def answers(asked: str | Question) -> Iterator[Answer]:
        if isinstance(asked, str):
            yield from answerer.stream(asked, viewer)
        else:
            yield from answerer.stream(asked["question"], viewer, _turns(asked.get("conversation", ())))

    return RunnableLambda(answers, name="footnote")


def _turns(messages: Sequence[BaseMessage]) -> list[Turn]:
    return [Turn("user" if isinstance(message, HumanMessage) else "assistant", message.text) for message in messages]
