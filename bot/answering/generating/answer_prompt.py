"""The prompt for an answer: a question and passages, each under a key, drawn anew for every request.

No document can know the key of another's passage, and so cite it.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping, Sequence
from itertools import groupby

from bot.answering.generating.draft import NOTHING, AnswerDraft
from bot.answering.generating.prompt import Prompt
from index.evidence import Sentence
from index.hits import Hit

_TASK = """\
You answer a question from passages of documents, and from nothing else.

- Write one to five short sentences. The first one answers the question; leave out what nobody asked.
- Each sentence says only what its passages say, as far as you can in their words. Keep every number, date, unit, name \
and every "not" as it stands there. Add nothing that you know from elsewhere.
- Write each sentence in the language of its passages.
- The question may take something for granted that the passages do not say. Then do not repeat it: say what they say.
- Where the passages do not answer the question, write no sentence."""
_AS_JSON = (
    'Reply with JSON: {{"statements": [{{"text": "One sentence.", "passages": ["{key}"]}}]}}, an empty list for no \
sentence. "passages" holds the keys of the passages that the sentence comes from.'
)
_AS_LINES = f"""\
Reply with one sentence a line, and behind each, in brackets, the key of the passage that it comes from, like this:
One sentence. [{{key}}]
For no sentence, write {NOTHING}."""

_KEY_LENGTH = 6
_LETTERS, _DIGITS = "abcdefghkmnpqrstuvwxyz", "23456789"
_LONGEST_TITLE = 200


def answer_prompt(question: str, evidence: Sequence[Sentence]) -> tuple[Prompt[AnswerDraft], Mapping[str, Hit]]:
    """Ask a question of the passages whose sentences are given, in their order.

    Returns:
        The prompt, and the passage that each key in it stands for.

    """
    passages: dict[str, Hit] = {}
    blocks: list[tuple[str, str]] = []
    for _, group in groupby(evidence, key=lambda sentence: sentence.passage.id):
        of_passage = list(group)
        key = _new_key(passages)
        passages[key] = of_passage[0].hit
        blocks.append((f"passage {key}", f"{_above(of_passage[0].hit)}\n{_text(of_passage)}"))
    example = {"key": next(iter(passages), "")}
    prompt = Prompt(
        schema=AnswerDraft,
        task=_TASK,
        as_json=_AS_JSON.format(**example),
        as_lines=_AS_LINES.format(**example),
        data=(*blocks, ("question", question)),
    )
    return prompt, passages


def _new_key(taken: Container[str]) -> str:
    """Draw a key with a letter and a digit in it, so that it is no word and no number."""
    while True:
        ends = secrets.choice(_LETTERS) + secrets.choice(_DIGITS)
        key = ends[0] + "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(_KEY_LENGTH - 2)) + ends[1]
        if key not in taken:
            return key


def _above(hit: Hit) -> str:
    parts = [hit.document.title, *(part for part in hit.passage.heading if part != hit.document.title)]
    if hit.document.published:
        parts.append(f"published {hit.document.published.isoformat()}")
    return " › ".join(" ".join(part.split())[:_LONGEST_TITLE] for part in parts)


def _text(of_passage: Sequence[Sentence]) -> str:
    """Join sentences by what parts them: a new line where the document has one, else a space."""
    text, end = "", None
    for sentence in of_passage:
        passage = sentence.passage
        start = sentence.span.start - passage.span.start
        between = "" if end is None else passage.text[end:start]
        text += ("\n" if "\n" in between else " " if between else "") + " ".join(sentence.text.split())
        end = sentence.span.end - passage.span.start
    return text
