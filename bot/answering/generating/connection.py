"""The connection: a provider's chat model, asked without what its server has turned out not to accept."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.answering.generating.failures import is_not_accepted, shortened

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

_log = logging.getLogger(__name__)

JsonSchema: TypeAlias = Mapping[str, Any]


class Connection:
    """A chat model and what is known of it: `structured` turns False once its server has refused a JSON schema."""

    def __init__(self, name: str, model: BaseChatModel) -> None:
        self.structured = True
        self._name = name
        self._model = model

    async def chunks(self, messages: list[BaseMessage], schema: JsonSchema | None) -> AsyncGenerator[Any, None]:
        """Yield the message chunks that the model sends, held to a JSON schema where that is possible.

        Raises whatever the provider's package raises.
        """
        structured = self._structured(schema) if schema and self.structured else None
        while True:
            has_begun = False
            try:
                async for chunk in (structured or self._model).astream(messages):
                    if schema and not structured:
                        self.structured = False
                    has_begun = True
                    yield chunk
                return
            # Each provider's package has errors of its own.
            except Exception as error:
                if has_begun or not (is_not_accepted(error) or isinstance(error, ValueError)):
                    raise
                if "temperature" in str(error) and getattr(self._model, "temperature", None) is not None:
                    self._model = self._model.model_copy(update={"temperature": None})
                    structured = self._structured(schema) if schema and structured else None
                elif is_not_accepted(error) and structured:
                    structured = None
                else:
                    raise
                _log.info("%s is asked in another way, since it said: %s", self._name, shortened(error))

    def _structured(self, schema: JsonSchema) -> Runnable[Any, Any] | None:
        """Hold the model to a schema; None where its provider has nothing for that."""
        from langchain_core.runnables import RunnableBinding, RunnableSequence

        strict = {"strict": True} if self._name.startswith("openai:") else {}
        try:
            chain = self._model.with_structured_output(dict(schema), method="json_schema", **strict)
        except (NotImplementedError, ValueError):
            return None
        # The chain's other half would parse, and hold the text back until it can.
        first = chain.first if isinstance(chain, RunnableSequence) else None
        return first if isinstance(first, RunnableBinding) and "tools" not in first.kwargs else None
