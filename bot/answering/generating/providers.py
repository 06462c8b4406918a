"""Providers: what the chat model of each is made with, so that it gives one reply in time, and what it cost."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.errors import ChatUnusable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Close: TypeAlias = Callable[[], Awaitable[None]]
Options: TypeAlias = dict[str, Any]

# What a model writes while it thinks counts as well, and some think at length.
_MOST_TOKENS = 4_096


@dataclass(frozen=True, slots=True)
class Service:
    """Where a chat model is served, if not at its provider's own address, and for how long one reply may take."""

    base_url: str | None
    api_key: str | None
    seconds: float

    def options(self, **others: Any) -> Options:
        """Add what is given of the address and the key to other options; all providers call them the same."""
        given = {"base_url": self.base_url, "api_key": self.api_key}
        return {name: value for name, value in given.items() if value} | others


def connect(model: str, service: Service) -> tuple[BaseChatModel, Close | None]:
    """Make the LangChain chat model that is called `provider:model`; nothing is sent yet.

    Without an `api_key` the provider's variable of the environment counts; it is never sent to a `base_url`.

    Returns:
        The model, and what closes its connections, if it does not see to that itself.

    Raises:
        ChatUnusable: the provider is unknown, its package is not installed, or a key is missing.

    """
    from langchain.chat_models import init_chat_model

    provider, _, name = model.partition(":")
    try:
        options = _PROVIDERS.get(provider, _any_other)(service)
        made = init_chat_model(name, model_provider=provider, temperature=0, **options)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        wanted = package[1] if package else f"langchain-{provider}"
        raise ChatUnusable(
            f"CHAT_MODEL {model} needs a package that is not installed: {sys.executable} -m pip install {wanted}"
        ) from None
    except ChatUnusable:
        raise
    # Each provider's package has errors of its own for what it cannot be made of.
    except Exception as error:
        raise ChatUnusable(f"CHAT_MODEL {model} cannot be used: {str(error).partition(chr(10))[0]}") from error
    connections = options.get("http_async_client")
    return made, connections.aclose if connections else None


def _openai(service: Service) -> Options:
    key = _key("openai", "OPENAI_API_KEY", service)

    from openai import DefaultAsyncHttpxClient

    # OpenAI's own name for it, max_completion_tokens, is not known everywhere else.
    limit = {"max_tokens": _MOST_TOKENS}
    return replace(service, api_key=key).options(
        **({"extra_body": limit} if service.base_url else limit),
        max_retries=0,
        timeout=service.seconds,
        # langchain's own client is shared by all models of the process, and so by the event loops of all of them.
        http_async_client=DefaultAsyncHttpxClient(timeout=service.seconds),
        stream_chunk_timeout=None,
        stream_usage=True,
        use_responses_api=False,
    )


def _anthropic(service: Service) -> Options:
    return _any_other(replace(service, api_key=_key("anthropic", "ANTHROPIC_API_KEY", service)))


def _ollama(service: Service) -> Options:
    headers = {"Authorization": f"Bearer {service.api_key}"} if service.api_key else {}
    client = {"timeout": service.seconds, "headers": headers}
    return replace(service, api_key=None).options(num_predict=_MOST_TOKENS, client_kwargs=client)


def _any_other(service: Service) -> Options:
    return service.options(max_retries=0, timeout=service.seconds, max_tokens=_MOST_TOKENS)


_PROVIDERS: Mapping[str, Callable[[Service], Options]] = {
    "anthropic": _anthropic,
    "ollama": _ollama,
    "openai": _openai,
}


def _key(provider: str, variable: str, service: Service) -> str | None:
    """Return the key to be sent, None where the provider's package finds it in its `variable`."""
    if service.api_key:
        return service.api_key
    if service.base_url:
        # A server of one's own asks for none, but the provider's package does.
        return "none"
    if not os.environ.get(variable):
        raise ChatUnusable(f"a chat model of {provider} needs a key: set CHAT_API_KEY, or {variable}")
    return None
