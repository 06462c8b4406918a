"""Windows: a passage that is longer than a model reads at once is read in stretches, each overlapping the one before.

A span of tokens is found in each as BERT does it (Devlin et al. 2019, arXiv:1810.04805): the best sum of a start and an
end, less the same sum for the first token, which stands for "no answer" (Rajpurkar et al. 2018, arXiv:1806.03822).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from bot.answering.reading.reading import UNREAD, Reading
from index.documents import Span

# Padded tokens in one batch: enough to keep a core busy, few enough that the clock is looked at often.
_BATCH_TOKENS = 1536
_MOST_QUESTION_TOKENS = 64
_FAR = -1e4
_SURE = 50.0


@dataclass(frozen=True, slots=True)
class Window:
    """A question with a stretch of a passage, in tokens; `passage` is the passage's place in the list."""

    passage: int
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of like length as a network takes them, each field `(windows, tokens)`.

    `kinds` is 1 where the model tells the second text from the first, `inside` is True for tokens of the passage alone.
    """

    windows: tuple[Window, ...]
    ids: Tensor
    kinds: Tensor
    mask: Tensor
    inside: Tensor


def tokenizer_for(file: str, window: int, stride: int) -> Tokenizer:
    """Load a tokenizer that cuts a question with its passage into windows.

    Args:
        file: The path of a tokenizer.json.
        window: The most tokens of a window, question and special tokens included.
        stride: The tokens of the passage that a window shares with the one before it.

    """
    tokenizer: Tokenizer = Tokenizer.from_file(file)
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=window, stride=stride, strategy="only_second")
    return tokenizer


def read_in_windows(
    tokenizer: Tokenizer,
    question: str,
    passages: Sequence[str],
    judge: Callable[[Batch], list[Reading]],
    has_time: Callable[[], bool],
) -> list[Reading]:
    """Read passages window by window, and give for each the reading of its best window, else `UNREAD`.

    Args:
        tokenizer: One of `tokenizer_for`.
        question: The question.
        passages: The texts of the passages.
        judge: Reads a batch of windows: one reading for each.
        has_time: Is asked before every batch; once it says no, the rest stays unread.

    """
    windows = _windows(tokenizer, question, passages)
    readings = [UNREAD] * len(passages)
    for batch in _batches(windows):
        if not has_time():
            break
        for window, reading in zip(batch.windows, judge(batch), strict=True):
            if reading.span is not None and reading.probability >= readings[window.passage].probability:
                readings[window.passage] = reading
    return readings


def best_spans(starts: Tensor, ends: Tensor, inside: Tensor, longest: int) -> tuple[Tensor, Tensor]:
    """Find the first and last token of the best span in each row, `(rows, 2)`, and its score over no span, `(rows,)`.

    `starts`, `ends` and `inside` are `(rows, tokens)`; a span has `longest` tokens at most. The score of a row with no
    token inside is as low as can be.
    """
    length = inside.shape[1]
    begin, finish = starts.masked_fill(~inside, _FAR), ends.masked_fill(~inside, _FAR)
    ones = torch.ones(length, length, dtype=torch.bool)
    possible = ones.triu() & ones.tril(longest - 1)
    scores = (begin[:, :, None] + finish[:, None, :]).masked_fill(~possible, 2 * _FAR)
    best, place = scores.flatten(1).max(1)
    spans = torch.stack((place // length, place % length), dim=1)
    over = (best - starts[:, 0] - ends[:, 0]).clamp(-_SURE, _SURE)
    return spans, over.masked_fill(~inside.any(1), -_SURE)


def characters(window: Window, first: int, last: int) -> Span | None:
    """Translate a span of tokens into characters of the passage: None where it is none of the passage's.

    Args:
        window: The window in which the span was found.
        first: The first token of the span.
        last: The last token of the span.

    """
    offsets = window.encoding.offsets
    start, end = offsets[first][0], offsets[last][1]
    return Span(start, end) if window.encoding.sequence_ids[first] == 1 and start < end else None


def _windows(tokenizer: Tokenizer, question: str, passages: Sequence[str]) -> list[Window]:
    asked = _shortened(tokenizer, question)
    encodings = tokenizer.encode_batch([(asked, passage) for passage in passages])
    return [
        Window(place, each) for place, encoding in enumerate(encodings) for each in (encoding, *encoding.overflowing)
    ]


def _shortened(tokenizer: Tokenizer, question: str) -> str:
    """Cut a question down to so many tokens that most of a window is left for the passage."""
    if len(question) <= _MOST_QUESTION_TOKENS:
        return question
    offsets = tokenizer.encode(question, add_special_tokens=False).offsets
    most = _MOST_QUESTION_TOKENS
    return question[: offsets[most - 1][1]] if len(offsets) > most else question


def _batches(windows: Sequence[Window]) -> Iterator[Batch]:
    """Yield windows of like length together, so that little is spent on padding; the best passages' batch first."""
    groups: list[list[Window]] = []
    for window in sorted(windows, key=lambda window: len(window.encoding.ids)):
        if not groups or (len(groups[-1]) + 1) * len(window.encoding.ids) > _BATCH_TOKENS:
            groups.append([])
        groups[-1].append(window)
    groups.sort(key=lambda group: min(window.passage for window in group))
    yield from map(_batch, groups)


def _batch(windows: Sequence[Window]) -> Batch:
    length = max(len(window.encoding.ids) for window in windows)

    def padded(rows: list[list[int]]) -> Tensor:
        return torch.tensor([row + [0] * (length - len(row)) for row in rows])

    encodings = [window.encoding for window in windows]
    return Batch(
        windows=tuple(windows),
        ids=padded([encoding.ids for encoding in encodings]),
        kinds=padded([encoding.type_ids for encoding in encodings]),
        mask=padded([encoding.attention_mask for encoding in encodings]).bool(),
        inside=padded([[int(text == 1) for text in encoding.sequence_ids] for encoding in encodings]).bool(),
    )
